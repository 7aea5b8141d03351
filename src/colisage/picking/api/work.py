"""The JSON doors of work on the floor: what may be released, waves, batches and their picks.

A warehouse that works for several merchants decides what its people do: these doors are for a floor of one's own.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.kit.actors import Actor
from colisage.kit.answers import (
    DoneOut,
    Id,
    Ids,
    Paged,
    ResultsOut,
    given,
    judged,
    known_id,
    known_parameters,
    page_of,
    read_body,
    results_of,
    there,
)
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.network.queries import nodes_serving
from colisage.people.queries import Key, own_operators
from colisage.people.queries.doors import behind_key, written
from colisage.picking.actions.pick_each import Done, pick_each
from colisage.picking.actions.release_named import release_named
from colisage.picking.actions.take_batch import take_batch
from colisage.picking.models import PickBatch
from colisage.picking.queries import batch_of, waiting_work
from colisage.picking.queries.told import (
    BatchOut,
    BatchPageOut,
    ReleasableOut,
    ReleasablesOut,
    WholeBatchOut,
    batch_told,
    batches_of_wave,
    batches_page,
    whole_batch,
)

READ: Final = "floor:read"
WRITE: Final = "floor:write"
router = Router(tags=["floor"])


class BatchesAsked(Paged):
    """Which batches."""

    state: Literal["waiting", "taken", "done"] | None = None


class WaveIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Fulfilment orders of a node for one wave; none named, its most urgent ones, `most` of them."""

    node: Annotated[str, Meta(min_length=1, max_length=20)]
    fulfillment_orders: Ids | None = None
    most: Annotated[int, Meta(ge=1, le=500)] = 500


class WaveOut(Struct, frozen=True, kw_only=True):
    """The batches of a new wave, its id (null when nothing was released), and what became of each that was named."""

    wave: int | None
    batches: list[BatchOut]
    results: list[DoneOut]


class PickedIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A pick that was done: all of it; or the units `found` where there were fewer, and why.

    `empty` bin, `damaged` units, or `other` goods there. `code` is what was scanned: it is judged, and of units with
    serial numbers it is needed.
    """

    id: Id
    found: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    reason: Literal["empty", "damaged", "other"] = "empty"
    code: Annotated[str, Meta(max_length=200)] = ""


class PicksIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Picks that were done, each judged by itself."""

    picks: Annotated[list[PickedIn], Meta(min_length=1, max_length=500)]


_RELEASE: Final = msgspec.json.Decoder(WaveIn)
_PICKS: Final = msgspec.json.Decoder(PicksIn)
_READ: Final[dict[str, Any]] = {"scope": READ, "headers": ("If-None-Match",)}
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "headers": ("Idempotency-Key",)}


def _found(key: Key, batch_id: int) -> PickBatch:
    return there(batch_of(own_operators(key.merchant_id), batch_id=known_id(batch_id)))


@router.get(
    "/waves/waiting", operation_id="list_releasable", auth=None, openapi_extra=described(ReleasablesOut, **_READ)
)
def list_releasable(request: HttpRequest) -> HttpResponse:
    """Say how much may be released to the floor, by node and cut-off."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        nodes = {node.node_id: node.code for node in nodes_serving([key.merchant_id])[key.merchant_id]}
        items = [
            ReleasableOut(
                node=nodes[one.node_id], ship_by=one.ship_by, orders=one.orders, units=one.units, oldest=one.oldest
            )
            for one in waiting_work(list(nodes), merchant_ids=[key.merchant_id])
        ]
        return given(request, ReleasablesOut(items=items))


@router.post(
    "/waves",
    operation_id="release_wave",
    auth=None,
    openapi_extra=described(
        WaveOut,
        body=WaveIn,
        refusals=(403, 404, 409),
        example={"node": "LYON", "fulfillment_orders": [204, 205]},
        **_SENT,
    ),
)
def post_wave(request: HttpRequest) -> HttpResponse:
    """Release fulfilment orders to the floor as one wave: `released`, `unchanged` (they were before) or `refused`.

    Their units are bound to bins, and grouped into batches with a walk each. Without ids the most urgent ones of the
    node go; when none may, 409 (`nothing_to_release`). In a warehouse that works for others too its operator decides
    (403, `not_your_floor`).
    """
    sent = read_body(request, _RELEASE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        done = release_named(key.merchant_id, sent.fulfillment_orders, node=sent.node, most=sent.most, actor=actor)
        results = results_of(sent.fulfillment_orders or [], done.became, done="released").results
        made = batches_of_wave(own_operators(key.merchant_id), wave_id=done.wave_id) if done.wave_id else []
        return 200, WaveOut(wave=done.wave_id, batches=[batch_told(one) for one in made], results=results)

    return written(request, scope=WRITE, answer=answer)


@router.get("/batches", operation_id="list_batches", auth=None, openapi_extra=described(BatchPageOut, **_READ))
def list_batches(request: HttpRequest, asked: Query[BatchesAsked]) -> HttpResponse:
    """List the batches of warehouses that work for you alone, the newest first."""
    known_parameters(request, BatchesAsked)
    with behind_key(request, scope=READ) as key:
        found = batches_page(
            own_operators(key.merchant_id), state=asked.state or "", before=asked.page, size=asked.limit
        )
        shown, last = page_of(found, limit=asked.limit)
        return given(request, BatchPageOut(items=[batch_told(one) for one in shown], next=last.pk if last else None))


@router.get(
    "/batches/{int:batch_id}",
    operation_id="get_batch",
    auth=None,
    openapi_extra=described(WholeBatchOut, refusals=(404,), **_READ),
)
def get_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Give a batch with its picks, along the walk: bin, SKU, lot, units, tote."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, whole_batch(_found(key, batch_id)))


@router.post(
    "/batches/{int:batch_id}/take",
    operation_id="take_batch",
    auth=None,
    openapi_extra=described(WholeBatchOut, refusals=(404, 409), **_SENT),
)
def post_take(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take a batch, so that nobody else walks it. One that another has is refused (409, `batch_is_taken`)."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        found = _found(key, batch_id)
        take_batch(found.operator_id, batch_id=found.pk, actor=actor)
        return 200, whole_batch(_found(key, batch_id))

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/picks",
    operation_id="confirm_picks",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=PicksIn,
        example={"picks": [{"id": 9001}, {"id": 9002, "found": 1, "reason": "empty"}]},
        **_SENT,
    ),
)
def post_picks(request: HttpRequest) -> HttpResponse:
    """Say that picks were done, each judged by itself: `picked`, `short`, `unchanged` (done before) or `refused`.

    Units go to the bench; orders with all of theirs are picked. What is missing is fetched from another bin (the batch
    is longer then) or owed. `units_lost`: they went from the bin before, look at the batch again.
    """
    sent = read_body(request, _PICKS).picks
    done = [Done(task_id=one.id, found=one.found, reason=one.reason, code=one.code.strip()) for one in sent]

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = pick_each(key.merchant_id, done, actor=actor)
        return 200, ResultsOut(results=[_told(one.id, became[one.id]) for one in sent])

    return written(request, scope=WRITE, answer=answer)


def _told(pk: int, became: Refused | str) -> DoneOut:
    return judged(pk, became=became) if isinstance(became, Refused) else DoneOut(outcome=became, id=pk)
