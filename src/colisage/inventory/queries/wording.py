"""The words of stock for screens of other steps: conditions, what may be done with a lot, what moved stock."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import Condition, LotStatus

CONDITIONS = dict(Condition.choices)
LOT_STATUSES = dict(LotStatus.choices)
# Documents whose number people know, or can find something by.
_NUMBERED: Final[Mapping[str, str | Promise]] = {
    "adjustment": _("correction"),
    "pick_task": _("pick"),
    "short_pick": _("pick"),
    "put_back": _("pick"),
    "parcel": _("parcel"),
    "parcel_out": _("parcel"),
    "parcel_undone": _("parcel"),
    "receipt": _("receipt"),
    "putaway": _("receipt"),
    "receipt_undone": _("receipt undone"),
    "return": _("return"),
    "inspection": _("return"),
    "assembly": _("assembly"),
    "count": _("count"),
    "production": _("production"),
    "set_aside": _("goods set aside"),
    "aside_back": _("goods set aside"),
    "quality_check": _("quality check"),
    "supplier_return": _("return to the supplier"),
    "transfer": _("transfer"),
    "transfer_loss": _("loss in a transfer"),
    "stock_repair": _("repair of the books"),
}
# What was done in one step, and has no paper of its own.
_DONE_AT_ONCE: Final[Mapping[str, str | Promise]] = {
    "opening": _("opening stock"),
    "opening_lots": _("opening stock"),
    "move": _("move by scan"),
    "plate_move": _("move of a plate"),
    "plate_putaway": _("put-away of a plate"),
    "dock_plate": _("loading of a plate"),
    "condition": _("look at the goods"),
    "lot_status": _("decision on the lot"),
    "unbind": _("change of the plan"),
}
DOCUMENTS: Final[Mapping[str, str | Promise]] = {**_NUMBERED, **_DONE_AT_ONCE}


def document_word(kind: str, *, pk: int) -> str:
    """Say what moved stock, with its number where that says something to people."""
    return f"{_NUMBERED[kind]} {pk}" if kind in _NUMBERED else str(_DONE_AT_ONCE.get(kind, kind))
