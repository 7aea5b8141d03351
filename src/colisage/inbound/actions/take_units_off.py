"""Units of a receipt that leave the dock other than by put-away: the loose ones go first, then those on plates."""

from django.db.models import F

from colisage.inbound.models import PlateLoad, Receipt


def take_units_off(receipt: Receipt, *, units: int) -> list[tuple[int | None, int]]:
    """Say from which plates (None: from none) so many units of a receipt are taken, and unload them.

    The caller has locked the receipt, and moves the units.
    """
    taken: list[tuple[int | None, int]] = [(None, min(units, receipt.loose))]
    left = units - taken[0][1]
    loads = list(PlateLoad.objects.filter(receipt=receipt).order_by("pk")) if left else []
    for load in loads:
        if not left:
            break
        off = min(left, load.qty)
        taken.append((load.plate_id, off))
        left -= off
        if off == load.qty:
            load.delete()
        else:
            PlateLoad.objects.filter(pk=load.pk).update(qty=F("qty") - off)
    unloaded = sum(qty for plate, qty in taken if plate is not None)
    if unloaded:
        Receipt.objects.filter(pk=receipt.pk).update(plated=F("plated") - unloaded)
    return [(plate, qty) for plate, qty in taken if qty]
