"""The JSON doors of the catalogue: SKUs with their sizes, codes and recipes; made, changed, replaced."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.catalog.actions.change_sku import change_sku
from colisage.catalog.actions.take_skus import take_skus
from colisage.catalog.queries.files import REASONS, Read
from colisage.catalog.queries.told import SkuOut, SkuPageOut, sku_called, skus_asked, skus_told
from colisage.catalog.rules import CONTROL, MOST_CENTS, MOST_DAYS, MOST_GRAMS, MOST_MM, MOST_UNITS, SkuRow
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    DoneOut,
    ResultsOut,
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
from colisage.kit.errors import Malformed, NotThere
from colisage.network.queries.storing import storage_types
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

WRITE: Final = "products:write"
READ: Final = "products:read"
router = Router(tags=["products"])


class SkusAsked(Schema):
    """What a list of SKUs is narrowed to; `product` is what variants share."""

    code: Text | None = None
    barcode: Text | None = None
    product: Text | None = None
    kind: Literal["unit", "bundle", "kit"] | None = None
    active: bool | None = None
    page: Text | None = None
    limit: int = Field(50, ge=1, le=200)


@router.get(
    "/skus",
    operation_id="list_skus",
    auth=None,
    openapi_extra=described(SkuPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_skus(request: HttpRequest, asked: Query[SkusAsked]) -> HttpResponse:
    """List SKUs by code, with their barcodes and recipes."""
    known_parameters(request, SkusAsked)
    with behind_key(request, scope=READ) as key:
        found = skus_asked(
            key.merchant_id,
            code=asked.code or "",
            barcode=asked.barcode or "",
            product=asked.product or "",
            kind=asked.kind or "",
            active=asked.active,
            after=asked.page or "",
            size=asked.limit,
        )
        shown, last = page_of(found, limit=asked.limit)
        return given(request, SkuPageOut(items=skus_told(shown), next=last.code_key if last else None))


@router.get(
    "/skus/{int:sku_id}",
    operation_id="get_sku",
    auth=None,
    openapi_extra=described(SkuOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_sku(request: HttpRequest, sku_id: int) -> HttpResponse:
    """Give a SKU."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        found = there(sku_called(key.merchant_id, sku_id=known_id(sku_id)))
        return given(request, skus_told([found])[0])


