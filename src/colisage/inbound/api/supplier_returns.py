"""The JSON doors of goods that go back to suppliers: what lies in quarantine, written, sent, credited."""

from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from colisage.inbound.actions.advance_supplier_return import Step, advance_supplier_return
from colisage.inbound.actions.draft_return_said import SaidBack, SaidReturn, draft_return_said
from colisage.inbound.api.dock import DOCK
from colisage.inbound.api.photographed import photographed, takes_photo
from colisage.inbound.queries.supplier_return_pdf import supplier_return_pdf
from colisage.inbound.queries.supplier_returns import (
    supplier_return_lines,
    supplier_return_of,
    supplier_returns_page,
    waiting_page,
)
from colisage.inbound.queries.supplier_returns_told import (
    QuarantinePageOut,
    SupplierReturnPageOut,
    WholeSupplierReturnOut,
    quarantine_told,
    supplier_return_told,
    supplier_returns_told,
)
from colisage.inbound.queries.suppliers import supplier_coded
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Id,
    Paged,
    Text,
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
router = Router(tags=["supplier-returns"])
Text60 = Annotated[str, Meta(max_length=60)]
Cents = Annotated[int, Meta(ge=0, le=10**12)]


class QuarantineAsked(Schema):
    """Which page: `page` is the `next` of the page before."""

    page: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,17}-[0-9]{1,17}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class SupplierReturnsAsked(Paged):
    """What a list of returns is narrowed to: those under way, late or ended; `supplier` is a code."""

    view: Literal["open", "overdue", "ended"] | None = None
    supplier: Text | None = None


class BackIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units of a `cell` of `list_quarantine` that go back.

    Without a reason the usual one holds, without a credit what they cost; for consigned ones none is expected.
    """

    cell: Id
    units: Annotated[int, Meta(ge=1, le=1_000_000)]
    reason: Literal["", "damaged", "wrong", "expired", "quality", "other"] = ""
    unit_credit_cents: Cents | None = None


class SupplierReturnIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What goes back to a supplier (by code or name), from one node. `plates` go whole, with all that stands on them.

    `note` is printed for the supplier.
    """

    supplier: Annotated[str, Meta(min_length=1, max_length=120)]
    lines: Annotated[list[BackIn], Meta(max_length=500)] = []
    plates: Annotated[list[Annotated[str, Meta(min_length=1, max_length=80)]], Meta(max_length=100)] = []
    note: Annotated[str, Meta(max_length=500)] = ""


class SentBackIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How the goods travel."""

    carrier: Text60 = ""
    tracking_number: Text60 = ""


class BackStepIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A step: the supplier was told (`announced`), has `credited` or `refused`, or a return is given up (`cancelled`).

    A credit has its amount in minor units and its day, not later than today; `reference` is the supplier's number.
    """

    to: Literal["announced", "credited", "refused", "cancelled"]
    credited_cents: Cents | None = None
    credited_on: date | None = None
    reference: Text60 = ""


_NEW: Final = msgspec.json.Decoder(SupplierReturnIn)
_SENT: Final = msgspec.json.Decoder(SentBackIn)
_STEP: Final = msgspec.json.Decoder(BackStepIn)


@router.get(
    "/inbound/quarantine",
    operation_id="list_quarantine",
    auth=None,
    openapi_extra=described(QuarantinePageOut, scope=READ, headers=("If-None-Match",)),
)
def list_quarantine(request: HttpRequest, asked: Query[QuarantineAsked]) -> HttpResponse:
    """List what lies in quarantine, the eldest first, with the supplier who brought it and what it cost, if known."""
    known_parameters(request, QuarantineAsked)
    with behind_key(request, scope=READ) as key:
        page = waiting_page([key.merchant_id], after=asked.page or "", size=asked.limit)
        return given(request, QuarantinePageOut(items=quarantine_told(page.waiting), next=page.next or None))


