"""The JSON doors of turns: who waits for a SKU, by what they are served, and who is served next."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router
from pydantic import StringConstraints

from colisage.catalog.queries import skus_by_code
from colisage.desk.actions.pull_each import pull_each
from colisage.desk.api.orders import CHANGE, READ, OrdersNamed
from colisage.desk.queries.stock import queue
from colisage.desk.queries.turns import TurnsOut, WaitingPageOut, turns_told, waiting_told
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Paged,
    ResultsOut,
    expect,
    given,
    known_parameters,
    read_body,
    results_of,
    there,
)
from colisage.kit.described import described
from colisage.orders.actions.save_turns import save_turns
from colisage.orders.queries.turns import Criterion
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["orders"])


class WaitingAsked(Paged):
    """Who waits for which SKU, by its code."""

    sku: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]


class CriterionIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What puts an order before others; `value` is the tag, the channel's code, or words of the delivery chosen."""

    kind: Literal["express", "wanted", "tag", "channel", "business"]
    value: Annotated[str, Meta(max_length=200)] = ""


class TurnsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """By what waiting orders are served, the first first; those that are equal by age."""

    criteria: Annotated[list[CriterionIn], Meta(max_length=5)]


_TURNS: Final = msgspec.json.Decoder(TurnsIn)
_PULLED: Final = msgspec.json.Decoder(OrdersNamed)


@router.get(
    "/orders/waiting",
    operation_id="list_waiting",
    auth=None,
    openapi_extra=described(WaitingPageOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def list_waiting(request: HttpRequest, asked: Query[WaitingAsked]) -> HttpResponse:
    """List the orders that wait for units of a SKU, the next to be served first, with the day they are expected."""
    known_parameters(request, WaitingAsked)
    with behind_key(request, scope=READ) as key:
        sku = there(skus_by_code(key.merchant_id, codes=[asked.sku]).get(asked.sku.upper()))
        rows, more = queue(key.merchant_id, sku_id=sku.id, most=asked.limit, after=asked.page)
        items = waiting_told(rows)
        return given(request, WaitingPageOut(sku=sku.code, items=items, next=items[-1].id if more else None))


@router.get(
    "/orders/turns",
    operation_id="get_turns",
    auth=None,
    openapi_extra=described(TurnsOut, scope=READ, headers=("If-None-Match",)),
)
def get_turns(request: HttpRequest) -> HttpResponse:
    """Say by what waiting orders are served when units come."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, turns_told(key.merchant_id))


@router.put(
    "/orders/turns",
    operation_id="replace_turns",
    auth=None,
    openapi_extra=described(
        TurnsOut,
        body=TurnsIn,
        scope=CHANGE,
        refusals=(412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"criteria": [{"kind": "express", "value": "Express, Chrono"}, {"kind": "wanted"}]},
    ),
)
def put_turns(request: HttpRequest) -> HttpResponse:
    """Have waiting orders served by other things, if these still are as they were read (`If-Match`).

    All that wait now are in their new places at once.
    """
    sent = read_body(request, _TURNS).criteria

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        expect(request, turns_told(key.merchant_id, locked=True))
        save_turns(key.merchant_id, [Criterion(one.kind, one.value.strip()) for one in sent], actor=actor)
        return 200, turns_told(key.merchant_id)

    return written(request, scope=CHANGE, answer=answer)


@router.post(
    "/orders/pull",
    operation_id="pull_orders",
    auth=None,
    openapi_extra=described(
        ResultsOut, body=OrdersNamed, scope=CHANGE, headers=("Idempotency-Key",), example={"orders": [1042]}
    ),
)
def post_pull(request: HttpRequest) -> HttpResponse:
    """Serve orders before all others that wait for the same, the first named first: `pulled` or `refused`.

    Units that are free already are theirs at once.
    """
    sent = read_body(request, _PULLED)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = pull_each(key.merchant_id, list(dict.fromkeys(sent.orders)), actor=actor)
        return 200, results_of(sent.orders, became, done="pulled")

    return written(request, scope=CHANGE, answer=answer)
