"""The JSON doors of suppliers: read, made and changed, with what they sell and how."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.inbound.actions.drop_supplier_skus import drop_supplier_skus
from colisage.inbound.actions.save_supplier import save_supplier
from colisage.inbound.actions.save_supplier_skus import SoldLike, save_supplier_skus
from colisage.inbound.actions.save_suppliers import save_suppliers
from colisage.inbound.queries.suppliers import sold_by, supplier_of, suppliers_page
from colisage.inbound.queries.told import (
    SoldPageOut,
    SupplierOut,
    SupplierPageOut,
    sold_told,
    suppliers_told,
)
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Paged,
    ResultsOut,
    Text,
    expect,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    results_named,
    there,
)
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "inbound:read"
WRITE: Final = "inbound:write"
router = Router(tags=["suppliers"])
Code = Annotated[str, Meta(min_length=1, max_length=30, pattern=r"\S")]
Sku = Annotated[str, Meta(min_length=1, max_length=100)]
Days = Annotated[int, Meta(ge=0, le=1_000)]
DaysOfYear = Annotated[int, Meta(ge=0, le=365)]
Units = Annotated[int, Meta(ge=1, le=1_000_000)]
Cents = Annotated[int, Meta(ge=0, le=10**12)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Email = Annotated[str, Meta(max_length=254)]
Phone = Annotated[str, Meta(max_length=40)]
Incoterm = Literal["", "EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DPU", "DAP", "DDP"]


class SuppliersAsked(Paged):
    """What a list of suppliers is narrowed to: the beginning of a code, or a part of a name."""

    text: Text | None = None


class SoldAsked(Schema):
    """Which page of what a supplier sells: `page` is the `next` of the page before."""

    page: Text | None = None
    limit: int = Field(50, ge=1, le=200)


class SupplierAddressIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """Where a supplier is; the country by its two letters."""

    line1: Annotated[str, Meta(max_length=100)] = ""
    line2: Annotated[str, Meta(max_length=100)] = ""
    postcode: Annotated[str, Meta(max_length=12)] = ""
    city: Annotated[str, Meta(max_length=60)] = ""
    region: Annotated[str, Meta(max_length=60)] = ""
    country: Annotated[str, Meta(pattern="^([A-Z]{2})?$")] = ""


class SupplierChangeIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What shall be true of a supplier; what is left out, or null, stays as it is. Amounts in minor units."""

    code: Code
    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    address: SupplierAddressIn | None = None
    language: Literal["fr", "en"] | None = None
    currency: Currency | None = None
    lead_days: Days | None = None
    due_days: DaysOfYear | None = None
    due_from: Literal["invoice", "month"] | None = None
    minimum_cents: Cents | None = None
    incoterm: Incoterm | None = None
    claim_days: DaysOfYear | None = None
    pays_lost: bool | None = None
    active: bool | None = None


class SuppliersIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Suppliers to be made or changed, each judged by itself."""

    suppliers: Annotated[list[SupplierChangeIn], Meta(min_length=1, max_length=200)]


class SupplierIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A supplier as a whole: what is left out becomes what a new supplier has.

    `pays_lost`: consigned units that we lose are ours to pay. `claim_days`: to claim what came damaged.
    """

    code: Code
    name: Name
    language: Literal["fr", "en"]
    currency: Currency
    email: Email = ""
    phone: Phone = ""
    address: SupplierAddressIn = SupplierAddressIn()
    lead_days: Days = 14
    due_days: DaysOfYear = 30
    due_from: Literal["invoice", "month"] = "invoice"
    minimum_cents: Cents = 0
    incoterm: Incoterm = ""
    claim_days: DaysOfYear = 7
    pays_lost: bool = True
    active: bool = True


class SoldIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How a supplier sells a SKU; without `lead_days` the supplier's own hold. Costs in its currency, minor units."""

    sku: Sku
    supplier_code: Annotated[str, Meta(max_length=80)] = ""
    unit_cost_cents: Cents = 0
    pack_units: Units = 1
    minimum_units: Units = 1
    lead_days: Days | None = None


class SoldManyIn(Struct, forbid_unknown_fields=True, frozen=True):
    """SKUs that a supplier sells, each judged by itself."""

    skus: Annotated[list[SoldIn], Meta(min_length=1, max_length=200)]


class SkuCodesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """SKUs, by their codes."""

    skus: Annotated[list[Sku], Meta(min_length=1, max_length=200)]


_MANY: Final = msgspec.json.Decoder(SuppliersIn)
_ONE: Final = msgspec.json.Decoder(SupplierIn)
_SOLD: Final = msgspec.json.Decoder(SoldManyIn)
_CODES: Final = msgspec.json.Decoder(SkuCodesIn)


