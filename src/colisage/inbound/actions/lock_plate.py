"""A plate on the dock that one is going to work on: its receipts are locked, and it is looked at again."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import PlateLoad, Receipt
from colisage.inbound.queries.plated import DockPlate, dock_plates
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.errors import NotThere, Refused
from colisage.ui import words


class PlateIsEmpty(Refused):
    """By the books nothing stands on the plate: there is nothing to put away."""

    code = "plate_is_empty"
    text = _("By the books nothing stands on plate %(plate)s.")


class PlateNotOnDock(Refused):
    """The plate stands elsewhere: it was put away, or never came here."""

    code = "plate_not_on_dock"
    text = _("Plate %(plate)s does not stand on the dock: it is at %(place)s.")


class PlateBusy(Refused):
    """Somebody loads or nests the plate at this very moment."""

    code = "plate_busy"
    text = _("Somebody else is working on plate %(plate)s. Scan it again.")


def lock_plate(merchant_ids: Collection[int], *, plate_id: int) -> tuple[DockPlate, dict[int, Receipt]]:
    """Give a plate on a dock, and the receipts loaded on it and on those that stand on it, locked with their promises.

    The caller is in a transaction. Raises `NotThere`, `PlateIsEmpty`, `PlateNotOnDock`, and `PlateBusy` when it changed
    while we waited.
    """
    seen = next(iter(dock_plates(merchant_ids, plate_ids=[plate_id])), None)
    if seen is None:
        raise NotThere
    loads = PlateLoad.objects.filter(plate__in=seen.branch)
    rows = Receipt.objects.filter(pk__in=loads.values("receipt_id")).select_for_update(no_key=True)
    receipts = {receipt.pk: receipt for receipt in rows.order_by("pk")}
    lock_free({one.sku_id for one in seen.lying})
    plate = dock_plates(merchant_ids, plate_ids=[plate_id])[0]
    if not plate.lying or plate.place is None:
        raise PlateIsEmpty(plate=plate.code)
    if not plate.on_dock:
        raise PlateNotOnDock(plate=plate.code, place=words.plate(plate.place.code))
    if plate.branch != seen.branch or not set(loads.values_list("receipt_id", flat=True)) <= receipts.keys():
        raise PlateBusy(plate=plate.code)
    return plate, receipts
