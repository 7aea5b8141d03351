"""The JSON doors of nodes: which serve, where they stand and when they work; made and changed."""

from datetime import time
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.kit.actors import Actor
from colisage.kit.answers import expect, given, known_parameters, read_body, there
from colisage.kit.described import described
from colisage.network.actions.change_node import change_node
from colisage.network.actions.found_node import found_node
from colisage.network.models import Node
from colisage.network.queries.floors import floors_of
from colisage.network.queries.nodes import node_of, node_serving
from colisage.network.queries.nodes_told import NodesOut, WholeNodeOut, node_told, nodes_told
from colisage.network.rules import MOST_CENTS
from colisage.people.queries import Key, own_operator_called, own_operators
from colisage.people.queries.doors import behind_key, written

READ: Final = "network:read"
WRITE: Final = "nodes:write"
router = Router(tags=["nodes"])
Word = Annotated[str, Meta(max_length=60)]


class NodeAddressIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Where a node stands; `country` has two letters."""

    line1: Annotated[str, Meta(max_length=100, pattern=r"\S")]
    line2: Annotated[str, Meta(max_length=100)] = ""
    postcode: Annotated[str, Meta(max_length=12, pattern=r"\S")]
    city: Annotated[str, Meta(max_length=60, pattern=r"\S")]
    region: Word = ""
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    phone: Annotated[str, Meta(max_length=30)] = ""


class NodeIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a node is called, where it stands, and when it works: what is accepted before `cutoff` leaves that day.

    `cutoff` is on the clock of the node, 1 is Monday. The GLN, if it has one, is its number at GS1. `handling_cents` is
    what handling one order costs, in the currency of its operator; null leaves it as it is.
    """

    name: Annotated[str, Meta(max_length=120, pattern=r"\S")]
    address: NodeAddressIn
    timezone: Annotated[str, Meta(min_length=1, max_length=60)]
    cutoff: Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    working_days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1, max_length=7)]
    gln: Annotated[str, Meta(max_length=30)] = ""
    handling_cents: Annotated[int, Meta(ge=0, le=MOST_CENTS)] | None = None

    def facts(self) -> dict[str, Any]:
        """Give what was sent as the facts of a node."""
        return {
            "name": self.name.strip(),
            "address": {key: said.strip() for key, said in msgspec.structs.asdict(self.address).items()},
            "timezone": self.timezone,
            "cutoff": time.fromisoformat(self.cutoff),
            "working_days": self.working_days,
            "gln": "".join(self.gln.split()),
            "handling_cents": self.handling_cents,
        }


class NewNodeIn(NodeIn, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A node that is not there yet; `operator` is the short name of who runs it, where several work for you alone."""

    code: Annotated[str, Meta(max_length=20, pattern=r"\S")]
    operator: Annotated[str, Meta(max_length=50)] = ""


_NODE: Final = msgspec.json.Decoder(NodeIn)
_NEW: Final = msgspec.json.Decoder(NewNodeIn)
_EXAMPLE: Final[dict[str, Any]] = {
    "name": "Lyon",
    "address": {"line1": "12 rue des Tisseurs", "postcode": "69004", "city": "Lyon", "country": "FR"},
    "timezone": "Europe/Paris",
    "cutoff": "16:00",
    "working_days": [1, 2, 3, 4, 5],
}


@router.get(
    "/nodes",
    operation_id="list_nodes",
    auth=None,
    openapi_extra=described(NodesOut, scope=READ, headers=("If-None-Match",)),
)
def list_nodes(request: HttpRequest) -> HttpResponse:
    """List the nodes that serve you, in the order in which they are chosen."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, nodes_told(key.merchant_id, own=own_operators(key.merchant_id)))


@router.get(
    "/nodes/{node}",
    operation_id="get_node",
    auth=None,
    openapi_extra=described(WholeNodeOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_node(request: HttpRequest, node: str) -> HttpResponse:
    """Give a node that serves you, by its code: where it stands, and when it works."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(key, there(node_serving(key.merchant_id, code=node))))


def _told(key: Key, node: Node) -> WholeNodeOut:
    return node_told(node, merchant_id=key.merchant_id, own=own_operators(key.merchant_id))


@router.post(
    "/nodes",
    operation_id="make_node",
    auth=None,
    openapi_extra=described(
        WholeNodeOut,
        body=NewNodeIn,
        scope=WRITE,
        status=201,
        refusals=(403, 409),
        headers=("Idempotency-Key",),
        example={"code": "NANTES", **_EXAMPLE},
    ),
)
def post_node(request: HttpRequest) -> HttpResponse:
    """Make a node with its dock, bench, hand-over, returns table and quarantine; its bins are added afterwards.

    It serves you after the nodes that serve you already. Where no warehouse works for you alone, its operator makes
    nodes (`not_your_floor`).
    """
    sent = read_body(request, _NEW)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        operator = own_operator_called(key.merchant_id, slug=sent.operator)
        made = found_node(operator, code=sent.code, merchant_ids=[key.merchant_id], actor=actor, **sent.facts())
        return 201, _told(key, there(node_of(key.operators, node_id=made)))

    return written(request, scope=WRITE, answer=answer)


@router.put(
    "/nodes/{node}",
    operation_id="replace_node",
    auth=None,
    openapi_extra=described(
        WholeNodeOut,
        body=NodeIn,
        scope=WRITE,
        refusals=(403, 404, 409, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example=_EXAMPLE,
    ),
)
def put_node(request: HttpRequest, node: str) -> HttpResponse:
    """Say what a node is called, where it stands and when it works, if it still is as it was read (`If-Match`).

    Orders accepted from now on leave by these hours.

    In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    sent = read_body(request, _NODE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        at = floors_of(key.merchant_id).called(node)
        found = there(node_of([at.operator_id], node_id=at.node_id, locked=True))
        expect(request, _told(key, found))
        change_node(at.operator_id, node_id=at.node_id, actor=actor, **sent.facts())
        return 200, _told(key, there(node_of([at.operator_id], node_id=at.node_id)))

    return written(request, scope=WRITE, answer=answer)
