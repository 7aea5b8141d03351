"""The JSON doors of stock: what there is, what each channel may sell, corrections."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct
from ninja import Router

from colisage.inventory.actions.adjust_each import Correction, adjust_each
from colisage.inventory.queries.browser import Figures, Filters, figures_by_node, stock_page
from colisage.inventory.queries.channels import moment, published_of, published_page
from colisage.kit.actors import Actor
from colisage.kit.answers import encoded, known_parameters, read_body
from colisage.kit.described import described
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import channels_of, node_ids_serving, nodes_by_id
from colisage.people.queries import Key, sent_key
from colisage.people.queries.doors import behind_wall_of, written

MOST: Final = 1_000
USUAL: Final = 200
SCOPE: Final = "stock:read"
CORRECTING: Final = "stock:write"
router = Router(tags=["stock"])


class BadPage(Malformed):
    """A page or a mark that we did not give."""

    code = "bad_page"
    text = _("Send `page` and `after` as they came in an earlier answer, and a `limit` from 1 to 1,000.")


class UnknownChannel(NotThere):
    """There is no such channel."""

    code = "unknown_channel"
    text = _("There is no sales channel of that code.")


class PublishedOut(Struct, frozen=True, kw_only=True):
    """What a channel may sell of a SKU, in units: null where it is not counted."""

    sku: str
    quantity: Annotated[int, Meta(ge=0)] | None


class AvailabilityOut(Struct, frozen=True, kw_only=True):
    """A page of what a channel may sell. `next` is the `page` that follows, null on the last.

    `mark` is the `after` with which only what may have changed since is given.
    """

    channel: str
    items: list[PublishedOut]
    next: str | None
    mark: str


class NodeStockOut(Struct, frozen=True, kw_only=True):
    """What there is of a SKU at a node, in units; `node` is null for what is owed at no node in particular.

    `available` is what may still be promised, null where it is not counted; `owed` is what orders wait for.
    """

    node: str | None
    on_hand: int
    reserved: int
    allocated: int
    in_transit: int
    quarantine: int
    damaged: int
    safety: int
    available: int | None
    owed: int


class SkuStockOut(Struct, frozen=True, kw_only=True):
    """What there is of a SKU, node by node."""

    sku: str
    kind: str
    nodes: list[NodeStockOut]


class StockPageOut(Struct, frozen=True, kw_only=True):
    """A page of what there is, as of `at`; `next` is the `page` that follows, null on the last."""

    at: datetime
    items: list[SkuStockOut]
    next: str | None


@router.get(
    "/availability",
    operation_id="get_availability",
    auth=None,
    openapi_extra=described(AvailabilityOut, scope=SCOPE, refusals=(404,)),
)
def get_availability(
    request: HttpRequest, channel: str, after: str = "", page: str = "", limit: str = ""
) -> HttpResponse:
    """Say what a channel may sell, SKU by SKU: `quantity` is null where it is not counted, and never negative.

    `next` is the `page` that follows, null on the last. `after` is the `mark` of an earlier answer: only what may have
    changed since is given, nothing that changed is left out. Recipes that change are not followed: ask for everything
    once a day.
    """

    def answer(key: Key) -> AvailabilityOut:
        known_parameters(request, names=("channel", "after", "page", "limit"))
        found = channels_of(key.merchant_id).get(channel)
        if found is None:
            raise UnknownChannel
        mark, start = _page(page)
        mark = mark if page else str(moment())
        size = _limit(limit)
        rows = published_page(key.merchant_id, after=start, since=_mark(after), size=size)
        published = published_of(found, sku_ids=[sku.id for sku in rows[:size]])
        return AvailabilityOut(
            channel=channel,
            items=[PublishedOut(sku=sku.code, quantity=published[sku.id].units) for sku in rows[:size]],
            next=f"{mark}:{rows[size - 1].id}:{rows[size - 1].key}" if len(rows) > size else None,
            mark=mark,
        )

    return _answered(request, answer)


@router.get(
    "/stock",
    operation_id="get_stock",
    auth=None,
    openapi_extra=described(StockPageOut, scope=SCOPE, refusals=(404,)),
)
def get_stock(request: HttpRequest, sku: str = "", page: str = "", limit: str = "") -> HttpResponse:
    """Say what there is of each SKU (or of one: `sku`), node by node; `next` is the `page` that follows."""

    def answer(key: Key) -> StockPageOut:
        known_parameters(request, names=("sku", "page", "limit"))
        size, ids = _limit(limit), [key.merchant_id]
        start = _page(page)[1]
        if sku:
            start = (sku[:100].replace("\x00", "").upper(), 0)
        rows = stock_page(ids, filters=Filters(), after=start, size=1 if sku else size)
        if sku:
            rows, size = [row for row in rows if row.key == start[0]][:1], 1
            if not rows:
                raise NotThere
        by_node = figures_by_node(ids, sku_ids=[row.id for row in rows[:size]])
        nodes = nodes_by_id({node for found in by_node.values() for node in found if node})
        return StockPageOut(
            at=datetime.now(UTC).replace(microsecond=0),
            items=[
                SkuStockOut(
                    sku=row.code,
                    kind=row.kind,
                    nodes=[
                        _told(nodes[node].code if node in nodes else None, figures)
                        for node, figures in by_node[row.id].items()
                    ],
                )
                for row in rows[:size]
            ],
            next=f"0:{rows[size - 1].id}:{rows[size - 1].key}" if len(rows) > size else None,
        )

    return _answered(request, answer)


def _told(node: str | None, figures: Figures) -> NodeStockOut:
    return NodeStockOut(
        node=node,
        on_hand=figures.on_hand,
        reserved=figures.reserved,
        allocated=figures.allocated,
        in_transit=figures.transit,
        quarantine=figures.quarantine,
        damaged=figures.damaged,
        safety=figures.safety,
        available=None if figures.unlimited else figures.free,
        owed=figures.owed,
    )


def _answered(request: HttpRequest, answer: Callable[[Key], Struct]) -> HttpResponse:
    """Answer behind the wall of the key's merchant."""
    key = sent_key(request, scope=SCOPE)
    with behind_wall_of(key):
        return HttpResponse(encoded(answer(key)), content_type="application/json")


