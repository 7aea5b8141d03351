"""Returns to suppliers: what waits in quarantine, what is on its way, what is overdue."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BigIntegerField, Count, F, Q, Sum
from django.db.models.functions import Cast
from django.utils import timezone

from colisage.inbound.models import PurchaseLine, Receipt, SetAside, SupplierReturn, SupplierReturnLine
from colisage.inbound.rules.supplier_returns import CREDIT_DAYS, is_overdue, reason_of
from colisage.inventory.queries.plates import branch, trees_of
from colisage.inventory.queries.quarantine import Held, in_quarantine, quarantine_page
from colisage.kit.narrowing import RowCount


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units in quarantine, with where they came from as far as it is known."""

    held: Held
    supplier_id: int | None
    came_at: datetime | None
    receipt_id: int | None
    aside_id: int | None
    unit_cost_cents: int

    @property
    def reason(self) -> str:
        """Give the usual reason."""
        failed = self.held.condition == "quarantine" and self.receipt_id is not None
        return "quality" if failed else reason_of(self.held.condition)


@dataclass(frozen=True, slots=True)
class PlateWaiting:
    """A plate in quarantine that stands on no other, with the units on it and on those that stand on it."""

    id: int
    code: str
    units: int
    skus: int


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Some of what lies in quarantine, and the plates it lies on; `next` is empty on the last page."""

    waiting: list[Waiting]
    plates: list[PlateWaiting]
    next: str


def waiting_page(merchant_ids: Collection[int], *, after: str = "", size: int = 100) -> WaitingPage:
    """Give one page of what lies in quarantine, the oldest first; a constant number of statements."""
    cells, more = quarantine_page(merchant_ids, after=after, size=size)
    return WaitingPage(_with_origins(merchant_ids, cells), _plates(merchant_ids, cells), more)


def _plates(merchant_ids: Collection[int], cells: Sequence[Held]) -> list[PlateWaiting]:
    ids = {cell.plate_id for cell in cells if cell.plate_id is not None}
    trees = trees_of(merchant_ids, plate_ids=ids) if ids else []
    root, code = {plate.id: plate.root_id for plate in trees}, {plate.id: plate.code for plate in trees}
    units, skus = Counter[int](), defaultdict[int, set[int]](set)
    for cell in in_quarantine(merchant_ids, plate_ids=root) if root else []:
        units[root[cell.plate_id or 0]] += cell.qty
        skus[root[cell.plate_id or 0]].add(cell.sku_id)
    return [PlateWaiting(pk, code[pk], units[pk], len(skus[pk])) for pk in sorted(units)]


def waiting_in_quarantine(merchant_ids: Collection[int], *, cell_ids: Collection[int] | None = None) -> list[Waiting]:
    """Give what lies in quarantine, in these cells if some are named."""
    return _with_origins(merchant_ids, in_quarantine(merchant_ids, cell_ids=cell_ids))


def waiting_on_plate(merchant_ids: Collection[int], *, plate_ids: Collection[int]) -> list[Waiting]:
    """Give what lies in quarantine on these plates and on those that stand on them."""
    trees = trees_of(merchant_ids, plate_ids=plate_ids)
    within = {one for plate in plate_ids for one in branch(trees, plate_id=plate)}
    return _with_origins(merchant_ids, in_quarantine(merchant_ids, plate_ids=within))


def _with_origins(merchant_ids: Collection[int], cells: Sequence[Held]) -> list[Waiting]:
    """Find the latest receipt or setting aside that may have brought units; three statements, however many."""
    skus = {cell.sku_id for cell in cells}
    receipts = {
        (r.node_id, r.sku_id, r.lot_id, condition): r
        for r in Receipt.objects.filter(
            Q(damaged__gt=0) | Q(rejected__gt=0), merchant_id__in=merchant_ids, sku__in=skus, undone_at=None
        )
        .select_related("delivery", "purchase_order", "announcement")
        .order_by("pk")
        for condition, units in (("damaged", r.damaged), ("quarantine", r.rejected))
        if units
    }
    asides = {
        (a.node_id, a.sku_id, a.lot_id, a.condition): a
        for a in SetAside.objects.filter(merchant_id__in=merchant_ids, sku__in=skus, state="open")
        .select_related("delivery")
        .order_by("pk")
    }
    orders = {r.purchase_order_id for r in receipts.values()}
    costs = {
        (order, sku): cents
        for order, sku, cents in PurchaseLine.objects.filter(
            merchant_id__in=merchant_ids, purchase_order__in=[pk for pk in orders if pk], sku__in=skus
        ).values_list("purchase_order_id", "sku_id", "unit_cost_cents")
    }
    found = []
    for cell in cells:
        receipt = receipts.get((cell.node_id, cell.sku_id, cell.lot_id, cell.condition))
        aside = asides.get((cell.node_id, cell.sku_id, cell.lot_id, cell.condition))
        cost = costs.get(((receipt.purchase_order_id if receipt else 0) or 0, cell.sku_id), cell.cost_cents)
        found.append(_waiting(cell, receipt, aside, cost=cost))
    return found


def _waiting(cell: Held, receipt: Receipt | None, aside: SetAside | None, *, cost: int) -> Waiting:
    supplier = None
    if receipt is not None:
        brought = receipt.delivery or receipt.purchase_order or receipt.announcement
        supplier = brought.supplier_id if brought else None
    elif aside is not None and aside.delivery is not None:
        supplier = aside.delivery.supplier_id
    came = receipt.at if receipt else aside.at if aside else cell.since
    return Waiting(cell, supplier, came, receipt.pk if receipt else None, aside.pk if aside else None, cost)


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return to a supplier as lists show it; the credit expected in minor units of its currency."""

    document: SupplierReturn
    lines: int
    units: int
    expected_cents: int
    overdue: bool

    @property
    def short_cents(self) -> int:
        """Give by how much less was credited than expected."""
        credited = self.document.credited_cents
        return 0 if credited is None else max(self.expected_cents - credited, 0)

    @property
    def more_cents(self) -> int:
        """Give by how much more was credited than expected."""
        return max((self.document.credited_cents or 0) - self.expected_cents, 0)


