"""Goods that lie here and are the supplier's, and what is owed for those that were consumed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, F, Q, Subquery, Sum

from colisage.inbound.models import ConsignmentLine, ConsignmentStatement, Supplier, SupplierSku
from colisage.inventory.queries.owned import owned_units


@dataclass(frozen=True, slots=True)
class Consigned:
    """Units of a SKU in the house that are a supplier's, with what they would cost."""

    supplier_id: int
    supplier_code: str
    supplier: str
    sku_id: int
    code: str
    name: str
    units: int
    cost_cents: int
    currency: str


def consigned_page(
    merchant_ids: Collection[int], *, supplier_id: int | None = None, after: tuple[int, int] = (0, 0), size: int
) -> list[Consigned]:
    """Give one page of consigned units by supplier and SKU, and one more when there are more; three statements.

    `after` are the supplier and the SKU that came last before.
    """
    units = owned_units(merchant_ids, owner_id=supplier_id, after=after, most=size + 1)
    suppliers = {
        s.pk: s for s in Supplier.objects.filter(merchant_id__in=merchant_ids, pk__in={u.owner_id for u in units})
    }
    skus = {u.sku_id for u in units}
    terms = SupplierSku.objects.filter(merchant_id__in=merchant_ids, supplier__in=suppliers, sku__in=skus)
    costs = {(s, sku): cost for s, sku, cost in terms.values_list("supplier_id", "sku_id", "unit_cost_cents")}
    return [
        Consigned(
            u.owner_id, suppliers[u.owner_id].code, suppliers[u.owner_id].name, u.sku_id, u.code, u.name, u.units,
            u.units * costs.get((u.owner_id, u.sku_id), 0), suppliers[u.owner_id].currency,
        )
        for u in units
    ]  # fmt: skip


def consigned_stock(merchant_ids: Collection[int], *, most: int = 1_000) -> list[Consigned]:
    """Give the consigned units, at most so many rows of them, by the names of suppliers and the codes of SKUs."""
    return sorted(consigned_page(merchant_ids, size=most)[:most], key=lambda c: (c.supplier, c.code))


@dataclass(frozen=True, slots=True)
class Statement:
    """What was bought from a supplier in a month because it was consumed."""

    id: int
    merchant_id: int
    supplier_id: int
    supplier_code: str
    supplier: str
    month: date
    currency: str
    state: str
    closed_at: datetime | None
    closed_by: str
    units: int
    total_cents: int


def _statements(rows: Collection[ConsignmentStatement]) -> list[Statement]:
    cost = Sum(F("qty") * F("unit_cost_cents"), output_field=BigIntegerField())
    sums = {
        pk: (units, cents)
        for pk, units, cents in ConsignmentLine.objects.filter(statement__in=rows)
        .values("statement_id").annotate(u=Sum("qty"), c=cost).values_list("statement_id", "u", "c")
    }  # fmt: skip
    return [
        Statement(
            s.pk, s.merchant_id, s.supplier_id, s.supplier.code, s.supplier.name, s.month, s.currency, s.state,
            s.closed_at, s.closed_by, *sums.get(s.pk, (0, 0)),
        )
        for s in rows
    ]  # fmt: skip


def statements_page(
    merchant_ids: Collection[int],
    *,
    state: str = "",
    supplier_id: int | None = None,
    after: int | None = None,
    size: int = 50,
) -> list[Statement]:
    """Give one page of statements, the latest first, and one more when there are more; two statements."""
    rows = ConsignmentStatement.objects.filter(merchant_id__in=merchant_ids).select_related("supplier")
    if state:
        rows = rows.filter(state=state)
    if supplier_id is not None:
        rows = rows.filter(supplier=supplier_id)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _statements(list(rows.order_by("-pk")[: size + 1]))


def statement_of(merchant_ids: Collection[int], *, statement_id: int) -> Statement | None:
    """Find a statement of these merchants."""
    rows = ConsignmentStatement.objects.filter(merchant_id__in=merchant_ids, pk=statement_id).select_related("supplier")
    return next(iter(_statements(list(rows))), None)


def statement_lines(
    merchant_ids: Collection[int], *, statement_id: int, after: int | None = None, size: int | None = None
) -> list[tuple[ConsignmentLine, int]]:
    """Give the lines of a statement with what each costs, the earliest first: all, or a page and one more.

    `after` is the line that came last before; one that is not of the statement begins nowhere.
    """
    rows = ConsignmentLine.objects.filter(merchant_id__in=merchant_ids, statement_id=statement_id)
    if after is not None:
        last = rows.filter(pk=after).values("at")[:1]
        rows = rows.filter(Q(at__gt=Subquery(last)) | Q(at=Subquery(last), pk__gt=after))
    rows = rows.select_related("sku", "lot").order_by("at", "pk")
    return [(line, line.qty * line.unit_cost_cents) for line in (rows if size is None else rows[: size + 1])]


def without_cost(merchant_ids: Collection[int], *, statement_id: int) -> list[str]:
    """Give the codes of the SKUs on a statement that were bought without a cost."""
    rows = ConsignmentLine.objects.filter(merchant_id__in=merchant_ids, statement_id=statement_id, unit_cost_cents=0)
    return sorted(set(rows.values_list("sku__code", flat=True)))
