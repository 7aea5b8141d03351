"""The books as a person would keep them on paper: a witness that shares no code with the product.

Places are (node, kind); a pile is (SKU, place, lot, plate, condition). Nothing here knows the database.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

Pile = tuple[int, int, int | None, int | None, str]
OPEN = ("held", "waiting")
HELD_BACK = {"quarantined": "held", "recalled": "held", "expired": "expired"}


class CannotBe(Exception):  # noqa: N818 -- an answer
    """What paper does not allow."""


@dataclass
class Promise:
    """Units promised to an owner; `n` is the order in which promises were made."""

    n: int
    owner: int
    sku: int
    node: int
    units: int
    state: str


@dataclass
class Binding:
    """Units of a promise bound to a pile, by the number of their allocation."""

    promise: Promise
    pile: Pile
    units: int


@dataclass
class Paper:
    """The books."""

    places: Mapping[int, tuple[int, str]]  # place: node, kind
    piles: Counter[Pile] = field(default_factory=Counter)
    promises: list[Promise] = field(default_factory=list)
    bindings: dict[int, Binding] = field(default_factory=dict)
    lots: dict[int, str] = field(default_factory=dict)  # lot: status
    serials: set[int] = field(default_factory=set)

    # What the paper says

    def sold_from(self, pile: Pile) -> bool:
        """Say whether units of a pile can be promised."""
        return self.places[pile[1]][1] == "bin" and pile[4] == "sellable"

    def sellable(self, sku: int, node: int) -> int:
        """Give the units of a SKU that a node can promise."""
        return sum(
            n for pile, n in self.piles.items()
            if pile[0] == sku and self.places[pile[1]][0] == node and self.sold_from(pile)
        )  # fmt: skip

    def held(self, sku: int, node: int) -> int:
        """Give the units of a SKU that a node has promised."""
        return sum(p.units for p in self.promises if (p.sku, p.node, p.state) == (sku, node, "held"))

    def free(self, sku: int, node: int) -> int:
        """Give the units of a SKU that may still be promised."""
        return self.sellable(sku, node) - self.held(sku, node)

    def bound(self, pile: Pile) -> int:
        """Give the units of a pile that are bound to pickers."""
        return sum(b.units for b in self.bindings.values() if b.pile == pile)

    # What happens

    def promise(self, owner: int, sku: int, node: int, units: int, state: str) -> Promise:
        """Write a promise down."""
        made = Promise(len(self.promises) + 1, owner, sku, node, units, state)
        self.promises.append(made)
        return made

    def hold(self, owner: int, wants: Sequence[tuple[int, int]], nodes: Sequence[int], *, may_wait: bool) -> bool:
        """Promise all wants at the first node that has everything, else from where there is some; say whether."""
        needed = Counter[int]()
        for sku, units in wants:
            needed[sku] += units
        for node in nodes:
            if all(self.free(sku, node) >= units for sku, units in needed.items()):
                for sku, units in wants:
                    self.promise(owner, sku, node, units, "held")
                return True
        if not may_wait:
            return False
        for sku, units in wants:
            left = units
            for node in nodes:
                some = min(left, max(0, self.free(sku, node)))
                if some:
                    self.promise(owner, sku, node, some, "held")
                    left -= some
            if left:
                self.promise(owner, sku, nodes[0], left, "waiting")
        return True

    def unbind(self, promise: Promise) -> None:
        """End the bindings of a promise."""
        self.bindings = {k: b for k, b in self.bindings.items() if b.promise is not promise}

    def give_back(self, owner: int) -> None:
        """End what is promised to an owner and not picked yet."""
        for promise in self.promises:
            if promise.owner == owner and promise.state in OPEN:
                promise.state = "released"
                self.unbind(promise)

    def move(self, changes: Sequence[tuple[Pile | None, Pile | None, int]]) -> None:
        """Carry units between piles (None is outside the house), all or nothing; the last promises give way."""
        kept = deepcopy((self.piles, self.promises, self.bindings))
        net = Counter[Pile]()
        for source, target, units in changes:
            if source:
                net[source] -= units
            if target:
                net[target] += units
        self.piles.update(net)
        for sku, node in sorted({(pile[0], self.places[pile[1]][0]) for pile in net}):
            self._give_way(sku, node)
        broken = [pile for pile in net if self.piles[pile] < self.bound(pile)]
        twice = [lot for lot in self.serials if sum(n for pile, n in self.piles.items() if pile[2] == lot) > 1]
        if broken or twice:
            self.piles, self.promises, self.bindings = kept
            raise CannotBe

    def _give_way(self, sku: int, node: int) -> None:
        """Turn the promises made last into owed ones until no more is held than there is."""
        excess = self.held(sku, node) - self.sellable(sku, node)
        for promise in sorted((p for p in self.promises if (p.sku, p.node) == (sku, node)), key=lambda p: -p.n):
            if excess <= 0 or promise.state != "held":
                continue
            units = min(excess, promise.units)
            excess -= units
            self.unbind(promise)
            if units == promise.units:
                promise.state = "waiting"
            else:
                promise.units -= units
                self.promise(promise.owner, sku, node, units, "waiting")

    def arrive(self, pile: Pile, units: int) -> Pile:
        """Bring units in; those of a lot that is held back lie held back. Gives the pile they lie in."""
        status = self.lots.get(pile[2] or 0, "approved")
        if status in HELD_BACK and self.sold_from(pile):
            pile = (*pile[:4], HELD_BACK[status])
        self.move([(None, pile, units)])
        return pile

    def bind(self, number: int, promise: Promise, pile: Pile, units: int) -> None:
        """Bind units of a pile to a promise."""
        if promise.state != "held" or not self.sold_from(pile) or self.places[pile[1]][0] != promise.node:
            raise CannotBe
        if pile[0] != promise.sku or units > self.piles[pile] - self.bound(pile) or units > self.unbound(promise):
            raise CannotBe
        self.bindings[number] = Binding(promise, pile, units)

    def unbound(self, promise: Promise) -> int:
        """Give the units of a promise that are bound to no pile."""
        return promise.units - sum(b.units for b in self.bindings.values() if b.promise is promise)

    def pick(self, number: int, units: int, *, bench: int) -> None:
        """Take units of a binding to the bench; what was bound beyond them becomes free."""
        binding = self.bindings.pop(number)
        if not units:
            return
        promise, pile = binding.promise, binding.pile
        if units == promise.units:
            promise.state = "picked"
        else:
            promise.units -= units
            self.promise(promise.owner, promise.sku, promise.node, units, "picked")
        self.move([(pile, (pile[0], bench, pile[2], None, "sellable"), units)])

    def relocate(self, promise: Promise, node: int, units: int) -> None:
        """Promise units at another node instead, when they are free there and not bound here."""
        bound = any(b.promise is promise for b in self.bindings.values())
        if bound or (promise.state == "held" and promise.node == node) or self.free(promise.sku, node) < units:
            return
        if units == promise.units:
            promise.node, promise.state = node, "held"
        else:
            promise.units -= units
            self.promise(promise.owner, promise.sku, node, units, "held")

    def serve(self) -> None:
        """Promise what is owed where units are free: first come, nobody overtakes."""
        stopped: set[tuple[int, int]] = set()
        for promise in list(self.promises):
            key = (promise.sku, promise.node)
            if promise.state != "waiting" or key in stopped:
                continue
            if self.free(*key) >= promise.units:
                promise.state = "held"
            else:
                stopped.add(key)

    def leave(self, node: int) -> None:
        """Hand over what was picked at a node."""
        for promise in self.promises:
            if (promise.node, promise.state) == (node, "picked"):
                promise.state = "consumed"

    def set_lot(self, lot: int, status: str) -> None:
        """Hold a lot back, or free it: its sellable units change condition, and exactly those change back."""
        before, after = HELD_BACK.get(self.lots[lot], "sellable"), HELD_BACK.get(status, "sellable")
        self.lots[lot] = status
        if before == after:
            return
        turned = [
            (pile, (*pile[:4], after), n) for pile, n in self.piles.items()
            if n and pile[2] == lot and pile[4] == before and self.places[pile[1]][1] == "bin"
        ]  # fmt: skip
        gone = {pile for pile, _, _ in turned}
        self.bindings = {k: b for k, b in self.bindings.items() if b.pile not in gone}
        self.move(turned)
