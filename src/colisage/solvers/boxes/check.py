"""Witness of a packing plan: every rule recomputed from the placements, sharing no code with the solver."""

from collections import Counter
from collections.abc import Iterator, Sequence

from colisage.solvers.boxes.problem import Box, Item, PackedBox, Placement, Plan, Problem


def faults(problem: Problem, plan: Plan) -> Iterator[str]:
    """Say everything that is wrong with a plan; nothing at all when it may be packed as it is.

    Quadratic in the units of one box.
    """
    items = {item.id: item for item in problem.items}
    boxes = {box.id: box for box in problem.boxes}
    yield from _miscounts(problem, plan)
    for number, packed in enumerate(plan.boxes):
        box = boxes.get(packed.box_id)
        if box is None:
            yield f"box {number}: {packed.box_id} is not a box of the shop"
        elif all(placed.item_id in items for placed in packed.placements):
            contents = [(placed, items[placed.item_id]) for placed in packed.placements]
            for fault in _faults_of_box(problem, packed, box, contents):
                yield f"box {number} ({box.id}): {fault}"
    for unplaced in plan.unplaced:
        item = items.get(unplaced.item_id)
        if item is not None and any(_takes_alone(box, item) for box in problem.boxes):
            yield f"{item.id}: unplaced, though a box takes it"


def _miscounts(problem: Problem, plan: Plan) -> Iterator[str]:
    """Each unit once: packed, or unplaced."""
    seen: Counter[str] = Counter()
    units: Counter[tuple[str, int]] = Counter()
    for packed in plan.boxes:
        if not packed.placements:
            yield f"{packed.box_id}: an empty box"
        for placed in packed.placements:
            seen[placed.item_id] += 1
            units[placed.item_id, placed.unit] += 1
    for unplaced in plan.unplaced:
        seen[unplaced.item_id] += unplaced.quantity
    asked = Counter({item.id: item.quantity for item in problem.items})
    for item_id in sorted(asked.keys() | seen.keys()):
        if asked[item_id] != seen[item_id]:
            yield f"{item_id}: {asked[item_id]} asked, {seen[item_id]} answered"
    for (item_id, unit), times in units.items():
        if times > 1:
            yield f"{item_id}: unit {unit} packed {times} times"
        if not 0 <= unit < max(asked[item_id], 1):
            yield f"{item_id}: there is no unit {unit}"


def _faults_of_box(
    problem: Problem, packed: PackedBox, box: Box, contents: Sequence[tuple[Placement, Item]]
) -> Iterator[str]:
    grams = sum(item.grams for _, item in contents)
    if grams > box.max_contents_grams:
        yield f"holds {grams} g, at most {box.max_contents_grams} g allowed"
    if packed.grams != grams + box.empty_grams:
        yield f"weighs {grams + box.empty_grams} g, {packed.grams} g written"
    outer = box.outer_length_mm * box.outer_width_mm * box.outer_height_mm
    billed = packed.billed_grams
    step = problem.billing.step_grams
    least = max(packed.grams, outer / problem.billing.mm3_per_gram)
    if billed % step or not least <= billed < least + step:
        yield f"{billed} g billed for {least:g} g"
    if packed.cost_cents != box.cost_cents:
        yield f"costs {box.cost_cents}, {packed.cost_cents} written"
    for index, (placed, item) in enumerate(contents):
        yield from _faults_of_shape(placed, item, box)
        yield from _faults_of_place(placed, contents[:index], contents, problem.support_percent)


def _faults_of_shape(placed: Placement, item: Item, box: Box) -> Iterator[str]:
    name = f"{placed.item_id}/{placed.unit}"
    extent = [placed.dx_mm, placed.dy_mm, placed.dz_mm]
    if sorted(extent) != sorted([item.length_mm, item.width_mm, item.height_mm]):
        yield f"{name}: changed its size"
    if item.keep_upright and placed.dz_mm != item.height_mm:
        yield f"{name}: not upright"
    low = (placed.x_mm, placed.y_mm, placed.z_mm)
    inner = (box.inner_length_mm, box.inner_width_mm, box.inner_height_mm)
    if any(a < 0 or a + d > most for a, d, most in zip(low, extent, inner, strict=True)):
        yield f"{name}: sticks out"


def _faults_of_place(
    placed: Placement,
    before: Sequence[tuple[Placement, Item]],
    contents: Sequence[tuple[Placement, Item]],
    support_percent: int,
) -> Iterator[str]:
    name = f"{placed.item_id}/{placed.unit}"
    held = 0
    for other, _ in before:
        area = _shared_area(placed, other)
        if not area:
            continue
        other_top = other.z_mm + other.dz_mm
        if placed.z_mm < other_top and other.z_mm < placed.z_mm + placed.dz_mm:
            yield f"{name}: overlaps {other.item_id}/{other.unit}"
        elif placed.z_mm < other.z_mm:
            yield f"{name}: slides under {other.item_id}/{other.unit}, packed before it"
        elif placed.z_mm == other_top:
            held += area
    if placed.z_mm > 0 and 100 * held < support_percent * placed.dx_mm * placed.dy_mm:
        yield f"{name}: hangs in the air"
    for other, item in contents:
        if item.fragile and placed.z_mm == other.z_mm + other.dz_mm and _shared_area(placed, other):
            yield f"{name}: rests on fragile {other.item_id}/{other.unit}"


def _shared_area(a: Placement, b: Placement) -> int:
    """Measure, in mm², how much of two units lies over the same floor."""
    wide = min(a.x_mm + a.dx_mm, b.x_mm + b.dx_mm) - max(a.x_mm, b.x_mm)
    deep = min(a.y_mm + a.dy_mm, b.y_mm + b.dy_mm) - max(a.y_mm, b.y_mm)
    return wide * deep if wide > 0 and deep > 0 else 0


def _takes_alone(box: Box, item: Item) -> bool:
    if item.grams > box.max_contents_grams or item.height_mm < 0:
        return False
    sides = [item.length_mm, item.width_mm, item.height_mm]
    uprights = [2] if item.keep_upright else [0, 1, 2]
    for up in uprights:
        base = sorted(side for axis, side in enumerate(sides) if axis != up)
        floor = sorted((box.inner_length_mm, box.inner_width_mm))
        if sides[up] <= box.inner_height_mm and base[0] <= floor[0] and base[1] <= floor[1]:
            return True
    return False
