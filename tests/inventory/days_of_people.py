"""What people do in the shop: they buy, cancel, pick and hand over."""

from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
)

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.consume import consume
from colisage.inventory.actions.move_reservations import Relocation, move_reservations
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.release import release
from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.actions.serve_waiting import serve_waiting
from colisage.inventory.models import Availability
from colisage.kit.actors import SYSTEM
from tests.inventory.model_of_books import Line
from tests.inventory.shop_on_paper import PILES, UNITS, Shop, promised


class People(Shop):
    """Orders and pickers."""

    @initialize(units=st.lists(st.integers(1, 9), min_size=5, max_size=5), bound=st.booleans())
    def open(self, units: list[int], bound: bool) -> None:  # noqa: FBT001
        """The shop has sold something when the day begins, and pickers may be under way."""
        for n, what in zip(units, ("mug", "card", "both", "bundle", "card"), strict=True):
            self.sell(n, what, lyon=True, both=True, may_wait=True)
        self._match()
        if bound:
            self.bind(4, 0)

    @rule(
        units=st.integers(1, 14),
        what=st.sampled_from(["mug", "card", "bundle", "both"]),
        lyon=st.booleans(),
        both=st.booleans(),
        may_wait=st.booleans(),
    )
    def sell(self, units: int, what: str, lyon: bool, both: bool, may_wait: bool) -> None:  # noqa: FBT001 -- Hypothesis names them
        """Two lines of an order may share a component."""
        bundle = ((self.mug, 1), (self.card, 2))
        kinds: dict[str, list[tuple[int, tuple[tuple[int, int], ...]]]] = {
            "mug": [(units, ((self.mug, 1),))],
            "card": [(units, ((self.card, 1),))],
            "bundle": [(units, bundle)],
            "both": [(1, bundle), (units, ((self.card, 1),))],
        }
        lines = [Line(next(self.owners), sets, parts) for sets, parts in kinds[what]]
        nodes = tuple(self.nodes if lyon else reversed(self.nodes))[: 1 + both]
        demand = Demand(
            self.world.tilleul.pk,
            "order_line",
            tuple((line.owner, sku, line.sets * n) for line in lines for sku, n in line.parts),
            may_wait=may_wait,
            nodes=nodes,
            bundles={line.owner: line.sets for line in lines if len(line.parts) > 1},
        )
        (placed,) = reserve([demand])
        self.orders.append([line.owner for line in lines])
        self.sets |= {line.owner: line.sets for line in lines}
        assert (placed is not None) == self.paper.hold(lines, nodes, may_wait=may_wait)

    @precondition(promised("held", "waiting"))
    @rule(n=PILES, whole=st.booleans(), twice=st.booleans())
    def cancel(self, n: int, whole: bool, twice: bool) -> None:  # noqa: FBT001
        """Cancel an order, or its first line; saying so twice changes nothing."""
        alive = {p.owner for p in self.paper.promises.values() if p.state in {"held", "waiting"}}
        orders = [order for order in self.orders if alive & {*order}]
        owners = orders[n % len(orders)][: None if whole else 1]
        for _ in range(1 + twice):
            release("order_line", owner_ids=owners)
        self.paper.give_back(owners)

    @precondition(promised("held"))
    @rule(most=st.integers(1, 9), n=PILES)
    def bind(self, most: int, n: int) -> None:
        held = self._reservations("held")
        chosen = held[n % len(held) :][:most]
        cells = {cell.pk: self._pile(cell) for cell in self._cells()}
        for one in allocate(chosen):
            self.paper.bind(one.allocation_id, self.mirror[one.reservation_id], cells[one.cell_id], one.qty)
        for number in (self.mirror[pk] for pk in chosen):
            promise = self.paper.promises[number]
            left = [
                pile for pile in self.paper.piles
                if pile[0] == promise.sku and self.paper.node(pile) == promise.node
                and self.paper.fetched_from(pile) and self.paper.spare(pile)
            ]  # fmt: skip
            assert not (self.paper.unbound(number) and left), "units lie free, and were not bound"

    @precondition(lambda books: books.paper.bindings)
    @rule(n=PILES, units=st.integers(0, 9), times=st.integers(1, 2), short=st.booleans())
    def pick(self, n: int, units: int, times: int, short: bool) -> None:  # noqa: FBT001
        """Pick at most so many units of a binding; a picker who finds fewer says that the bin is empty."""
        number = sorted(self.paper.bindings)[n % len(self.paper.bindings)]
        binding = self.paper.bindings[number]
        node, units = self.paper.node(binding.pile), min(units, binding.units)
        bench = self._at(node, "bench")
        one = Pick(
            allocation_id=number, qty=units, place_id=bench, doc_kind="pick", doc_id=1, doc_line=next(self.documents)
        )
        done = self._both(
            lambda: pick_units([one] * times, actor=SYSTEM), lambda: self.paper.pick(number, units, bench=bench)
        )
        if done and short and binding.units > units:
            self._correct(binding.pile, 0)

    @precondition(promised("picked"))
    @rule()
    def hand_over(self) -> None:
        for node in self.nodes:
            consume("order_line", owner_ids=[owner for order in self.orders for owner in order], node_id=node)
            self.paper.leave(node)

    @precondition(promised("waiting"))
    @rule()
    def serve(self) -> None:
        serve_waiting(list(Availability.objects.values_list("sku_id", "node_id")))
        self.paper.serve()

    @precondition(promised("held", "waiting"))
    @rule(n=PILES, units=UNITS, lyon=st.booleans())
    def relocate(self, n: int, units: int, lyon: bool) -> None:  # noqa: FBT001
        found = self._reservations("held", "waiting")
        pk, node = found[n % len(found)], self.nodes[0 if lyon else 1]
        owner = self.paper.promises[self.mirror[pk]].owner
        theirs = [one for one in found if self.paper.promises[self.mirror[one]].owner == owner]
        promises = {one: self.paper.promises[self.mirror[one]] for one in theirs}
        if len({promise.sku for promise in promises.values()}) > 1:
            asked = {one: promise.units for one, promise in promises.items()}
        else:
            asked = {pk: min(units, promises[pk].units)}
        sets = self.sets[owner]
        move_reservations([Relocation(one, node, qty) for one, qty in asked.items()], bundles={owner: sets})
        self.paper.relocate({self.mirror[one]: qty for one, qty in asked.items()}, node, sets=sets)
