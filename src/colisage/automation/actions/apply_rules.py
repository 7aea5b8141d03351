"""What rules do with orders: judged together, written together, told on each timeline."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.db import transaction

from colisage.automation.actions.carry_out import carry_out
from colisage.automation.events import RuleCalled, RuleMailed
from colisage.automation.models import RuleRun
from colisage.automation.queries import live_plans
from colisage.automation.queries.facts import look_at
from colisage.automation.rules.judging import Match, Plan, judge
from colisage.automation.rules.shape import condition_told
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.orders.actions.claim_orders import claim_orders
from colisage.orders.queries import Order

_TOLD: Final[Mapping[str, type[RuleMailed] | type[RuleCalled]]] = {"mail": RuleMailed, "call": RuleCalled}


@transaction.atomic
def apply_rules(merchants: Mapping[int, int], *, moment: str, live: Mapping[int, Sequence[Plan]] | None = None) -> int:
    """Let the rules that are on look at orders (order id: merchant id); give how often one acted.

    A rule acts on an order once, however often it is asked. History is left alone. Without a rule it is one statement;
    else their number depends on the rules that act, not on the orders. Who asks at several moments gives the rules
    (`live`) himself. Inserts are only asked for: the caller adds them, after everything else that touches stock.
    """
    if live is None:
        live = live_plans(set(merchants.values()), moments=[moment])
    plans = {pk: due for pk, each in live.items() if (due := [plan for plan in each if moment in plan.moments])}
    asked = [order for order, merchant in merchants.items() if merchant in plans]
    if not asked:
        return 0
    by_merchant: dict[int, list[Order]] = defaultdict(list)
    for order in claim_orders(asked):
        by_merchant[order.merchant_id].append(order)
    return sum(_apply(pk, plans[pk], orders, moment=moment) for pk, orders in sorted(by_merchant.items()))


def _apply(merchant_id: int, plans: Sequence[Plan], orders: Sequence[Order], *, moment: str) -> int:
    seen = look_at(merchant_id, orders=orders, needs={need for plan in plans for need in plan.needs})
    rows = RuleRun.objects.filter(rule__in=[plan.id for plan in plans], order__in=orders)
    done = frozenset(rows.values_list("rule_id", "order_id"))
    matches = list(judge(plans, seen, moment=moment, done=done))
    runs = RuleRun.objects.bulk_create(
        RuleRun(
            merchant_id=merchant_id,
            rule_id=match.plan.id,
            order_id=match.order_id,
            name=match.plan.name,
            moment=moment,
            because=[condition_told(condition) for condition in match.because],
            effects=list(match.plan.effects),
        )
        for match in matches
    )
    of_plan: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        of_plan[match.plan.id].append(match)
    ids = {(run.rule_id, run.order_id): run.pk for run in runs}
    for plan in plans:  # in their order: a later one may take away the tag that an earlier one added
        _carry_out(merchant_id, plan, [match.order_id for match in of_plan[plan.id]], ids=ids)
    return len(matches)


def _carry_out(merchant_id: int, plan: Plan, order_ids: Collection[int], *, ids: Mapping[tuple[int, int], int]) -> None:
    """Do what one rule says to all its orders, and tell it."""
    if not order_ids:
        return
    actor = Actor(kind="rule", id=plan.id, name=plan.name)
    record_deeds(
        (
            Deed("order", pk, "rule_applied", {"rule": plan.id, "run": ids[plan.id, pk]}, merchant_id=merchant_id)
            for pk in order_ids
        ),
        actor=actor,
    )
    for effect in plan.effects:
        carry_out(merchant_id, effect=effect, order_ids=order_ids, actor=actor)
    does = {effect["does"] for effect in plan.effects}
    tell(
        kind(merchant_id=merchant_id, order_id=pk, rule_id=plan.id, run_id=ids[plan.id, pk], rule=plan.name)
        for name, kind in _TOLD.items()
        if name in does
        for pk in order_ids
    )
