"""What lies in quarantine and what goes back to suppliers, as the API tells it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from colisage.inbound.models import Supplier, SupplierReturnLine
from colisage.inbound.queries.supplier_returns import ReturnRow, Waiting
from colisage.network.queries import nodes_by_id


class QuarantinedOut(Struct, frozen=True, kw_only=True):
    """Units in quarantine, alike in lot, plate, owner and condition; `cell` names them in a return to a supplier.

    As far as it is known: the code of the `supplier` who brought them, with which receipt or set aside as what, when,
    and what one cost in minor units. `reason` is the usual one for them, `consigned`: they are their supplier's.
    """

    cell: int
    node: str
    sku: str
    name: str
    lot: str
    plate: str
    condition: str
    consigned: bool
    units: int
    since: datetime | None
    supplier: str
    receipt: int | None
    set_aside: int | None
    unit_cost_cents: int
    reason: str


class QuarantinePageOut(Struct, frozen=True, kw_only=True):
    """A page of what lies in quarantine, the eldest first; `next` is the `page` that follows, null on the last."""

    items: list[QuarantinedOut]
    next: str | None


class SupplierReturnOut(Struct, frozen=True, kw_only=True):
    """A return to a supplier. `state`: draft, announced, sent (credit expected), credited, refused or cancelled.

    `claim_until` is the last day to claim; `overdue`: not sent by it, or sent long ago and not credited. Amounts in
    minor units of `currency`.
    """

    id: int
    number: str
    supplier: str
    supplier_name: str
    node: str
    state: str
    overdue: bool
    claim_until: date
    units: int
    currency: str
    expected_cents: int
    credited_cents: int | None
    credited_on: date | None
    reference: str
    carrier: str
    tracking_number: str
    note: str
    created_at: datetime
    announced_at: datetime | None
    sent_at: datetime | None
    ended_at: datetime | None


class SupplierReturnLineOut(Struct, frozen=True, kw_only=True):
    """Units of one SKU that go back, why, and the credit expected for one of them; none for consigned ones."""

    sku: str
    name: str
    lot: str
    plate: str
    condition: str
    consigned: bool
    units: int
    reason: str
    unit_credit_cents: int
    receipt: int | None
    set_aside: int | None


class WholeSupplierReturnOut(SupplierReturnOut, frozen=True, kw_only=True):
    """A return to a supplier with its lines."""

    lines: list[SupplierReturnLineOut]


class SupplierReturnPageOut(Struct, frozen=True, kw_only=True):
    """A page of returns to suppliers, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[SupplierReturnOut]
    next: int | None


def quarantine_told(waiting: Sequence[Waiting]) -> list[QuarantinedOut]:
    """Tell what lies in quarantine; two statements."""
    nodes = nodes_by_id({one.held.node_id for one in waiting})
    brought = {one.supplier_id for one in waiting if one.supplier_id}
    suppliers = dict(Supplier.objects.filter(pk__in=brought).values_list("pk", "code"))
    return [
        QuarantinedOut(
            cell=one.held.cell_id, node=nodes[one.held.node_id].code, sku=one.held.code, name=one.held.name,
            lot=one.held.lot, plate=one.held.plate, condition=one.held.condition,
            consigned=one.held.owner_id is not None, units=one.held.qty, since=one.came_at,
            supplier=suppliers.get(one.supplier_id or 0, ""), receipt=one.receipt_id, set_aside=one.aside_id,
            unit_cost_cents=one.unit_cost_cents, reason=one.reason,
        )
        for one in waiting
    ]  # fmt: skip


def supplier_returns_told(rows: Sequence[ReturnRow]) -> list[SupplierReturnOut]:
    """Tell returns to suppliers; no statement."""
    return [SupplierReturnOut(**_return(row)) for row in rows]


def supplier_return_told(row: ReturnRow, lines: Sequence[SupplierReturnLine]) -> WholeSupplierReturnOut:
    """Tell a return with its lines, which come with SKU, lot and plate; no statement."""
    same = ("condition", "units", "reason", "unit_credit_cents")
    told = [
        SupplierReturnLineOut(
            sku=one.sku.code, name=one.sku.name, lot=one.lot.code if one.lot else "",
            plate=one.plate.code if one.plate else "", consigned=one.owner_id is not None, receipt=one.receipt_id,
            set_aside=one.aside_id, **{name: getattr(one, name) for name in same},
        )
        for one in lines
    ]  # fmt: skip
    return WholeSupplierReturnOut(**_return(row), lines=told)


def _return(row: ReturnRow) -> dict[str, Any]:
    d = row.document
    same = (
        "number", "state", "claim_until", "currency", "credited_cents", "credited_on", "reference", "carrier",
        "tracking_number", "note", "created_at", "announced_at", "sent_at", "ended_at",
    )  # fmt: skip
    return {
        "id": d.pk, "supplier": d.supplier.code, "supplier_name": d.supplier.name, "node": d.node.code,
        "overdue": row.overdue, "units": row.units, "expected_cents": row.expected_cents,
        **{name: getattr(d, name) for name in same},
    }  # fmt: skip
