"""Carriers and rate cards as the API tells them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from colisage.carriers.models import RateCard
from colisage.carriers.queries.cards import carriers_seen, grid_of, services_of_carriers


class CarrierServiceOut(Struct, frozen=True, kw_only=True):
    """One way in which a carrier delivers."""

    code: str
    name: str
    kind: str
    signature: bool


class CarrierOut(Struct, frozen=True, kw_only=True):
    """Who carries parcels, with the services that have a price."""

    code: str
    name: str
    country: str
    services: list[CarrierServiceOut]


class CarriersOut(Struct, frozen=True, kw_only=True):
    """Every carrier of which there is a price, by name."""

    items: list[CarrierOut]


class RateCardOut(Struct, frozen=True, kw_only=True):
    """What a service costs from a country, between two days; without `valid_to` until a later card begins.

    Without an `operator` it is a public tariff: an own card of the same service counts before it.
    """

    id: int
    operator: str
    carrier: str
    carrier_name: str
    service: str
    service_name: str
    kind: str
    from_country: str
    currency: str
    valid_from: date
    valid_to: date | None
    source: str


class RateCardPageOut(Struct, frozen=True, kw_only=True):
    """A page of rate cards by carrier and service; `next` is the `page` that follows, null on the last."""

    items: list[RateCardOut]
    next: int | None


class RateBreakOut(Struct, frozen=True, kw_only=True):
    """The price up to a weight, with the working days announced."""

    max_grams: int
    cents: int
    days_min: int
    days_max: int


class RateZoneOut(Struct, frozen=True, kw_only=True):
    """Destinations of one price: countries (`*`: all others), narrowed by the beginnings of postcodes if any."""

    code: str
    countries: list[str]
    prefixes: list[str]
    breaks: list[RateBreakOut]


class WholeRateCardOut(RateCardOut, frozen=True, kw_only=True):
    """A rate card with its prices."""

    zones: list[RateZoneOut]


class CardsLoadedOut(Struct, frozen=True, kw_only=True):
    """The cards that a file became, and the names of the services whose earlier card ends the day before."""

    cards: list[RateCardOut]
    ended: list[str]


def carriers_told(operator_ids: Collection[int]) -> CarriersOut:
    """Tell the carriers of the cards that may be seen, with their services; two statements."""
    services = services_of_carriers(operator_ids)
    return CarriersOut(
        items=[
            CarrierOut(
                code=one.code,
                name=one.name,
                country=one.country,
                services=[
                    CarrierServiceOut(code=s.code, name=s.name, kind=s.kind, signature=s.signature)
                    for s in services[one.pk]
                ],
            )
            for one in carriers_seen(operator_ids)
        ]
    )


def cards_told(cards: Sequence[RateCard]) -> list[RateCardOut]:
    """Tell cards, what they price loaded with them."""
    return [RateCardOut(**_facts(card)) for card in cards]


def card_told(card: RateCard) -> WholeRateCardOut:
    """Tell a card with its prices; two statements."""
    zones = [
        RateZoneOut(
            code=zone.code,
            countries=list(zone.countries),
            prefixes=list(zone.prefixes),
            breaks=[RateBreakOut(max_grams=g, cents=c, days_min=low, days_max=high) for g, c, low, high in zone.breaks],
        )
        for zone in grid_of(card.pk).zones
    ]
    return WholeRateCardOut(**_facts(card), zones=zones)


def _facts(card: RateCard) -> dict[str, Any]:
    service = card.service
    plain = ("from_country", "currency", "valid_from", "valid_to", "source")
    return {
        "id": card.pk,
        "operator": card.operator.slug if card.operator else "",
        "carrier": service.carrier.code,
        "carrier_name": service.carrier.name,
        "service": service.code,
        "service_name": service.name,
        "kind": service.kind,
        **{name: getattr(card, name) for name in plain},
    }
