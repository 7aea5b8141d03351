"""Trying rules on past orders: what they would have done, without doing it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from colisage.automation.models import Rule
from colisage.automation.queries import is_sound, raw_of
from colisage.automation.queries.facts import look_at
from colisage.automation.queries.inserts import skus_named
from colisage.automation.rules.judging import MOMENTS, Match, Plan, judge
from colisage.automation.rules.shape import plan_of
from colisage.inventory.queries import stock_of
from colisage.orders.queries import Order
from colisage.orders.queries.latest import latest_orders

SIZES = (100, 500, 2_000)


@dataclass(frozen=True, slots=True)
class PutIn:
    """Units of a SKU that a rule would have put into parcels, and how many are free today, at all nodes."""

    sku: str
    name: str
    units: int
    free: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done with the latest orders: how many were looked at, and those it would have acted on."""

    looked_at: int
    matches: tuple[tuple[Order, Match], ...]
    inserts: tuple[PutIn, ...] = ()


def try_rule(rule: Rule, *, last: int) -> Trial:
    """Try a kept rule on the latest orders of its merchant, after the rules that are on and stand before it."""
    before = Rule.objects.filter(merchant_id=rule.merchant_id, state="on", position__lt=rule.position)
    plans = [
        plan_of(raw_of(row), rule_id=row.pk) for row in [*before.order_by("position", "pk"), rule] if is_sound(row)
    ]
    orders = latest_orders(rule.merchant_id, most=last)
    found = {match.order_id: match for match in tried(plans, orders=orders) if match.plan.id == rule.pk}
    matches = tuple((order, found[order.pk]) for order in orders if order.pk in found)
    return Trial(len(orders), matches, _inserts(rule, orders=sum(_is_sent(order) for order, _match in matches)))


def _is_sent(order: Order) -> bool:
    """Say whether an insert could have gone with an order."""
    return order.state != "cancelled"


def _inserts(rule: Rule, *, orders: int) -> tuple[PutIn, ...]:
    """Give what a rule would have put into the parcels of so many orders: of each SKU one for an order."""
    skus = {sku.id: sku for sku in skus_named(rule.merchant_id, effects=rule.effects).values()}
    free = Counter[int]()
    for row in stock_of(rule.merchant_id, sku_ids=skus) if skus else ():
        free[row.sku_id] += max(0, row.free)
    return tuple(PutIn(sku.code, sku.name, orders, free[pk]) for pk, sku in skus.items())


def tried(plans: Sequence[Plan], *, orders: Sequence[Order]) -> list[Match]:
    """Give what rules would do with orders, from their acceptance to the bench, each once."""
    if not orders:
        return []
    needs = {need for plan in plans for need in plan.needs}
    seen = look_at(orders[0].merchant_id, orders=orders, needs=needs)
    found: list[Match] = []
    done: set[tuple[int, int]] = set()
    for moment in MOMENTS:
        for match in judge(plans, seen, moment=moment, done=frozenset(done)):
            found.append(match)
            done.add((match.plan.id, match.order_id))
    return found
