"""Goods that lie here and are their suppliers', and what is owed for those consumed, as the API tells it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from colisage.inbound.models import ConsignmentLine
from colisage.inbound.queries.consignment import Consigned, Statement


class ConsignedOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU in the house that are a supplier's, and what they would cost by its terms, in minor units."""

    supplier: str
    supplier_name: str
    sku: str
    name: str
    units: int
    cost_cents: int
    currency: str


class ConsignedPageOut(Struct, frozen=True, kw_only=True):
    """A page of consigned goods by supplier; `next` is the `page` that follows, null on the last."""

    items: list[ConsignedOut]
    next: str | None


class StatementOut(Struct, frozen=True, kw_only=True):
    """What was bought from a supplier in a month (its first day) because it was consumed; amounts in minor units.

    `state`: open (more may be added) or closed (to be paid as it stands).
    """

    id: int
    supplier: str
    supplier_name: str
    month: date
    state: str
    currency: str
    units: int
    total_cents: int
    closed_at: datetime | None
    closed_by: str


class WholeStatementOut(StatementOut, frozen=True, kw_only=True):
    """A statement, with the SKUs on it that were bought without a cost."""

    without_cost: list[str]


class StatementPageOut(Struct, frozen=True, kw_only=True):
    """A page of statements, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[StatementOut]
    next: int | None


class StatementLineOut(Struct, frozen=True, kw_only=True):
    """Units bought by one movement, and the `reason` of it; less than none: found again, and credited."""

    sku: str
    name: str
    lot: str
    reason: str
    at: datetime
    units: int
    unit_cost_cents: int
    total_cents: int


class StatementLinePageOut(Struct, frozen=True, kw_only=True):
    """A page of the lines of a statement, the earliest first; `next` is the `page` that follows, null on the last."""

    items: list[StatementLineOut]
    next: int | None


def consigned_told(rows: Sequence[Consigned]) -> list[ConsignedOut]:
    """Tell consigned goods; no statement."""
    same = ("name", "units", "cost_cents", "currency")
    return [
        ConsignedOut(
            supplier=one.supplier_code, supplier_name=one.supplier, sku=one.code,
            **{name: getattr(one, name) for name in same},
        )
        for one in rows
    ]  # fmt: skip


def statements_told(found: Sequence[Statement]) -> list[StatementOut]:
    """Tell statements; no statement of the database."""
    return [StatementOut(**_statement(one)) for one in found]


def statement_told(found: Statement, *, without_cost: list[str]) -> WholeStatementOut:
    """Tell a statement; no statement of the database."""
    return WholeStatementOut(**_statement(found), without_cost=without_cost)


def _statement(one: Statement) -> dict[str, Any]:
    same = ("id", "month", "state", "currency", "units", "total_cents", "closed_at", "closed_by")
    return {
        "supplier": one.supplier_code, "supplier_name": one.supplier, **{name: getattr(one, name) for name in same}
    }  # fmt: skip


def statement_lines_told(lines: Sequence[tuple[ConsignmentLine, int]]) -> list[StatementLineOut]:
    """Tell lines, which come with SKU and lot; no statement of the database."""
    return [
        StatementLineOut(
            sku=line.sku.code, name=line.sku.name, lot=line.lot.code if line.lot else "", reason=line.reason,
            at=line.at, units=line.qty, unit_cost_cents=line.unit_cost_cents, total_cents=cents,
        )
        for line, cents in lines
    ]  # fmt: skip
