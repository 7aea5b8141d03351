"""Shipments with what carriers told of their parcels, as the API tells them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from msgspec import Struct

from colisage.network.queries import nodes_by_id
from colisage.shipping.queries import LabelFacts, labels_of_shipments
from colisage.shipping.queries.listing import Shipment, shipments_by_order
from colisage.tracking.models import Track, TrackingEvent


class TrackingEventOut(Struct, frozen=True, kw_only=True):
    """One thing a carrier told. `status` and `reason` are in one vocabulary for all, `code` is the carrier's own."""

    occurred_at: datetime
    status: str
    reason: str
    code: str
    place: str


class ParcelOut(Struct, frozen=True, kw_only=True):
    """A parcel with its label. `specimen`: the number was made here, no carrier knows it."""

    id: int
    number: str  # 1/2
    tracking_number: str
    tracking_url: str
    specimen: bool
    status: str
    reason: str
    place: str
    status_at: datetime | None
    expected_on: date | None
    events: list[TrackingEventOut]


class ShipmentOut(Struct, frozen=True, kw_only=True):
    """Parcels that one carrier takes to one address. `quoted_cents` in minor units of `currency`, weight in grams."""

    id: int
    order_id: int
    fulfillment_order_id: int
    node: str
    state: str
    carrier: str | None
    service: str | None
    quoted_cents: int
    currency: str
    grams: int
    promised_on: date | None
    arrives_on: date | None
    ship_by: datetime | None
    requested_at: datetime
    handed_over_at: datetime | None
    problem: str
    parcels: list[ParcelOut]


class ShipmentPageOut(Struct, frozen=True, kw_only=True):
    """A page of shipments, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[ShipmentOut]
    next: int | None


def shipments_told(merchant_id: int, *, order_ids: Collection[int]) -> dict[int, list[ShipmentOut]]:
    """Tell the shipments of orders that count, the oldest first."""
    shipments = shipments_by_order(merchant_id, order_ids=order_ids)
    told = {s.id: s for s in tell_shipments(list({s.pk: s for each in shipments.values() for s in each}.values()))}
    return {order: [told[s.pk] for s in each] for order, each in shipments.items()}


def tell_shipments(shipments: Sequence[Shipment]) -> list[ShipmentOut]:
    """Tell shipments with their parcels, in four statements however many."""
    labels: dict[int, list[LabelFacts]] = defaultdict(list)
    for label in labels_of_shipments([s.pk for s in shipments]):
        labels[label.shipment_id].append(label)
    parcels = _parcels([label for of_shipment in labels.values() for label in of_shipment])
    nodes = nodes_by_id({s.node_id for s in shipments})
    return [
        ShipmentOut(
            id=s.pk,
            order_id=s.order_id,
            fulfillment_order_id=s.fulfillment_order_id,
            node=nodes[s.node_id].code if s.node_id in nodes else "",
            state=s.state,
            carrier=s.carrier.code if s.carrier else None,
            service=s.service.code if s.service else None,
            quoted_cents=s.quoted_cents,
            currency=s.currency,
            grams=s.grams,
            promised_on=s.promised_on,
            arrives_on=s.arrives_on,
            ship_by=s.ship_by,
            requested_at=s.requested_at,
            handed_over_at=s.manifest.closed_at if s.manifest else None,
            problem=s.problem,
            parcels=[parcels[label.parcel_id] for label in labels[s.pk]],
        )
        for s in shipments
    ]


def _parcels(labels: Sequence[LabelFacts]) -> dict[int, ParcelOut]:
    parcels = {label.parcel_id for label in labels}
    tracks = {t.parcel_id: t for t in Track.objects.filter(parcel__in=parcels).order_by("pk")}
    events: dict[int, list[TrackingEvent]] = defaultdict(list)
    rows = TrackingEvent.objects.filter(track__in=[t.pk for t in tracks.values()])
    for event in rows.order_by("occurred_at", "pk"):
        events[event.track_id].append(event)
    return {label.parcel_id: _parcel(label, tracks.get(label.parcel_id), events) for label in labels}


def _parcel(label: LabelFacts, track: Track | None, events: dict[int, list[TrackingEvent]]) -> ParcelOut:
    return ParcelOut(
        id=label.parcel_id,
        number=label.parcel,
        tracking_number=label.tracking_number,
        tracking_url=label.tracking_url,
        specimen=label.specimen,
        status=track.status if track else "pending",
        reason=track.reason if track else "",
        place=track.place if track else "",
        status_at=track.status_at if track else None,
        expected_on=track.expected_on if track else label.arrives_on,
        events=[
            TrackingEventOut(occurred_at=e.occurred_at, status=e.status, reason=e.reason, code=e.code, place=e.place)
            for e in (events[track.pk] if track else ())
        ],
    )
