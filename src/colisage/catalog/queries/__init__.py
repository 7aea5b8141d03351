"""SKUs and their codes, as plain values."""

from collections.abc import Callable, Collection
from itertools import chain

import msgspec
from django.db.models import Q

from colisage.catalog.models import Barcode, Component, Sku, SkuKind
from colisage.catalog.queries.scans import Scan, Scanned, judged, scanned
from colisage.catalog.queries.searching import page_of, sought
from colisage.kit.statements import ask

__all__ = [
    "Scan", "Scanned", "SkuFacts", "barcodes_of", "judged", "recipes_of", "scanned", "sku_of", "skus_across",
    "skus_by_code", "skus_by_id", "skus_matching", "skus_page", "skus_said",
]  # fmt: skip


class SkuFacts(msgspec.Struct, frozen=True):
    """A SKU as other steps need it. Sizes in millimetres, weight in grams, null when unknown."""

    id: int
    merchant_id: int
    code: str
    name: str
    kind: str
    grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    fragile: bool
    keep_upright: bool
    stackable: bool
    digital: bool
    hazardous: bool
    price_cents: int
    cost_cents: int
    hs_code: str
    origin: str
    rotation: str
    tracks_lots: bool
    tracks_serials: bool = False
    tracks_expiry: bool = False


class SoldSku(msgspec.Struct, frozen=True):
    """What a line of an order needs to know of its SKU: a fifth of what `SkuFacts` has to carry for each."""

    id: int
    code: str
    name: str
    kind: str
    digital: bool


_FACTS = SkuFacts.__struct_fields__


def skus_by_code(merchant_id: int, *, codes: Collection[str]) -> dict[str, SkuFacts]:
    """Find SKUs by code, in any case; the keys are the codes in capitals."""
    found = ask("catalog", "skus_by_code", [merchant_id, sorted({code.upper() for code in codes})])
    return {row[2].upper(): SkuFacts(*row) for row in found}


def sold_skus(
    merchant_id: int, *, codes: Collection[str], meanwhile: Callable[[], None] | None = None
) -> dict[str, SoldSku]:
    """Find what is sold, by code, in any case; the keys are the codes in capitals. `meanwhile`: see `ask`."""
    found = ask("catalog", "sold_skus", [merchant_id, sorted({code.upper() for code in codes})], meanwhile=meanwhile)
    return {row[1].upper(): SoldSku(*row) for row in found}


def skus_by_id(merchant_id: int, *, ids: Collection[int]) -> dict[int, SkuFacts]:
    """Find SKUs by id."""
    return {
        row[0]: SkuFacts(*row) for row in Sku.objects.filter(merchant_id=merchant_id, pk__in=ids).values_list(*_FACTS)
    }


def skus_across(merchant_ids: Collection[int], *, ids: Collection[int]) -> dict[int, SkuFacts]:
    """Find SKUs of several merchants by id, for floor work that serves many."""
    rows = Sku.objects.filter(merchant_id__in=merchant_ids, pk__in=ids).values_list(*_FACTS)
    return {row[0]: SkuFacts(*row) for row in rows}


def recipes_of(merchant_id: int, *, sku_ids: Collection[int]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Give the recipe of each bundle among these SKUs: pairs of component SKU id and quantity."""
    return _recipes(merchant_id, sku_ids=sku_ids, kind=SkuKind.BUNDLE)


def kit_recipes(merchant_id: int, *, sku_ids: Collection[int]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Give the recipe of each kit among these SKUs: pairs of component SKU id and quantity."""
    return _recipes(merchant_id, sku_ids=sku_ids, kind=SkuKind.KIT)


def _recipes(merchant_id: int, *, sku_ids: Collection[int], kind: SkuKind) -> dict[int, tuple[tuple[int, int], ...]]:
    rows = Component.objects.filter(merchant_id=merchant_id, parent__in=sku_ids, parent__kind=kind)
    found: dict[int, list[tuple[int, int]]] = {}
    for parent, sku, quantity in rows.order_by("sku_id").values_list("parent_id", "sku_id", "quantity"):
        found.setdefault(parent, []).append((sku, quantity))
    return {parent: tuple(parts) for parent, parts in found.items()}


def kits_page(merchant_ids: Collection[int], *, text: str = "", after: int = 0, size: int = 50) -> list[SkuFacts]:
    """Give one page of kits by code, and one more when there are more; `after` is the last kit of the page before."""
    rows = Sku.objects.filter(merchant_id__in=merchant_ids, kind=SkuKind.KIT, active=True)
    for code in Sku.objects.filter(merchant_id__in=merchant_ids, pk=after).values_list("code_key", flat=True):
        rows = rows.filter(Q(code_key__gt=code) | Q(code_key=code, pk__gt=after))  # merchants may have the same code
    found = page_of(rows, sought=sought(merchant_ids, text=text) if text else None, most=size + 1)
    return [SkuFacts(*(getattr(sku, name) for name in _FACTS)) for sku in found]


def barcodes_of(sku_ids: Collection[int]) -> dict[int, str]:
    """Give one barcode of each SKU that has any."""
    rows = Barcode.objects.filter(sku__in=sku_ids, units=1).order_by("sku_id", "-id").values_list("sku_id", "code")
    return dict(rows)


def skus_matching(merchant_ids: Collection[int], *, text: str, most: int = 20) -> list[SkuFacts]:
    """Find SKUs whose code begins with a text, whose name has its words, or whose barcode it is."""
    rows = Sku.objects.filter(merchant_id__in=merchant_ids)
    found = page_of(rows, sought=sought(merchant_ids, text=text), most=most)
    return [SkuFacts(*(getattr(sku, name) for name in _FACTS)) for sku in found]


def skus_said(merchant_id: int, *, texts: Collection[str]) -> dict[str, list[SkuFacts]]:
    """Find the active SKUs that each text may mean: by code, else by barcode, else by the words of its name.

    Two statements for all codes and barcodes; each text that is neither is searched for by itself.
    """
    by_code = skus_by_code(merchant_id, codes=texts)
    pairs = Barcode.objects.filter(merchant_id=merchant_id, code__in=set(texts), units=1)
    by_barcode = dict(pairs.values_list("code", "sku__code"))
    named = {
        text: [sku.code for sku in skus_matching([merchant_id], text=text, most=6)]
        for text in texts
        if text.upper() not in by_code and text not in by_barcode
    }
    others = skus_by_code(merchant_id, codes={*by_barcode.values(), *chain.from_iterable(named.values())})
    found = {}
    for text in texts:
        codes = [text] if text.upper() in by_code else [by_barcode[text]] if text in by_barcode else named[text]
        hits = [sku for code in codes if (sku := by_code.get(code.upper()) or others.get(code.upper()))]
        exact = [sku for sku in hits if sku.name.casefold() == text.casefold()]
        found[text] = exact or hits
    return found


def sku_of(merchant_ids: Collection[int], *, sku_id: int) -> SkuFacts | None:
    """Find a SKU of these merchants."""
    row = Sku.objects.filter(merchant_id__in=merchant_ids, pk=sku_id).values_list(*_FACTS).first()
    return SkuFacts(*row) if row else None
