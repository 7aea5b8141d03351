"""What of an order may still come back, until when, and what was paid for it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from colisage.kit.conflicts import one_by_one
from colisage.kit.marks import mark_of
from colisage.kit.statements import statement
from colisage.network.queries import nodes_serving
from colisage.orders.queries import Order, OrderLine, lines_of, order_of, parts_of
from colisage.returns.models import ReturnItem, ReturnLine, ReturnPolicy
from colisage.returns.rules import ON_THE_WAY, last_day, whole_units

_PROMISED: Final = ("window_days", "payer", "label_fee_cents", "approves_alone", "refunds_shipping")
GONE = frozenset({"handed_over", "delivered", "problem"})


@dataclass(frozen=True, slots=True)
class ReturnableLine:
    """A line of an order: units that left, and those that may still come back. `recipe` is one unit, by SKU."""

    line: OrderLine
    recipe: Mapping[int, int]
    sent: int
    left: int


@dataclass(frozen=True, slots=True)
class Returnable:
    """What of an order may come back, to which node; `delivered_on` is None while it is on the road."""

    order: Order
    node_id: int
    delivered_on: date | None
    lines: tuple[ReturnableLine, ...]

    @property
    def left(self) -> int:
        """Count the units that may still come back."""
        return sum(line.left for line in self.lines)


def policy_of(merchant_id: int, *, locked: bool = False) -> ReturnPolicy:
    """Give what a merchant promises about returns; the defaults when nothing was set.

    `locked`: nobody else changes it until the caller's transaction ends, also where there is no row yet.
    """
    if locked:
        one_by_one("return policy", merchant_id)
    return ReturnPolicy.objects.filter(merchant_id=merchant_id).first() or ReturnPolicy(merchant_id=merchant_id)


def policy_facts(policy: ReturnPolicy) -> dict[str, Any]:
    """Give what a policy promises."""
    return {name: getattr(policy, name) for name in _PROMISED}


def policy_mark(policy: ReturnPolicy) -> str:
    """Give a mark of what is promised: another one when somebody promises something else."""
    return mark_of(policy_facts(policy))


def last_day_to_ask(can: Returnable) -> date | None:
    """Give the last day on which the customer may change their mind; None while the window has not begun."""
    if can.delivered_on is None:
        return None
    return last_day(can.delivered_on, window_days=policy_of(can.order.merchant_id).window_days, reasons=())


def returnable_of(merchant_id: int, *, order_id: int) -> Returnable | None:
    """Say what of an order may come back; None when there is no such order. Its history is read in seven statements.

    An order taken over from history left as a whole on the day it was placed.
    """
    order = order_of([merchant_id], order_id=order_id)
    if order is None:
        return None
    lines = [line for line in lines_of([order_id])[order_id] if line.requires_shipping and line.sku_id]
    node, delivered_at = _left_from(merchant_id, order_id)
    sent = _sent(order, lines)
    taken = _taken(merchant_id, order_id)
    history = order.quiet and node is None
    day = order.placed_at if history else delivered_at
    return Returnable(
        order,
        node or nodes_serving([merchant_id])[merchant_id][0].node_id,
        timezone.localdate(day) if day else None,
        tuple(
            ReturnableLine(line, recipe_of(line), sent[line.pk], max(sent[line.pk] - taken.get(line.pk, 0), 0))
            for line in lines
        ),
    )


def recipe_of(line: OrderLine) -> dict[int, int]:
    """Give what one unit of a line is made of: its SKU, or the components of the bundle as it was sold."""
    if line.recipe:
        return {int(sku): int(units) for sku, units in line.recipe}
    return {line.sku_id or 0: 1}


def _left_from(merchant_id: int, order_id: int) -> tuple[int | None, datetime | None]:
    with connection.cursor() as db:
        db.execute(statement("returns", "delivered"), [merchant_id, order_id])
        node, moment = db.fetchone()
    return node, moment


def _sent(order: Order, lines: list[OrderLine]) -> dict[int, int]:
    """Give the whole units of each line that left."""
    parts = parts_of([order.pk])[order.pk]
    if order.quiet and not parts:
        return {line.pk: line.quantity - line.cancelled for line in lines}
    gone: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for part in parts:
        if part.stage in GONE:
            for _line, order_line, sku, units, _reservation in part.lines:
                gone[order_line or 0][sku] += units
    return {line.pk: whole_units(gone[line.pk], recipe=recipe_of(line)) for line in lines}


def _taken(merchant_id: int, order_id: int) -> dict[int, int]:
    """Give the units of each order line that are on their way back, or came."""
    taken: dict[int, int] = defaultdict(int)
    came = _came(merchant_id, order_id)
    lines = ReturnLine.objects.filter(merchant_id=merchant_id, return_request__order=order_id)
    for line in lines.select_related("return_request", "order_line"):
        whole = whole_units(came.get(line.pk, {}), recipe=recipe_of(line.order_line))
        taken[line.order_line_id] += line.quantity if line.return_request.state in ON_THE_WAY else whole
    return taken


def _came(merchant_id: int, order_id: int) -> dict[int, dict[int, int]]:
    """Give the units received of each return line, by SKU."""
    came: dict[int, dict[int, int]] = defaultdict(dict)
    for line, sku, units in ReturnItem.objects.filter(
        merchant_id=merchant_id, return_request__order=order_id
    ).values_list("line_id", "sku_id", "received"):
        came[line][sku] = units
    return came


def units_came(merchant_id: int, *, order_id: int, return_id: int) -> dict[int, int]:
    """Give the whole units of each order line that a return brought."""
    came = _came(merchant_id, order_id)
    lines = ReturnLine.objects.filter(merchant_id=merchant_id, return_request=return_id).select_related("order_line")
    return {line.order_line_id: whole_units(came.get(line.pk, {}), recipe=recipe_of(line.order_line)) for line in lines}
