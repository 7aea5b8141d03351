"""What of a part that waits could go now, and what would stay behind."""

from collections import Counter
from collections.abc import Mapping, Sequence

from colisage.inventory.queries import Promise, promises_of
from colisage.orders.models import OrderLine
from colisage.orders.problem import each_of
from colisage.orders.queries import Part
from colisage.orders.rules import Owed, leave_behind


def left_for_later(merchant_id: int, *, part: Part, others: Sequence[Part]) -> list[tuple[Promise, int]]:
    """Give the promises of a part, with the units of each, that stay behind when what is here goes now.

    Nothing when there is nothing to divide: none of it is here, or all of it. `others` are the order's other parts.
    """
    owners = {line[1] for line in part.lines if line[1] is not None}
    theirs = {line[4] for other in others if other.stage != "cancelled" for line in other.lines}
    promises = {
        p.id: p
        for p in promises_of(merchant_id, owner_kind="order_line", owner_ids=owners)
        if p.id not in theirs and p.node_id in {part.node_id, None} and p.state in {"held", "waiting", "ahead"}
    }
    wanted: dict[int, Counter[int]] = {owner: Counter() for owner in owners}
    for _line, owner, sku, units, _reservation in part.lines:
        if owner is not None:
            wanted[owner][sku] += units
    left = leave_behind(
        wanted,
        each={line.pk: each_of(line) for line in OrderLine.objects.filter(pk__in=owners)},
        promises=[Owed(p.id, p.owner_id, p.sku_id, p.qty, p.state == "held") for p in promises.values()],
    )
    found = [(promises[pk], units) for pk, units in left.items()]
    total = sum(line[3] for line in part.lines if line[1] is not None)  # an insert goes with what goes now
    return found if 0 < sum(left.values()) < total and _fits(found, wanted=wanted) else []


def _fits(left: Sequence[tuple[Promise, int]], *, wanted: Mapping[int, Counter[int]]) -> bool:
    """Say whether what stays behind is of this part: an owed promise may be another part's of the same line."""
    behind = Counter[tuple[int, int]]()
    for promise, units in left:
        behind[promise.owner_id, promise.sku_id] += units
    return all(units <= wanted[owner][sku] for (owner, sku), units in behind.items())


def divisible(merchant_id: int, *, parts: Sequence[Part]) -> set[int]:
    """Give those of an order's parts of which something can go now while the rest waits."""
    waiting = [part for part in parts if part.stage == "waiting"]
    return {
        part.id
        for part in waiting
        if left_for_later(merchant_id, part=part, others=[other for other in parts if other.id != part.id])
    }
