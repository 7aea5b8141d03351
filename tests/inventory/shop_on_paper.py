"""A small shop whose books are kept twice: by the product, and on paper. Two modules say what happens in it."""

from collections.abc import Callable
from itertools import count
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)

from colisage.catalog.models import Component, Sku
from colisage.inventory.actions.adjust_stock import adjust_stock
from colisage.inventory.actions.post_movements import Spot, post_movements
from colisage.inventory.checks import differences
from colisage.inventory.models import Availability, LicensePlate, Lot, Reservation, StockCell
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import Refused
from colisage.network.actions.open_transit import open_transit
from colisage.network.models import Place
from tests.books import move, virtual
from tests.cast import World
from tests.inventory.model_of_books import CannotBe, Paper, Pile

UNITS = st.integers(1, 9)
PILES = st.integers(0, 10_000)
Check = Callable[[Any], bool]


def promised(*states: str) -> Check:
    """There is a promise in one of these states: what needs one is not tried in vain."""
    return lambda books: any(p.state in states for p in books.paper.promises.values())


class Shop(RuleBasedStateMachine):
    """A shop with two nodes, a lot, a serial number, a plate, a bundle and a kit; `paper` is the model of it."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.day = transaction.atomic()
        self.day.__enter__()
        world = self.world
        self.owners, self.documents = count(1), count(1)
        self.mug, self.card = world.sku("MUG").pk, world.sku("CARTE").pk
        self.kit = Sku.objects.create(merchant=world.tilleul, code="PANIER", name="Panier", kind="kit").pk
        for sku, units in ((self.mug, 1), (self.card, 2)):
            Component.objects.create(merchant=world.tilleul, parent_id=self.kit, sku_id=sku, quantity=units)
        self.lot = Lot.objects.create(merchant=world.tilleul, sku_id=self.mug, code="L1").pk
        self.serial = Lot.objects.create(merchant=world.tilleul, sku_id=self.mug, code="S1", is_serial=True).pk
        self.plate = LicensePlate.objects.create(merchant=world.tilleul, code="LPN-1").pk
        self.nodes = [world.lyon.pk, world.montreal.pk]
        self.operators = {world.lyon.pk: world.nord.pk, world.montreal.pk: world.boreal.pk}
        self.ways = {node: open_transit(node) for node in self.nodes}
        self.bins = [bin_.pk for node in (world.lyon, world.montreal) for bin_ in world.bins(node)[5:8]]
        places = Place.objects.filter(node__in=self.nodes)
        self.paper = Paper({pk: (node, kind) for pk, node, kind in places.values_list("pk", "node_id", "kind")})
        self.paper.lots, self.paper.serials = {self.lot: "approved"}, {self.serial}
        for cell in self._cells():
            self.paper.piles[self._pile(cell)] = cell.qty
        self.mirror: dict[int, int] = {}  # the number of the promise on paper of each reservation
        self.orders: list[list[int]] = []  # the owners of each order
        self.sets: dict[int, int] = {}  # how many sets each owner ordered
        self.counting: dict[int, int] = {}  # the task that counts each frozen bin

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.day.__exit__(None, None, None)

    def _cells(self) -> list[StockCell]:
        return list(StockCell.objects.filter(sku__in=[self.mug, self.card, self.kit], kept=True).order_by("pk"))

    @staticmethod
    def _pile(cell: StockCell) -> Pile:
        return (cell.sku_id, cell.place_id, cell.lot_id, cell.plate_id, cell.condition)

    @staticmethod
    def _spot(pile: Pile) -> Spot:
        return Spot(place_id=pile[1], lot_id=pile[2], plate_id=pile[3], condition=pile[4])

    def _one(self, n: int, *, sellable: bool = False) -> tuple[StockCell, Pile] | None:
        cells = [c for c in self._cells() if c.qty and (c.sellable or not sellable)]
        return (cells[n % len(cells)], self._pile(cells[n % len(cells)])) if cells else None

    def _at(self, node: int, kind: str) -> int:
        return next(place for place, facts in sorted(self.paper.places.items()) if facts == (node, kind))

    def _both(self, product: Callable[[], Any], paper: Callable[[], Any]) -> bool:
        """Do the same to the product and to the paper; both refuse it, or none. Says whether it was done."""
        refused = None
        try:
            with transaction.atomic():
                product()
        except Refused as refusal:
            refused = refusal
        try:
            paper()
        except CannotBe:
            assert refused is not None, "paper refuses what the product did"
        else:
            assert refused is None, f"the product refuses what paper allows: {refused!r}"
        return refused is None

    def _carry(self, pile: Pile | None, units: int, *, to: Pile | None, paper: Callable[[], Any]) -> None:
        there = {"source": virtual("found"), "target": virtual("loss")}
        there |= {"source": self._spot(pile)} if pile else {}
        there |= {"target": self._spot(to)} if to else {}
        one = move(Sku.objects.get(pk=(pile or to or (0,))[0]), units, **there)
        self._both(lambda: post_movements([one], actor=SYSTEM), paper)

    def _match(self) -> None:
        """Give each new reservation its promise on paper. Who of one moment came first is the product's to say."""
        known = set(self.mirror.values())
        for row in Reservation.objects.exclude(pk__in=self.mirror).order_by("pk"):
            alike = [
                number for number, p in self.paper.promises.items()
                if number not in known
                and (p.owner, p.sku, p.node) == (row.owner_id, row.sku_id, row.node_id)
                and (p.units, p.state) == (row.qty, row.state)
            ]  # fmt: skip
            assert alike, f"nobody promised {row.owner_id} {row.qty} of {row.sku_id}, {row.state}"
            self.mirror[row.pk] = alike[0]
            self.paper.promises[alike[0]].turn = row.pk
            known.add(alike[0])

    def _reservations(self, *states: str) -> list[int]:
        return [pk for pk, number in sorted(self.mirror.items()) if self.paper.promises[number].state in states]

    def _correct(self, pile: Pile, counted: int) -> None:
        cell = next(c for c in self._cells() if self._pile(c) == pile)
        facts: dict[str, Any] = {"cell_id": cell.pk, "counted": counted, "reason": "correction", "actor": SYSTEM}
        self._both(lambda: adjust_stock(self.world.tilleul.pk, **facts), lambda: self.paper.correct(pile, counted))

    # What is looked at after every step

    @invariant()
    def the_books_are_those_on_paper(self) -> None:
        self._match()
        paper = self.paper
        cells = self._cells()
        assert {self._pile(c): c.qty for c in cells if c.qty} == {pile: n for pile, n in paper.piles.items() if n}
        assert {self._pile(c): c.allocated for c in cells if c.allocated} == {
            pile: n for pile in paper.piles if (n := paper.bound(pile))
        }
        rows = Reservation.objects.values_list("pk", "owner_id", "sku_id", "node_id", "qty", "state")
        assert {row[0]: row[1:] for row in rows} == {
            pk: (p.owner, p.sku, p.node, p.units, p.state)
            for pk, p in ((pk, paper.promises[number]) for pk, number in self.mirror.items())
        }
        assert len(self.mirror) == len(paper.promises)
        stood = Availability.objects.filter(sku__in=[self.mug, self.card, self.kit])
        for sku, node, sellable, reserved in stood.values_list("sku_id", "node_id", "sellable", "reserved"):
            assert (sellable, reserved) == (paper.sellable(sku, node), paper.held(sku, node))

    @invariant()
    def the_books_balance(self) -> None:
        assert differences() == []
