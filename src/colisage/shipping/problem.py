"""From parts of orders and their parcels to the offers among which a service is chosen."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from colisage.carriers.queries import Quote, QuoteRequest, goes_there, quotes, services_called, ways_to
from colisage.network.queries import departures, node_by_id
from colisage.network.queries.disruptions import Disruption, active_for
from colisage.orders.queries import Order, Part, orders_across, parts
from colisage.orders.queries.instructions import counting_instructions
from colisage.orders.queries.late import due_on
from colisage.orders.queries.together import aboard
from colisage.packing.queries import ParcelFacts, parcels_of
from colisage.people.queries import merchants_by_id
from colisage.shipping.rules import Choice, Offer, choose, full_name


@dataclass(frozen=True, slots=True)
class Origin:
    """Where parcels leave from."""

    node_id: int
    operator_id: int
    name: str
    address: Mapping[str, Any]
    leaves_on: date  # the node's own day


@dataclass(frozen=True, slots=True)
class Case:
    """A part of an order whose parcels are all closed, with what is needed to choose a service."""

    part: Part
    order: Order
    origin: Origin
    parcels: tuple[ParcelFacts, ...]

    @property
    def grams(self) -> int:
        """Weigh all parcels."""
        return sum(parcel.grams for parcel in self.parcels)


def origins_of(node_ids: Collection[int], *, now: datetime) -> dict[int, Origin]:
    """Give nodes with the day on which what is ready now leaves."""
    leaves = departures(node_ids, now=now)
    nodes = {pk: node_by_id(pk) for pk in node_ids}
    return {pk: Origin(pk, node.operator_id, node.name, node.address, leaves[pk].date()) for pk, node in nodes.items()}


def packed_parts(fulfillment_order_ids: Collection[int]) -> list[Part]:
    """Give the parts on which packed parcels hang; those with a part that is held or not packed are left out."""
    parcels = aboard(fulfillment_order_ids)
    found = parts({pk for parcel in parcels.values() for pk in parcel})
    return [
        found[head]
        for head, parcel in parcels.items()
        if all(pk in found and found[pk].stage == "packed" and not found[pk].held for pk in parcel)
    ]


def cases_of(packed: Sequence[Part], *, now: datetime) -> list[Case]:
    """Put parts together with order, parcels and node; history, and what has an open parcel, is left out."""
    orders = orders_across({part.order_id for part in packed if part.order_id is not None})
    parcels: dict[int, list[ParcelFacts]] = defaultdict(list)
    for parcel in parcels_of([part.id for part in packed]):
        parcels[parcel.fulfillment_order_id].append(parcel)
    origins = origins_of({part.node_id for part in packed}, now=now)
    return [
        Case(part, orders[part.order_id], origins[part.node_id], tuple(parcels[part.id]))
        for part in packed
        if part.order_id in orders
        and not orders[part.order_id].quiet
        and parcels[part.id]
        and all(parcel.state == "sealed" for parcel in parcels[part.id])
    ]


def concerns(disruption: Disruption, case: Case) -> bool:
    """Say whether a disruption of a carrier or of a lane is about where a case comes from and goes to."""
    if disruption.operator_id not in {None, case.origin.operator_id}:
        return False
    if disruption.kind != "lane":
        return True
    told = case.order.ship_to or {}
    ways = ways_to(disruption.countries, prefixes=disruption.prefixes)
    return goes_there(ways, country=str(told.get("country") or ""), postcode=str(told.get("postcode") or ""))


def avoided_carriers(cases: Sequence[Case]) -> dict[int, set[str]]:
    """Give the codes of the carriers that take none of a case now, as a disruption says, by the id of its part."""
    active = active_for({case.part.merchant_id for case in cases})
    return {
        case.part.id: {
            one.carrier
            for one in active.get(case.part.merchant_id, ())
            if one.effect == "reroute" and one.carrier and concerns(one, case)
        }
        for case in cases
    }


def choices_of(cases: Sequence[Case], *, on: date) -> dict[int, Choice]:
    """Choose a service for each case, by the id of its part; every parcel is quoted in one go.

    Carriers that a disruption has avoided are left out.
    """
    choosing = _Choosing(cases, on=on)
    return {case.part.id: choosing.without(case, choosing.avoided[case.part.id]) for case in cases}


def kept_away(cases: Sequence[Case], *, on: date) -> dict[int, set[str]]:
    """Give the avoided carriers of which each alone could take a case, by the id of its part.

    Nobody else need take it: whoever asks has seen that. One that no carrier takes at all is kept from nothing.
    """
    choosing = _Choosing(cases, on=on)
    return {
        case.part.id: {code for code in avoided if choosing.without(case, avoided - {code}).chosen}
        for case in cases
        if (avoided := choosing.avoided[case.part.id])
    }


class _Choosing:
    """What is offered for cases, and by whom; a constant number of statements."""

    def __init__(self, cases: Sequence[Case], *, on: date) -> None:
        self._wishes = counting_instructions([case.order.pk for case in cases], kind="service")
        self._services = services_called(set(self._wishes.values())) if self._wishes else {}
        self._priced = quotes([_request(case, parcel) for case in cases for parcel in case.parcels], on=on)
        self._usual = merchants_by_id({case.part.merchant_id for case in cases})
        self.avoided = avoided_carriers(cases)

    def without(self, case: Case, carriers: Collection[str]) -> Choice:
        """Choose a service that none of these carriers offers."""
        return choose(
            [
                [_offer(quote) for quote in self._priced[parcel.id] if quote.carrier_code not in carriers]
                for parcel in case.parcels
            ],
            leaves_on=case.origin.leaves_on,
            promised_on=due_on(case.order),
            currencies=(case.order.currency, self._usual[case.part.merchant_id].currency),
            has_pickup_point=bool((case.order.ship_to or {}).get("pickup_point")),
            wished=self._services.get(self._wishes.get(case.order.pk, "")),
        )


def _request(case: Case, parcel: ParcelFacts) -> QuoteRequest:
    told = case.order.ship_to or {}
    return QuoteRequest(
        key=parcel.id,
        operator_id=case.origin.operator_id,
        from_country=str(case.origin.address.get("country", "")),
        country=str(told.get("country", "")),
        postcode=str(told.get("postcode", "")),
        grams=parcel.grams,
        length_mm=parcel.length_mm,
        width_mm=parcel.width_mm,
        height_mm=parcel.height_mm,
    )


def _offer(quote: Quote) -> Offer:
    name = full_name(quote.carrier_name, service=quote.service_name)
    return Offer(quote.service_id, name, quote.kind, quote.cents, quote.currency, quote.days_min, quote.days_max)
