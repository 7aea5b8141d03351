"""The JSON doors of closing a node for good, and of using it again."""

from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.desk.actions.shut_node import shut_node
from colisage.kit.actors import Actor
from colisage.kit.answers import read_body, there
from colisage.kit.described import described
from colisage.network.actions.open_again import open_again
from colisage.network.queries.floors import floors_of
from colisage.network.queries.nodes import node_serving
from colisage.network.queries.nodes_told import WholeNodeOut, node_told
from colisage.people.queries import Key, own_operators
from colisage.people.queries.doors import written

WRITE: Final = "nodes:write"
router = Router(tags=["nodes"])


class ClosedNodeIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Why a node is closed."""

    reason: Annotated[str, Meta(max_length=120, pattern=r"\S")]


_CLOSED: Final = msgspec.json.Decoder(ClosedNodeIn)


@router.post(
    "/nodes/{node}/close",
    operation_id="close_node",
    auth=None,
    openapi_extra=described(
        WholeNodeOut,
        body=ClosedNodeIn,
        scope=WRITE,
        refusals=(403, 404, 409),
        headers=("Idempotency-Key",),
        example={"reason": "We moved to Vénissieux"},
    ),
)
def post_close(request: HttpRequest, node: str) -> HttpResponse:
    """Close a node for good: nothing is promised, bought, received or counted there any more.

    While goods lie there or somebody works on something it is refused (`node_in_use`); `errors` name each.

    In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    why = read_body(request, _CLOSED).reason

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        operator, pk = _own(key, code=node)
        shut_node(operator, node_id=pk, why=why, actor=actor)
        return 200, _told(key, code=node)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/nodes/{node}/open",
    operation_id="open_node_again",
    auth=None,
    openapi_extra=described(WholeNodeOut, scope=WRITE, refusals=(403, 404), headers=("Idempotency-Key",)),
)
def post_open(request: HttpRequest, node: str) -> HttpResponse:
    """Use a node again that was closed for good; it serves whom it served."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        operator, pk = _own(key, code=node)
        open_again(operator, node_id=pk, actor=actor)
        return 200, _told(key, code=node)

    return written(request, scope=WRITE, answer=answer)


def _own(key: Key, *, code: str) -> tuple[int, int]:
    """Find a node, in use or not, whose floor is the merchant's own; give its operator, and its id."""
    found = there(node_serving(key.merchant_id, code=code))
    floors_of(key.merchant_id).decides(found.operator_id)
    return found.operator_id, found.pk


def _told(key: Key, *, code: str) -> WholeNodeOut:
    return node_told(
        there(node_serving(key.merchant_id, code=code)), merchant_id=key.merchant_id, own=own_operators(key.merchant_id)
    )
