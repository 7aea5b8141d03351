"""What happens to the goods of the shop: they come, go, lie elsewhere, break and are counted."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from colisage.inventory.actions.arrive_units import Arriving, arrive_units
from colisage.inventory.actions.assemble_kits import assemble_kits
from colisage.inventory.actions.change_condition import change_condition
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.decide_count import decide_count
from colisage.inventory.actions.disassemble_kits import disassemble_kits
from colisage.inventory.actions.finish_count import finish_count
from colisage.inventory.actions.leave_count import leave_count
from colisage.inventory.actions.move_plates import move_plates
from colisage.inventory.actions.move_stock import Shift, move_stock
from colisage.inventory.actions.note_units import note_units
from colisage.inventory.actions.send_units import send_units
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.actions.start_count import start_count
from colisage.inventory.models import CountTask, Lot
from colisage.kit.actors import SYSTEM, Actor
from tests.books import virtual
from tests.inventory.model_of_books import CannotBe, Pile, Way
from tests.inventory.shop_on_paper import PILES, UNITS, Shop


class Goods(Shop):
    """Receivers, counters and lorries."""

    @rule(n=PILES, units=UNITS, what=st.sampled_from(["mug", "card", "lot", "serial"]))
    def arrive(self, n: int, units: int, what: str) -> None:
        sku, lot = (self.card if what == "card" else self.mug), {"lot": self.lot, "serial": self.serial}.get(what)
        pile: Pile = (sku, self.bins[n % len(self.bins)], lot, None, "sellable")
        units = 1 if what == "serial" else units
        self._carry(None, units, to=pile, paper=lambda: self.paper.arrive(pile, units))

    @rule(n=PILES, units=UNITS)
    def come_back(self, n: int, units: int) -> None:
        """A customer returns units; those that are good go back to a bin."""
        node = self.nodes[n % 2]
        table: Pile = (self.card, self._at(node, "returns"), None, None, "returned")
        shelf: Pile = (self.card, self.bins[0 if node == self.nodes[0] else 3], None, None, "sellable")
        self._carry(None, units, to=table, paper=lambda: self.paper.move([(None, table, units)]))
        if n % 3:
            self._carry(table, units, to=shelf, paper=lambda: self.paper.move([(table, shelf, units)]))

    @rule(n=PILES, counted=st.sampled_from([0, 1, 2, 3, 5, 8, 13, 21]))
    def correct(self, n: int, counted: int) -> None:
        found = self._one(n)
        if found:
            self._correct(found[1], counted)

    @precondition(lambda books: len(books.counting) < 2)
    @rule(n=PILES)
    def begin_a_count(self, n: int) -> None:
        """From here on nothing moves in the bin until the count ends."""
        found = self._one(n, sellable=True)
        if found and found[1][1] not in self.counting:
            place, operator = found[1][1], self.operators[found[0].node_id or 0]
            asked = count_bins(operator, node_id=found[0].node_id or 0, bins=[(place, "hand")], actor=SYSTEM)
            task = CountTask.objects.get(count=asked).pk
            start_count(operator, task_id=task, actor=self._counter(task, 1))
            self.counting[place] = task
            self.paper.frozen.add(place)

    @staticmethod
    def _counter(task: int, number: int) -> Actor:
        return Actor(kind="service", id=None, name=f"counter {task}-{number}")

    @precondition(lambda books: books.counting)
    @rule(n=PILES, by=st.integers(-5, 5), wrong=PILES, left=st.booleans())
    def end_a_count(self, n: int, by: int, wrong: int, left: bool) -> None:  # noqa: FBT001
        """Leave it, or find some units more or fewer of one sort; another counts the same, a manager approves."""
        place = sorted(self.counting)[n % len(self.counting)]
        task, operator = self.counting.pop(place), self.operators[self.paper.places[place][0]]
        if left:
            leave_count(operator, task_id=task, actor=SYSTEM)
            CountTask.objects.filter(pk=task).update(state="cancelled")
        piles = [pile for pile, units in sorted(self.paper.piles.items(), key=str) if units and pile[1] == place]
        loose = [pile for pile in piles if [p[:3] + p[4:] for p in piles].count(pile[:3] + pile[4:]) == 1]
        odd = loose[wrong % len(loose)] if loose and not left else None
        truth = {pile: self.paper.piles[pile] for pile in piles}
        if odd:
            truth[odd] = max(0, truth[odd] + (min(by, 0) if odd[2] == self.serial or odd[3] else by))
        if not left:
            self._count(operator, task, truth=truth)
        self.paper.frozen.discard(place)
        if odd:
            self.paper.correct(odd, truth[odd])

    def _count(self, operator: int, task: int, *, truth: dict[Pile, int]) -> None:
        codes = dict(Lot.objects.filter(pk__in=[self.lot, self.serial]).values_list("pk", "code"))
        state, number = "recount", 0
        while state == "recount":
            number += 1
            actor = self._counter(task, number)
            begun = start_count(operator, task_id=task, actor=actor)
            for pile, units in truth.items():
                if units:
                    note_units(
                        operator, round_id=begun, merchant_ids=[self.world.tilleul.pk], sku_id=pile[0], units=units,
                        actor=actor, lot=codes.get(pile[2] or 0, ""),
                        condition="sellable" if pile[4] in {"held", "expired"} else pile[4],
                    )  # fmt: skip
            state = finish_count(operator, round_id=begun, actor=actor, empty=True)
        if state == "counted":
            decide_count(operator, task_id=task, decision="approve", actor=SYSTEM)

    @rule(n=PILES, to=PILES, units=UNITS, onto=st.booleans())
    def carry(self, n: int, to: int, units: int, onto: bool) -> None:  # noqa: FBT001
        """Carry units to another bin of their node, off the plate they lie on, or onto the plate where it stands."""
        found = self._one(n, sellable=True)
        if found is None:
            return
        cell, pile = found
        node = self.nodes.index(self.paper.node(pile))
        stands = {p[1] for p, _qty in self._on_the_plate()}
        place = (next(iter(stands), pile[1])) if onto else self.bins[3 * node + to % 3]
        target: Pile = (pile[0], place, pile[2], self.plate if onto else None, pile[4])
        if target != pile and self.paper.node(target) == self.paper.node(pile):
            shift = Shift(cell.pk, units, place_id=place, plate_id=target[3])
            self._both(lambda: self._shift(shift), lambda: self.paper.move([(pile, self._lying(target), units)]))

    def _lying(self, pile: Pile) -> Pile:
        return (*pile[:4], self.paper.lies(pile[2])) if self.paper.sold_from(pile) else pile

    def _shift(self, shift: Shift) -> None:
        move_stock(
            [self.world.tilleul.pk], node_ids=self.nodes, shifts=[shift], document=next(self.documents), actor=SYSTEM
        )

    @precondition(lambda books: books._on_the_plate())
    @rule(to=PILES)
    def move_the_plate(self, to: int) -> None:
        """Move the plate with all that lies on it, at once."""
        laden = self._on_the_plate()
        node = self.nodes.index(self.paper.node(laden[0][0]))
        place = self.bins[3 * node + to % 3]
        ways: list[Way] = [(pile, self._lying((pile[0], place, *pile[2:])), n) for pile, n in laden]
        if place != laden[0][0][1]:
            facts: dict[str, Any] = {
                "node_ids": self.nodes,
                "plate_ids": [self.plate],
            }
            self._both(
                lambda: move_plates(
                    [self.world.tilleul.pk], place_id=place, document=next(self.documents), actor=SYSTEM, **facts
                ),
                lambda: self._move_unbound(ways),
            )

    def _on_the_plate(self) -> list[tuple[Pile, int]]:
        return [(pile, n) for pile, n in sorted(self.paper.piles.items(), key=str) if pile[3] and n]

    def _move_unbound(self, ways: Sequence[Way]) -> None:
        if any(self.paper.bound(pile) for pile, _to, _n in ways if pile):
            raise CannotBe
        self.paper.move(ways)

    @rule(n=PILES, units=UNITS)
    def spoil(self, n: int, units: int) -> None:
        """Units turn out to be damaged, whoever was to fetch them."""
        found = self._one(n, sellable=True)
        if found:
            cell, pile = found
            units = min(units, cell.qty)
            facts: dict[str, Any] = {
                "changes": [(cell.pk, units)],
                "condition": "damaged",
                "reason": "test",
            }
            self._both(
                lambda: change_condition([self.world.tilleul.pk], document=next(self.documents), actor=SYSTEM, **facts),
                lambda: self.paper.lose(pile, units, to=(*pile[:4], "damaged")),
            )

    @rule(status=st.sampled_from(["approved", "quarantined", "recalled"]))
    def set_lot(self, status: str) -> None:
        set_lot_status(
            self.world.tilleul.pk, lot_ids=[self.lot], status=status, reason="test", actor=SYSTEM, by_manager=True
        )
        self.paper.set_lot(self.lot, status)

    @rule(units=UNITS, mug=st.booleans(), lyon=st.booleans())
    def send(self, units: int, mug: bool, lyon: bool) -> None:  # noqa: FBT001
        """Send units to the other node; which of the free ones is the product's choice."""
        sku, here, there = (self.mug if mug else self.card), self.nodes[not lyon], self.nodes[lyon]
        before = {self._pile(c): c.qty for c in self._cells()}

        def on_paper() -> None:
            after = {self._pile(c): c.qty for c in self._cells()}
            takes = [(pile, n - after[pile]) for pile, n in before.items() if n > after[pile]]
            if sum(n for _pile, n in takes) != units:  # nothing was sent: there must be a reason
                free = sum(self.paper.spare(p) for p in self._fetchable(sku, here))
                assert min(free, self.paper.free(sku, here)) < units
                raise CannotBe
            self.paper.send(sku, takes, self.ways[there])

        self._both(
            lambda: send_units(
                self.world.tilleul.pk, [(sku, units)], node_id=here, transit_id=self.ways[there],
                document_id=next(self.documents), actor=SYSTEM,
            ),
            on_paper,
        )  # fmt: skip

    def _fetchable(self, sku: int, node: int) -> list[Pile]:
        return [p for p in self.paper.piles if (p[0], self.paper.node(p)) == (sku, node) and self.paper.fetched_from(p)]

    def _under_way(self) -> list[Pile]:
        return [p for p, qty in sorted(self.paper.piles.items(), key=str) if qty and p[1] in self.ways.values()]

    @precondition(lambda books: books._under_way())
    @rule(n=PILES, units=UNITS, to=PILES, lost=st.booleans())
    def end_the_way(self, n: int, units: int, to: int, lost: bool) -> None:  # noqa: FBT001
        """Units that were sent arrive, or are lost on the way."""
        under_way = self._under_way()
        pile = under_way[n % len(under_way)]
        home = self.nodes.index(self.paper.node(pile))
        place = self.bins[3 * home + to % 3]
        bin_: Pile = (pile[0], place, pile[2], None, "sellable")
        one = Arriving(
            sku_id=pile[0], qty=units, lot_id=pile[2], owner_id=None, doc_kind="transfer", doc_id=next(self.documents),
            place_id=virtual("loss").place_id if lost else place,
        )  # fmt: skip
        self._both(
            lambda: arrive_units(self.world.tilleul.pk, [one], transit_id=pile[1], actor=SYSTEM),
            lambda: self.paper.move([(pile, None if lost else self._lying(bin_), units)]),
        )

    @rule(kits=st.integers(1, 4), n=PILES, other=PILES)
    def assemble(self, kits: int, n: int, other: int) -> None:
        """Make kits from one cell of mugs and one of cards."""
        node = self.nodes[n % 2]
        home = self.bins[3 * (n % 2)]
        cells = [c for c in self._cells() if c.sellable and c.qty and c.node_id == node]
        mugs, cards = ([c for c in cells if c.sku_id == sku] for sku in (self.mug, self.card))
        if not mugs or not cards:
            return
        parts = [(mugs[other % len(mugs)], kits), (cards[other % len(cards)], 2 * kits)]

        def on_paper() -> None:
            for cell, units in parts:
                pile = self._pile(cell)
                if not self.paper.fetched_from(pile) or self.paper.free(cell.sku_id, node) < units:
                    raise CannotBe
            made: Pile = (self.kit, home, None, None, "sellable")
            self.paper.move([*((self._pile(c), None, units) for c, units in parts), (None, made, kits)])

        self._both(
            lambda: assemble_kits(
                self.world.tilleul.pk, node_id=node, sku_id=self.kit, qty=kits, place_id=home, once=uuid4(),
                actor=SYSTEM, chosen={cell.pk: units for cell, units in parts},
            ),
            on_paper,
        )  # fmt: skip

    @precondition(lambda books: any(n and pile[0] == books.kit for pile, n in books.paper.piles.items()))
    @rule(kits=st.integers(1, 4), lyon=st.booleans())
    def take_apart(self, kits: int, lyon: bool) -> None:  # noqa: FBT001
        """Kits lie in one bin of each node; what was in them comes back without a lot."""
        node, home = self.nodes[not lyon], self.bins[3 * (not lyon)]
        source: Pile = (self.kit, home, None, None, "sellable")
        back = [(None, (sku, home, None, None, "sellable"), n * kits) for sku, n in ((self.mug, 1), (self.card, 2))]
        self._both(
            lambda: disassemble_kits(
                self.world.tilleul.pk, node_id=node, sku_id=self.kit, qty=kits, place_id=home, once=uuid4(),
                actor=SYSTEM,
            ),
            lambda: self.paper.move([(source, None, kits), *back]),
        )  # fmt: skip
