"""Which rules act on which orders: pure, so that a trial on past orders and the real thing cannot differ."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.automation.rules.effects import tags_after
from colisage.automation.rules.facts import FACTS, Condition, Seen

MOMENTS: Final[Mapping[str, str | Promise]] = {  # in the order of an order's life
    "accepted": _("an order is accepted"),
    "changed": _("an order is changed"),
    "sourced": _("its node is chosen"),
    "picked": _("it is about to be packed"),
}
NODE_KNOWN: Final = frozenset({"sourced", "picked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A rule as it is carried out: when, if, then. `id` is 0 for one that is not kept yet."""

    id: int = 0
    name: str
    moments: tuple[str, ...]
    mode: str = "all"
    conditions: tuple[Condition, ...] = ()
    effects: tuple[Mapping[str, Any], ...] = ()
    stops: bool = False

    def because(self, seen: Seen) -> tuple[Condition, ...] | None:
        """Give the conditions for which it acts on an order; None when it does not. Without any, it acts on all."""
        held = tuple(condition for condition in self.conditions if condition.holds(seen))
        if self.mode == "any" and self.conditions:
            return held or None
        return held if len(held) == len(self.conditions) else None

    @property
    def needs(self) -> frozenset[str]:
        """Name what has to be looked up for it besides the order itself."""
        nodes = {"nodes"} if NODE_KNOWN & set(self.moments) else set()
        return frozenset({FACTS[condition.fact].needs for condition in self.conditions} | nodes) - {""}


@dataclass(frozen=True, slots=True)
class Match:
    """A rule acts on an order."""

    plan: Plan
    order_id: int
    because: tuple[Condition, ...]


def judge(
    plans: Sequence[Plan], seen: Sequence[Seen], *, moment: str, done: Container[tuple[int, int]] = frozenset()
) -> Iterator[Match]:
    """Give what rules do with orders at a moment, rule after rule: a later one sees the tags of the earlier ones.

    `done` are the pairs (rule, order) that were: a rule acts on an order once. An order without a node has not come to
    the moments at which it is known.
    """
    due = [plan for plan in plans if moment in plan.moments]
    for one in seen if due else ():
        if moment in NODE_KNOWN and not one.nodes:
            continue
        now = one
        for plan in due:
            if (plan.id, one.order_id) in done:
                because = None
                acted = True
            else:
                because = plan.because(now)
                acted = because is not None
            if because is not None:
                yield Match(plan, one.order_id, because)
                now = replace(now, tags=tags_after(now.tags, plan.effects))
            if acted and plan.stops:
                break
