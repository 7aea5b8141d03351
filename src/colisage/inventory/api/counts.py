"""The JSON doors of counts: asked for, read as they were found, decided."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.inventory.actions.cancel_named import cancel_named
from colisage.inventory.actions.count_named import count_named
from colisage.inventory.actions.decide_named import decide_named
from colisage.inventory.api.stock import CORRECTING, SCOPE
from colisage.inventory.queries.counts import CountPageOut, OpenBinPageOut, counted_page, open_told, tasks
from colisage.inventory.rules.counting import TO_DO
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    DoneOut,
    Ids,
    Paged,
    ResultsOut,
    Text,
    given,
    judged,
    known_id,
    known_parameters,
    page_of,
    read_body,
    there,
)
from colisage.kit.described import described
from colisage.network.queries import nodes_serving
from colisage.people.queries import Key, own_operators
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["counts"])


class CountsAsked(Paged):
    """What a list of counts is narrowed to; the node by its code."""

    node: Text | None = None
    state: Literal["counted", "approved", "rejected"] | None = None


class BinsToCountIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Bins of a node that shall be counted, by their codes."""

    node: Annotated[str, Meta(min_length=1, max_length=20)]
    bins: Annotated[list[Annotated[str, Meta(min_length=1, max_length=30)]], Meta(min_length=1, max_length=500)]


class DecisionIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What becomes of a count: the books follow it (`approve`), stay (`reject`), or somebody counts again."""

    decision: Literal["approve", "reject", "recount"]
    remark: Annotated[str, Meta(max_length=200)] = ""


class BinCountsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Counts of bins."""

    counts: Ids


_CANCELLED: Final = msgspec.json.Decoder(BinCountsIn)
_COUNT: Final = msgspec.json.Decoder(BinsToCountIn)
_DECISION: Final = msgspec.json.Decoder(DecisionIn)


@router.get(
    "/stock/counts",
    operation_id="list_counts",
    auth=None,
    openapi_extra=described(CountPageOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def list_counts(request: HttpRequest, asked: Query[CountsAsked]) -> HttpResponse:
    """List the counts of bins with goods of yours, the latest first: what was found beside what was expected.

    Those that wait for a decision are `counted`. Counts that still go on are not told.
    """
    known_parameters(request, CountsAsked)
    with behind_key(request, scope=SCOPE) as key:
        nodes = {node.code.upper(): node.node_id for node in nodes_serving([key.merchant_id])[key.merchant_id]}
        node = there(nodes.get(asked.node.upper())) if asked.node else None
        found = counted_page(
            key.merchant_id,
            operator_ids=key.operators,
            node_id=node,
            state=asked.state or "",
            before=asked.page,
            size=asked.limit,
        )
        shown, last = page_of(found, limit=asked.limit)
        return given(request, CountPageOut(items=list(shown), next=last.id if last else None))


@router.get(
    "/stock/counts/open",
    operation_id="list_open_counts",
    auth=None,
    openapi_extra=described(OpenBinPageOut, scope=SCOPE, headers=("If-None-Match",)),
)
def list_open(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """List the bins that are to be counted in warehouses that work for you alone, the eldest first."""
    known_parameters(request, Paged)
    with behind_key(request, scope=SCOPE) as key:
        found = tasks(own_operators(key.merchant_id), states=TO_DO, after=asked.page or 0, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, OpenBinPageOut(items=open_told(shown), next=last.pk if last else None))


@router.post(
    "/stock/counts",
    operation_id="ask_for_count",
    auth=None,
    openapi_extra=described(
        DoneOut,
        body=BinsToCountIn,
        scope=CORRECTING,
        status=201,
        refusals=(403, 404, 409),
        headers=("Idempotency-Key",),
        example={"node": "LYON", "bins": ["A-01-1", "A-02-1"]},
    ),
)
def post_count(request: HttpRequest) -> HttpResponse:
    """Have bins counted in a warehouse that works for you alone; `id` is that of the count.

    Bins that wait for a count already are left out; none left is 409 (`nothing_to_count`).
    """
    sent = read_body(request, _COUNT)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        made = count_named(key.merchant_id, sent.bins, node=sent.node, actor=actor)
        return 201, DoneOut(outcome="asked", id=made)

    return written(request, scope=CORRECTING, answer=answer)


@router.post(
    "/stock/counts/cancel",
    operation_id="cancel_counts",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=BinCountsIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"counts": [118, 119]},
    ),
)
def post_cancelled(request: HttpRequest) -> HttpResponse:
    """Take counts of bins away that are not settled, each judged by itself: `cancelled`, `unchanged` or `refused`.

    They are an `id` of `list_open_counts` or `list_counts`; a bin that is being counted is free again.
    """
    sent = read_body(request, _CANCELLED).counts

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = cancel_named(key.merchant_id, sent, actor=actor)
        return 200, ResultsOut(
            results=[judged(pk, became=one, done="cancelled") for pk, one in zip(sent, became, strict=True)]
        )

    return written(request, scope=CORRECTING, answer=answer)


@router.post(
    "/stock/counts/{int:bin_count_id}/decide",
    operation_id="decide_count",
    auth=None,
    openapi_extra=described(
        DoneOut,
        body=DecisionIn,
        scope=CORRECTING,
        refusals=(403, 404, 409),
        headers=("Idempotency-Key",),
        example={"decision": "approve", "remark": "two fell behind the shelf"},
    ),
)
def post_decision(request: HttpRequest, bin_count_id: int) -> HttpResponse:
    """Decide about the count of a bin (an `id` of `list_counts`) in a warehouse that works for you alone.

    `outcome` is its state then: approved, rejected or recount. Deciding the same again is harmless.
    """
    sent = read_body(request, _DECISION)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        state = decide_named(
            key.merchant_id,
            task_id=known_id(bin_count_id),
            decision=sent.decision,
            remark=sent.remark,
            actor=actor,
        )
        return 200, DoneOut(outcome=state, id=bin_count_id)

    return written(request, scope=CORRECTING, answer=answer)
