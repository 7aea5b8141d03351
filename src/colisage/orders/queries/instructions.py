"""What later steps are asked to do otherwise with orders."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from colisage.orders.models import Instruction, InstructionKind
from colisage.orders.rules import ONE_COUNTS, counting

__all__ = ["InstructionKind"]


def instructions_of(order_ids: Collection[int], *, kind: str) -> dict[int, list[str]]:
    """Give the values of one kind by order, the first first; orders without any are left out: a question of workers."""
    found: dict[int, list[str]] = {}
    rows = Instruction.objects.filter(order__in=order_ids, kind=kind).order_by("pk")
    for order, value in rows.values_list("order_id", "value"):
        found.setdefault(order, []).append(value)
    return found


def counting_instructions(order_ids: Collection[int], *, kind: str) -> dict[int, str]:
    """Give the value that counts, of a kind of which only one can, by order: a question of workers."""
    return {order: counting(kind, values) for order, values in instructions_of(order_ids, kind=kind).items()}


@dataclass(frozen=True, slots=True)
class Contest:
    """Several asked an order for different things of which only one counts: that value, and who asked for it first."""

    kind: str
    value: str
    by: str


def contests_of(order_ids: Collection[int]) -> dict[int, dict[str, Contest]]:
    """Give where only one of several instructions counts, by order and kind, in one statement."""
    asked: dict[int, dict[str, dict[str, str]]] = {}
    rows = Instruction.objects.filter(order__in=order_ids, kind__in=ONE_COUNTS).order_by("pk")
    for order, kind, value, by in rows.values_list("order_id", "kind", "value", "by_name"):
        asked.setdefault(order, {}).setdefault(kind, {})[value] = by
    return {
        order: {
            kind: Contest(kind, won := counting(kind, list(values)), values[won])
            for kind, values in kinds.items()
            if len(values) > 1
        }
        for order, kinds in asked.items()
    }


def contest_words(contests: Mapping[str, Contest], *, kind: str, value: str) -> str:
    """Say whether what was asked for counts, and why, in the active language; nothing where nobody asked otherwise."""
    contest = contests.get(kind)
    if contest is None:
        return ""
    if value == contest.value:
        return _("this counts, being the highest") if kind == "priority" else _("this counts, being asked for first")
    why = _("rule “%(by)s” asked for a higher one") if kind == "priority" else _("rule “%(by)s” asked first")
    return _("does not count: %(why)s") % {"why": why % {"by": contest.by}}
