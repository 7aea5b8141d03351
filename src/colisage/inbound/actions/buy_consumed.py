from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum

from colisage.inbound.models import ConsignmentLine, ConsignmentStatement, PurchaseLine, Supplier, SupplierSku
from colisage.inbound.rules.consignment import LOSSES, Consumed, bought, month_of
from colisage.inventory.events import ConsignedMoved
from colisage.kit.once import insert_once
from colisage.people.queries import merchants_by_id

_WEEK: Final = timedelta(days=7)


@transaction.atomic
def buy_consumed(events: Sequence[ConsignedMoved]) -> None:
    """Buy consigned units that left the house: a line on the statement of their supplier and month, at today's cost.

    Lost units are bought where the supplier's terms say so; found again, they are taken off as far as they were paid.
    A movement buys once, however often it is told. A statement that is closed stays as it is: what is told late
    stands on the next one that is open.
    """
    known = set(
        ConsignmentLine.objects.filter(movement_id__in=[e.movement_id for e in events]).values_list(
            "movement_id", flat=True
        )
    )
    suppliers = {
        s.pk: s
        for s in Supplier.objects.select_for_update(no_key=True)
        .filter(pk__in={event.owner_id for event in events})
        .order_by("pk")
    }
    fresh = {
        event.movement_id: event
        for event in events
        if event.movement_id not in known
        and event.owner_id in suppliers
        and suppliers[event.owner_id].merchant_id == event.merchant_id
    }
    if not fresh:
        return
    costs = _costs(fresh.values())
    lost = _lost(fresh.values())
    zones = {pk: m.timezone for pk, m in merchants_by_id({e.merchant_id for e in fresh.values()}).items()}
    statements = _Statements(suppliers)
    lines = []
    for event in fresh.values():
        supplier = suppliers[event.owner_id]
        key = (event.owner_id, event.sku_id)
        what = Consumed(event.movement_id, event.sku_id, event.qty, event.reason, back=event.back)
        units = bought(what, pays_lost=supplier.pays_lost, lost_before=lost[key])
        if event.back or event.reason in LOSSES:
            lost[key] += units
        if not units:
            continue
        at = datetime.fromisoformat(event.occurred_at)
        month = month_of(at.astimezone(ZoneInfo(zones[event.merchant_id])).date())
        lines.append(
            ConsignmentLine(
                merchant_id=event.merchant_id, statement=statements.open(supplier, month),
                movement_id=event.movement_id, sku_id=event.sku_id, lot_id=event.lot_id, qty=units,
                unit_cost_cents=costs.get(key, 0), reason=event.reason, at=at,
            )
        )  # fmt: skip
    insert_once(lines, by=["movement_id"])


class _Statements:
    """The statements that take lines; each is made when the first line needs it."""

    def __init__(self, suppliers: Collection[int]) -> None:
        rows = ConsignmentStatement.objects.filter(supplier__in=suppliers).order_by("month")
        self._known: dict[int, dict[date, ConsignmentStatement]] = {pk: {} for pk in suppliers}
        for row in rows:
            self._known[row.supplier_id][row.month] = row

    def open(self, supplier: Supplier, month: date) -> ConsignmentStatement:
        """Give the statement of a month, or where that is closed the next one that is not."""
        known = self._known[supplier.pk]
        while month in known and known[month].state == "closed":
            month = (month.replace(day=28) + _WEEK).replace(day=1)
        if month not in known:
            known[month] = ConsignmentStatement.objects.create(
                merchant_id=supplier.merchant_id, supplier=supplier, month=month, currency=supplier.currency
            )
        return known[month]


def _costs(events: Iterable[ConsignedMoved]) -> dict[tuple[int, int], int]:
    """Give the cost of a unit by (supplier, SKU): the supplier's terms, else the last consigned order."""
    suppliers, skus = {e.owner_id for e in events}, {e.sku_id for e in events}
    orders = PurchaseLine.objects.filter(
        purchase_order__supplier__in=suppliers, purchase_order__consigned=True, sku__in=skus
    ).order_by("pk")
    found = {
        (supplier, sku): cost
        for supplier, sku, cost in orders.values_list("purchase_order__supplier_id", "sku_id", "unit_cost_cents")
    }
    terms = SupplierSku.objects.filter(supplier__in=suppliers, sku__in=skus, unit_cost_cents__gt=0)
    return found | {(s, sku): cost for s, sku, cost in terms.values_list("supplier_id", "sku_id", "unit_cost_cents")}


def _lost(events: Iterable[ConsignedMoved]) -> Counter[tuple[int, int]]:
    """Give the units of each (supplier, SKU) that were paid as lost, and not found again."""
    rows = ConsignmentLine.objects.filter(
        statement__supplier__in={e.owner_id for e in events},
        sku__in={e.sku_id for e in events},
        reason__in=[*LOSSES, "found"],
    )
    sums = rows.values("statement__supplier_id", "sku_id").annotate(n=Sum("qty"))
    return Counter({(row["statement__supplier_id"], row["sku_id"]): row["n"] for row in sums})
