"""What a person gives to connect a shop that exports its orders as a custom store."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.connectors.ports import Field

STATUSES: Final[Mapping[str, str]] = {  # what exports of well-known shops call them
    "unpaid": "unpaid, pending, awaiting_payment, pending_payment",
    "paid": "paid, processing, awaiting_shipment, authorized",
    "shipped": "shipped, complete, completed, delivered",
    "cancelled": "cancelled, canceled, refunded, failed, void",
    "on_hold": "on_hold, on-hold, hold, holded",
}
_USUAL: Final = _("The words of the export, separated by commas. Left empty: the usual ones.")
FIELDS: Final = (
    Field(
        "url", _("Address of the export"), "url",
        _("The “URL to custom XML page” of the shop. The orders of the last thirty days are taken over first."),
    ),
    Field("username", _("User name"), "text"),
    Field("password", _("Password"), "secret"),
    Field("currency", _("Currency of its prices"), "text", _("Three letters, such as EUR: the export does not say.")),
    Field("unpaid", _("Statuses: not paid yet"), help=_USUAL, required=False),
    Field("paid", _("Statuses: paid, to be sent"), help=_USUAL, required=False),
    Field("shipped", _("Statuses: sent"), help=_USUAL, required=False),
    Field("cancelled", _("Statuses: cancelled"), help=_USUAL, required=False),
    Field("on_hold", _("Statuses: on hold"), help=_USUAL, required=False),
)  # fmt: skip
