"""Looking at orders as they come in: whether one looks like another, or like a risk."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace

from django.db import transaction
from django.db.models import Q

from colisage.automation.models import Suspicion, Trace, Watch
from colisage.automation.queries.facts import look_at
from colisage.automation.rules.facts import Seen
from colisage.automation.rules.signals import Limits, shown_by
from colisage.automation.rules.traces import keys_of
from colisage.kit.actors import SYSTEM
from colisage.kit.statements import ask
from colisage.orders.actions.claim_orders import claim_orders
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.queries import Order, lines_of, orders_by_id


@transaction.atomic
def watch_orders(merchants: Mapping[int, int]) -> int:
    """Look at orders that came in (order id: merchant id); hold those that look like another or like a risk.

    Gives of how many something was found. Each order is looked at once: what a person released is not held again. One
    merchant's orders are looked at by one worker at a time, or two that come together would not see each other. For
    merchants who have nothing watched it is one statement.
    """
    rows = Watch.objects.select_for_update(no_key=True, of=("self",)).filter(merchant__in=set(merchants.values()))
    watches = {w.merchant_id: w for w in rows.filter(Q(duplicates=True) | Q(risk=True)).order_by("merchant_id")}
    asked = [order for order, merchant in merchants.items() if merchant in watches]
    if not asked:
        return 0
    by_merchant: dict[int, list[Order]] = defaultdict(list)
    for order in claim_orders(asked):
        by_merchant[order.merchant_id].append(order)
    return sum(_watch(watches[pk], orders) for pk, orders in sorted(by_merchant.items()))


def _watch(watch: Watch, claimed: Sequence[Order]) -> int:
    known = set(Trace.objects.filter(order__in=claimed).values_list("order_id", flat=True))
    orders = [order for order in claimed if order.pk not in known]
    if not orders:
        return 0
    seen = look_at(watch.merchant_id, orders=orders, needs={"history"})
    _leave_traces(orders, seen)
    found = _duplicates(watch, orders) if watch.duplicates else []
    found += _risks(watch, orders, seen) if watch.risk else []
    Suspicion.objects.bulk_create(found)
    held = {
        "duplicate": [one.order_id for one in found if one.kind == "duplicate"],
        "risk": [one.order_id for one in found if one.kind == "risk" and one.score >= watch.threshold],
    }
    for kind, reason in (("duplicate", "possible_duplicate"), ("risk", "risk_signals")):
        if held[kind]:
            set_hold(watch.merchant_id, order_ids=held[kind], kind=kind, reason=reason, actor=SYSTEM)
    return len({one.order_id for one in found})


def _leave_traces(orders: Sequence[Order], seen: Sequence[Seen]) -> None:
    lines = lines_of([order.pk for order in orders])
    Trace.objects.bulk_create(
        (
            Trace(
                merchant_id=order.merchant_id,
                order=order,
                placed_at=order.placed_at,
                **asdict(keys_of(one, [(line.sku_code, line.wanted) for line in lines[order.pk]])),
            )
            for order, one in zip(orders, seen, strict=True)
        )
    )


def _duplicates(watch: Watch, orders: Sequence[Order]) -> list[Suspicion]:
    """Find for each order the latest one that it looks like and that was not cancelled."""
    asked = {"merchant": watch.merchant_id, "orders": [o.pk for o in orders], "hours": watch.window_hours}
    pairs = ask("automation", "look_alikes", asked)
    others = orders_by_id(watch.merchant_id, ids={other for _order, other in pairs})
    first: dict[int, int] = {}
    for order, other in pairs:
        if other in others and others[other].state != "cancelled":
            first.setdefault(order, other)
    return [
        Suspicion(merchant_id=watch.merchant_id, order_id=order, kind="duplicate", other_id=other)
        for order, other in first.items()
    ]


def _risks(watch: Watch, orders: Sequence[Order], seen: Collection[Seen]) -> list[Suspicion]:
    asked = {"merchant": watch.merchant_id, "orders": [order.pk for order in orders]}
    names = dict(ask("automation", "other_names", asked))
    merchant = orders[0].merchant
    limits = Limits(dear_cents=watch.dear_cents, currency=merchant.currency, many_units=watch.many_units)
    found = []
    for one in seen:
        told = replace(one, other_names=names.get(one.order_id, 0))
        if signals := shown_by(told, weights=watch.weights, limits=limits):
            found.append(
                Suspicion(
                    merchant_id=watch.merchant_id,
                    order_id=one.order_id,
                    kind="risk",
                    score=sum(weight for _name, weight in signals),
                    threshold=watch.threshold,
                    signals=signals,
                )
            )
    return found