@router.get(
    "/skus/code/{path:code}",
    operation_id="get_sku_by_code",
    auth=None,
    openapi_extra=described(SkuOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_sku_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Give a SKU by its code, in any case of its letters."""
    known_parameters(request)
    if "\x00" in code:
        raise NotThere
    with behind_key(request, scope=READ) as key:
        found = there(sku_called(key.merchant_id, code=code))
        return given(request, skus_told([found])[0])


Size = Annotated[int, Meta(ge=1, le=MOST_MM)]
Cents = Annotated[int, Meta(ge=0, le=MOST_CENTS)]
Units = Annotated[int, Meta(ge=1, le=MOST_UNITS)]
Code = Annotated[str, Meta(min_length=1, max_length=100)]
Country = Annotated[str, Meta(pattern="^([A-Z]{2})?$")]


class BarcodeIn(Struct, forbid_unknown_fields=True, frozen=True):
    """A code that a scanner reads; it stands for so many units."""

    code: Annotated[str, Meta(min_length=1, max_length=80)]
    units: Units = 1


class ComponentIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Units of a SKU within a bundle or a kit."""

    sku: Code
    quantity: Units = 1


class SkuChangeIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What shall be true of a SKU; what is left out, or null, stays as it is."""

    code: Code
    name: Annotated[str, Meta(min_length=1, max_length=300)] | None = None
    product: Annotated[str, Meta(max_length=120)] | None = None
    kind: Literal["unit", "bundle", "kit"] | None = None
    grams: Annotated[int, Meta(ge=1, le=MOST_GRAMS)] | None = None
    length_mm: Size | None = None
    width_mm: Size | None = None
    height_mm: Size | None = None
    price_cents: Cents | None = None
    cost_cents: Cents | None = None
    hs_code: Annotated[str, Meta(max_length=12)] | None = None
    origin: Country | None = None
    fragile: bool | None = None
    stackable: bool | None = None
    keep_upright: bool | None = None
    hazardous: bool | None = None
    digital: bool | None = None
    tracks_lots: bool | None = None
    tracks_serials: bool | None = None
    tracks_expiry: bool | None = None
    days_left: Annotated[int, Meta(ge=0, le=MOST_DAYS)] | None = None
    rotation: Literal["fifo", "lifo", "fefo"] | None = None
    storage: Annotated[str, Meta(max_length=20)] | None = None
    active: bool | None = None
    barcodes: Annotated[list[BarcodeIn], Meta(max_length=50)] | None = None
    recipe: Annotated[list[ComponentIn], Meta(max_length=200)] | None = None


class SkusIn(Struct, forbid_unknown_fields=True, frozen=True):
    """SKUs to be made or changed, each judged by itself."""

    skus: Annotated[list[SkuChangeIn], Meta(min_length=1, max_length=1_000)]


class SkuIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A SKU as a whole: what is left out becomes empty. Its code and its kind stay."""

    name: Annotated[str, Meta(min_length=1, max_length=300)]
    product: Annotated[str, Meta(max_length=120)] = ""
    grams: Annotated[int, Meta(ge=1, le=MOST_GRAMS)] | None = None
    length_mm: Size | None = None
    width_mm: Size | None = None
    height_mm: Size | None = None
    price_cents: Cents = 0
    cost_cents: Cents = 0
    hs_code: Annotated[str, Meta(max_length=12)] = ""
    origin: Country = ""
    fragile: bool = False
    stackable: bool = True
    keep_upright: bool = False
    hazardous: bool = False
    digital: bool = False
    tracks_lots: bool = False
    tracks_serials: bool = False
    tracks_expiry: bool = False
    days_left: Annotated[int, Meta(ge=0, le=MOST_DAYS)] = 0
    rotation: Literal["fifo", "lifo", "fefo"] = "fifo"
    storage: Annotated[str, Meta(max_length=20)] = ""
    active: bool = True
    barcodes: Annotated[list[BarcodeIn], Meta(max_length=50)] = []
    recipe: Annotated[list[ComponentIn], Meta(max_length=200)] = []


_SKUS: Final = msgspec.json.Decoder(SkusIn)
_SKU: Final = msgspec.json.Decoder(SkuIn)


@router.post(
    "/skus",
    operation_id="save_skus",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=SkusIn,
        scope=WRITE,
        headers=("Idempotency-Key",),
        example={"skus": [{"code": "MUG", "name": "Mug", "grams": 380, "barcodes": [{"code": "3760001900019"}]}]},
    ),
)
def post_skus(request: HttpRequest) -> HttpResponse:
    """Make SKUs, or change those that are known, each judged by itself: `saved` or `refused`."""
    sent = read_body(request, _SKUS).skus

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        storages = _storages()
        rows = _rows(sent, storages)
        became: dict[int, tuple[int | None, str]] = {}
        for with_recipe in (False, True):
            some = [row for row in rows if bool(row.recipe) == with_recipe]
            verdicts = take_skus(key.merchant_id, some, actor=actor)
            became |= {row.number: verdict for row, verdict in zip(some, verdicts, strict=True)}
        return 200, ResultsOut(results=[_became(one.code, *became[n]) for n, one in enumerate(sent)])

    return written(request, scope=WRITE, answer=answer)


def _rows(sent: list[SkuChangeIn], storages: dict[str, int]) -> list[Read]:
    seen: set[str] = set()
    rows = []
    for n, one in enumerate(sent):
        reason = _wrong(one, seen, storages)
        seen.add(one.code.upper())
        facts = {name: getattr(one, name) for name in SkuRow.__slots__ if hasattr(one, name) and name != "barcodes"}
        barcodes = None if one.barcodes is None else tuple((b.code, b.units) for b in one.barcodes)
        row = SkuRow(**facts, storage_id=storages.get(one.storage or ""), barcodes=barcodes)
        recipe = tuple((part.sku, part.quantity) for part in one.recipe or ())
        rows.append(Read(n, (), row, reason, recipe))
    return rows


def _storages() -> dict[str, int]:
    return {code: pk for pk, code, _name in storage_types()}


def _wrong(one: SkuChangeIn, seen: set[str], storages: dict[str, int]) -> str:
    """Say what is wrong with a SKU by itself."""
    if CONTROL.search(one.code) or one.code != one.code.strip():
        return "bad_code"
    if one.code.upper() in seen:
        return "code_twice"
    if one.storage and one.storage not in storages:
        return "no_such_storage"
    codes = [b.code for b in one.barcodes or ()]
    if len(set(codes)) < len(codes) or any(CONTROL.search(code) for code in codes):
        return "bad_barcodes"
    parts = [part.sku.upper() for part in one.recipe or ()]
    return "bad_recipe" if len(set(parts)) < len(parts) or one.code.upper() in parts else ""


def _became(code: str, pk: int | None, reason: str) -> DoneOut:
    if reason:
        return DoneOut(outcome="refused", name=code, code=reason, detail=str(REASONS[reason]))
    return DoneOut(outcome="saved", name=code, id=pk)


@router.put(
    "/skus/{int:sku_id}",
    operation_id="replace_sku",
    auth=None,
    openapi_extra=described(
        SkuOut,
        body=SkuIn,
        scope=WRITE,
        refusals=(404, 409, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"name": "Mug", "grams": 380, "barcodes": [{"code": "3760001900019"}]},
    ),
)
def put_sku(request: HttpRequest, sku_id: int) -> HttpResponse:
    """Replace a SKU, if it still is as it was read: `If-Match` is the ETag of `get_sku`. Code and kind stay."""
    sent = read_body(request, _SKU)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        found = there(sku_called(key.merchant_id, sku_id=known_id(sku_id), locked=True))
        expect(request, skus_told([found])[0])
        facts = {name: getattr(sent, name) for name in sent.__struct_fields__}
        storage = facts.pop("storage")
        storages = _storages()
        if storage and storage not in storages:
            raise Malformed(REASONS["no_such_storage"])
        if facts["tracks_expiry"] and not (facts["tracks_lots"] or facts["tracks_serials"]):
            raise Malformed(REASONS["date_of_nothing"])
        if bool(sent.recipe) != (found.kind != "unit"):
            raise Malformed(REASONS["recipe_of_unit" if sent.recipe else "no_recipe"])
        if any(CONTROL.search(one.code) for one in sent.barcodes):
            raise Malformed(REASONS["bad_barcodes"])
        change_sku(
            key.merchant_id,
            sku_id=sku_id,
            facts={**facts, "storage_id": storages.get(storage)},
            barcodes=[(one.code, one.units) for one in sent.barcodes],
            recipe=[(one.sku, one.quantity) for one in sent.recipe],
            actor=actor,
        )
        return 200, _told(key, sku_id)

    return written(request, scope=WRITE, answer=answer)


def _told(key: Key, sku_id: int) -> SkuOut:
    found = there(sku_called(key.merchant_id, sku_id=sku_id))
    return skus_told([found])[0]
