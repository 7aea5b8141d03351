"""The JSON doors of orders: asked for, one by one and page by page."""

from datetime import timedelta
from typing import Final, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router
from pydantic import AwareDatetime

from colisage.desk.queries.asked import Wanted, order_called, orders_asked
from colisage.desk.queries.told import OrderPageOut, WholeOrderOut, order_told, orders_told
from colisage.kit.answers import Paged, Text, given, known_id, known_parameters
from colisage.kit.described import described
from colisage.kit.errors import Malformed, NotThere
from colisage.orders.queries import Order, order_of
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key

READ: Final = "orders:read"
CUSTOMERS: Final = "customers:read"
LONGEST: Final = timedelta(days=7)
router = Router(tags=["orders"])


class TooFarBack(Malformed):
    """Changes are followed, not searched."""

    code = "too_far_back"
    text = _("Ask for changes of the last 7 days. For everything, leave changed_since out and turn the pages.")


class OrdersAsked(Paged):
    """What a list of orders is narrowed to. Moments with their time zone; `changed_since` at most 7 days back."""

    state: Literal["open", "closed", "cancelled"] | None = None
    stage: (
        Literal[
            "waiting", "ready", "released", "picking", "picked", "packed", "labelling", "labelled", "handed_over",
            "delivered", "problem", "cancelled",
        ]
        | None
    ) = None  # fmt: skip
    held: bool | None = None
    channel: Text | None = None
    number: Text | None = None
    reference: Text | None = None
    email: Text | None = None
    tag: Text | None = None
    placed_since: AwareDatetime | None = None
    placed_until: AwareDatetime | None = None
    changed_since: AwareDatetime | None = None


@router.get(
    "/orders",
    operation_id="list_orders",
    auth=None,
    openapi_extra=described(OrderPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_orders(request: HttpRequest, asked: Query[OrdersAsked]) -> HttpResponse:
    """List orders, the newest first, with their lines, holds and fulfilment orders."""
    known_parameters(request, OrdersAsked)
    if asked.changed_since and asked.changed_since < timezone.now() - LONGEST:
        raise TooFarBack
    wanted = Wanted(**asked.model_dump(exclude={"page", "limit"}))
    with behind_key(request, scope=READ) as key:
        found = orders_asked(key.merchant_id, wanted=wanted, before=asked.page, size=asked.limit)
        shown = found[: asked.limit]
        following = shown[-1].pk if len(found) > asked.limit else None
        told = orders_told(shown, customers=CUSTOMERS in key.scopes)
        return given(request, OrderPageOut(items=told, next=following))


@router.get(
    "/orders/{int:order_id}",
    operation_id="get_order",
    auth=None,
    openapi_extra=described(WholeOrderOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Give an order with its shipments, returns and timeline."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return _whole(request, key, order_of([key.merchant_id], order_id=known_id(order_id)))


@router.get(
    "/channels/{channel}/orders/{path:reference}",
    operation_id="get_order_by_reference",
    auth=None,
    openapi_extra=described(WholeOrderOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_order_by_reference(request: HttpRequest, channel: str, reference: str) -> HttpResponse:
    """Give an order by the reference it has in its channel."""
    known_parameters(request)
    if "\x00" in channel + reference:
        raise NotThere
    with behind_key(request, scope=READ) as key:
        return _whole(request, key, order_called(key.merchant_id, channel=channel, reference=reference))


def _whole(request: HttpRequest, key: Key, found: Order | None) -> HttpResponse:
    if found is None:
        raise NotThere
    return given(request, order_told(found, customers=CUSTOMERS in key.scopes))
