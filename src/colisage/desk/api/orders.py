"""The JSON doors of orders: asked for, one by one and page by page; cancelled, held and released, many at once."""

from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct
from ninja import Query, Router
from pydantic import AwareDatetime

from colisage.desk.actions.cancel_each import cancel_each
from colisage.desk.actions.hold_each import hold_each
from colisage.desk.actions.release_each import release_each
from colisage.desk.queries.asked import Wanted, order_called, orders_asked
from colisage.desk.queries.told import OrderPageOut, WholeOrderOut, order_told, orders_told
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Ids,
    Paged,
    ResultsOut,
    Text,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    results_of,
    there,
)
from colisage.kit.described import described
from colisage.kit.errors import Malformed, NotThere
from colisage.orders.queries import Order, order_of
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "orders:read"
CHANGE: Final = "orders:change"
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
    wanted_until: date | None = None


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
        shown, last = page_of(found, limit=asked.limit)
        told = orders_told(shown, customers=CUSTOMERS in key.scopes)
        return given(request, OrderPageOut(items=told, next=last.pk if last else None))


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
    return given(request, order_told(there(found), customers=CUSTOMERS in key.scopes))


class OrdersNamed(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of orders."""

    orders: Ids


class HoldOrdersIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of orders that shall wait, why, and until which day if that is known."""

    orders: Ids
    reason: Annotated[str, Meta(min_length=1, max_length=60)]
    until: date | None = None


class ReleaseIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of holds."""

    holds: Ids


class CancelOrdersIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of orders that shall not be sent; `on_floor`: also those that are being prepared and have not left."""

    orders: Ids
    on_floor: bool = False


_CANCEL: Final = msgspec.json.Decoder(CancelOrdersIn)
_HOLD: Final = msgspec.json.Decoder(HoldOrdersIn)
_RELEASE: Final = msgspec.json.Decoder(ReleaseIn)
_SENT: Final[dict[str, Any]] = {"scope": CHANGE, "refusals": (409,), "headers": ("Idempotency-Key",)}


@router.post(
    "/orders/cancel",
    operation_id="cancel_orders",
    auth=None,
    openapi_extra=described(ResultsOut, body=CancelOrdersIn, example={"orders": [1042, 1043]}, **_SENT),
)
def post_cancel(request: HttpRequest) -> HttpResponse:
    """Cancel orders, each judged by itself: `cancelled`, `unchanged` (it was before) or `refused`.

    With `on_floor`, what was picked or packed goes back to its bins, and labels are given back.
    """
    sent = read_body(request, _CANCEL)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = cancel_each(key.merchant_id, sent.orders, actor=actor, on_floor=sent.on_floor)
        return 200, results_of(sent.orders, became, done="cancelled")

    return written(request, scope=CHANGE, answer=answer)


@router.post(
    "/orders/hold",
    operation_id="hold_orders",
    auth=None,
    openapi_extra=described(
        ResultsOut, body=HoldOrdersIn, example={"orders": [1042], "reason": "The customer asks to wait"}, **_SENT
    ),
)
def post_hold(request: HttpRequest) -> HttpResponse:
    """Hold orders, each judged by itself: `held`, `unchanged` (a hold by hand is there) or `refused`."""
    sent = read_body(request, _HOLD)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = hold_each(key.merchant_id, sent.orders, reason=sent.reason, until=sent.until, actor=actor)
        return 200, results_of(sent.orders, became, done="held")

    return written(request, scope=CHANGE, answer=answer)


@router.post(
    "/holds/release",
    operation_id="release_holds",
    auth=None,
    openapi_extra=described(ResultsOut, body=ReleaseIn, example={"holds": [77]}, **_SENT),
)
def post_release(request: HttpRequest) -> HttpResponse:
    """Release holds, each judged by itself: `released`, `unchanged` (it was before) or `refused`."""
    sent = read_body(request, _RELEASE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, results_of(sent.holds, release_each(key.merchant_id, sent.holds, actor=actor), done="released")

    return written(request, scope=CHANGE, answer=answer)