def _limit(text: str) -> int:
    if not text:
        return USUAL
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MOST):
        raise BadPage
    return int(text)


def _mark(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadPage
    return int(text)


def _page(text: str) -> tuple[str, tuple[str, int]]:
    """Read where a page begins: the mark of the first page, then id and key of the last SKU before it."""
    if not text:
        return "", ("", 0)
    mark, _colon, rest = text.partition(":")
    pk, colon, key = rest.partition(":")
    if not colon or "\x00" in key or _mark(mark) is None or _mark(pk) is None:
        raise BadPage
    return mark, (key, int(pk))


class CorrectionIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What was counted of a SKU in a bin, and the reason of the difference, by its code."""

    sku: Annotated[str, Meta(min_length=1, max_length=100)]
    node: Annotated[str, Meta(min_length=1, max_length=20)]
    bin: Annotated[str, Meta(min_length=1, max_length=30)]
    counted: Annotated[int, Meta(ge=0, le=1_000_000)]
    reason: Annotated[str, Meta(min_length=1, max_length=40)]
    lot: Annotated[str, Meta(max_length=80)] = ""


class CorrectionsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Corrections of stock, each judged by itself."""

    adjustments: Annotated[list[CorrectionIn], Meta(min_length=1, max_length=100)]


class CorrectedOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a correction: the `difference` in units, or a stable `code` and a sentence."""

    outcome: str
    sku: str
    difference: int = 0
    code: str = ""
    detail: str = ""


class CorrectedPageOut(Struct, frozen=True, kw_only=True):
    """What became of each correction, in the order in which they were sent."""

    results: list[CorrectedOut]


_CORRECTIONS: Final = msgspec.json.Decoder(CorrectionsIn)


@router.post(
    "/stock/adjustments",
    operation_id="adjust_stock",
    auth=None,
    openapi_extra=described(
        CorrectedPageOut,
        body=CorrectionsIn,
        scope=CORRECTING,
        headers=("Idempotency-Key",),
        example={"adjustments": [{"sku": "MUG", "node": "LYON", "bin": "A-01-1", "counted": 18, "reason": "damaged"}]},
    ),
)
def post_adjustments(request: HttpRequest) -> HttpResponse:
    """Set what lies in bins to what was counted, each judged by itself: `adjusted`, `unchanged` or `refused`.

    Units are the merchant's own, good ones; a bin with several lots needs the lot. Reasons are those of the page
    where stock is corrected.
    """
    sent = read_body(request, _CORRECTIONS).adjustments

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        nodes = node_ids_serving([key.merchant_id])[key.merchant_id]
        wanted = [Correction(one.sku, one.node, one.bin, one.counted, one.reason, one.lot) for one in sent]
        became = adjust_each(key.merchant_id, wanted, node_ids=nodes, actor=actor)
        return 200, CorrectedPageOut(
            results=[_corrected(one.sku, *done) for one, done in zip(sent, became, strict=True)]
        )

    return written(request, scope=CORRECTING, answer=answer)


def _corrected(sku: str, difference: int, refusal: Refused | None) -> CorrectedOut:
    if refusal is not None:
        return CorrectedOut(outcome="refused", sku=sku, code=refusal.code, detail=str(refusal))
    return CorrectedOut(outcome="adjusted" if difference else "unchanged", sku=sku, difference=difference)