_OVERDUE_VIEW = "overdue"


def supplier_returns_page(
    merchant_ids: Collection[int],
    *,
    view: str = "",
    supplier_id: int | None = None,
    after: int | None = None,
    size: int = 50,
) -> list[ReturnRow]:
    """Give one page of returns to suppliers, the latest first, and one more when there are more; two statements."""
    rows = SupplierReturn.objects.filter(merchant_id__in=merchant_ids)
    if view == _OVERDUE_VIEW:
        rows = rows.filter(_overdue())
    elif view == "open":
        rows = rows.filter(state__in=["draft", "announced", "sent"])
    elif view == "ended":
        rows = rows.filter(state__in=["credited", "refused", "cancelled"])
    if supplier_id is not None:
        rows = rows.filter(supplier=supplier_id)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _rows(list(rows.select_related("supplier", "node", "merchant").order_by("-pk")[: size + 1]))


def overdue_count(merchant_ids: Collection[int]) -> int:
    """Count the returns that are late: not sent in time, or not credited; no further than anybody needs to know."""
    return RowCount.of(SupplierReturn.objects.filter(_overdue(), merchant_id__in=merchant_ids))


def _overdue() -> Q:
    today = timezone.localdate()
    long_ago = timezone.now() - timedelta(days=CREDIT_DAYS + 1)
    return Q(state__in=["draft", "announced"], claim_until__lt=today) | Q(state="sent", sent_at__lt=long_ago)


def _rows(found: Sequence[SupplierReturn]) -> list[ReturnRow]:
    cents = Cast("units", BigIntegerField()) * F("unit_credit_cents")
    sums = {
        row["supplier_return_id"]: (row["n"], row["u"], row["c"])
        for row in SupplierReturnLine.objects.filter(supplier_return__in=[r.pk for r in found])
        .values("supplier_return_id")
        .annotate(n=Count("pk"), u=Sum("units"), c=Sum(cents))
    }
    today = timezone.localdate()
    return [ReturnRow(r, *sums.get(r.pk, (0, 0, 0)), overdue=_late(r, today=today)) for r in found]


def _late(document: SupplierReturn, *, today: date) -> bool:
    sent = timezone.localdate(document.sent_at) if document.sent_at else None
    return is_overdue(document.state, claim_until=document.claim_until, sent_on=sent, today=today)


def supplier_return_of(merchant_ids: Collection[int], *, return_id: int) -> ReturnRow | None:
    """Find a return to a supplier of these merchants."""
    rows = SupplierReturn.objects.filter(merchant_id__in=merchant_ids, pk=return_id)
    return next(iter(_rows(list(rows.select_related("supplier", "node", "merchant")))), None)


def supplier_return_lines(return_id: int) -> list[SupplierReturnLine]:
    """Give the lines of a return to a supplier."""
    rows = SupplierReturnLine.objects.filter(supplier_return=return_id).select_related("sku", "lot", "plate")
    return list(rows.order_by("pk"))
