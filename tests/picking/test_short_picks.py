import pytest

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.serve_waiting import serve_waiting
from colisage.inventory.checks import differences
from colisage.kit.actors import SYSTEM, Actor
from colisage.network.queries import place_of, virtual_place
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.queries import parts
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.actions.short_picks import Short, TooManyFound, short_picks
from colisage.picking.models import PickBatch, PickTask
from tests.cast import World
from tests.picking.conftest import Ready
from tests.picking.test_confirm_picks import units_at


def put(world: World, code: str, units: int, *, bin_index: int) -> int:
    """Find units of a SKU in another bin; give its place."""
    sku, place = world.sku(code), world.bins()[bin_index].pk
    move = Move(
        merchant_id=sku.merchant_id, sku_id=sku.pk, qty=units, source=Spot(place_id=virtual_place("found")),
        target=Spot(place_id=place), reason="count", doc_kind="count", doc_id=place,
    )  # fmt: skip
    post_movements([move], actor=SYSTEM)
    return place


def test_what_is_missing_is_fetched_from_another_bin_on_the_same_walk(world: World, ready: Ready, ada: Actor) -> None:
    other = put(world, "MUG", 6, bin_index=10)
    [pk] = ready((("MUG", 2), ("CARTE", 1)))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    task = PickTask.objects.get(sku=world.sku("MUG"), state="open")
    first = task.place_id
    mended = short_picks(world.nord.pk, shorts=[Short(task.pk, 1)], actor=ada)
    assert mended.missing == 1
    new = PickTask.objects.get(pk__in=mended.new_tasks)
    assert (new.quantity, new.tote, new.batch_id) == (1, task.tote, task.batch_id)
    assert {first, new.place_id} == {first, other}
    assert units_at(first) == 0
    confirm_picks(world.nord.pk, picks=[Taken(t.pk) for t in PickTask.objects.filter(state="open")], actor=ada)
    assert parts([pk])[pk].stage == "picked"
    assert units_at(place_of(world.lyon.pk, kind="bench").pk) == 3
    assert differences() == []


def test_what_no_bin_holds_is_owed_and_the_order_waits(world: World, ready: Ready, ada: Actor) -> None:
    [pk] = ready((("MUG", 20),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.all()
    mended = short_picks(world.nord.pk, shorts=[Short(task.pk, 18)], actor=ada)
    assert mended.new_tasks == []
    assert parts([pk])[pk].stage == "waiting"
    assert PickBatch.objects.get().state == "done"
    assert differences() == []


def test_an_order_that_was_owed_two_units_is_finished_by_a_second_wave(world: World, ready: Ready, ada: Actor) -> None:
    [pk] = ready((("MUG", 20),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    short_picks(world.nord.pk, shorts=[Short(PickTask.objects.get().pk, 18)], actor=ada)
    put(world, "MUG", 5, bin_index=9)
    serve_waiting([(world.sku("MUG").pk, world.lyon.pk)])
    advance_stage([pk], before={"waiting"}, after="ready")
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    task = PickTask.objects.get(state="open")
    assert task.quantity == 2
    confirm_picks(world.nord.pk, picks=[Taken(task.pk)], actor=ada)
    assert parts([pk])[pk].stage == "picked"
    assert units_at(place_of(world.lyon.pk, kind="bench").pk) == 20
    assert differences() == []


def test_damaged_units_go_to_quarantine_and_the_bin_keeps_the_others(world: World, ready: Ready, ada: Actor) -> None:
    [pk] = ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.all()
    mended = short_picks(world.nord.pk, shorts=[Short(task.pk, 1, "damaged")], actor=ada)
    assert units_at(place_of(world.lyon.pk, kind="quarantine").pk) == 1
    assert units_at(task.place_id) == 18
    assert PickTask.objects.get(pk=mended.new_tasks[0]).place_id == task.place_id
    assert parts([pk])[pk].stage == "released"
    assert differences() == []


@pytest.mark.parametrize("found", [2, 3, -1])
def test_a_count_that_is_not_short_changes_nothing(world: World, ready: Ready, ada: Actor, found: int) -> None:
    ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.all()
    with pytest.raises(TooManyFound):
        short_picks(world.nord.pk, shorts=[Short(task.pk, found)], actor=ada)
    assert PickTask.objects.get().state == "open"
    assert units_at(task.place_id) == 20


def test_telling_a_short_pick_twice_loses_units_once(world: World, ready: Ready, ada: Actor) -> None:
    ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.all()
    assert short_picks(world.nord.pk, shorts=[Short(task.pk, 0)], actor=ada).missing == 2
    assert short_picks(world.nord.pk, shorts=[Short(task.pk, 0)], actor=ada).missing == 0
    assert differences() == []