@router.get(
    "/inbound/suppliers",
    operation_id="list_suppliers",
    auth=None,
    openapi_extra=described(SupplierPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_suppliers(request: HttpRequest, asked: Query[SuppliersAsked]) -> HttpResponse:
    """List suppliers by code, with the terms on which they sell."""
    known_parameters(request, SuppliersAsked)
    with behind_key(request, scope=READ) as key:
        before = supplier_of([key.merchant_id], supplier_id=asked.page) if asked.page else None
        after = (before.code, before.pk) if before else ("", 0)
        found = suppliers_page([key.merchant_id], text=asked.text or "", after=after, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, SupplierPageOut(items=suppliers_told(shown), next=last.pk if last else None))


@router.get(
    "/inbound/suppliers/{int:supplier_id}",
    operation_id="get_supplier",
    auth=None,
    openapi_extra=described(SupplierOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_supplier(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """Give a supplier."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(key, known_id(supplier_id)))


def _told(key: Key, supplier_id: int, *, locked: bool = False) -> SupplierOut:
    found = there(supplier_of([key.merchant_id], supplier_id=supplier_id, locked=locked))
    return suppliers_told([found])[0]


@router.post(
    "/inbound/suppliers",
    operation_id="save_suppliers",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=SuppliersIn,
        scope=WRITE,
        headers=("Idempotency-Key",),
        example={
            "suppliers": [{"code": "ATELIER-MUGS", "name": "Atelier des mugs", "currency": "EUR", "lead_days": 21}]
        },
    ),
)
def post_suppliers(request: HttpRequest) -> HttpResponse:
    """Make suppliers, or change those whose code is known, each judged by itself: `saved` or `refused`.

    A new one needs a name; its language and its currency are yours, unless they are said.
    """
    sent = read_body(request, _MANY).suppliers

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = save_suppliers(key.merchant_id, [_facts(one) for one in sent], actor=actor)
        return 200, results_named([one.code for one in sent], became, done="saved")

    return written(request, scope=WRITE, answer=answer)


def _facts(sent: SupplierChangeIn | SupplierIn) -> dict[str, Any]:
    said = {name: getattr(sent, name) for name in sent.__struct_fields__ if getattr(sent, name) is not None}
    if "address" in said:
        said["address"] = msgspec.to_builtins(said["address"])
    return said


@router.put(
    "/inbound/suppliers/{int:supplier_id}",
    operation_id="replace_supplier",
    auth=None,
    openapi_extra=described(
        SupplierOut,
        body=SupplierIn,
        scope=WRITE,
        refusals=(404, 409, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"code": "ATELIER-MUGS", "name": "Atelier des mugs", "language": "fr", "currency": "EUR"},
    ),
)
def put_supplier(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """Replace a supplier, if it still is as it was read (`If-Match`). Orders that were written stay as they are."""
    sent = read_body(request, _ONE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        expect(request, _told(key, known_id(supplier_id), locked=True))
        save_supplier(key.merchant_id, supplier_id=supplier_id, actor=actor, **_facts(sent))
        return 200, _told(key, supplier_id)

    return written(request, scope=WRITE, answer=answer)


@router.get(
    "/inbound/suppliers/{int:supplier_id}/skus",
    operation_id="list_supplier_skus",
    auth=None,
    openapi_extra=described(SoldPageOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def list_sold(request: HttpRequest, supplier_id: int, asked: Query[SoldAsked]) -> HttpResponse:
    """List what a supplier sells, by SKU: under which code, at which cost, in packs of how many."""
    known_parameters(request, SoldAsked)
    with behind_key(request, scope=READ) as key:
        supplier = _told(key, known_id(supplier_id))
        found = sold_by(key.merchant_id, supplier_id=supplier.id, after=asked.page or "", size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, SoldPageOut(items=sold_told(shown), next=last.sku.code_key if last else None))


@router.post(
    "/inbound/suppliers/{int:supplier_id}/skus",
    operation_id="save_supplier_skus",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=SoldManyIn,
        scope=WRITE,
        refusals=(404,),
        headers=("Idempotency-Key",),
        example={"skus": [{"sku": "MUG-BLUE", "supplier_code": "M-12", "unit_cost_cents": 410, "pack_units": 6}]},
    ),
)
def post_sold(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """Say how a supplier sells SKUs, each as a whole and judged by itself: `saved` or `refused`."""
    sent = read_body(request, _SOLD).skus

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        said = [SoldLike(**msgspec.structs.asdict(one)) for one in sent]
        became = save_supplier_skus(key.merchant_id, said, supplier_id=known_id(supplier_id), actor=actor)
        return 200, results_named([one.sku for one in sent], became, done="saved")

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/inbound/suppliers/{int:supplier_id}/skus/drop",
    operation_id="drop_supplier_skus",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=SkuCodesIn,
        scope=WRITE,
        refusals=(404,),
        headers=("Idempotency-Key",),
        example={"skus": ["MUG-BLUE"]},
    ),
)
def post_dropped(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """Forget how a supplier sells SKUs, each judged by itself: `dropped` (again is harmless) or `refused`."""
    codes = read_body(request, _CODES).skus

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = drop_supplier_skus(key.merchant_id, codes, supplier_id=known_id(supplier_id), actor=actor)
        return 200, results_named(codes, became, done="dropped")

    return written(request, scope=WRITE, answer=answer)
