"""The JSON doors of purchase orders: read, written, changed as they were read, and moved on."""

from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.inbound.actions.move_purchase import move_purchase
from colisage.inbound.actions.write_purchase_said import SaidLine, SaidPurchase, write_purchase_said
from colisage.inbound.queries.order_pdf import purchase_pdf
from colisage.inbound.queries.purchases import purchase_of, purchases_page
from colisage.inbound.queries.suppliers import supplier_coded
from colisage.inbound.queries.told import PurchasePageOut, WholePurchaseOut, purchase_told, purchases_told
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Paged,
    Text,
    expect,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    there,
)
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "inbound:read"
WRITE: Final = "inbound:write"
PDF: Final = "application/pdf"
router = Router(tags=["inbound"])
Code = Annotated[str, Meta(min_length=1, max_length=100)]
Units = Annotated[int, Meta(ge=1, le=1_000_000)]
Cents = Annotated[int, Meta(ge=0, le=10**12)]


class PurchasesAsked(Paged):
    """What a list of purchase orders is narrowed to; `number` is how it begins, `supplier` a code."""

    view: Literal["expected", "late", "draft", "ended"] | None = None
    supplier: Text | None = None
    number: Text | None = None


class PurchaseLineIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units of a SKU, by your code, the supplier's or a barcode; of a case, so many cases.

    Without `unit_cost_cents` it is the supplier's price, or what the SKU costs.
    """

    sku: Code
    quantity: Units
    unit_cost_cents: Cents | None = None
    expected_on: date | None = None


class PurchaseChangeIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How a purchase order shall be, as a whole: lines that are left out go, unless units of them came.

    `node` is a code; none: the preferred one. `note` is printed for the supplier.
    """

    number: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
    lines: Annotated[list[PurchaseLineIn], Meta(min_length=1, max_length=2_000)]
    node: Annotated[str, Meta(max_length=20)] = ""
    expected_on: date | None = None
    consigned: bool = False
    note: Annotated[str, Meta(max_length=2_000)] = ""


