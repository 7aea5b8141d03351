"""Suppliers: whom a merchant buys from, what they sell, and under which codes."""

from collections.abc import Collection

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, skus_by_code, skus_by_id
from colisage.catalog.queries.codes import scanned_codes
from colisage.inbound.models import PurchaseOrder, Supplier, SupplierSku
from colisage.inbound.rules.purchasing import EXPECTING
from colisage.kit.errors import Malformed


class NoSuchSupplier(Malformed):
    """A supplier that is named is known: a name that is misspelt makes none."""

    code = "no_such_supplier"
    text = _("There is no supplier of this code or name.")


def suppliers_page(
    merchant_ids: Collection[int], *, text: str = "", after: tuple[str, int] = ("", 0), size: int = 50
) -> list[Supplier]:
    """Give one page of suppliers by code, and one more when there are more."""
    code, pk = after
    rows = Supplier.objects.filter(Q(code__gt=code) | Q(code=code, pk__gt=pk), merchant_id__in=merchant_ids)
    if text:
        rows = rows.filter(Q(code__startswith=text.upper()) | Q(name__icontains=text))
    return list(rows.order_by("code", "pk")[: size + 1])


def suppliers_of(merchant_id: int, *, most: int = 500) -> list[Supplier]:
    """Give the suppliers in use, by name."""
    return list(Supplier.objects.filter(merchant_id=merchant_id, active=True).order_by("name", "pk")[:most])


def open_orders_of(supplier_ids: Collection[int]) -> dict[int, int]:
    """Count the orders of suppliers of which goods are still to come."""
    rows = PurchaseOrder.objects.filter(supplier__in=supplier_ids, state__in=EXPECTING)
    return dict(rows.values_list("supplier_id").annotate(n=Count("pk")).order_by())


def supplier_of(merchant_ids: Collection[int], *, supplier_id: int, locked: bool = False) -> Supplier | None:
    """Find a supplier of these merchants."""
    rows = Supplier.objects.filter(merchant_id__in=merchant_ids, pk=supplier_id)
    return (rows.select_for_update(no_key=True) if locked else rows).first()


def supplier_coded(merchant_id: int, *, code: str) -> Supplier | None:
    """Find a supplier by its code, in any case."""
    return Supplier.objects.filter(merchant_id=merchant_id, code=code.upper()).first()


def suppliers_named(merchant_id: int, *, names: Collection[str]) -> dict[str, int]:
    """Find suppliers by code or name in any case; the keys are what was said, in capitals."""
    wanted = {name.upper() for name in names}
    found: dict[str, int] = {}
    for pk, code, name in Supplier.objects.filter(merchant_id=merchant_id).values_list("pk", "code", "name"):
        for said in (name.upper(), code):
            if said in wanted:
                found[said] = pk
    return found


def sold_by(merchant_id: int, *, supplier_id: int, after: str = "", size: int = 50) -> list[SupplierSku]:
    """Give one page of how a supplier sells SKUs, by SKU code, and one more when there are more.

    `after` is the `code_key` of the last SKU of the page before.
    """
    rows = SupplierSku.objects.filter(merchant_id=merchant_id, supplier_id=supplier_id, sku__merchant_id=merchant_id)
    if after:
        rows = rows.filter(sku__code_key__gt=after)
    return list(rows.select_related("sku").order_by("sku__code_key")[: size + 1])


def sold_as(merchant_id: int, *, supplier_id: int, sku_id: int) -> SupplierSku | None:
    """Give how a supplier sells a SKU."""
    rows = SupplierSku.objects.filter(merchant_id=merchant_id, supplier_id=supplier_id, sku_id=sku_id)
    return rows.select_related("sku").first()


def sellers_of(merchant_ids: Collection[int], *, sku_id: int) -> list[SupplierSku]:
    """Give the suppliers that sell a SKU, the cheapest first within a currency."""
    rows = SupplierSku.objects.filter(merchant_id__in=merchant_ids, sku_id=sku_id, supplier__active=True)
    return list(rows.select_related("supplier").order_by("supplier__currency", "unit_cost_cents", "pk"))


def skus_said(
    merchant_id: int, *, codes: Collection[str], supplier_id: int | None = None
) -> dict[str, tuple[SkuFacts, int]]:
    """Find what codes stand for: a SKU code, the supplier's own code, or a barcode; with the units each stands for.

    The keys are the codes in capitals. A constant number of statements.
    """
    wanted = {code.upper(): code for code in codes}
    found = {code: (sku, 1) for code, sku in skus_by_code(merchant_id, codes=wanted).items() if code in wanted}
    theirs: dict[str, tuple[int, int]] = {}
    if supplier_id is not None:
        rows = SupplierSku.objects.filter(
            merchant_id=merchant_id, supplier=supplier_id, supplier_code__in=wanted.values()
        )
        theirs = {code.upper(): (sku, 1) for code, sku in rows.values_list("supplier_code", "sku_id")}
    barcodes = scanned_codes(merchant_id, codes=[said for code, said in wanted.items() if code not in found])
    for code, meant in barcodes.items():
        theirs.setdefault(code.upper(), meant)
    skus = skus_by_id(merchant_id, ids={sku for sku, _units in theirs.values()})
    for code, (sku, units) in theirs.items():
        if sku in skus:
            found.setdefault(code, (skus[sku], units))
    return found
