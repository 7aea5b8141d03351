"""Binding what orders still need to bins."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from colisage.inventory.actions.allocate import Bound, allocate
from colisage.inventory.queries import promises_of
from colisage.picking.rules import Held, Need, claims


@dataclass(frozen=True, slots=True)
class Covered:
    """What was bound, by fulfilment line, and which lines are owed units."""

    bound: dict[int, list[Bound]]
    owed: frozenset[int]

    def units(self, line_id: int) -> int:
        """Give the units bound for a line."""
        return sum(b.qty for b in self.bound.get(line_id, ()))


def cover_needs(needs: Sequence[Need], *, merchants: Mapping[int, int]) -> Covered:
    """Bind held promises to bins for lines of many merchants; `merchants` is the merchant of each line.

    A constant number of statements for each merchant. Called inside the transaction of an action.
    """
    owners: dict[int, set[int]] = defaultdict(set)
    for need in needs:
        if need.order_line_id is not None:
            owners[merchants[need.line_id]].add(need.order_line_id)
    promises = [p for m, ids in sorted(owners.items()) for p in promises_of(m, owner_kind="order_line", owner_ids=ids)]
    claimed = claims(
        needs,
        held=[Held(p.id, p.owner_id, p.sku_id, p.node_id or 0, p.qty) for p in promises if p.state == "held"],
    )
    bound: dict[int, list[Bound]] = defaultdict(list)
    for each in allocate(list(claimed)):
        bound[claimed[each.reservation_id]].append(each)
    waiting = {p.owner_id for p in promises if p.state == "waiting"}
    return Covered(dict(bound), frozenset(n.line_id for n in needs if n.order_line_id in waiting))
