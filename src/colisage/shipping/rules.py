"""Pure decisions of shipping: which service carries a shipment, which number it gets, what is written on its label."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from colisage.kit.money import compared_in

UNSURE_SECONDS: Final = 60  # an answer that has not come by then is asked for again, by the same key
MOST_ATTEMPTS: Final = 8  # then a person decides

# --- which service


@dataclass(frozen=True, slots=True)
class Offer:
    """What one service asks for one parcel, in minor units, and how long it says it takes, in working days."""

    service_id: int
    name: str
    kind: str
    cents: int
    currency: str
    days_min: int
    days_max: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service for all parcels of a shipment together, and what speaks against it."""

    service_id: int
    name: str
    cents: int
    currency: str
    days_min: int
    days_max: int
    arrives_on: date
    flaws: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Say whether it could carry the parcels, late or not."""
        return not set(self.flaws) - {"late"}


@dataclass(frozen=True, slots=True)
class Choice:
    """The service chosen, the rule that chose it, and all candidates, the best first."""

    chosen: Candidate | None
    reason: str
    candidates: tuple[Candidate, ...]

    def why(self, *, leaves_on: date, promised_on: date | None) -> dict[str, Any]:
        """Give the explanation as it is kept and shown."""
        return {
            "reason": self.reason,
            "leaves_on": leaves_on.isoformat(),
            "promised_on": promised_on.isoformat() if promised_on else None,
            "candidates": [
                {
                    "service": c.service_id,
                    "name": c.name,
                    "cents": c.cents,
                    "currency": c.currency,
                    "days": [c.days_min, c.days_max],
                    "arrives_on": c.arrives_on.isoformat(),
                    "flaws": list(c.flaws),
                    "chosen": c is self.chosen,
                }
                for c in self.candidates
            ],
        }


def choose(
    parcels: Sequence[Sequence[Offer]],
    *,
    leaves_on: date,
    promised_on: date | None,
    currencies: Sequence[str],
    has_pickup_point: bool = False,
    wished: int | None = None,
) -> Choice:
    """Choose the cheapest service that takes every parcel and keeps the promise; without a promise, the cheapest.

    The service that is `wished` is taken before all others, when it carries the parcels. When none keeps the promise,
    the one that arrives first is chosen. `parcels` are the offers for each parcel. Prices are compared in one currency:
    the first of `currencies` (the order's, the merchant's) that a service able to carry is priced in, else the one most
    are. What is priced in another is not chosen, unless it is wished.
    """
    offers: dict[int, list[Offer]] = {}
    for parcel in parcels:
        for offer in parcel:
            offers.setdefault(offer.service_id, []).append(offer)
    found = [
        _candidate(each, parcels=len(parcels), leaves_on=leaves_on, promised_on=promised_on, point=has_pickup_point)
        for each in offers.values()
    ]
    asked = next((c for c in found if c.possible and c.service_id == wished), None)
    money = compared_in([c.currency for c in found if c.possible] or [c.currency for c in found], wanted=currencies)
    ranked = sorted((_priced_in(money, c) for c in found if c is not asked), key=_rank)
    if asked:
        return Choice(asked, "asked", (asked, *ranked))
    chosen = next((c for c in ranked if c.possible), None)
    return Choice(chosen, _reason(chosen, ranked, promised_on=promised_on), tuple(ranked))


def _candidate(
    offers: Sequence[Offer], *, parcels: int, leaves_on: date, promised_on: date | None, point: bool
) -> Candidate:
    first = offers[0]
    slowest = max(offer.days_max for offer in offers)
    arrives = working_day(leaves_on, days=slowest)
    flaws = (
        ("not_all", len(offers) < parcels),
        ("needs_point", first.kind == "relay" and not point),
        ("late", promised_on is not None and arrives > promised_on),
    )
    return Candidate(
        first.service_id,
        first.name,
        sum(offer.cents for offer in offers),
        first.currency,
        max(offer.days_min for offer in offers),
        slowest,
        arrives,
        tuple(flaw for flaw, there in flaws if there),
    )


def _priced_in(money: str, c: Candidate) -> Candidate:
    """Say of a candidate whose price is in another currency that it cannot be compared."""
    return c if c.currency == money else replace(c, flaws=("currency", *c.flaws))


def _rank(c: Candidate) -> tuple[bool, bool, date, int, int]:
    """Order candidates: those in time by price; late ones by how soon they arrive; impossible ones last."""
    late = "late" in c.flaws
    return not c.possible, late, c.arrives_on if late else date.min, c.cents, c.service_id


def _reason(chosen: Candidate | None, ranked: Sequence[Candidate], *, promised_on: date | None) -> str:
    if chosen is None:
        return "none"
    if "late" in chosen.flaws:
        return "soonest"
    if sum(c.possible for c in ranked) == 1:
        return "only"
    return "cheapest" if promised_on is None else "cheapest_in_time"


def full_name(carrier: str, *, service: str) -> str:
    """Name a service with its carrier, saying what both names share once: La Poste Colissimo Domicile."""
    told, own = carrier.split(), service.split()
    shared = next((n for n in range(min(len(told), len(own)), 0, -1) if told[-n:] == own[:n]), 0)
    return " ".join(told + own[shared:])


def working_day(day: date, *, days: int) -> date:
    """Give the day that many working days (Monday to Friday) after a day."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.isoweekday() < 6
    return day


# --- which number

_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
_S10: Final = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})")
SPECIMEN: Final = "ZZ"  # assigned to no service and no country, so a specimen's number is nobody's


def s10(serial: int, *, prefix: str = SPECIMEN, country: str = SPECIMEN) -> str:
    """Write a tracking number of UPU S10: two letters, eight digits, a check digit, the country."""
    digits = f"{serial:08d}"
    return f"{prefix}{digits}{_check_digit(digits)}{country}"


def is_s10(number: str) -> bool:
    """Say whether a number is written as S10 with the right check digit."""
    found = _S10.fullmatch(number)
    return found is not None and _check_digit(found[2]) == int(found[3])


def _check_digit(digits: str) -> int:
    rest = 11 - sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


# --- what is written on a label

LONGEST_LINE: Final = 70  # two lines on a label; what is longer is cut, so that nothing runs into the bars
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")


def address_lines(address: Mapping[str, Any]) -> list[str]:
    """Give the lines of an address above its town, as they are written on a label."""
    told = (_CONTROL.sub(" ", str(address.get(key) or "")).strip() for key in ("name", "company", "line1", "line2"))
    return [line[:LONGEST_LINE] for line in told if line]


def grouped(number: str) -> str:
    """Write a tracking number in groups that a person can read: `6A 1234 5678 9 FR` for S10, else by four."""
    found = _S10.fullmatch(number)
    if found:
        return f"{found[1]} {found[2][:4]} {found[2][4:]} {found[3]} {found[4]}"
    return " ".join(number[n : n + 4] for n in range(0, len(number), 4))
