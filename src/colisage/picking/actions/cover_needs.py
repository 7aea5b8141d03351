"""Binding what orders still need to bins."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from colisage.inventory.actions.allocate import Bound, allocate
from colisage.inventory.queries import promises_of
from colisage.picking.rules import Held, Need, claims, owner_of_line


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
    owners: dict[tuple[int, str], set[int]] = defaultdict(set)
    for need in needs:
        kind, owner = owner_of_line(need.line_id, need.order_line_id)
        owners[merchants[need.line_id], kind].add(owner)
    found = {(m, kind): promises_of(m, owner_kind=kind, owner_ids=ids) for (m, kind), ids in sorted(owners.items())}
    promises = [p for (_merchant, kind), each in found.items() for p in each if kind == "order_line"]
    own = {need.reservation_id for need in needs}
    kept = [*promises, *(p for (_m, kind), each in found.items() for p in each if kind == "insert" and p.id in own)]
    claimed = claims(
        needs, held=[Held(p.id, p.owner_id, p.sku_id, p.node_id or 0, p.qty) for p in kept if p.state == "held"]
    )
    bound: dict[int, list[Bound]] = defaultdict(list)
    for each in allocate(list(claimed)):
        bound[claimed[each.reservation_id]].append(each)
    waiting = {p.owner_id for p in promises if p.state == "waiting"}
    return Covered(dict(bound), frozenset(n.line_id for n in needs if n.order_line_id in waiting))
