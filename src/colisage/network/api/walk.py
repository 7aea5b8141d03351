"""The JSON doors of the standing walk, and of other codes on bins."""

from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.kit.actors import Actor
from colisage.kit.answers import ResultsOut, changes_named, expect, given, known_parameters, read_body
from colisage.kit.described import described
from colisage.network.actions.change_bins_named import BinChange, change_bins_named
from colisage.network.actions.walk_aisles import walk_aisles
from colisage.network.api.nodes import READ, WRITE
from colisage.network.queries.floors import floors_of
from colisage.network.queries.nodes import node_of
from colisage.network.queries.nodes_told import WalkOut, walk_told
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["nodes"])


class AisleWalkedIn(Struct, forbid_unknown_fields=True, frozen=True):
    """An aisle of the walk; `turned`, its last bay comes first from now on."""

    aisle: Annotated[str, Meta(min_length=1, max_length=30)]
    turned: bool = False


class AisleOrderIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Aisles in the order in which the walk enters them; those that are not named come afterwards, as they stood."""

    aisles: Annotated[list[AisleWalkedIn], Meta(min_length=1, max_length=2_000)]


class BinChangeIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What becomes of a bin: another `code`; the bin `after` which it comes along the walk, empty for the first."""

    bin: Annotated[str, Meta(min_length=1, max_length=30)]
    code: Annotated[str, Meta(min_length=1, max_length=30)] | None = None
    after: Annotated[str, Meta(max_length=30)] | None = None


class BinChangesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Changes of bins, each judged by itself, one after another."""

    bins: Annotated[list[BinChangeIn], Meta(min_length=1, max_length=100)]


_WALK: Final = msgspec.json.Decoder(AisleOrderIn)
_CHANGES: Final = msgspec.json.Decoder(BinChangesIn)


@router.get(
    "/nodes/{node}/walk",
    operation_id="get_walk",
    auth=None,
    openapi_extra=described(WalkOut, scope=READ, refusals=(403, 404), headers=("If-None-Match",)),
)
def get_walk(request: HttpRequest, node: str) -> HttpResponse:
    """Give the aisles of a node in the order in which the standing walk enters them."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, walk_told(floors_of(key.merchant_id).called(node).node_id))


@router.put(
    "/nodes/{node}/walk",
    operation_id="replace_walk",
    auth=None,
    openapi_extra=described(
        WalkOut,
        body=AisleOrderIn,
        scope=WRITE,
        refusals=(403, 404, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"aisles": [{"aisle": "B"}, {"aisle": "A", "turned": True}]},
    ),
)
def put_walk(request: HttpRequest, node: str) -> HttpResponse:
    """Let the standing walk enter aisles in another order, if it still is as it was read (`If-Match`).

    Batches that are made already keep their way. An aisle that is `turned` is walked from its last bay to its first.

    In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    order = [(one.aisle, one.turned) for one in read_body(request, _WALK).aisles]

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        at = floors_of(key.merchant_id).called(node)
        node_of([at.operator_id], node_id=at.node_id, locked=True)
        expect(request, walk_told(at.node_id))
        walk_aisles(at.operator_id, node_id=at.node_id, order=order, actor=actor)
        return 200, walk_told(at.node_id)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/nodes/{node}/bins/change",
    operation_id="change_bins",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=BinChangesIn,
        scope=WRITE,
        refusals=(403, 404),
        headers=("Idempotency-Key",),
        example={"bins": [{"bin": "A-09-1", "code": "A-10-1"}, {"bin": "B-01-1", "after": "A-01-2"}]},
    ),
)
def post_changes(request: HttpRequest, node: str) -> HttpResponse:
    """Give bins other codes, or other places along the walk, one after another: `changed`, `unchanged` or `refused`.

    What lies in a bin and what was written of it follows; its label is to be printed anew.
    """
    sent = read_body(request, _CHANGES).bins
    changes = [BinChange(**msgspec.structs.asdict(one)) for one in sent]

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = change_bins_named(key.merchant_id, changes, node=node, actor=actor)
        return 200, changes_named([one.bin for one in sent], became, done="changed")

    return written(request, scope=WRITE, answer=answer)
