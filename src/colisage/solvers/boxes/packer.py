"""One order being packed: what a load weighs and costs, one box for all, or box after box."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from colisage.solvers.boxes.fill import Block, Filled, fill
from colisage.solvers.boxes.problem import Billing, Box, PackedBox, Placement, Problem
from colisage.solvers.boxes.rules import Kind, Rule


class Load(NamedTuple):
    """A box with what goes in."""

    box: Box
    blocks: tuple[Block, ...]


class Packer:
    """One order being packed: its kinds, its boxes and what they weigh."""

    def __init__(self, problem: Problem, kinds: tuple[Kind, ...]) -> None:
        self.problem = problem
        self.kinds = kinds
        self.counts = tuple(kind.item.quantity for kind in kinds)

    def roomy(self, counts: Sequence[int]) -> list[Box]:
        """List the boxes with volume and strength for all, the best first."""
        grams = sum(n * kind.item.grams for n, kind in zip(counts, self.kinds, strict=True))
        mm3 = sum(n * kind.mm3 for n, kind in zip(counts, self.kinds, strict=True))
        roomy = [box for box in self.problem.boxes if box.max_contents_grams >= grams and _inner_mm3(box) >= mm3]
        return sorted(roomy, key=lambda box: self.price(box, grams))

    def one_box(self, counts: Sequence[int], rules: Sequence[Rule]) -> Load | None:
        """Find the cheapest box that takes all by some rule."""
        for box in self.roomy(counts):
            for rule in rules:
                filled = self.fill(box, counts, rule)
                if not any(filled.left):
                    return Load(box, filled.blocks)
        return None

    def several(self, rules: Sequence[Rule]) -> tuple[Load, ...]:
        """Fill box after box as full as possible until the rest fits one."""
        loads: list[Load] = []
        counts: Sequence[int] = self.counts
        while any(counts):
            last = self.one_box(counts, rules)
            if last is not None:
                loads.append(last)
                break
            box, filled = max(
                ((box, self.fill(box, counts, rule)) for box in self.problem.boxes for rule in rules),
                key=lambda pair: (pair[1].mm3, -_inner_mm3(pair[0])),
            )
            packed = [n - m for n, m in zip(counts, filled.left, strict=True)]
            loads.append(self.one_box(packed, rules) or Load(box, filled.blocks))
            counts = filled.left
        return tuple(loads)

    def fill(self, box: Box, counts: Sequence[int], rule: Rule) -> Filled:
        """Put as much as a rule manages into a box."""
        return fill(box, self.kinds, counts, rule=rule, support_percent=self.problem.support_percent)

    def price(self, box: Box, grams: int) -> tuple[int, int, int]:
        """Rank a box for contents of so many grams."""
        billed = _billed_grams(box, grams + box.empty_grams, self.problem.billing)
        return billed, box.cost_cents, _inner_mm3(box)

    def rank(self, loads: Sequence[Load]) -> tuple[int, ...]:
        """Rank a whole answer: fewest boxes first."""
        prices = [self.price(load.box, self.grams(load)) for load in loads]
        return (len(loads), *(sum(column) for column in zip(*prices, strict=True)))

    def grams(self, load: Load) -> int:
        """Weigh the contents."""
        return sum(b.nx * b.ny * b.nz * self.kinds[b.kind].item.grams for b in load.blocks)

    def packed(self, loads: Sequence[Load]) -> Iterator[PackedBox]:
        """Number the units and weigh the boxes."""
        used = [0] * len(self.kinds)
        for load in loads:
            placements: list[Placement] = []
            for block in load.blocks:
                item_id = self.kinds[block.kind].item.id
                for x, y, z in _corners(block):
                    unit = used[block.kind]
                    placements.append(Placement(item_id, unit, x, y, z, block.dx, block.dy, block.dz))
                    used[block.kind] = unit + 1
            grams = self.grams(load) + load.box.empty_grams
            billed = _billed_grams(load.box, grams, self.problem.billing)
            yield PackedBox(load.box.id, tuple(placements), grams, billed, load.box.cost_cents)


def _billed_grams(box: Box, grams: int, billing: Billing) -> int:
    mm3 = box.outer_length_mm * box.outer_width_mm * box.outer_height_mm
    heavier = max(grams, -(-mm3 // billing.mm3_per_gram))
    return -(-heavier // billing.step_grams) * billing.step_grams


def _corners(block: Block) -> Iterator[tuple[int, int, int]]:
    for k in range(block.nz):
        for j in range(block.ny):
            for i in range(block.nx):
                yield block.x + i * block.dx, block.y + j * block.dy, block.z + k * block.dz


def _inner_mm3(box: Box) -> int:
    return box.inner_length_mm * box.inner_width_mm * box.inner_height_mm
