"""The JSON doors of pre-orders: what is open of a SKU, opened, changed and closed."""

from datetime import date
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from colisage.catalog.queries import skus_by_code
from colisage.inventory.actions.preorder_each import Opening, preorder_each
from colisage.inventory.api.stock import CORRECTING, SCOPE, CorrectedOut, CorrectedPageOut
from colisage.inventory.queries.preorders import preorders_of
from colisage.kit.actors import Actor
from colisage.kit.answers import given, known_parameters, read_body, there
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.network.queries import nodes_by_id
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["stock"])


class OpeningIn(Struct, forbid_unknown_fields=True, frozen=True):
    """So many pre-orders of a SKU at a node at most (0 takes no more), leaving from a day on; `strict`: none before."""

    sku: Annotated[str, Meta(min_length=1, max_length=100)]
    node: Annotated[str, Meta(min_length=1, max_length=20)]
    most: Annotated[int, Meta(ge=0, le=1_000_000)]
    on: date | None = None
    strict: bool = False


class OpeningsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """SKUs to open for pre-order, to change or to close, each judged by itself."""

    preorders: Annotated[list[OpeningIn], Meta(min_length=1, max_length=100)]


_OPENINGS: Final = msgspec.json.Decoder(OpeningsIn)


class PreordersAsked(Schema):
    """Of which SKU, by its code."""

    sku: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]


class PreorderOut(Struct, frozen=True, kw_only=True):
    """How many of a SKU may be pre-ordered at a node, how many are, and the day from which on they leave.

    `strict`: nothing is held for them before, even of what is here.
    """

    node: str
    most: int
    taken: int
    on: date | None
    strict: bool


class PreordersOut(Struct, frozen=True, kw_only=True):
    """What is open for pre-order of a SKU, node by node."""

    items: list[PreorderOut]


@router.get(
    "/stock/preorders",
    operation_id="list_preorders",
    auth=None,
    openapi_extra=described(PreordersOut, scope=SCOPE, refusals=(404,), headers=("If-None-Match",)),
)
def list_preorders(request: HttpRequest, asked: Query[PreordersAsked]) -> HttpResponse:
    """Say at which nodes a SKU is open for pre-order, up to how many and from which day on."""
    known_parameters(request, PreordersAsked)
    with behind_key(request, scope=SCOPE) as key:
        sku = there(skus_by_code(key.merchant_id, codes=[asked.sku]).get(asked.sku.upper()))
        found = preorders_of(key.merchant_id, sku_id=sku.id)
        nodes = nodes_by_id(set(found))
        items = [
            PreorderOut(node=nodes[pk].code, most=one.most, taken=one.taken, on=one.on, strict=one.strict)
            for pk, one in found.items()
        ]
        return given(request, PreordersOut(items=items))


@router.post(
    "/stock/preorders",
    operation_id="set_preorders",
    auth=None,
    openapi_extra=described(
        CorrectedPageOut,
        body=OpeningsIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"preorders": [{"sku": "MUG", "node": "LYON", "most": 50, "on": "2027-03-01"}]},
    ),
)
def post_preorders(request: HttpRequest) -> HttpResponse:
    """Take pre-orders of SKUs up to a number and from a day on: `set`, `unchanged` or `refused`."""
    sent = read_body(request, _OPENINGS).preorders

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = preorder_each(
            key.merchant_id, [Opening(o.sku, o.node, o.most, o.on, o.strict) for o in sent], actor=actor
        )
        return 200, CorrectedPageOut(
            results=[_opened(o.sku, became=done) for o, done in zip(sent, became, strict=True)]
        )

    return written(request, scope=CORRECTING, answer=answer)


def _opened(sku: str, *, became: Refused | bool) -> CorrectedOut:
    if isinstance(became, Refused):
        return CorrectedOut(outcome="refused", sku=sku, code=became.code, detail=str(became))
    return CorrectedOut(outcome="set" if became else "unchanged", sku=sku)
