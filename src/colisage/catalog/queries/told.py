"""SKUs as the API tells them."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from colisage.catalog.models import Barcode, Component, Sku


class BarcodeOut(Struct, frozen=True, kw_only=True):
    """A code that a scanner reads on a SKU; it stands for so many units."""

    code: str
    units: int


class ComponentOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU within a bundle or a kit."""

    sku: str
    quantity: int


class SkuOut(Struct, frozen=True, kw_only=True):
    """A SKU. Weight in grams, sides in millimetres, null when unknown; prices in minor units of `currency`."""

    id: int
    code: str
    name: str
    product: str
    kind: str
    grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    price_cents: int
    cost_cents: int
    currency: str
    hs_code: str
    origin: str
    fragile: bool
    stackable: bool
    keep_upright: bool
    hazardous: bool
    digital: bool
    tracks_lots: bool
    tracks_serials: bool
    tracks_expiry: bool
    days_left: int
    rotation: str
    storage: str
    active: bool
    barcodes: list[BarcodeOut]
    recipe: list[ComponentOut]


class SkuPageOut(Struct, frozen=True, kw_only=True):
    """A page of SKUs by code; `next` is the `page` that follows, null on the last."""

    items: list[SkuOut]
    next: str | None


_COPIED = (
    "code", "name", "product", "kind", "grams", "length_mm", "width_mm", "height_mm", "price_cents", "cost_cents",
    "hs_code", "origin", "fragile", "stackable", "keep_upright", "hazardous", "digital", "tracks_lots",
    "tracks_serials", "tracks_expiry", "days_left", "rotation", "active",
)  # fmt: skip


def skus_asked(
    merchant_id: int,
    *,
    code: str = "",
    barcode: str = "",
    product: str = "",
    kind: str = "",
    active: bool | None = None,
    after: str = "",
    size: int = 50,
) -> list[Sku]:
    """Give one page of SKUs by code, and one more when there are more; `after` is the last code before it."""
    rows = Sku.objects.filter(merchant_id=merchant_id, code_key__gt=after.upper())
    if code:
        rows = rows.filter(code_key=code.upper())
    if barcode:
        rows = rows.filter(pk__in=Barcode.objects.filter(merchant_id=merchant_id, code=barcode).values("sku_id"))
    if product:
        rows = rows.filter(product=product)
    if kind:
        rows = rows.filter(kind=kind)
    if active is not None:
        rows = rows.filter(active=active)
    return list(rows.select_related("merchant", "storage").order_by("code_key")[: size + 1])


def sku_called(merchant_id: int, *, sku_id: int | None = None, code: str = "", locked: bool = False) -> Sku | None:
    """Find a SKU by its id or its code, in any case, in use or not; `locked` for who is to change it."""
    rows = Sku.objects.filter(merchant_id=merchant_id).select_related("merchant", "storage")
    if locked:
        rows = rows.select_for_update(no_key=True, of=("self",))
    return rows.filter(pk=sku_id).first() if sku_id is not None else rows.filter(code_key=code.upper()).first()


def skus_told(skus: Sequence[Sku]) -> list[SkuOut]:
    """Tell SKUs with their barcodes and recipes, in two statements however many."""
    ids = [sku.pk for sku in skus]
    barcodes: dict[int, list[BarcodeOut]] = defaultdict(list)
    for sku, code, units in Barcode.objects.filter(sku__in=ids).order_by("pk").values_list("sku_id", "code", "units"):
        barcodes[sku].append(BarcodeOut(code=code, units=units))
    recipes: dict[int, list[ComponentOut]] = defaultdict(list)
    for parent, code, quantity in (
        Component.objects.filter(parent__in=ids).order_by("pk").values_list("parent_id", "sku__code", "quantity")
    ):
        recipes[parent].append(ComponentOut(sku=code, quantity=quantity))
    return [
        SkuOut(
            id=sku.pk,
            currency=sku.merchant.currency,
            storage=sku.storage.code if sku.storage else "",
            barcodes=barcodes[sku.pk],
            recipe=recipes[sku.pk],
            **{name: getattr(sku, name) for name in _COPIED},
        )
        for sku in skus
    ]
