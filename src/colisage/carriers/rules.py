"""Pure rating: which zone, which weight break, what it costs; and the days on which a card counts."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

# French overseas territories have a country code of their own, and a French postcode as well.
OVERSEAS: Final[Mapping[str, str]] = {
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976", "BL": "977", "MF": "978",
    "TF": "984", "WF": "986", "PF": "987", "NC": "988", "MC": "980",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of a card with its weight breaks, rising: (max grams, cents, days min, days max)."""

    code: str
    countries: frozenset[str]
    prefixes: tuple[str, ...]
    breaks: tuple[tuple[int, int, int, int], ...]

    def price(self, grams: int) -> tuple[int, int, int, int] | None:
        """Give the break a weight falls into; None when it is heavier than the last."""
        place = bisect_left(self.breaks, (grams,))
        return self.breaks[place] if place < len(self.breaks) else None


@dataclass(frozen=True, slots=True)
class Card:
    """A rate card with its service, as plain values."""

    operator_id: int | None
    service_id: int
    carrier_code: str
    carrier_name: str
    service_code: str
    service_name: str
    kind: str
    from_country: str
    currency: str
    zones: tuple[Zone, ...]
    known: dict[tuple[str, str], Zone | None] = field(default_factory=dict, compare=False, repr=False)

    def zone_of(self, country: str, postcode: str) -> Zone | None:
        """Find the zone of a destination: by the beginning of its postcode, by its country, else `*`."""
        country, postcode = destination(country, postcode)
        key = (country, postcode[:3])
        if key not in self.known:
            self.known[key] = _zone(self.zones, country=country, postcode=postcode)
        return self.known[key]


def destination(country: str, postcode: str) -> tuple[str, str]:
    """Write a destination in one way: French territories as France with their postcode."""
    code = country.upper()
    if code in OVERSEAS:
        return "FR", postcode if postcode.startswith(OVERSEAS[code]) else OVERSEAS[code]
    return code, postcode.strip().upper()


def _zone(zones: Sequence[Zone], *, country: str, postcode: str) -> Zone | None:
    here = [zone for zone in zones if country in zone.countries]
    narrowed = [zone for zone in here if zone.prefixes and postcode.startswith(zone.prefixes)]
    whole = [zone for zone in here if not zone.prefixes]
    rest = [zone for zone in zones if "*" in zone.countries]
    return next(iter([*narrowed, *whole, *rest]), None)


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """A parcel that wants to go: weight in grams, sides in millimetres."""

    key: int
    operator_id: int
    from_country: str
    country: str
    postcode: str
    grams: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """What one service asks for a parcel, and how long it says it takes, in working days."""

    service_id: int
    carrier_code: str
    carrier_name: str
    service_code: str
    service_name: str
    kind: str
    cents: int
    currency: str
    days_min: int
    days_max: int
    zone: str
    billed_grams: int


def quote(request: QuoteRequest, *, cards: Sequence[Card]) -> list[Quote]:
    """Ask every card for its price, the cheapest first of each currency.

    An operator's own card stands before the public one. Prices in two currencies are not compared: whoever chooses
    does so within one (`kit.money.compared_in`).
    """
    own = {card.service_id for card in cards if card.operator_id == request.operator_id}
    found = []
    for card in cards:
        if card.from_country != request.from_country or card.operator_id not in {None, request.operator_id}:
            continue
        if card.operator_id is None and card.service_id in own:
            continue
        zone = card.zone_of(request.country, request.postcode)
        price = zone.price(request.grams) if zone else None
        if zone is None or price is None:
            continue
        found.append(
            Quote(
                card.service_id,
                card.carrier_code,
                card.carrier_name,
                card.service_code,
                card.service_name,
                card.kind,
                price[1],
                card.currency,
                price[2],
                price[3],
                zone.code,
                request.grams,
            )
        )
    return sorted(found, key=lambda q: (q.currency, q.cents, q.days_max, q.service_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRow:
    """A zone to be written; `breaks` are (max grams, cents, days min, days max)."""

    code: str
    countries: tuple[str, ...]
    breaks: tuple[tuple[int, int, int, int], ...]
    prefixes: tuple[str, ...] = ()


def standing(valid_from: date, *, valid_to: date | None, on: date) -> str:
    """Say whether a card counts on a day: `valid`, `to_come` or `over`."""
    if on < valid_from:
        return "to_come"
    return "over" if valid_to is not None and valid_to < on else "valid"


def meet(one: tuple[date, date | None], *, other: tuple[date, date | None]) -> bool:
    """Say whether two spans of days, both ends included and None without end, have a day in common."""
    starts_late = one[1] is not None and one[1] < other[0]
    ends_early = other[1] is not None and other[1] < one[0]
    return not starts_late and not ends_early
