"""The JSON doors of the dock: what lorries brought, receipt by receipt."""

from typing import Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from colisage.inbound.queries.dock import deliveries_page, delivery_row
from colisage.inbound.queries.told import DeliveryPageOut, WholeDeliveryOut, deliveries_told, delivery_told
from colisage.kit.answers import Paged, given, known_id, known_parameters, page_of, there
from colisage.kit.described import described
from colisage.people.queries.doors import behind_key

READ: Final = "inbound:read"
router = Router(tags=["inbound"])


class DeliveriesAsked(Paged):
    """What a list of deliveries is narrowed to: being received, or finished."""

    state: Literal["open", "finished"] | None = None


@router.get(
    "/inbound/deliveries",
    operation_id="list_deliveries",
    auth=None,
    openapi_extra=described(DeliveryPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_deliveries(request: HttpRequest, asked: Query[DeliveriesAsked]) -> HttpResponse:
    """List what lorries brought to the dock, the latest first."""
    known_parameters(request, DeliveriesAsked)
    with behind_key(request, scope=READ) as key:
        found = deliveries_page([key.merchant_id], state=asked.state or "", after=asked.page, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, DeliveryPageOut(items=deliveries_told(shown), next=last.delivery.pk if last else None))


@router.get(
    "/inbound/deliveries/{int:delivery_id}",
    operation_id="get_delivery",
    auth=None,
    openapi_extra=described(WholeDeliveryOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Give a delivery with its receipts."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, delivery_told(there(delivery_row([key.merchant_id], delivery_id=known_id(delivery_id)))))