class PurchaseIn(PurchaseChangeIn, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A purchase order, to a supplier that is known by its code or name. A `draft` is not counted as incoming."""

    supplier: Annotated[str, Meta(min_length=1, max_length=120)]
    draft: bool = False


class PurchaseStepIn(Struct, forbid_unknown_fields=True, frozen=True):
    """A step: a draft is sent (`open`), an order `cancelled`, or nothing more is expected of it (`short`)."""

    to: Literal["open", "cancelled", "short"]


_NEW: Final = msgspec.json.Decoder(PurchaseIn)
_CHANGE: Final = msgspec.json.Decoder(PurchaseChangeIn)
_STEP: Final = msgspec.json.Decoder(PurchaseStepIn)


@router.get(
    "/inbound/purchase-orders",
    operation_id="list_purchase_orders",
    auth=None,
    openapi_extra=described(PurchasePageOut, scope=READ, headers=("If-None-Match",)),
)
def list_purchases(request: HttpRequest, asked: Query[PurchasesAsked]) -> HttpResponse:
    """List purchase orders, the latest first: all, or those that are expected, late, drafts or ended."""
    known_parameters(request, PurchasesAsked)
    with behind_key(request, scope=READ) as key:
        supplier = supplier_coded(key.merchant_id, code=asked.supplier) if asked.supplier else None
        found = purchases_page(
            [key.merchant_id],
            view=asked.view or "",
            supplier_id=(supplier.pk if supplier else 0) if asked.supplier else None,
            number=asked.number or "",
            after=asked.page,
            size=asked.limit,
        )
        shown, last = page_of(found, limit=asked.limit)
        return given(request, PurchasePageOut(items=purchases_told(shown), next=last.id if last else None))


@router.get(
    "/inbound/purchase-orders/{int:purchase_id}",
    operation_id="get_purchase_order",
    auth=None,
    openapi_extra=described(WholePurchaseOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_purchase(request: HttpRequest, purchase_id: int) -> HttpResponse:
    """Give a purchase order with its lines: ordered, received, missing, what they cost and when they are expected."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(key, known_id(purchase_id)))


def _told(key: Key, purchase_id: int, *, locked: bool = False) -> WholePurchaseOut:
    return purchase_told(there(purchase_of([key.merchant_id], purchase_id=purchase_id, locked=locked)))


@router.get(
    "/inbound/purchase-orders/{int:purchase_id}/document.pdf",
    operation_id="get_purchase_document",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=(PDF,)),
)
def get_document(request: HttpRequest, purchase_id: int) -> HttpResponse:
    """Give a purchase order as PDF, in the language of its supplier."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        _number, content = purchase_pdf([key.merchant_id], purchase_id=known_id(purchase_id))
        name = f'attachment; filename="purchase-order-{purchase_id}.pdf"'
        return HttpResponse(content, content_type=PDF, headers={"Content-Disposition": name})


def _said(sent: PurchaseChangeIn) -> SaidPurchase:
    facts: dict[str, Any] = {name: getattr(sent, name) for name in sent.__struct_fields__ if name != "lines"}
    lines = [SaidLine(one.sku, one.quantity, one.unit_cost_cents, one.expected_on) for one in sent.lines]
    return SaidPurchase(lines=lines, **facts)


@router.post(
    "/inbound/purchase-orders",
    operation_id="post_purchase_order",
    auth=None,
    openapi_extra=described(
        WholePurchaseOut,
        body=PurchaseIn,
        scope=WRITE,
        status=201,
        refusals=(409,),
        headers=("Idempotency-Key",),
        example={
            "number": "PO-2026-118",
            "supplier": "ATELIER-MUGS",
            "expected_on": "2030-01-15",
            "lines": [{"sku": "MUG-BLUE", "quantity": 240, "unit_cost_cents": 410}],
        },
    ),
)
def post_purchase(request: HttpRequest) -> HttpResponse:
    """Order goods from a supplier. Everything that means nothing is said at once, each member by its pointer."""
    said = _said(read_body(request, _NEW))

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 201, _told(key, write_purchase_said(key.merchant_id, said=said, actor=actor))

    return written(request, scope=WRITE, answer=answer)


@router.put(
    "/inbound/purchase-orders/{int:purchase_id}",
    operation_id="replace_purchase_order",
    auth=None,
    openapi_extra=described(
        WholePurchaseOut,
        body=PurchaseChangeIn,
        scope=WRITE,
        refusals=(404, 409, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"number": "PO-2026-118", "lines": [{"sku": "MUG-BLUE", "quantity": 200, "unit_cost_cents": 410}]},
    ),
)
def put_purchase(request: HttpRequest, purchase_id: int) -> HttpResponse:
    """Replace a purchase order of which goods are still to come, if it still is as it was read (`If-Match`).

    The supplier stays. What came stays counted, and its line stays.
    """
    said = _said(read_body(request, _CHANGE))

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        expect(request, _told(key, known_id(purchase_id), locked=True))
        write_purchase_said(key.merchant_id, said=said, purchase_id=purchase_id, actor=actor)
        return 200, _told(key, purchase_id)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/inbound/purchase-orders/{int:purchase_id}/move",
    operation_id="move_purchase_order",
    auth=None,
    openapi_extra=described(
        WholePurchaseOut,
        body=PurchaseStepIn,
        scope=WRITE,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"to": "short"},
    ),
)
def post_step(request: HttpRequest, purchase_id: int) -> HttpResponse:
    """Send a draft, cancel an order of which nothing came, or expect nothing more of one. Twice is as once."""
    to = read_body(request, _STEP).to

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        move_purchase(key.merchant_id, purchase_id=known_id(purchase_id), to=to, actor=actor)
        return 200, _told(key, purchase_id)

    return written(request, scope=WRITE, answer=answer)