@router.get(
    "/inbound/supplier-returns",
    operation_id="list_supplier_returns",
    auth=None,
    openapi_extra=described(SupplierReturnPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_returns(request: HttpRequest, asked: Query[SupplierReturnsAsked]) -> HttpResponse:
    """List returns to suppliers, the latest first: all, or those under way, late or ended."""
    known_parameters(request, SupplierReturnsAsked)
    with behind_key(request, scope=READ) as key:
        supplier = supplier_coded(key.merchant_id, code=asked.supplier) if asked.supplier else None
        found = supplier_returns_page(
            [key.merchant_id],
            view=asked.view or "",
            supplier_id=(supplier.pk if supplier else 0) if asked.supplier else None,
            after=asked.page,
            size=asked.limit,
        )
        shown, last = page_of(found, limit=asked.limit)
        told = supplier_returns_told(shown)
        return given(request, SupplierReturnPageOut(items=told, next=last.document.pk if last else None))


@router.get(
    "/inbound/supplier-returns/{int:return_id}",
    operation_id="get_supplier_return",
    auth=None,
    openapi_extra=described(WholeSupplierReturnOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_return(request: HttpRequest, return_id: int) -> HttpResponse:
    """Give a return to a supplier with its lines, and the credit that is expected or came."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(key, known_id(return_id)))


def _told(key: Key, return_id: int) -> WholeSupplierReturnOut:
    row = there(supplier_return_of([key.merchant_id], return_id=return_id))
    return supplier_return_told(row, supplier_return_lines(return_id))


@router.get(
    "/inbound/supplier-returns/{int:return_id}/document.pdf",
    operation_id="get_supplier_return_document",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=(PDF,)),
)
def get_document(request: HttpRequest, return_id: int) -> HttpResponse:
    """Give a return as PDF, in the language of its supplier, with photos of what is wrong."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        number, content = supplier_return_pdf([key.merchant_id], return_id=known_id(return_id))
        name = f'attachment; filename="{number}.pdf"'
        return HttpResponse(content, content_type=PDF, headers={"Content-Disposition": name})


@router.post(
    "/inbound/supplier-returns",
    operation_id="post_supplier_return",
    auth=None,
    openapi_extra=described(
        WholeSupplierReturnOut,
        body=SupplierReturnIn,
        scope=WRITE,
        status=201,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"supplier": "ATELIER-MUGS", "lines": [{"cell": 4711, "units": 4, "reason": "damaged"}]},
    ),
)
def post_return(request: HttpRequest) -> HttpResponse:
    """Write a return to a supplier, all of it or nothing. Nothing moves yet, but no other return may have the units."""
    sent = read_body(request, _NEW)
    said = SaidReturn(
        supplier=sent.supplier, plates=sent.plates, note=sent.note,
        lines=[SaidBack(**msgspec.structs.asdict(one)) for one in sent.lines],
    )  # fmt: skip

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 201, _told(key, draft_return_said(key.merchant_id, said=said, actor=actor))

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/inbound/supplier-returns/{int:return_id}/photos",
    operation_id="add_supplier_return_photo",
    auth=None,
    openapi_extra=takes_photo(scope=WRITE),
)
def post_photo(request: HttpRequest, return_id: int) -> HttpResponse:
    """Add a photo to a return, printed with its document: a JPEG, PNG or WebP of at most 12 MB, as the body."""

    def shows(key: Key) -> int:
        return there(supplier_return_of([key.merchant_id], return_id=known_id(return_id))).document.pk

    return photographed(request, scope=WRITE, kind="supplier_return", shows=shows)


@router.post(
    "/inbound/supplier-returns/{int:return_id}/send",
    operation_id="send_supplier_return",
    auth=None,
    openapi_extra=described(
        WholeSupplierReturnOut,
        body=SentBackIn,
        scope=DOCK,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"carrier": "Geodis", "tracking_number": "8R41885520193"},
    ),
)
def post_sent(request: HttpRequest, return_id: int) -> HttpResponse:
    """Say that the goods have left: their units leave quarantine, all or none, and plates that are empty are closed."""
    sent = read_body(request, _SENT)
    step = Step(to="sent", carrier=sent.carrier, tracking_number=sent.tracking_number)
    return _advanced(request, return_id, step, scope=DOCK)


@router.post(
    "/inbound/supplier-returns/{int:return_id}/move",
    operation_id="move_supplier_return",
    auth=None,
    openapi_extra=described(
        WholeSupplierReturnOut,
        body=BackStepIn,
        scope=WRITE,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"to": "credited", "credited_cents": 2800, "credited_on": "2026-11-28", "reference": "AV-9"},
    ),
)
def post_step(request: HttpRequest, return_id: int) -> HttpResponse:
    """Say that a return was announced, credited, refused or given up; `not_that_step` where it stands elsewhere."""
    return _advanced(request, return_id, Step(**msgspec.structs.asdict(read_body(request, _STEP))), scope=WRITE)


def _advanced(request: HttpRequest, return_id: int, step: Step, *, scope: str) -> HttpResponse:
    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        advance_supplier_return(key.merchant_id, return_id=known_id(return_id), step=step, actor=actor)
        return 200, _told(key, return_id)

    return written(request, scope=scope, answer=answer)
