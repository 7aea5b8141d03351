"""Services and what they cost."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from colisage.carriers.models import Carrier, RateBreak, RateCard, RateZone, Service
from colisage.carriers.rules import OVERSEAS, Card, Quote, QuoteRequest, Zone, quote

__all__ = ["Quote", "QuoteRequest"]


def cards_on(day: date, *, operator_ids: Collection[int]) -> list[Card]:
    """Give the rate cards valid on a day, public and these operators' own, in three statements."""
    rows = list(
        RateCard.objects.filter(Q(operator=None) | Q(operator__in=operator_ids), valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gte=day))
        .select_related("service__carrier")
        .order_by("pk")
    )
    zones = list(RateZone.objects.filter(card__in=rows).order_by("pk"))
    breaks: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for row in RateBreak.objects.filter(zone__in=zones).order_by("zone_id", "max_grams"):
        breaks[row.zone_id].append((row.max_grams, row.cents, row.days_min, row.days_max))
    of_card: dict[int, list[Zone]] = defaultdict(list)
    for zone in zones:
        of_card[zone.card_id].append(
            Zone(zone.code, frozenset(zone.countries), tuple(zone.prefixes), tuple(breaks[zone.pk]))
        )
    return [
        Card(
            row.operator_id,
            row.service_id,
            row.service.carrier.code,
            row.service.carrier.name,
            row.service.code,
            row.service.name,
            row.service.kind,
            row.from_country,
            row.currency,
            tuple(of_card[row.pk]),
        )
        for row in rows
    ]


def quotes(requests: Sequence[QuoteRequest], *, on: date) -> dict[int, list[Quote]]:
    """Quote many parcels, each by any service that takes it, the cheapest of each currency first; three statements."""
    cards = cards_on(on, operator_ids={request.operator_id for request in requests})
    return {request.key: quote(request, cards=cards) for request in requests}


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service with its carrier, as plain values."""

    id: int
    code: str
    name: str
    kind: str
    carrier_code: str
    carrier_name: str
    tracking_url: str


def services_by_id(ids: Collection[int]) -> dict[int, ServiceFacts]:
    """Give services by id."""
    return {
        s.pk: ServiceFacts(s.pk, s.code, s.name, s.kind, s.carrier.code, s.carrier.name, s.carrier.tracking_url)
        for s in Service.objects.filter(pk__in=ids).select_related("carrier")
    }


def services_called(codes: Collection[str]) -> dict[str, int]:
    """Give the ids of services by code."""
    return dict(Service.objects.filter(code__in=codes).values_list("code", "pk"))


def carrier_names() -> dict[str, str]:
    """Give the names of all carriers by code, in the order of their names."""
    return dict(Carrier.objects.order_by("name").values_list("code", "name"))


def ways_to(countries: Collection[str], *, prefixes: Collection[str]) -> list[tuple[str, str]]:
    """Give destinations as addresses write them: country and beginning of the postcode.

    A French territory has a code of its own and a French postcode as well: one way of writing it finds the other.
    """
    ways = [(country, prefix) for country in countries for prefix in prefixes or ("",)]
    for country, prefix in list(ways):
        if country in OVERSEAS:
            ways.append(("FR", prefix if prefix.startswith(OVERSEAS[country]) else OVERSEAS[country]))
        if country == "FR" and prefix:
            ways += [(code, prefix) for code, number in OVERSEAS.items() if prefix.startswith(number)]
    return ways


def goes_there(ways: Collection[tuple[str, str]], *, country: str, postcode: str) -> bool:
    """Say whether an address lies at one of these destinations."""
    bare = "".join(postcode.split()).upper()
    return any(country.upper() == there and bare.startswith(prefix) for there, prefix in ways)
