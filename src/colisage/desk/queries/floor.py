"""The floor's first screen: what one may go and do, and how much of it waits."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.inbound.queries import how_many_on_the_dock
from colisage.orders.queries import stage_counts
from colisage.picking.queries.put_back import units_to_put_back

FLOOR_ROLES: Final = frozenset({"receiver", "picker", "packer"})

# The work of the floor: word, icon, the address of its first page, who does it, the stages of orders that wait for it.
WORK: Final[tuple[tuple[str | Promise, str, str, str, tuple[str, ...]], ...]] = (
    (_("Receive"), "truck", "receive", "receiver", ()),
    (_("Put away"), "down", "put-away", "receiver", ()),
    (_("Pick"), "list", "picking-floor", "picker", ("released", "picking")),
    (_("Put back"), "undo", "put-back", "picker", ()),
    (_("Pack"), "box", "packing", "packer", ("picked",)),
    (_("Receive a return"), "undo", "returns-table", "receiver", ()),
    (_("Move stock"), "right", "move-floor", "receiver", ()),
    (_("Count"), "check", "count-floor", "receiver", ()),
    (_("Assemble kits"), "plus", "kit-floor", "receiver", ()),
    (_("Print a label"), "print", "label-find", "receiver", ()),
    (_("Set something aside"), "alert", "set-aside", "receiver", ()),
)


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to go and do; `count` is None where nothing is counted."""

    label: str | Promise
    icon: str
    url: str
    count: int | None


def work_for(
    merchant_ids: Collection[int], *, roles: Collection[str], operator_ids: Collection[int] = ()
) -> list[Work]:
    """Give the work open to these roles (a manager's are all), in three statements; picks are of these operators.

    Only what is in hand is counted: how much waits to be released may be many times that.
    """
    theirs = [one for one in WORK if {one[3], "manager"} & set(roles)]
    asked = {stage for *_one, waiting in theirs for stage in waiting}
    stages = stage_counts(merchant_ids, stages=asked) if asked else {}
    found = []
    for label, icon, name, _role, waiting in theirs:
        url = _address(name)
        if not url:
            continue
        count = sum(stages[s].count for s in waiting if s in stages) if waiting else None
        if name == "put-away":
            count = how_many_on_the_dock(merchant_ids)
        elif name == "put-back":
            count = units_to_put_back(operator_ids, merchant_ids=merchant_ids)
            if not count:  # seldom there, and then urgent: no tile for nothing
                continue
        found.append(Work(label, icon, url, count))
    return found


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:  # a step that is not installed
        return ""
