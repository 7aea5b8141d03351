"""By what a merchant's waiting orders are served, and why one goes before another."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _

from colisage.kit.conflicts import one_by_one
from colisage.kit.marks import mark_of
from colisage.orders.models import Order, TurnKind, TurnRule
from colisage.orders.rules import Criterion, Waiter, meets, turn_of
from colisage.ui import words

__all__ = ["Criterion", "TurnKind"]


def criteria_of(merchant_ids: Collection[int]) -> dict[int, list[Criterion]]:
    """Give what merchants want waiting orders to be served by, the first first; those without any are left out."""
    found: defaultdict[int, list[Criterion]] = defaultdict(list)
    rows = TurnRule.objects.filter(merchant_id__in=merchant_ids).order_by("merchant_id", "position")
    for merchant, kind, value in rows.values_list("merchant_id", "kind", "value"):
        found[merchant].append(Criterion(kind, value))
    return dict(found)


def criteria_kept(merchant_id: int, *, locked: bool = False) -> list[Criterion]:
    """Give what one merchant wants waiting orders to be served by, the first first.

    `locked`: nobody else changes it until the caller's transaction ends, also where there is no row yet.
    """
    if locked:
        one_by_one("turns", merchant_id)
    return criteria_of([merchant_id]).get(merchant_id, [])


def turns_mark(criteria: Sequence[Criterion]) -> str:
    """Give a mark of what waiting orders are served by: another one when somebody says it otherwise."""
    return mark_of([(one.kind, one.value) for one in criteria])


def turn_for(order: Order, criteria: Mapping[int, Sequence[Criterion]]) -> str:
    """Give what an order, which comes with its channel, is sorted by before its age."""
    return turn_of(criteria.get(order.merchant_id, ()), _waiter(order))


def reasons(order: Order, criteria: Sequence[Criterion]) -> list[str]:
    """Say which criteria put an order, which comes with its channel, before others."""
    waiter = _waiter(order)
    met = [one for one in criteria if meets(one, waiter)]
    said = {
        "express": order.shipping_method,
        "wanted": _("wanted on %(day)s") % {"day": words.day(order.wanted_on)} if order.wanted_on else "",
        "channel": order.channel.name,
        "business": _("a firm"),
    }
    return [said.get(one.kind, one.value) for one in met]


def _waiter(order: Order) -> Waiter:
    firm = bool(order.purchase_reference or (order.ship_to or {}).get("company"))
    return Waiter(order.shipping_method, order.wanted_on, tuple(order.tags), order.channel.code, firm)
