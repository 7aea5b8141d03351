"""The picker’s hand decides: of several units with serial numbers in a bin, the one that was scanned is taken."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import Allocation, Reservation, StockCell
from colisage.kit.errors import Malformed, NotThere


class SerialNotHere(Malformed):
    """The scanned number does not lie, sellable, in the bin of the allocation."""

    code = "serial_not_here"
    text = _("%(serial)s does not lie here by the books. Put it back, and take one of: %(others)s.")


@transaction.atomic
def take_serial(merchant_id: int, *, allocation_id: int, serial: str) -> bool:
    """Bind an open allocation to the unit whose number was scanned, of the same SKU in the same place.

    When that unit was bound for somebody else, the two change places. Gives whether anything changed; raises
    `SerialNotHere` when no sellable unit of the number lies there.
    """
    found = (
        Allocation.objects.filter(merchant_id=merchant_id, pk=allocation_id, open=True).select_related("cell").first()
    )
    if found is None:
        raise NotThere
    lock_free({found.cell.sku_id})
    cells = StockCell.objects.filter(
        merchant_id=merchant_id, sku_id=found.cell.sku_id, place_id=found.cell.place_id, sellable=True, qty__gt=0
    )
    wanted = cells.filter(lot__is_serial=True, lot__code=serial).first()
    if wanted is None:
        others = cells.filter(lot__is_serial=True).order_by("lot__code").values_list("lot__code", flat=True)[:3]
        raise SerialNotHere(serial=serial[:80], others=", ".join(others) or "—")
    if wanted.pk == found.cell_id:
        return False
    open_ones = Allocation.objects.filter(cell__in=[wanted.pk, found.cell_id], open=True)
    list(
        Reservation.objects.select_for_update(no_key=True)
        .filter(pk__in=open_ones.values("reservation_id"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    locked = {
        c.pk: c for c in cells.select_for_update(no_key=True).filter(pk__in=[wanted.pk, found.cell_id]).order_by("pk")
    }
    mine = open_ones.filter(pk=allocation_id).first()
    if mine is None or len(locked) < 2:
        raise NotThere
    others_too = open_ones.filter(cell=wanted.pk).update(cell=mine.cell_id)  # a unit each: they change places
    Allocation.objects.filter(pk=mine.pk).update(cell=wanted.pk)
    if not others_too:
        StockCell.objects.filter(pk=mine.cell_id).update(allocated=locked[mine.cell_id].allocated - mine.qty)
        StockCell.objects.filter(pk=wanted.pk).update(allocated=locked[wanted.pk].allocated + mine.qty)
    return True
