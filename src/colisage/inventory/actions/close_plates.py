from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from colisage.inventory.models import LicensePlate, StockCell
from colisage.inventory.queries.plates import branch, trees_of
from colisage.inventory.rules.moving import PlateIsNotEmpty
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def close_plates(merchant_ids: Collection[int], *, plate_ids: Collection[int], actor: Actor) -> int:
    """Close empty plates: their labels are thrown away, their codes never used again. Gives how many were closed.

    Raises `PlateIsNotEmpty` when a unit or an open plate is still on one.
    """
    locked = LicensePlate.objects.select_for_update(no_key=True).filter(merchant__in=merchant_ids, pk__in=plate_ids)
    plates = {plate.pk: plate for plate in locked.order_by("pk")}
    if not set(plate_ids) <= plates.keys():
        raise NotThere
    trees = trees_of(merchant_ids, plate_ids=plate_ids)
    full = set(
        StockCell.objects.filter(plate__in=[p.id for p in trees], kept=True, qty__gt=0).values_list(
            "plate_id", flat=True
        )
    )
    open_ones = {plate.id for plate in trees if not plate.closed}
    for pk, plate in plates.items():
        under = branch(trees, plate_id=pk)
        if under & full or (under - set(plate_ids)) & open_ones:
            raise PlateIsNotEmpty(plate=plate.code)
    closing = [pk for pk, plate in plates.items() if plate.closed_at is None]
    LicensePlate.objects.filter(pk__in=closing).update(closed_at=timezone.now(), parent=None)
    record_deeds(
        (Deed("plate", pk, "plate_closed", {}, merchant_id=plates[pk].merchant_id) for pk in closing), actor=actor
    )
    return len(closing)
