"""What of orders left from here."""

from collections import defaultdict
from collections.abc import Collection

from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderLine
from colisage.orders.problem import each_of
from colisage.orders.rules import GONE


def units_left(order_ids: Collection[int]) -> dict[int, int]:
    """Give, by order line, the whole units that left; all of an order taken over from history. Three statements."""
    quiet = set(Order.objects.filter(pk__in=order_ids, quiet=True).values_list("pk", flat=True))
    quiet -= set(FulfillmentOrder.objects.filter(order__in=quiet).values_list("order_id", flat=True))
    gone: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    rows = FulfillmentLine.objects.filter(fulfillment_order__order__in=order_ids, fulfillment_order__stage__in=GONE)
    for owner, sku, units in rows.values_list("order_line_id", "sku_id", "quantity"):
        gone[owner or 0][sku] += units
    found = {}
    for line in OrderLine.objects.filter(order__in=order_ids).order_by("pk"):
        if line.order_id in quiet:
            found[line.pk] = line.wanted
        elif line.pk in gone:
            found[line.pk] = min((gone[line.pk][sku] // n for sku, n in each_of(line).items()), default=0)
    return found


def with_unsent_parts(order_ids: Collection[int]) -> set[int]:
    """Give those orders of which something is still to leave from here."""
    rows = FulfillmentOrder.objects.filter(order__in=order_ids).exclude(stage__in=[*GONE, "cancelled"])
    return {pk for pk in rows.values_list("order_id", flat=True).distinct() if pk is not None}
