import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from colisage.inventory.checks import differences
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere
from colisage.kit.walls import behind_the_wall
from colisage.orders.actions.place_orders import NewLine, place_orders
from colisage.orders.queries import parts
from colisage.picking.actions.confirm_pick import confirm_pick
from colisage.picking.actions.release_wave import NothingToRelease, release_wave
from colisage.picking.models import PickBatch, PickTask, Wave
from tests.cast import World, fill
from tests.picking.conftest import Ready, part_of


def test_a_wave_binds_every_unit_to_a_bin_and_numbers_the_walk(world: World, ready: Ready, ada: Actor) -> None:
    ids = ready((("MUG", 2), ("CARTE", 3)), (("TAPIS", 1),), (("COFFRET", 1),))
    wave = release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    tasks = list(PickTask.objects.order_by("batch_id", "position"))
    assert Wave.objects.get(pk=wave).orders == 3
    assert sum(t.quantity for t in tasks) == 2 + 3 + 1 + 1 + 2
    assert [t.position for t in tasks] == list(range(1, len(tasks) + 1))
    assert {p.stage for p in parts(ids).values()} == {"released"}
    assert len({t.tote for t in tasks}) == 3
    batch = PickBatch.objects.get()
    assert batch.walk_millimetres > 0
    assert [p for *_xy, p in batch.walk if p] == list(dict.fromkeys(t.place_id for t in tasks))
    assert differences() == []


def test_releasing_twice_gives_the_same_work_once(world: World, ready: Ready, ada: Actor) -> None:
    ids = ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=ids, actor=ada)
    with pytest.raises(NothingToRelease):
        release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=ids, actor=ada)
    assert PickTask.objects.count() == 1


def test_what_is_owed_stays_behind(world: World, ready: Ready, ada: Actor) -> None:
    ids = ready((("MUG", 15),), (("MUG", 15),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    assert [parts(ids)[pk].stage for pk in ids] == ["released", "waiting"]
    assert differences() == []


def test_a_held_order_is_not_released(world: World, ready: Ready, ada: Actor) -> None:
    ready((("MUG", 1),), holds=(("address", "no_address"),))
    with pytest.raises(NothingToRelease):
        release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    assert not Wave.objects.exists()


def test_a_node_of_another_operator_is_not_there(world: World, ready: Ready, ada: Actor) -> None:
    ready((("MUG", 1),))
    with pytest.raises(NotThere):
        release_wave(world.boreal.pk, node_id=world.lyon.pk, actor=ada)


def test_a_wave_takes_as_many_statements_for_two_orders_as_for_twelve(world: World, ready: Ready, ada: Actor) -> None:
    counts = []
    for many in (2, 12):
        ready(*[(("MUG", 1), ("CARTE", 1))] * many)
        with CaptureQueriesContext(connection) as queries:
            release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_cart_of_a_3pl_holds_orders_of_several_merchants(world: World, ada: Actor) -> None:
    fill(world, world.montreal, world.skus, 30)
    mine = world.order(("MUG", 25))
    theirs = replace(
        world.order(("CARTE", 2)),
        merchant_id=world.northwind.pk,
        channel_id=world.northwind_channel.pk,
        lines=(NewLine(world.northwind_skus["CARTE"].pk, "CARTE", "Postcard", 2, 250),),
    )
    made = place_orders([mine, theirs], actor=ada)
    ids = [part_of(a.order_id or 0, o.merchant_id, None) for a, o in zip(made, (mine, theirs), strict=True)]
    release_wave(world.boreal.pk, node_id=world.montreal.pk, actor=ada)
    batch = PickBatch.objects.get()
    tasks = list(PickTask.objects.filter(batch=batch))
    assert {t.merchant_id for t in tasks} == {world.tilleul.pk, world.northwind.pk}
    for task in tasks:
        confirm_pick(
            world.boreal.pk, task_id=task.pk, code=world.skus["MUG" if task.quantity > 2 else "CARTE"].code, actor=ada
        )
    assert {p.stage for p in parts(ids).values()} == {"picked"}


def test_staff_of_one_merchant_never_sees_the_tasks_of_another(world: World, ready: Ready, ada: Actor) -> None:
    ready((("MUG", 1),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    with behind_the_wall(merchants=[world.northwind.pk], operators=[world.nord.pk]):
        assert not PickTask.objects.exists()
        assert PickBatch.objects.exists()
    with behind_the_wall(merchants=[world.tilleul.pk], operators=[]):
        assert not PickBatch.objects.exists()
