"""Packing: small orders whose best packing is known by hand, and any order against the witness."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colisage.solvers.boxes.bound import fewest_boxes
from colisage.solvers.boxes.check import faults
from colisage.solvers.boxes.problem import Billing, Box, Item, Plan, Problem, Reason, Unplaced
from colisage.solvers.boxes.solve import solve


def box(name: str, length: int, width: int, height: int, *, max_grams: int = 30_000, cents: int = 50) -> Box:
    outer = (length + 10, width + 10, height + 10)
    return Box(name, length, width, height, *outer, empty_grams=100, max_contents_grams=max_grams, cost_cents=cents)


CUBE = box("cube", 100, 100, 100)
TALL = box("tall", 100, 100, 200)
LONG = box("long", 300, 100, 100)
MUG = Item("MUG", 90, 90, 100, 350, fragile=True)
PLUME = Item("PLUME", 200, 100, 100, 40)


def packed(*items: Item, boxes: tuple[Box, ...] = (CUBE, TALL, LONG)) -> Plan:
    problem = Problem(items, boxes)
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    return plan


def box_ids(plan: Plan) -> list[str]:
    return [each.box_id for each in plan.boxes]


def test_a_mug_takes_the_smallest_box() -> None:
    plan = packed(MUG)
    assert box_ids(plan) == ["cube"]
    assert plan.boxes[0].grams == 450


def test_nothing_to_pack_takes_no_box() -> None:
    assert packed() == Plan((), ())
    assert packed(replace(MUG, quantity=0)) == Plan((), ())


def test_eight_small_cubes_fill_a_cube_exactly() -> None:
    plan = packed(Item("dice", 50, 50, 50, 10, quantity=8), boxes=(CUBE,))
    assert len(plan.boxes[0].placements) == 8


def test_three_plates_fill_a_cube_lying_whichever_way_they_come() -> None:
    plates = (
        Item("a", 100, 100, 30, 10),
        Item("b", 40, 100, 100, 10),
        Item("c", 100, 30, 100, 10),
    )
    assert box_ids(packed(*plates, boxes=(CUBE,))) == ["cube"]


def test_a_ninth_cube_takes_a_second_box() -> None:
    assert len(packed(Item("dice", 50, 50, 50, 10, quantity=9), boxes=(CUBE,)).boxes) == 2


def test_fragile_mugs_are_never_stacked() -> None:
    assert box_ids(packed(replace(MUG, quantity=2), boxes=(TALL,))) == ["tall", "tall"]
    assert box_ids(packed(replace(MUG, quantity=2, fragile=False), boxes=(TALL,))) == ["tall"]


def test_a_fragile_unit_lies_on_top_of_a_solid_one() -> None:
    plan = packed(MUG, Item("book", 100, 100, 100, 900), boxes=(TALL,))
    assert [each.item_id for each in plan.boxes[0].placements] == ["book", "MUG"]


def test_what_stays_upright_is_not_laid_down() -> None:
    bottle = Item("bottle", 80, 80, 250, 900, keep_upright=True)
    assert packed(bottle).unplaced == (Unplaced("bottle", 1, Reason.TOO_BIG),)
    assert box_ids(packed(replace(bottle, keep_upright=False))) == ["long"]


def test_weight_splits_an_order_that_volume_would_not() -> None:
    anvils = Item("anvil", 20, 20, 20, 600, quantity=3)
    assert len(packed(anvils, boxes=(replace(CUBE, max_contents_grams=1300),)).boxes) == 2


def test_what_no_box_takes_is_named_and_the_rest_is_packed() -> None:
    plan = packed(
        Item("TAPIS", 2000, 150, 150, 4000),
        Item("anvil", 50, 50, 50, 40_000, quantity=2),
        MUG,
    )
    assert plan.unplaced == (
        Unplaced("TAPIS", 1, Reason.TOO_BIG),
        Unplaced("anvil", 2, Reason.TOO_HEAVY),
    )
    assert box_ids(plan) == ["cube"]


def test_an_unsupported_bridge_is_not_built() -> None:
    """A plank of 100 mm on a foot of 50 mm hangs by half: the foot lies down or goes elsewhere."""
    plank, foot = Item("plank", 100, 100, 20, 10, keep_upright=True), Item("foot", 50, 100, 60, 10)
    problem = Problem((plank, foot), (box("low", 100, 100, 80),))
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    assert [each.item_id for each in plan.boxes[0].placements] == ["plank", "foot"]


def test_fewest_boxes_come_before_weight_and_price() -> None:
    dear = box("dear", 200, 100, 100, cents=900)
    plan = packed(Item("dice", 100, 100, 100, 10, quantity=2), boxes=(replace(CUBE, cost_cents=1), dear))
    assert box_ids(plan) == ["dear"]


def test_billed_weight_comes_before_price_and_price_before_size() -> None:
    light = box("light", 100, 100, 100, cents=80)
    bulky = box("bulky", 300, 300, 300, cents=10)
    cheap = box("cheap", 110, 110, 110, cents=70)
    assert box_ids(packed(MUG, boxes=(bulky, light))) == ["light"]
    assert box_ids(packed(MUG, boxes=(light, cheap))) == ["cheap"]
    assert box_ids(packed(MUG, boxes=(replace(cheap, cost_cents=80), light))) == ["light"]


def test_billed_weight_follows_the_carrier() -> None:
    plan = solve(Problem((MUG,), (CUBE,), Billing(mm3_per_gram=1000, step_grams=100)))
    assert plan.boxes[0].billed_grams == plan.billed_grams == 1400  # 110³ mm³ = 1331 g
    assert plan.cost_cents == 50


def test_malformed_orders_are_refused() -> None:
    with pytest.raises(ValueError, match="MUG"):
        replace(MUG, length_mm=0)
    with pytest.raises(ValueError, match="share an id"):
        Problem((MUG, MUG), (CUBE,))


def test_a_budget_never_makes_it_worse() -> None:
    items = tuple(Item(str(n), 37 + 3 * n, 61 - n, 23 + n, 100, quantity=3) for n in range(6))
    problem = Problem(items, (CUBE,))
    lazy, busy = solve(problem), solve(problem, budget=1.0, seed=7)
    assert list(faults(problem, busy)) == []
    assert len(busy.boxes) <= len(lazy.boxes)
    assert busy == solve(problem, budget=1.0, seed=7)


lengths = st.integers(5, 120)
items = st.builds(
    Item,
    id=st.just("?"),
    length_mm=lengths,
    width_mm=lengths,
    height_mm=lengths,
    grams=st.integers(0, 900),
    quantity=st.integers(1, 6),
    keep_upright=st.booleans(),
    fragile=st.booleans(),
)
orders = st.lists(items, max_size=5).map(
    lambda many: tuple(replace(item, id=str(index)) for index, item in enumerate(many))
)


@given(order=orders, support=st.sampled_from([0, 50, 70, 100]))
@settings(max_examples=120, deadline=None)
def test_any_order_is_packed_without_fault(order: tuple[Item, ...], support: int) -> None:
    problem = Problem(order, (CUBE, LONG, box("weak", 150, 150, 80, max_grams=700)), support_percent=support)
    plan = solve(problem)
    assert list(faults(problem, plan)) == []
    assert len(plan.boxes) >= fewest_boxes(problem)
    assert plan == solve(problem)
