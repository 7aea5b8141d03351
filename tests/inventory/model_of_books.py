"""The books as a person would keep them on paper: a witness that shares no code with the product.

Places are (node, kind); a pile is (SKU, place, lot, plate, condition). Nothing here knows the database. Promises and
bindings are known by their numbers, so that a page can be torn out and the one before it laid down again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

Pile = tuple[int, int, int | None, int | None, str]
Way = tuple[Pile | None, Pile | None, int]  # from, to (None is outside the house), units
OPEN = ("held", "waiting")
LIES = {"approved": "sellable", "quarantined": "held", "recalled": "held", "expired": "expired"}


class CannotBe(Exception):  # noqa: N818 -- an answer
    """What paper does not allow."""


@dataclass(frozen=True)
class Line:
    """What one owner wants: (SKU, units of each set), so many sets; of several SKUs it is a bundle."""

    owner: int
    sets: int
    parts: tuple[tuple[int, int], ...]


@dataclass
class Promise:
    """Units promised to an owner; written down by `turn`, asked for by `since`."""

    turn: int
    since: int
    owner: int
    sku: int
    node: int
    units: int
    state: str


@dataclass
class Binding:
    """Units of a promise, known by its number, bound to a pile."""

    promise: int
    pile: Pile
    units: int


@dataclass
class Paper:
    """The books."""

    places: Mapping[int, tuple[int, str]]  # place: node, kind
    piles: Counter[Pile] = field(default_factory=Counter)
    promises: dict[int, Promise] = field(default_factory=dict)  # by number
    bindings: dict[int, Binding] = field(default_factory=dict)  # by number, the last made has the highest
    lots: dict[int, str] = field(default_factory=dict)  # lot: status
    serials: set[int] = field(default_factory=set)
    frozen: set[int] = field(default_factory=set)  # bins that are being counted
    moment: int = 0

    # What the paper says

    def node(self, pile: Pile) -> int:
        """Give the node at which a pile lies."""
        return self.places[pile[1]][0]

    def sold_from(self, pile: Pile) -> bool:
        """Say whether units of a pile can be promised."""
        return self.places[pile[1]][1] == "bin" and pile[4] == "sellable"

    def sellable(self, sku: int, node: int) -> int:
        """Give the units of a SKU that a node can promise."""
        return sum(n for p, n in self.piles.items() if p[0] == sku and self.node(p) == node and self.sold_from(p))

    def held(self, sku: int, node: int) -> int:
        """Give the units of a SKU that a node has promised."""
        return sum(p.units for p in self.promises.values() if (p.sku, p.node, p.state) == (sku, node, "held"))

    def free(self, sku: int, node: int) -> int:
        """Give the units of a SKU that may still be promised."""
        return self.sellable(sku, node) - self.held(sku, node)

    def bound(self, pile: Pile) -> int:
        """Give the units of a pile that are bound to pickers."""
        return sum(b.units for b in self.bindings.values() if b.pile == pile)

    def spare(self, pile: Pile) -> int:
        """Give the units of a pile that are bound to nobody."""
        return self.piles[pile] - self.bound(pile)

    def unbound(self, number: int) -> int:
        """Give the units of a promise that are bound to no pile."""
        return self.promises[number].units - sum(b.units for b in self.bindings.values() if b.promise == number)

    def fetched_from(self, pile: Pile) -> bool:
        """Say whether pickers are sent to a pile: not while its bin is counted, nor when its lot is held back."""
        return self.sold_from(pile) and pile[1] not in self.frozen and self.lies(pile[2]) == "sellable"

    def lies(self, lot: int | None) -> str:
        """Give the condition in which good units of a lot lie."""
        return LIES[self.lots.get(lot or 0, "approved")]

    # What happens

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Lay the page before down again when something cannot be."""
        kept = deepcopy((self.piles, self.promises, self.bindings))
        try:
            yield
        except CannotBe:
            self.piles, self.promises, self.bindings = kept
            raise

    def _split(self, promise: Promise, units: int, **changes: Any) -> None:
        """Write part of a promise down as one of its own, which keeps its time; or change all of it."""
        if units == promise.units:
            for name, value in changes.items():
                setattr(promise, name, value)
        else:
            promise.units -= units
            number = len(self.promises) + 1
            self.promises[number] = replace(promise, turn=number, units=units, **changes)

    def hold(self, lines: Sequence[Line], nodes: Sequence[int], *, may_wait: bool) -> bool:
        """Promise all lines at the first node that has everything, else set by set from where there is some."""
        self.moment += 1
        needed = Counter[int]()
        for line in lines:
            for sku, units in line.parts:
                needed[sku] += line.sets * units
        for node in nodes:
            if all(self.free(sku, node) >= units for sku, units in needed.items()):
                for line in lines:
                    self._write(line, node, line.sets, "held")
                return True
        try:
            with self.all_or_nothing():
                for line in lines:
                    self._from_anywhere(line, nodes, may_wait=may_wait)
        except CannotBe:
            return False
        return True

    def _from_anywhere(self, line: Line, nodes: Sequence[int], *, may_wait: bool) -> None:
        left = line.sets
        for node in nodes:
            there = min(left, *(self.free(sku, node) // units for sku, units in line.parts))
            if there > 0:
                self._write(line, node, there, "held")
                left -= there
        if left and not may_wait:
            raise CannotBe
        if left:
            self._write(line, nodes[0], left, "waiting")

    def _write(self, line: Line, node: int, sets: int, state: str) -> None:
        for sku, units in line.parts:
            number = len(self.promises) + 1
            self.promises[number] = Promise(number, self.moment, line.owner, sku, node, sets * units, state)

    def give_back(self, owners: Sequence[int]) -> None:
        """End what is promised to owners and not picked yet."""
        for number, promise in self.promises.items():
            if promise.owner in owners and promise.state in OPEN:
                promise.state = "released"
                self._unbind(number)

    def _unbind(self, promise: int, *, kept: int = 0) -> None:
        """End bindings of a promise, the last made first, each as a whole, until no more is bound than is kept."""
        for number in sorted((k for k, b in self.bindings.items() if b.promise == promise), reverse=True):
            if self.promises[promise].units - self.unbound(promise) > kept:
                del self.bindings[number]

    def move(self, ways: Sequence[Way]) -> None:
        """Carry units that are bound to nobody, all or nothing; the last promises give way to what disappears."""
        net = Counter[Pile]()
        for source, target, units in ways:
            if source:
                net[source] -= units
            if target:
                net[target] += units
        with self.all_or_nothing():
            self.piles.update(net)
            for sku, node in sorted({(pile[0], self.node(pile)) for pile in net}):
                self._give_way(sku, node)
            if any(self.spare(pile) < 0 for pile in net):
                raise CannotBe
            if any(pile[1] in self.frozen for pile in net):
                raise CannotBe
            if any(sum(n for pile, n in self.piles.items() if pile[2] == lot) > 1 for lot in self.serials):
                raise CannotBe

    def _give_way(self, sku: int, node: int) -> None:
        """Turn the promises made last into owed ones until no more is held than there is."""
        excess = self.held(sku, node) - self.sellable(sku, node)
        here = [k for k, p in self.promises.items() if (p.sku, p.node, p.state) == (sku, node, "held")]
        for number in sorted(here, key=lambda k: -self.promises[k].turn):
            promise = self.promises[number]
            units = min(max(excess, 0), promise.units)
            if not units:
                return
            excess -= units
            self._unbind(number, kept=promise.units - units)
            self._split(promise, units, state="waiting")

    def lose(self, pile: Pile, units: int, *, to: Pile | None = None) -> None:
        """Believe that units do not lie there (but there): who was to fetch them is not, the last sent first."""
        excess = units - self.spare(pile)
        with self.all_or_nothing():
            for number, binding in sorted(self.bindings.items(), reverse=True):
                if binding.pile == pile and excess > 0:
                    excess -= binding.units
                    del self.bindings[number]
            self.move([(pile, to, units)])

    def correct(self, pile: Pile, counted: int) -> None:
        """Believe that so many units lie there."""
        change = counted - self.piles[pile]
        if change < 0:
            self.lose(pile, -change)
        elif change > 0:
            self.move([(None, pile, change)])

    def arrive(self, pile: Pile, units: int) -> None:
        """Bring units in; those of a lot that is held back lie held back."""
        if self.sold_from(pile):
            pile = (*pile[:4], self.lies(pile[2]))
        self.move([(None, pile, units)])

    def send(self, sku: int, takes: Sequence[tuple[Pile, int]], way: int) -> None:
        """Send units that are free, and promised to nobody, on their way to another node."""
        for pile, units in takes:
            if not self.fetched_from(pile) or units > self.spare(pile):
                raise CannotBe
        if sum(units for _pile, units in takes) > self.free(sku, self.node(takes[0][0])):
            raise CannotBe
        self.move([(pile, (sku, way, pile[2], None, "sellable"), units) for pile, units in takes])

    def bind(self, number: int, promise: int, pile: Pile, units: int) -> None:
        """Bind units of a pile to a promise."""
        wanted = self.promises[promise]
        if not self.fetched_from(pile) or (self.node(pile), wanted.state) != (wanted.node, "held"):
            raise CannotBe
        if pile[0] != wanted.sku or units > min(self.spare(pile), self.unbound(promise)):
            raise CannotBe
        self.bindings[number] = Binding(promise, pile, units)

    def pick(self, number: int, units: int, *, bench: int) -> None:
        """Take units of a binding to the bench; what was bound beyond them becomes free."""
        with self.all_or_nothing():
            binding = self.bindings.pop(number)
            if not units:
                return
            promise, pile = self.promises[binding.promise], binding.pile
            self._split(promise, units, state="picked")
            self.move([(pile, (pile[0], bench, pile[2], None, "sellable"), units)])

    def relocate(self, asked: Mapping[int, int], node: int, *, sets: int) -> None:
        """Promise units at another node instead, when they are free there and not bound here: so many of each promise
        of one owner, known by number. Of a bundle of so many sets, whole ones go, or none."""
        try:
            with self.all_or_nothing():
                for number, units in asked.items():
                    self._put(
                        self.promises[number], node, units, bound=self.unbound(number) < self.promises[number].units
                    )
                self._refuse_torn(self.promises[next(iter(asked))].owner, sets)
        except CannotBe:
            return

    def _put(self, promise: Promise, node: int, units: int, *, bound: bool) -> None:
        if bound:
            raise CannotBe
        if (promise.state, promise.node) != ("held", node):
            if self.free(promise.sku, node) < units:
                raise CannotBe
            self._split(promise, units, node=node, state="held")

    def _refuse_torn(self, owner: int, sets: int) -> None:
        stand = Counter[tuple[int, int]]()
        for promise in self.promises.values():
            if promise.owner == owner and promise.state in {*OPEN, "picked"}:
                stand[promise.node, promise.sku] += promise.units
        whole = {sku: sum(n for (_node, one), n in stand.items() if one == sku) for _node, sku in stand}
        for node in {node for node, _sku in stand} if len(whole) > 1 else ():
            shares = {(stand[node, sku] * sets, units) for sku, units in whole.items()}
            if len({n / units for n, units in shares}) > 1 or any(n % units for n, units in shares):
                raise CannotBe

    def serve(self) -> None:
        """Promise what is owed where units are free: first come, nobody overtakes; what one owner is owed of several
        SKUs is served together, in the turn of the first."""
        stopped: set[tuple[int, int]] = set()
        seen: set[int] = set()
        waiting = sorted((p for p in self.promises.values() if p.state == "waiting"), key=lambda p: (p.since, p.turn))
        for first in waiting:
            group = [p for p in waiting if p.owner == first.owner]
            if len({p.sku for p in group}) == 1:
                group = [first]
            elif first.owner in seen:
                continue
            seen.add(first.owner)
            needed = Counter[tuple[int, int]]()
            lacking = []
            for promise in group:
                key = (promise.sku, promise.node)
                if key in stopped or self.free(*key) - needed[key] < promise.units:
                    lacking.append(key)
                else:
                    needed[key] += promise.units
            if lacking:
                stopped.update(lacking)
            else:
                for promise in group:
                    promise.state = "held"

    def leave(self, node: int) -> None:
        """Hand over what was picked at a node."""
        for promise in self.promises.values():
            if (promise.node, promise.state) == (node, "picked"):
                promise.state = "consumed"

    def set_lot(self, lot: int, status: str) -> None:
        """Hold a lot back, or free it: its good units lie as it says, also in a bin that is counted."""
        self.lots[lot] = status
        lies = self.lies(lot)
        turned = [
            (pile, (*pile[:4], lies), n) for pile, n in self.piles.items()
            if n and pile[2] == lot and pile[4] in {*LIES.values()} - {lies}
            and self.places[pile[1]][1] == "bin"
        ]  # fmt: skip
        gone = {pile for pile, _, _ in turned}
        self.bindings = {k: b for k, b in self.bindings.items() if b.pile not in gone}
        counted, self.frozen = self.frozen, set()
        self.move(turned)
        self.frozen = counted
