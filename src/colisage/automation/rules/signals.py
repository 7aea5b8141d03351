"""Signs that an order may not be meant honestly: each is one entry here, with its words and its usual weight."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.automation.rules.facts import DISPOSABLE, FACTS, Seen

QUICK: Final = ("express", "24h", "24 h", "chrono", "next day", "overnight", "lendemain", "same day", "priority")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a merchant calls dear and many."""

    dear_cents: int = 30_000
    currency: str = "EUR"
    many_units: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One sign: how it is said, what it weighs unless the merchant says otherwise, and whether an order shows it."""

    words: str | Promise
    weight: int
    shown: Callable[[Seen, Limits], bool]


def _is(fact: str) -> Callable[[Seen, Limits], bool]:
    return lambda seen, _limits: FACTS[fact].read(seen) is True


def _dear(seen: Seen, limits: Limits) -> bool:
    return seen.earlier == 0 and seen.currency == limits.currency and seen.total_cents >= limits.dear_cents


def _in_a_hurry(seen: Seen, _limits: Limits) -> bool:
    return seen.earlier == 0 and any(word in seen.shipping_method.casefold() for word in QUICK)


SIGNALS: Final[Mapping[str, Signal]] = {
    "bill_differs": Signal(
        words=_("The invoice goes to another country than the parcel."), weight=20, shown=_is("bill_differs")
    ),
    "phone_differs": Signal(
        words=_("The phone number is of another country than the delivery."), weight=15, shown=_is("phone_differs")
    ),
    "dear_first": Signal(words=_("A first order of this e-mail address, and a dear one."), weight=25, shown=_dear),
    "quick_first": Signal(
        words=_("A first order of this e-mail address, by the fastest delivery."), weight=15, shown=_in_a_hurry
    ),
    "many_units": Signal(
        words=_("Many units of one SKU."), weight=15, shown=lambda seen, limits: seen.most_of_one >= limits.many_units
    ),
    "many_names": Signal(
        words=_("Several orders to this address within a day, under different names."), weight=30,
        shown=lambda seen, _limits: seen.other_names > 0,
    ),
    "disposable": Signal(
        words=_("The e-mail address is of a service for throwing away."), weight=40,
        shown=lambda seen, _limits: seen.domain in DISPOSABLE,
    ),
    "no_contact": Signal(
        words=_("Neither an e-mail address nor a phone number."), weight=20,
        shown=lambda seen, _limits: not seen.email and not seen.phone,
    ),
}  # fmt: skip
THRESHOLD: Final = 50
MOST_WEIGHT: Final = 1_000


def shown_by(seen: Seen, *, weights: Mapping[str, int], limits: Limits) -> list[tuple[str, int]]:
    """Give the signs that an order shows, with their weights, the heaviest first; what weighs nothing is left out."""
    found = [
        (name, weight)
        for name, signal in SIGNALS.items()
        if (weight := weights.get(name, signal.weight)) and signal.shown(seen, limits)
    ]
    return sorted(found, key=lambda one: -one[1])
