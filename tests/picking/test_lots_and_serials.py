"""On the floor: the unit in the hand is the one that goes, and no task leads to units of a held lot."""

import pytest

from colisage.catalog.models import Barcode, Sku
from colisage.inventory.actions.post_movements import post_movements
from colisage.inventory.actions.save_serials import save_serials
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.actions.take_serial import SerialNotHere
from colisage.inventory.events import UnitsUnbound
from colisage.inventory.models import Allocation, Lot, StockCell
from colisage.kit.actors import SYSTEM, Actor
from colisage.network.queries import place_of
from colisage.picking.actions.confirm_pick import SerialWanted, WrongItem, confirm_pick
from colisage.picking.actions.follow_demotions import follow_demotions
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.models import PickTask
from tests.books import balanced, find, lose, move, spot_of, stand, told, virtual, where
from tests.cast import World
from tests.picking.conftest import Ready

__all__ = ["balanced"]
pytestmark = pytest.mark.usefixtures("balanced")


@pytest.fixture
def lamp(world: World) -> Sku:
    """Four lamps with numbers: three in one bin, one in another."""
    lamp = world.sku("LAMPE")
    lose(lamp, 20, at=where(lamp, world.lyon))
    Sku.objects.filter(pk=lamp.pk).update(tracks_serials=True)
    bins = world.bins()
    for code, bin_ in (("S-1", 6), ("S-2", 6), ("S-3", 6), ("S-4", 7)):
        [pk] = save_serials(lamp.merchant_id, serials=[(lamp.pk, code)]).values()
        target = spot_of(bins[bin_], lot_id=pk)
        post_movements([move(lamp, 1, source=virtual("supplier"), target=target)], actor=SYSTEM)
    return lamp


def on_the_bench(world: World, lamp: Sku) -> list[str]:
    bench = place_of(world.lyon.pk, kind="bench").pk
    rows = StockCell.objects.filter(sku=lamp, place_id=bench, qty=1)
    return sorted(rows.values_list("lot__code", flat=True))


def bound_to(task: PickTask) -> str:
    return str(Allocation.objects.get(pk=task.allocation_id).cell.lot.code)  # type: ignore[union-attr]


def test_the_unit_that_was_scanned_is_the_one_taken(world: World, ready: Ready, ada: Actor, lamp: Sku) -> None:
    ready((("LAMPE", 1),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.all()
    other = next(code for code in ("S-1", "S-2", "S-3") if code != bound_to(task) and task.place == world.bins()[6])
    confirm_pick(world.nord.pk, task_id=task.pk, code=other, actor=ada)
    assert on_the_bench(world, lamp) == [other]
    assert stand(lamp, world.lyon) == (3, 0)


def test_two_pickers_may_change_units(world: World, ready: Ready, ada: Actor, lamp: Sku) -> None:
    ready((("LAMPE", 1),), (("LAMPE", 1),), (("LAMPE", 1),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    here = [task for task in PickTask.objects.order_by("pk") if task.place == world.bins()[6]]
    first, second = here[:2]
    mine, theirs = bound_to(first), bound_to(second)
    confirm_pick(world.nord.pk, task_id=first.pk, code=theirs, actor=ada)
    assert bound_to(second) == mine
    confirm_pick(world.nord.pk, task_id=second.pk, code=mine, actor=ada)
    assert on_the_bench(world, lamp) == sorted([mine, theirs])


def test_the_item_alone_is_not_enough(world: World, ready: Ready, ada: Actor, lamp: Sku) -> None:
    ready((("LAMPE", 1),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.all()
    for code in ("LAMPE", Barcode.objects.get(sku=lamp).code):
        with pytest.raises(SerialWanted) as refusal:
            confirm_pick(world.nord.pk, task_id=task.pk, code=code, actor=ada)
        assert refusal.value.code == "serial_wanted"
    with pytest.raises(WrongItem):
        confirm_pick(world.nord.pk, task_id=task.pk, code="MUG", actor=ada)
    assert on_the_bench(world, lamp) == []


def test_a_number_that_does_not_lie_here_is_refused(world: World, ready: Ready, ada: Actor, lamp: Sku) -> None:
    ready((("LAMPE", 1),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.all()
    elsewhere = "S-4" if task.place == world.bins()[6] else "S-1"
    for code in (elsewhere, "S-99", "x" * 300):
        with pytest.raises(SerialNotHere) as refusal:
            confirm_pick(world.nord.pk, task_id=task.pk, code=code, actor=ada)
        assert refusal.value.code == "serial_not_here"
    assert on_the_bench(world, lamp) == []


def test_a_lot_held_under_a_picker_is_fetched_from_elsewhere(world: World, ready: Ready, ada: Actor) -> None:
    mug, lot = world.sku("MUG"), Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="BAD")
    Sku.objects.filter(pk=mug.pk).update(rotation="lifo")
    find(mug, 5, at=spot_of(world.bins()[9], lot_id=lot.pk))
    ready((("MUG", 3),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.filter(state="open")
    assert task.place == world.bins()[9]
    set_lot_status(world.tilleul.pk, lot_ids=[lot.pk], status="recalled", reason="Essai", actor=ada)
    events = [UnitsUnbound(**event) for event in told("UnitsUnbound")]
    follow_demotions(events)
    [task] = PickTask.objects.filter(state="open")
    assert (task.place_id, task.quantity) == (where(mug, world.lyon).place_id, 3)
