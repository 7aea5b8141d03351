"""The JSON doors of what goes back: picked for orders that were cancelled, on the bench until it is in a bin again."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Id,
    Paged,
    given,
    known_parameters,
    page_of,
    read_body,
)
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.network.queries import nodes_by_id
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written
from colisage.picking.actions.put_back_each import Back, put_back_each
from colisage.picking.queries.put_back import put_backs
from colisage.picking.queries.told import PutBackPageOut, put_backs_told

READ: Final = "floor:read"
WRITE: Final = "floor:write"
router = Router(tags=["floor"])
Units = Annotated[int, Meta(ge=1, le=1_000_000)]


class UnitsBackIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units that were put into a bin; `item` is the code of the item as it was scanned there."""

    id: Id
    units: Units
    bin: Annotated[str, Meta(min_length=1, max_length=60)]
    item: Annotated[str, Meta(min_length=1, max_length=200)]


class BacksIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What was put back, each judged by itself."""

    put_backs: Annotated[list[UnitsBackIn], Meta(min_length=1, max_length=200)]


class GoneIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units that nobody finds on the bench (`lost`), or that cannot be sold any more (`damaged`)."""

    id: Id
    units: Units
    why: Literal["lost", "damaged"]


class GonesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What is written off, each judged by itself."""

    put_backs: Annotated[list[GoneIn], Meta(min_length=1, max_length=200)]


class BackOut(Struct, frozen=True, kw_only=True):
    """What became of one: `outcome`, what is `left` to put back (null when refused), and why it was refused."""

    id: int
    outcome: str
    left: int | None
    code: str = ""
    detail: str = ""


class BacksOut(Struct, frozen=True, kw_only=True):
    """What became of each, in the order in which they were sent."""

    results: list[BackOut]


_BACKS: Final = msgspec.json.Decoder(BacksIn)
_GONES: Final = msgspec.json.Decoder(GonesIn)
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "headers": ("Idempotency-Key",)}


@router.get(
    "/put-backs",
    operation_id="list_put_backs",
    auth=None,
    openapi_extra=described(PutBackPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_put_backs(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """List what lies on benches and will not be sent, what was cancelled first first, and the bin it should go to."""
    known_parameters(request, Paged)
    with behind_key(request, scope=READ) as key:
        found = put_backs(key.operators, merchant_ids=[key.merchant_id], after=asked.page or 0, size=asked.limit + 1)
        shown, last = page_of(found, limit=asked.limit)
        nodes = {pk: node.code for pk, node in nodes_by_id({one.node_id for one in shown}).items()}
        items = put_backs_told(shown, nodes=nodes)
        return given(request, PutBackPageOut(items=items, next=last.id if last else None))


@router.post(
    "/put-backs",
    operation_id="put_units_back",
    auth=None,
    openapi_extra=described(
        BacksOut,
        body=BacksIn,
        example={"put_backs": [{"id": 71, "units": 2, "bin": "A-01-1", "item": "3760001900019"}]},
        **_SENT,
    ),
)
def post_put_backs(request: HttpRequest) -> HttpResponse:
    """Put units back into bins, each judged by itself: `put_back` or `refused`. They can be sold again.

    The item and the bin are judged as at the bench; people alone override a rule that speaks against a bin. Send an
    `Idempotency-Key`: the same twice is two puts.
    """
    sent = read_body(request, _BACKS).put_backs
    backs = [Back(put_back_id=one.id, units=one.units, bin=one.bin, item=one.item) for one in sent]
    return _written(request, backs, done="put_back")


@router.post(
    "/put-backs/write-off",
    operation_id="write_off_put_backs",
    auth=None,
    openapi_extra=described(
        BacksOut, body=GonesIn, example={"put_backs": [{"id": 71, "units": 1, "why": "damaged"}]}, **_SENT
    ),
)
def post_write_off(request: HttpRequest) -> HttpResponse:
    """Write off units that are not on the bench any more, or damaged, each judged by itself: `written_off`."""
    sent = read_body(request, _GONES).put_backs
    return _written(
        request, [Back(put_back_id=one.id, units=one.units, why=one.why) for one in sent], done="written_off"
    )


def _written(request: HttpRequest, backs: list[Back], *, done: str) -> HttpResponse:
    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = put_back_each(key.merchant_id, backs, actor=actor)
        told = [_told(one.put_back_id, left, done=done) for one, left in zip(backs, became, strict=True)]
        return 200, BacksOut(results=told)

    return written(request, scope=WRITE, answer=answer)


def _told(pk: int, left: Refused | int, *, done: str) -> BackOut:
    if isinstance(left, Refused):
        return BackOut(id=pk, outcome="refused", left=None, code=left.code, detail=str(left))
    return BackOut(id=pk, outcome=done, left=left)
