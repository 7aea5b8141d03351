"""A lot held or freed while a bin with its units is being counted: they turn at once, and the count stays right."""

from collections.abc import Callable
from typing import Any

import pytest

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.change_condition import change_condition
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.decide_count import decide_count
from colisage.inventory.actions.finish_count import finish_count
from colisage.inventory.actions.note_units import note_units
from colisage.inventory.actions.post_movements import BinIsCounted
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.actions.start_count import start_count
from colisage.inventory.models import (
    Allocation,
    CountFinding,
    CountRule,
    CountTask,
    Lot,
    Reservation,
    StockCell,
    StockMovement,
)
from colisage.kit.actors import SYSTEM, Actor
from tests.books import find, hold, promised, spot_of, stand
from tests.cast import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("balanced")]
Count = Callable[..., str]


@pytest.fixture
def lot(world: World) -> Lot:
    """Five units in each of two bins, beside the twenty mugs without a lot."""
    made = Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="L1")
    for bin_ in (8, 9):
        find(world.sku("MUG"), 5, at=spot_of(world.bins()[bin_], lot_id=made.pk))
    return made


@pytest.fixture
def task(world: World, lot: Lot) -> CountTask:
    asked = count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(world.bins()[8].pk, "hand")], actor=SYSTEM)
    return CountTask.objects.get(count=asked)


@pytest.fixture
def count(world: World, task: CountTask, lot: Lot) -> Count:
    """Count the bin: `count(1, 5)` is what its first counter found; `meanwhile` becomes of the lot after the scan."""

    def counted(number: int, units: int, *, meanwhile: str = "", look: str = "sellable") -> str:
        who = Actor(kind="service", id=None, name=f"counter {number}")
        begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
        facts: dict[str, Any] = {
            "merchant_ids": [world.tilleul.pk],
            "sku_id": lot.sku_id,
            "lot": lot.code,
            "actor": who,
        }
        note_units(world.nord.pk, round_id=begun, units=units, condition=look, **facts)
        if meanwhile:
            become(lot, meanwhile)
        return finish_count(world.nord.pk, round_id=begun, actor=who)

    return counted


def become(lot: Lot, status: str) -> int:
    facts: dict[str, Any] = {"reason": "Essai", "actor": SYSTEM, "by_manager": True}
    return set_lot_status(lot.merchant_id, lot_ids=[lot.pk], status=status, **facts)


def lying(lot: Lot) -> dict[str, tuple[str, int]]:
    cells = StockCell.objects.filter(lot=lot, qty__gt=0).values_list("place__code", "condition", "qty")
    return {code: (condition, units) for code, condition, units in cells}


def freeze(world: World, task: CountTask) -> None:
    start_count(world.nord.pk, task_id=task.pk, actor=SYSTEM)


def test_a_recall_takes_units_out_of_sale_in_a_bin_that_is_being_counted_too(
    world: World, lot: Lot, task: CountTask
) -> None:
    mug = world.sku("MUG")
    hold(mug, 30)
    allocate(list(Reservation.objects.values_list("pk", flat=True)))
    freeze(world, task)
    assert become(lot, "recalled") == 10
    assert lying(lot) == {"C-01-1": ("held", 5), "C-02-1": ("held", 5)}
    assert stand(mug, world.lyon) == (20, 20)
    assert {(state, units) for _owner, state, units in promised(mug)} == {("held", 20), ("waiting", 10)}
    assert not Allocation.objects.filter(open=True, cell__lot=lot).exists()
    assert CountTask.objects.get(pk=task.pk).state == "counting"


def test_a_lot_is_freed_in_a_bin_that_is_being_counted_too(world: World, lot: Lot, task: CountTask) -> None:
    become(lot, "quarantined")
    freeze(world, task)
    assert become(lot, "approved") == 10
    assert stand(world.sku("MUG"), world.lyon) == (30, 0)


def test_nothing_else_changes_in_a_bin_that_is_being_counted(world: World, lot: Lot, task: CountTask) -> None:
    cell = StockCell.objects.get(lot=lot, place__code="C-01-1")
    freeze(world, task)
    changes = {"changes": [(cell.pk, 1)], "condition": "damaged", "reason": "Essai", "document": 1}
    with pytest.raises(BinIsCounted):
        change_condition([world.tilleul.pk], actor=SYSTEM, **changes)  # type: ignore[arg-type]
    Lot.objects.filter(pk=lot.pk).update(status="recalled")
    with pytest.raises(BinIsCounted):  # a person's word, though of a lot that is held
        change_condition([world.tilleul.pk], actor=SYSTEM, **changes)  # type: ignore[arg-type]
    Lot.objects.filter(pk=lot.pk).update(status="approved")
    assert lying(lot)["C-01-1"] == ("sellable", 5)


@pytest.mark.parametrize("status", ["recalled", "quarantined", "expired"])
def test_a_count_that_agrees_is_right_though_its_lot_was_held_meanwhile(
    lot: Lot, task: CountTask, count: Count, status: str
) -> None:
    before = StockMovement.objects.filter(doc_kind="count").count()
    assert count(1, 5, meanwhile=status) == "approved"
    assert CountTask.objects.get(pk=task.pk).right is True
    assert StockMovement.objects.filter(doc_kind="count").count() == before


def test_units_missing_from_a_lot_recalled_during_the_count_are_lost_as_held(lot: Lot, count: Count) -> None:
    assert count(1, 3, meanwhile="recalled") == "recount"
    assert count(2, 3) == "approved"
    assert lying(lot) == {"C-01-1": ("held", 3), "C-02-1": ("held", 5)}


def test_two_counters_agree_though_the_lot_was_recalled_between_them(lot: Lot, count: Count) -> None:
    assert count(1, 3) == "recount"
    become(lot, "recalled")
    assert count(2, 3) == "approved"
    assert lying(lot) == {"C-01-1": ("held", 3), "C-02-1": ("held", 5)}


@pytest.mark.parametrize(
    ("status", "lies"),
    [
        (("approved", "recalled"), "held"),
        (("approved", "expired"), "expired"),
        (("quarantined", "approved"), "sellable"),
        (("expired", "approved"), "sellable"),
    ],
)
@pytest.mark.parametrize("found", [3, 9])
def test_a_lot_held_or_freed_before_the_approval_is_lost_or_found_as_it_lies(
    task: CountTask, count: Count, status: tuple[str, str], lies: str, found: int
) -> None:
    lot = Lot.objects.get(code="L1")
    become(lot, status[0])
    CountRule.objects.create(operator=task.operator, node=task.node, tolerance=9, limit_units=1)
    assert count(1, found) == "counted"
    become(lot, status[1])
    decide_count(task.operator_id, task_id=task.pk, decision="approve", actor=SYSTEM)
    assert lying(lot) == {"C-01-1": (lies, found), "C-02-1": (lies, 5)}


def test_what_a_counter_saw_to_be_expired_is_not_the_word_of_the_lot(lot: Lot, task: CountTask, count: Count) -> None:
    CountRule.objects.create(operator=task.operator, node=task.node, tolerance=5, limit_cents=10**6)
    assert count(1, 5, look="expired") == "approved"
    assert lying(lot)["C-01-1"] == ("expired", 5)
    assert set(CountFinding.objects.filter(task=task, number=1).values_list("condition", "expected", "counted")) == {
        ("sellable", 5, 0),
        ("expired", 0, 5),
    }
