"""The witness of packing rejects one planted plan per rule."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from colisage.solvers.boxes.check import faults
from colisage.solvers.boxes.problem import Box, Item, PackedBox, Placement, Plan, Problem, Reason, Unplaced

BOX = Box("carton", 200, 200, 200, 210, 210, 210, empty_grams=100, max_contents_grams=2000, cost_cents=40)
PROBLEM = Problem(
    items=(
        Item("slab", 200, 200, 50, 500),
        Item("vase", 100, 100, 100, 300, keep_upright=True, fragile=True),
        Item("dice", 50, 50, 50, 100, quantity=2),
        Item("TAPIS", 900, 100, 100, 900),
    ),
    boxes=(BOX,),
)
SLAB = Placement("slab", 0, 0, 0, 0, 200, 200, 50)
VASE = Placement("vase", 0, 0, 0, 50, 100, 100, 100)
DICE = Placement("dice", 0, 100, 0, 50, 50, 50, 50)
SECOND = Placement("dice", 1, 100, 0, 100, 50, 50, 50)
UNPLACED = (Unplaced("TAPIS", 1, Reason.TOO_BIG),)


def plan_of(*placements: Placement) -> Plan:
    return Plan((PackedBox("carton", placements, 1100, 2000, 40),), UNPLACED)


GOOD = plan_of(SLAB, VASE, DICE, SECOND)


def changed(change: Callable[[PackedBox], PackedBox]) -> Plan:
    return replace(GOOD, boxes=(change(GOOD.boxes[0]),))


def test_a_good_plan_passes() -> None:
    assert list(faults(PROBLEM, GOOD)) == []


PLANTED = {
    "overlaps": plan_of(SLAB, VASE, replace(DICE, x_mm=99), replace(SECOND, x_mm=110)),
    "sticks out": plan_of(SLAB, VASE, DICE, replace(SECOND, x_mm=151, z_mm=50)),
    "hangs in the air": plan_of(SLAB, VASE, DICE, replace(SECOND, x_mm=121)),
    "rests on fragile": plan_of(SLAB, VASE, DICE, replace(SECOND, x_mm=0, z_mm=150)),
    "not upright": Plan(
        (PackedBox("carton", (replace(VASE, z_mm=0, dx_mm=80, dz_mm=90),), 400, 2000, 40),),
        (),
    ),
    "changed its size": plan_of(SLAB, VASE, DICE, replace(SECOND, dz_mm=40)),
    "slides under": plan_of(VASE, SLAB, DICE, SECOND),
    "2 asked, 1 answered": plan_of(SLAB, VASE, DICE),
    "packed 2 times": plan_of(SLAB, VASE, DICE, replace(SECOND, unit=0)),
    "there is no unit": plan_of(SLAB, VASE, DICE, replace(SECOND, unit=2)),
    "not a box of the shop": changed(lambda each: replace(each, box_id="crate")),
    "an empty box": replace(GOOD, boxes=(*GOOD.boxes, PackedBox("carton", (), 100, 2000, 40))),
    "g written": changed(lambda each: replace(each, grams=1000)),
    "g billed": changed(lambda each: replace(each, billed_grams=1500)),
    "40, 39 written": changed(lambda each: replace(each, cost_cents=39)),
    "unplaced, though a box takes it": replace(
        plan_of(SLAB, VASE, DICE), unplaced=(*UNPLACED, Unplaced("dice", 1, Reason.TOO_BIG))
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    problem = PROBLEM
    if fault == "not upright":
        problem = replace(PROBLEM, items=(Item("vase", 100, 90, 80, 300, keep_upright=True),))
        (packed,) = PLANTED[fault].boxes
        assert packed.placements[0].dz_mm == 90
    assert any(fault in told for told in faults(problem, PLANTED[fault]))


def test_too_much_weight_is_found() -> None:
    weak = replace(PROBLEM, boxes=(replace(BOX, max_contents_grams=999),))
    assert any("at most 999 g" in told for told in faults(weak, GOOD))
