from collections.abc import Collection

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import Scan, judged, skus_across
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.statements import statement
from colisage.orders.queries.together import with_mates
from colisage.packing.models import Parcel, ParcelLine


class ParcelIsClosed(Refused):
    """The parcel is sealed or void: nothing goes in any more."""

    code = "parcel_is_closed"
    text = _("This parcel is closed already.")


class NotInThisParcel(Malformed):
    """The code stands for something that does not belong in here."""

    code = "not_in_this_parcel"
    text = _("%(found)s does not belong in this parcel. Put it aside.")


class EnoughOfIt(Malformed):
    """All units of this item are in already."""

    code = "enough_of_it"
    text = _("There are %(wanted)s of %(found)s already. Take this one out.")


class NotThisLot(Malformed):
    """The label names a lot that was not picked for this order."""

    code = "not_this_lot"
    text = _("This is lot %(found)s; for this order %(picked)s was picked. Put it aside.")


@transaction.atomic
def scan_item(merchant_ids: Collection[int], *, parcel_id: int, code: str, actor: Actor) -> ParcelLine:
    """Check one scanned item (or a case of it) into an open parcel; give its line as it is now.

    Raises `NotInThisParcel`, `NotThisLot` or `EnoughOfIt` when it must not go in, `ParcelIsClosed` when nothing may,
    and what was wrong with a scan that cannot be read.
    """
    parcel = Parcel.objects.select_for_update(no_key=True).filter(merchant_id__in=merchant_ids, pk=parcel_id).first()
    if parcel is None:
        raise NotThere
    if parcel.state != "open":
        raise ParcelIsClosed
    scan = judged([parcel.merchant_id], code=code)
    if scan.is_noise and scan.problem:
        raise scan.problem
    units = {found.sku_id: found.units for found in scan.hits}
    lines = list(ParcelLine.objects.filter(merchant_id=parcel.merchant_id, parcel=parcel, sku__in=units).order_by("pk"))
    line = next((one for one in lines if one.scanned + units[one.sku_id] <= one.quantity), None)
    if line is None:
        skus = skus_across([parcel.merchant_id], ids=units)
        name = next((sku.name for sku in skus.values()), code[:60])
        if lines:
            raise EnoughOfIt(found=name, wanted=sum(one.scanned for one in lines))
        raise NotInThisParcel(found=name)
    if scan.named_lot:
        _refuse_other_lots(with_mates([parcel.fulfillment_order_id]), line.sku_id, scan=scan)
    line.scanned += units[line.sku_id]
    line.save(update_fields=["scanned"])
    return line


def _refuse_other_lots(fulfillment_order_ids: Collection[int], sku_id: int, *, scan: Scan) -> None:
    """Refuse a label that names another lot or serial number than were picked."""
    with connection.cursor() as db:
        db.execute(statement("packing", "lots_on_bench"), [sorted(fulfillment_order_ids), sku_id])
        picked = db.fetchall()
    lots = [code for code, is_serial in picked if not is_serial]
    serials = [code for code, is_serial in picked if is_serial]
    if scan.contradicts(lots=lots, serials=serials):
        raise NotThisLot(found=scan.named_lot, picked=", ".join([*lots, *serials][:5]))
