"""The JSON doors of the catalogue: SKUs with their sizes, codes and recipes."""

from typing import Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from colisage.catalog.queries.told import SkuOut, SkuPageOut, sku_called, skus_asked, skus_told
from colisage.kit.answers import Text, given, known_id, known_parameters
from colisage.kit.described import described
from colisage.kit.errors import NotThere
from colisage.people.queries.doors import behind_key

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
        shown = found[: asked.limit]
        following = shown[-1].code_key if len(found) > asked.limit else None
        return given(request, SkuPageOut(items=skus_told(shown), next=following))


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
        found = sku_called(key.merchant_id, sku_id=known_id(sku_id))
        if found is None:
            raise NotThere
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
        found = sku_called(key.merchant_id, code=code)
        if found is None:
            raise NotThere
        return given(request, skus_told([found])[0])
