"""What the pages of the catalogue show."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from colisage.catalog.models import Barcode, CatalogImport, Component, Sku
from colisage.catalog.queries.searching import page_of, sought
from colisage.catalog.rules import Counted
from colisage.kit.narrowing import RowCount
from colisage.kit.queries import deeds_on
from colisage.kit.sent_files import files_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A SKU in the list, with one of its barcodes."""

    sku: Sku
    barcode: str

    @property
    def is_measured(self) -> bool:
        """Say whether boxes and postage can be reckoned: its weight and all its sides are known."""
        sides = (self.sku.grams, self.sku.length_mm, self.sku.width_mm, self.sku.height_mm)
        return self.sku.kind == "bundle" or self.sku.digital or all(sides)


VIEWS: Final = {"": Q(active=True), "unmeasured": Q(unmeasured=True, active=True), "inactive": Q(active=False)}


def catalogue_page(
    merchant_ids: Collection[int], *, text: str = "", view: str = "", after: tuple[str, int] = ("", 0), size: int = 50
) -> list[Shown]:
    """Give one page of SKUs by code, and one more when there are more; two statements, and two for a text."""
    code, pk = after
    rows = Sku.objects.filter(
        Q(code_key__gt=code) | Q(code_key=code, pk__gt=pk), merchant_id__in=merchant_ids, code_key__gte=code
    )
    rows = rows.filter(VIEWS.get(view, VIEWS[""]))
    found = list(page_of(rows, sought=sought(merchant_ids, text=text) if text else None, most=size + 1))
    codes = dict(
        Barcode.objects.filter(merchant_id__in=merchant_ids, sku__in=[sku.pk for sku in found], units=1)
        .order_by("sku_id", "-id")
        .values_list("sku_id", "code")
    )
    return [Shown(sku, codes.get(sku.pk, "")) for sku in found]


def counts_of(merchant_ids: Collection[int]) -> dict[str, int]:
    """Count the SKUs of each view, no further than anybody needs to know."""
    rows = Sku.objects.filter(merchant_id__in=merchant_ids)
    return {view: RowCount.of(rows.filter(narrow)) for view, narrow in VIEWS.items()}


def whole_sku(merchant_ids: Collection[int], *, sku_id: int) -> Sku | None:
    """Find a SKU with every field."""
    return Sku.objects.filter(merchant_id__in=merchant_ids, pk=sku_id).first()


def barcodes_of_sku(sku: Sku) -> list[Counted]:
    """Give the barcodes of a SKU with the units each stands for."""
    return list(Barcode.objects.filter(sku=sku).order_by("pk").values_list("code", "units"))


def recipe_of_sku(sku: Sku) -> list[Counted]:
    """Give what a bundle or kit is made of: (SKU code, units)."""
    return list(Component.objects.filter(parent=sku).order_by("pk").values_list("sku__code", "quantity"))


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a SKU; `data` gives what was and what became of each field."""

    at: datetime
    by: str
    verb: str
    data: Mapping[str, Any]


def changes_of(sku: Sku) -> list[Change]:
    """Give what was done to a SKU, the latest first."""
    deeds = [
        deed for deed in deeds_on("sku", doc_id=sku.pk) if deed.verb in {"sku_made", "sku_changed", "recipe_saved"}
    ]
    return [Change(deed.at, deed.actor_name, deed.verb, deed.data) for deed in deeds[:20]]


def imports_of(merchant_id: int) -> list[CatalogImport]:
    """Give the last files of SKUs."""
    return files_of(CatalogImport, merchant_id)
