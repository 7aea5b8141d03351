"""The JSON doors of shipments: what left or shall leave, and where its parcels are."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AwareDatetime

from colisage.kit.answers import (
    Paged,
    Text,
    given,
    known_id,
    known_parameters,
    page_of,
    there,
)
from colisage.kit.described import described
from colisage.people.queries.doors import behind_key
from colisage.shipping.queries.listing import shipment_of, shipments_page
from colisage.tracking.queries.told import ShipmentOut, ShipmentPageOut, tell_shipments

READ: Final = "shipments:read"
router = Router(tags=["shipments"])


class ShipmentsAsked(Paged):
    """What a list of shipments is narrowed to."""

    state: Text | None = None
    carrier: Text | None = None
    tracking_number: Text | None = None
    requested_since: AwareDatetime | None = None


@router.get(
    "/shipments",
    operation_id="list_shipments",
    auth=None,
    openapi_extra=described(ShipmentPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_shipments(request: HttpRequest, asked: Query[ShipmentsAsked]) -> HttpResponse:
    """List shipments, the newest first, each with its parcels and what carriers told of them."""
    known_parameters(request, ShipmentsAsked)
    with behind_key(request, scope=READ) as key:
        found = shipments_page(
            key.merchant_id,
            state=asked.state or "",
            carrier=asked.carrier or "",
            tracking_number=asked.tracking_number or "",
            requested_since=asked.requested_since,
            before=asked.page,
            size=asked.limit,
        )
        shown, last = page_of(found, limit=asked.limit)
        return given(request, ShipmentPageOut(items=tell_shipments(shown), next=last.pk if last else None))


@router.get(
    "/shipments/{int:shipment_id}",
    operation_id="get_shipment",
    auth=None,
    openapi_extra=described(ShipmentOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_shipment(request: HttpRequest, shipment_id: int) -> HttpResponse:
    """Give a shipment with its parcels and what carriers told of them."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        found = there(shipment_of(key.merchant_id, shipment_id=known_id(shipment_id)))
        return given(request, tell_shipments([found])[0])
