"""The JSON doors of the days on which nodes do not work."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.kit.actors import Actor
from colisage.kit.answers import DoneOut, ResultsOut, given, known_parameters, page_of, read_body, there
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.network.actions.close_days import close_days
from colisage.network.actions.close_holidays import close_holidays
from colisage.network.actions.open_days import open_days
from colisage.network.api.nodes import READ, WRITE
from colisage.network.queries.calendars import closures_of, day_at
from colisage.network.queries.floors import floors_of
from colisage.network.queries.nodes import node_serving
from colisage.network.queries.nodes_told import ClosurePageOut, closures_told
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["nodes"])


class ClosuresAsked(Schema):
    """From which day on; without one those that are still to come."""

    since: date | None = None
    page: date | None = None
    limit: int = Field(50, ge=1, le=200)


class ClosureIn(Struct, forbid_unknown_fields=True, frozen=True):
    """A day on which a node does not work, and why."""

    day: date
    reason: Annotated[str, Meta(max_length=80)] = ""


class ClosuresIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Days on which a node does not work, each judged by itself."""

    days: Annotated[list[ClosureIn], Meta(min_length=1, max_length=200)]


class OpenedDaysIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Days on which a node works after all."""

    days: Annotated[list[date], Meta(min_length=1, max_length=200)]


_CLOSED: Final = msgspec.json.Decoder(ClosuresIn)
_OPENED: Final = msgspec.json.Decoder(OpenedDaysIn)


@router.get(
    "/nodes/{node}/closures",
    operation_id="list_closures",
    auth=None,
    openapi_extra=described(ClosurePageOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def list_closures(request: HttpRequest, node: str, asked: Query[ClosuresAsked]) -> HttpResponse:
    """List the days on which a node does not work, the next first."""
    known_parameters(request, ClosuresAsked)
    with behind_key(request, scope=READ) as key:
        found = there(node_serving(key.merchant_id, code=node))
        since = max(filter(None, (asked.since, asked.page)), default=day_at(found, now=timezone.now()))
        rows = closures_of(found.pk, since=since, most=asked.limit + 1)
        shown, more = page_of(rows, limit=asked.limit)
        return given(request, ClosurePageOut(items=closures_told(shown), next=rows[-1].day if more else None))


@router.post(
    "/nodes/{node}/closures",
    operation_id="close_days",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=ClosuresIn,
        scope=WRITE,
        refusals=(403, 404),
        headers=("Idempotency-Key",),
        example={"days": [{"day": "2026-12-24", "reason": "Inventory"}]},
    ),
)
def post_closures(request: HttpRequest, node: str) -> HttpResponse:
    """Close a node on days, each judged by itself: `closed`, `unchanged` where it was, or `refused` (`day_is_over`).

    Orders accepted from now on leave before or after them.

    In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    days = {one.day: one.reason.strip() for one in read_body(request, _CLOSED).days}

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        at = floors_of(key.merchant_id).called(node)
        became = close_days(at.operator_id, node_id=at.node_id, days=days, actor=actor)
        return 200, _results(became, done="closed")

    return written(request, scope=WRITE, answer=answer)


def _results(became: Mapping[date, Refused | bool], *, done: str) -> ResultsOut:
    return ResultsOut(
        results=[
            DoneOut(outcome="refused", name=day.isoformat(), code=one.code, detail=str(one))
            if isinstance(one, Refused)
            else DoneOut(outcome=done if one else "unchanged", name=day.isoformat())
            for day, one in became.items()
        ]
    )


@router.post(
    "/nodes/{node}/closures/holidays",
    operation_id="close_holidays",
    auth=None,
    openapi_extra=described(ResultsOut, scope=WRITE, refusals=(403, 404, 409), headers=("Idempotency-Key",)),
)
def post_holidays(request: HttpRequest, node: str) -> HttpResponse:
    """Close a node on the public holidays of its country until the end of next year: each `closed` or `unchanged`.

    Of some countries none are known (`no_holidays_known`).
    """

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        at = floors_of(key.merchant_id).called(node)
        became = close_holidays(at.operator_id, node_id=at.node_id, actor=actor)
        return 200, _results(became, done="closed")

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/nodes/{node}/closures/open",
    operation_id="open_days",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=OpenedDaysIn,
        scope=WRITE,
        refusals=(403, 404),
        headers=("Idempotency-Key",),
        example={"days": ["2026-12-24"]},
    ),
)
def post_opened(request: HttpRequest, node: str) -> HttpResponse:
    """Let a node work on days that were closed: `opened`, or `unchanged` where it works anyway."""
    days = list(dict.fromkeys(read_body(request, _OPENED).days))

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        at = floors_of(key.merchant_id).called(node)
        opened = open_days(at.operator_id, node_id=at.node_id, days=days, actor=actor)
        return 200, _results({day: day in opened for day in days}, done="opened")

    return written(request, scope=WRITE, answer=answer)
