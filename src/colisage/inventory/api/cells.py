"""The JSON doors of what lies where: read, moved from bin to bin, judged."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.catalog.queries import skus_by_code
from colisage.inventory.actions.condition_each import Judged, condition_each
from colisage.inventory.actions.find_named import Named
from colisage.inventory.actions.move_each import MoveAsked, move_each
from colisage.inventory.api.stock import CORRECTING, SCOPE, BadPage
from colisage.inventory.queries.told import CellPageOut, CellsWanted, cells_page
from colisage.kit.actors import Actor
from colisage.kit.answers import LARGEST, Text, given, known_parameters, page_of, read_body, there
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.network.queries import nodes_serving
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["stock"])
Sku = Annotated[str, Meta(min_length=1, max_length=100)]
Node = Annotated[str, Meta(min_length=1, max_length=20)]
Bin = Annotated[str, Meta(min_length=1, max_length=30)]
Units = Annotated[int, Meta(ge=1, le=1_000_000)]
Code80 = Annotated[str, Meta(max_length=80)]
Condition = Literal["sellable", "damaged", "quarantine", "returned", "expired", "held"]


class CellsAsked(Schema):
    """What a list of what lies where is narrowed to, all by their codes; `bin` may be any place of a node."""

    sku: Text | None = None
    node: Text | None = None
    bin: Text | None = None
    plate: Text | None = None
    lot: Text | None = None
    condition: Condition | None = None
    page: Text | None = None
    limit: int = Field(50, ge=1, le=200)


class UnitsMoveIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units that go from one bin of a node to another, as they are. From a `plate` they are taken off it.

    `onto` is the code of a plate that they go onto, there or, without a `target`, where they are.
    """

    sku: Sku
    node: Node
    source: Bin
    quantity: Units
    target: Annotated[str, Meta(max_length=30)] = ""
    onto: Annotated[str, Meta(max_length=30)] = ""
    condition: Condition = "sellable"
    lot: Code80 = ""
    plate: Code80 = ""


class UnitsMovesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Moves of units, each judged by itself, one after another."""

    moves: Annotated[list[UnitsMoveIn], Meta(min_length=1, max_length=100)]


class UnitsConditionIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units in a bin that are not, or no longer, in the `condition` of the books; why, in words."""

    sku: Sku
    node: Node
    bin: Bin
    quantity: Units
    becomes: Literal["sellable", "damaged", "quarantine", "returned"]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    condition: Condition = "sellable"
    lot: Code80 = ""
    plate: Code80 = ""


class UnitsConditionsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Units that are in another condition, each judged by itself."""

    changes: Annotated[list[UnitsConditionIn], Meta(min_length=1, max_length=100)]


class UnitsOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of units: how many were moved or changed, or a stable `code` and a sentence."""

    outcome: str
    sku: str
    quantity: int = 0
    code: str = ""
    detail: str = ""


class UnitsResultsOut(Struct, frozen=True, kw_only=True):
    """What became of each, in the order in which they were sent."""

    results: list[UnitsOut]


_MOVES: Final = msgspec.json.Decoder(UnitsMovesIn)
_CHANGES: Final = msgspec.json.Decoder(UnitsConditionsIn)


@router.get(
    "/stock/cells",
    operation_id="list_stock_cells",
    auth=None,
    openapi_extra=described(CellPageOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def list_cells(request: HttpRequest, asked: Query[CellsAsked]) -> HttpResponse:
    """List what lies where: units of a SKU in a bin, of one lot, plate and condition, and how many are free to move."""
    known_parameters(request, CellsAsked)
    after = _page(asked.page or "")
    with behind_key(request, scope=SCOPE) as key:
        wanted = CellsWanted(
            sku_id=_sku(key, asked.sku) if asked.sku else None,
            node_id=_node(key, asked.node) if asked.node else None,
            place=asked.bin or "",
            plate=asked.plate or "",
            lot=asked.lot or "",
            condition=asked.condition or "",
        )
        shown, last = page_of(
            cells_page(key.merchant_id, wanted=wanted, after=after, size=asked.limit), limit=asked.limit
        )
        following = f"{last[0]}:{last[1].id}" if last else None
        return given(request, CellPageOut(items=[cell for _sku, cell in shown], next=following))


def _sku(key: Key, code: str) -> int:
    return there(skus_by_code(key.merchant_id, codes=[code]).get(code.upper())).id


def _node(key: Key, code: str) -> int:
    nodes = {node.code.upper(): node.node_id for node in nodes_serving([key.merchant_id])[key.merchant_id]}
    return there(nodes.get(code.upper()))


def _page(text: str) -> tuple[int, int]:
    """Read where a page begins: the SKU and the cell that came last before it."""
    if not text:
        return 0, 0
    sku, _colon, pk = text.partition(":")
    if not all(one.isascii() and one.isdecimal() and len(one) < 20 and int(one) <= LARGEST for one in (sku, pk)):
        raise BadPage
    return int(sku), int(pk)


@router.post(
    "/stock/moves",
    operation_id="move_stock",
    auth=None,
    openapi_extra=described(
        UnitsResultsOut,
        body=UnitsMovesIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={
            "moves": [{"sku": "MUG", "node": "LYON", "source": "A-01-1", "target": "B-02-1", "quantity": 12}],
        },
    ),
)
def post_moves(request: HttpRequest) -> HttpResponse:
    """Move units from bin to bin within a node, each move judged by itself: `moved` or `refused`.

    Units are your own; those to which a picker was sent stay. A bin with several lots needs the lot. What an earlier
    move of the request brought, a later one may take on.
    """
    sent = read_body(request, _MOVES).moves

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        wanted = [
            MoveAsked(Named(o.sku, o.node, o.source, o.condition, o.lot, o.plate), o.target, o.quantity, o.onto)
            for o in sent
        ]
        became = move_each(key.merchant_id, wanted, actor=actor)
        return 200, _results([one.sku for one in sent], became, done="moved")

    return written(request, scope=CORRECTING, answer=answer)


@router.post(
    "/stock/conditions",
    operation_id="change_conditions",
    auth=None,
    openapi_extra=described(
        UnitsResultsOut,
        body=UnitsConditionsIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={
            "changes": [
                {
                    "sku": "MUG", "node": "LYON", "bin": "A-01-1", "quantity": 2, "becomes": "damaged",
                    "reason": "fell off the shelf",
                }
            ]
        },
    ),
)  # fmt: skip
def post_conditions(request: HttpRequest) -> HttpResponse:
    """Say that units are damaged, in quarantine, or good again, each judged by itself: `changed` or `refused`.

    What was promised of units that are no longer good is owed again, and told.
    """
    sent = read_body(request, _CHANGES).changes

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        judged = [
            Judged(Named(o.sku, o.node, o.bin, o.condition, o.lot, o.plate), o.becomes, o.quantity, o.reason)
            for o in sent
        ]
        became = condition_each(key.merchant_id, judged, actor=actor)
        return 200, _results([one.sku for one in sent], became, done="changed")

    return written(request, scope=CORRECTING, answer=answer)


def _results(skus: Sequence[str], became: Sequence[Refused | int], *, done: str) -> UnitsResultsOut:
    return UnitsResultsOut(
        results=[
            UnitsOut(outcome="refused", sku=sku, code=one.code, detail=str(one))
            if isinstance(one, Refused)
            else UnitsOut(outcome=done, sku=sku, quantity=one)
            for sku, one in zip(skus, became, strict=True)
        ]
    )
