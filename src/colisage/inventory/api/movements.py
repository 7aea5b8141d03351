"""The JSON door of the history of a SKU: why there are so many, and since when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Query, Router
from pydantic import AwareDatetime, StringConstraints

from colisage.catalog.queries import skus_by_code
from colisage.inventory.queries.history import Change, Narrowed, history_page
from colisage.kit.answers import Paged, Text, given, known_parameters, page_of, there
from colisage.kit.described import described
from colisage.network.queries import node_ids_serving, nodes_by_id
from colisage.people.queries.doors import behind_key

READ: Final = "stock:read"
router = Router(tags=["stock"])


class MovementsAsked(Paged):
    """Whose history is asked for (`sku`), and what it is narrowed to; the node by its code, moments with their zone."""

    sku: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]
    node: Text | None = None
    reason: Text | None = None
    lot: Text | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class SideOut(Struct, frozen=True, kw_only=True):
    """One end of a movement: a place by its code and kind, and how units lie there. `node` is null outside of them."""

    place: str
    kind: str
    node: str | None
    condition: str


class MovementOut(Struct, frozen=True, kw_only=True):
    """Units that went from one place to another, for a reason, on a document.

    `change` is what it brought to the house (or the node that is asked for): a move within it brings 0. `after` is what
    was on hand then. `at` is when it was recorded.
    """

    id: int
    at: datetime
    occurred_at: datetime
    reason: str
    quantity: int
    change: int
    after: int
    source: SideOut
    target: SideOut
    lot: str
    document: str
    document_id: int
    by: str


class MovementPageOut(Struct, frozen=True, kw_only=True):
    """A page of movements of a SKU, the latest first; `next` is the `page` that follows, null on the last."""

    sku: str
    items: list[MovementOut]
    next: int | None


@router.get(
    "/stock/movements",
    operation_id="list_movements",
    auth=None,
    openapi_extra=described(MovementPageOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def list_movements(request: HttpRequest, asked: Query[MovementsAsked]) -> HttpResponse:
    """List the movements of a SKU, the latest first, each with what was on hand after it. History is only added to."""
    known_parameters(request, MovementsAsked)
    with behind_key(request, scope=READ) as key:
        sku = there(skus_by_code(key.merchant_id, codes=[asked.sku]).get(asked.sku.upper()))
        nodes = {
            pk: node.code for pk, node in nodes_by_id(node_ids_serving([key.merchant_id])[key.merchant_id]).items()
        }
        node = there({code.upper(): pk for pk, code in nodes.items()}.get(asked.node.upper())) if asked.node else None
        found = history_page(
            key.merchant_id,
            sku_id=sku.id,
            narrowed=Narrowed(asked.reason or "", "", asked.lot or "", node, asked.since, asked.until),
            before=asked.page,
            size=asked.limit,
        )
        shown, last = page_of(found, limit=asked.limit)
        items = [_told(one, nodes) for one in shown]
        return given(request, MovementPageOut(sku=sku.code, items=items, next=last.id if last else None))


def _told(one: Change, nodes: Mapping[int, str]) -> MovementOut:
    return MovementOut(
        id=one.id, at=one.at, occurred_at=one.occurred_at, reason=one.reason, quantity=one.moved, change=one.qty,
        after=one.after, lot=one.lot, document=one.doc_kind, document_id=one.doc_id, by=one.actor_kind,
        source=SideOut(
            place=one.source, kind=one.source_kind, node=nodes.get(one.source_node or 0),
            condition=one.condition_before,
        ),
        target=SideOut(
            place=one.target, kind=one.target_kind, node=nodes.get(one.target_node or 0), condition=one.condition
        ),
    )  # fmt: skip
