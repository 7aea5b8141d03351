from collections.abc import Collection

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere
from colisage.packing.actions.scan_item import ParcelIsClosed
from colisage.packing.models import Parcel, ParcelLine


@transaction.atomic
def count_line(merchant_ids: Collection[int], *, parcel_id: int, line_id: int, actor: Actor) -> None:
    """Take all units of a line of a parcel for checked: the packer counted them by hand, such as forty cards."""
    line = ParcelLine.objects.filter(merchant_id__in=merchant_ids, parcel=parcel_id, pk=line_id).first()
    if line is None:
        raise NotThere
    parcel = Parcel.objects.select_for_update(no_key=True).get(pk=parcel_id)
    if parcel.state != "open":
        raise ParcelIsClosed
    ParcelLine.objects.filter(pk=line_id).update(scanned=line.quantity)
