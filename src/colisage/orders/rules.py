"""Pure decisions about orders: which stage may follow which, what holds an order, how a refusal is told."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOVES: Final[Mapping[str, frozenset[str]]] = {
    "waiting": frozenset({"ready", "cancelled"}),
    "ready": frozenset({"released", "waiting", "cancelled"}),
    "released": frozenset({"picking", "picked", "ready", "waiting", "cancelled"}),
    "picking": frozenset({"picked", "ready", "waiting", "cancelled"}),
    "picked": frozenset({"packed", "cancelled"}),
    "packed": frozenset({"labelling", "cancelled"}),
    "labelling": frozenset({"labelled", "packed", "cancelled"}),
    "labelled": frozenset({"handed_over", "packed", "cancelled"}),
    "handed_over": frozenset({"delivered", "problem"}),
    "problem": frozenset({"handed_over", "delivered", "cancelled"}),
    "delivered": frozenset(),
    "cancelled": frozenset(),
}
CANCELLABLE: Final = frozenset({"waiting", "ready"})  # later stages need a person on the floor

HOLD_REASONS: Final[Mapping[str, str | Promise]] = {
    "no_address": _("The delivery address is missing."),
    "no_postcode": _("The postcode is missing."),
    "bad_postcode": _("The postcode does not fit the country."),
    "no_city": _("The town is missing."),
    "no_name": _("The recipient’s name is missing."),
    "unknown_country": _("The country is not known."),
    "not_paid": _("The payment has not arrived."),
    "unknown_sku": _("A SKU is not in the catalogue."),
    "amounts_differ": _("The lines do not add up to the total."),
    "possible_duplicate": _("The same customer ordered the same things moments before."),
}


def may_move(before: str, after: str) -> bool:
    """Say whether a fulfilment order may go from one stage to another."""
    return after in MOVES[before]
