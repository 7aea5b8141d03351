"""What came is counted on what was ordered and announced."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, F, IntegerField, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.lock_expected import lock_expected
from colisage.inbound.models import AnnouncedLine, Announcement, PurchaseLine, PurchaseOrder
from colisage.inbound.rules.purchasing import EXPECTING, UNFINISHED, Announced, share_out, state_after
from colisage.kit.errors import Refused


class NotExpected(Refused):
    """The purchase order, or the announced delivery, does not have this SKU."""

    code = "not_expected"
    text = _("%(sku)s is not on order %(number)s. Receive it without an order, or set it aside.")


class NotSent(Refused):
    """Nothing is received on an order that was cancelled, or never sent."""

    code = "order_not_open"
    text = _("Order %(number)s is a draft or was cancelled. Receive the goods without an order.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Units of one SKU that came, good or damaged, of one lot; `line_id` is the announced line when it is known."""

    sku_id: int
    sku_code: str
    units: int
    lot: str = ""
    line_id: int | None = None


@transaction.atomic
def count_received(
    merchant_id: int,
    came: Sequence[Came],
    *,
    purchase_order_id: int | None = None,
    announcement_id: int | None = None,
) -> dict[int, int]:
    """Count what came on a purchase order, on an announced delivery, or on both; the number of statements is constant.

    Units of an order count on what was announced of it too, and announced units on the order they were announced for.
    More than expected is counted as it is. An order of which everything came is closed, and so is a delivery. Gives
    the supplier of the SKUs that are consigned: the owner of their cells. Raises `NotExpected` for a SKU that neither
    has, `NotSent` for an order that was not sent, `NotThere` for foreign ids.
    """
    orders, deliveries = lock_expected(
        merchant_id,
        order_ids={purchase_order_id} if purchase_order_id else (),
        announcement_ids={announcement_id} if announcement_id else (),
    )
    order = orders.get(purchase_order_id or 0)
    if order and order.state in {"draft", "cancelled"}:
        raise NotSent(number=order.number)
    counted = _count_announced(came, deliveries=deliveries, order_id=purchase_order_id, named=bool(announcement_id))
    on_orders = Counter[tuple[int, int]]()
    for (order_id, sku), units in counted.items():
        if order is None and order_id is not None:
            on_orders[order_id, sku] += units
    lines = list(PurchaseLine.objects.filter(purchase_order__in=orders).select_for_update(no_key=True).order_by("pk"))
    on_order = {line.sku_id for line in lines if order and line.purchase_order_id == order.pk}
    for each in came:
        if order and each.sku_id in on_order:
            on_orders[order.pk, each.sku_id] += each.units
        elif (orders or deliveries) and each.sku_id not in {sku for _order, sku in counted}:
            number = order.number if order else next(iter(deliveries.values())).reference
            raise NotExpected(sku=each.sku_code, number=number)
    _count_ordered(orders, lines, on_orders)
    return {sku: orders[pk].supplier_id for pk, sku in on_orders if orders[pk].consigned}


def _count_announced(
    came: Sequence[Came], *, deliveries: Collection[int], order_id: int | None, named: bool
) -> dict[tuple[int | None, int], int]:
    """Count on announced lines; give the units by (order, SKU)."""
    rows = AnnouncedLine.objects.filter(announcement__in=deliveries, sku__in={each.sku_id for each in came})
    if not named:
        rows = rows.filter(purchase_order=order_id)
    lines = list(rows.select_for_update(no_key=True).order_by("pk")) if deliveries else []
    orders = {line.pk: (line.purchase_order_id, line.sku_id) for line in lines}
    shares = Counter[int]()
    found = Counter[tuple[int | None, int]]()
    for each in came:
        fitting = [
            Announced(line.pk, line.qty - line.received - shares[line.pk], line.lot or line.serial)
            for line in lines
            if line.sku_id == each.sku_id and each.line_id in {None, line.pk}
        ]
        for line, units in share_out(each.units, fitting, lot=each.lot, all_of_it=named).items():
            shares[line] += units
            found[orders[line]] += units
    if shares:
        AnnouncedLine.objects.filter(pk__in=shares).update(received=F("received") + _by_key(shares))
        _settle(deliveries)
    return found


def _by_key(units: Mapping[int, int]) -> Case:
    return Case(*(When(pk=pk, then=Value(n)) for pk, n in units.items()), output_field=IntegerField())


def _settle(announcement_ids: Collection[int]) -> None:
    """A delivery of which something came is at the dock; one of which everything came is received."""
    now = timezone.now()
    rows = Announcement.objects.filter(pk__in=announcement_ids, state__in=UNFINISHED)
    missing = AnnouncedLine.objects.filter(announcement__in=announcement_ids, received__lt=F("qty"))
    came = AnnouncedLine.objects.filter(announcement__in=announcement_ids, received__gt=0).values("announcement_id")
    rows = rows.filter(pk__in=came)
    rows.filter(arrived_at=None).update(arrived_at=now)
    rows.filter(state="announced").update(state="arriving")
    rows.exclude(pk__in=missing.values("announcement_id")).update(state="received", ended_at=now)


def _count_ordered(
    orders: Mapping[int, PurchaseOrder], lines: Sequence[PurchaseLine], units: Mapping[tuple[int, int], int]
) -> None:
    """Count on the lines of orders, and move each order on."""
    more = {line.pk: n for line in lines if (n := units.get((line.purchase_order_id, line.sku_id), 0))}
    if not more:
        return
    PurchaseLine.objects.filter(pk__in=more).update(received=F("received") + _by_key(more))
    stand: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for line in lines:
        stand[line.purchase_order_id].append((line.ordered, line.received + more.get(line.pk, 0)))
    moved = [order for order in orders.values() if order.state in EXPECTING]
    for order in moved:
        order.state = state_after(stand[order.pk])
        order.ended_at = timezone.now() if order.state == "closed" else None
    PurchaseOrder.objects.bulk_update(moved, ["state", "ended_at"])
