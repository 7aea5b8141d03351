"""Binding what orders still need to bins."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from colisage.inventory.actions.allocate import Bound, allocate
from colisage.inventory.queries import promises_of
from colisage.kit.statements import statement
from colisage.picking.rules import Held, Need, claims


@dataclass(frozen=True, slots=True)
class Progress:
    """A fulfilment line on the floor: units wanted, taken, and still to be taken by open tasks."""

    fulfillment_order_id: int
    line_id: int
    order_line_id: int | None
    sku_id: int
    reservation_id: int | None
    wanted: int
    taken: int
    coming: int

    @property
    def lacking(self) -> int:
        """Give the units that nobody has taken or is on the way to."""
        return self.wanted - self.taken - self.coming

    def need(self, node_id: int) -> Need:
        """Give what lacks, for the rule that shares out promises."""
        return Need(self.line_id, self.order_line_id, self.sku_id, node_id, self.lacking, self.reservation_id)


def progress_of(fulfillment_order_ids: Sequence[int]) -> list[Progress]:
    """Give the lines of fulfilment orders with what the floor has done for them, in one statement."""
    with connection.cursor() as db:
        db.execute(statement("picking", "progress"), [list(fulfillment_order_ids)])
        return [Progress(*row) for row in db.fetchall()]


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
    promises = [
        p for m, ids in sorted(owners.items()) for p in promises_of(m, owner_kind="order_line", owner_ids=ids)
    ]
    claimed = claims(
        needs,
        held=[Held(p.id, p.owner_id, p.sku_id, p.node_id or 0, p.qty) for p in promises if p.state == "held"],
    )
    bound: dict[int, list[Bound]] = defaultdict(list)
    for each in allocate(list(claimed)):
        bound[claimed[each.reservation_id]].append(each)
    waiting = {p.owner_id for p in promises if p.state == "waiting"}
    return Covered(dict(bound), frozenset(n.line_id for n in needs if n.order_line_id in waiting))
