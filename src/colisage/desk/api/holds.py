"""The JSON door of what waits for a decision: every open hold, the oldest first."""

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Query, Router
from pydantic import AwareDatetime

from colisage.desk.api.orders import READ
from colisage.kit.answers import Paged, given, known_parameters, page_of
from colisage.kit.described import described
from colisage.orders.queries import Hold, hold_reason
from colisage.orders.queries.holds import HoldFilters, holds_page
from colisage.people.queries.doors import behind_key

router = Router(tags=["orders"])


class HoldsAsked(Paged):
    """What the list of holds is narrowed to; the moment with its time zone."""

    kind: (
        Literal[
            "address", "payment", "unknown_sku", "duplicate", "money", "risk", "disruption", "channel", "shop", "manual"
        ]
        | None
    ) = None
    set_before: AwareDatetime | None = None


class OpenHoldOut(Struct, frozen=True, kw_only=True):
    """Why an order waits. `reason` is a code or words by hand, `detail` a sentence; it ends by itself on `until`."""

    id: int
    order_id: int
    number: str
    kind: str
    reason: str
    detail: str
    until: date | None
    set_at: datetime


class HoldPageOut(Struct, frozen=True, kw_only=True):
    """A page of open holds, the oldest first; `next` is the `page` that follows, null on the last."""

    items: list[OpenHoldOut]
    next: int | None


@router.get(
    "/holds",
    operation_id="list_holds",
    auth=None,
    openapi_extra=described(HoldPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_holds(request: HttpRequest, asked: Query[HoldsAsked]) -> HttpResponse:
    """List the open holds of open orders, the oldest first; `release_holds` releases them by their ids."""
    known_parameters(request, HoldsAsked)
    with behind_key(request, scope=READ) as key:
        filters = HoldFilters(asked.kind or "", None, asked.set_before)
        found = holds_page([key.merchant_id], filters=filters, after=asked.page or 0, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, HoldPageOut(items=[_told(hold) for hold in shown], next=last.pk if last else None))


def _told(hold: Hold) -> OpenHoldOut:
    return OpenHoldOut(
        id=hold.pk,
        order_id=hold.order_id,
        number=hold.order.number,
        kind=hold.kind,
        reason=hold.reason,
        detail=hold_reason(hold.reason),
        until=hold.until,
        set_at=hold.set_at,
    )
