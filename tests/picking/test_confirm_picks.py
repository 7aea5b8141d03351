from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.unbind_units import unbind_units
from colisage.inventory.checks import differences
from colisage.inventory.events import ReservationDemoted
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.models import Event
from colisage.network.queries import place_of, virtual_place
from colisage.orders.queries import parts
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.actions.follow_demotions import follow_demotions
from colisage.picking.actions.pick_all import pick_all
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.actions.short_picks import Short, short_picks
from colisage.picking.models import PickBatch, PickTask
from tests.cast import World
from tests.picking.conftest import Ready


def units_at(place_id: int) -> int:
    with connection.cursor() as db:
        db.execute("SELECT coalesce(sum(qty), 0) FROM inventory_stockcell WHERE place_id = %s", [place_id])
        return int(db.fetchone()[0])


def test_the_last_unit_taken_makes_the_order_picked(world: World, ready: Ready, ada: Actor) -> None:
    [pk] = ready((("MUG", 2), ("CARTE", 3)))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    first, second = PickTask.objects.order_by("position")
    assert confirm_picks(world.nord.pk, picks=[Taken(first.pk)], actor=ada) == 1
    assert parts([pk])[pk].stage == "released"
    confirm_picks(world.nord.pk, picks=[Taken(second.pk)], actor=ada)
    assert parts([pk])[pk].stage == "picked"
    assert PickBatch.objects.get().state == "done"
    assert units_at(place_of(world.lyon.pk, kind="bench").pk) == 5
    assert differences() == []


def test_a_task_confirmed_twice_moves_its_units_once(world: World, ready: Ready, ada: Actor) -> None:
    ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.all()
    assert confirm_picks(world.nord.pk, picks=[Taken(task.pk)], actor=ada) == 1
    assert confirm_picks(world.nord.pk, picks=[Taken(task.pk)], actor=ada) == 0
    assert units_at(place_of(world.lyon.pk, kind="bench").pk) == 2


def test_another_operator_picks_nothing_here(world: World, ready: Ready, ada: Actor) -> None:
    ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.all()
    assert confirm_picks(world.boreal.pk, picks=[Taken(task.pk)], actor=ada) == 0
    assert PickTask.objects.get().state == "open"


def test_a_machine_takes_a_wave_in_as_many_statements_as_a_batch(world: World, ready: Ready, ada: Actor) -> None:
    counts = []
    for many in (2, 14):
        ids = ready(*[(("CARTE", 1), ("MUG", 1))] * many)
        release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
        batches = list(PickBatch.objects.filter(state="waiting").values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            pick_all(world.nord.pk, batch_ids=batches, actor=SYSTEM)
        counts.append(len(queries))
        assert {p.stage for p in parts(ids).values()} == {"picked"}
    assert counts[0] == counts[1]
    assert differences() == []


def test_units_lost_under_a_task_are_fetched_from_another_bin(world: World, ready: Ready, ada: Actor) -> None:
    [pk] = ready((("MUG", 5),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.all()
    mug, loss = world.sku("MUG"), Spot(place_id=virtual_place("loss"))
    elsewhere = Spot(place_id=world.bins()[-1].pk)
    found = Spot(place_id=virtual_place("found"))
    _post(mug.pk, mug.merchant_id, 5, found, elsewhere, doc=1)
    _post(mug.pk, mug.merchant_id, 15, Spot(place_id=task.place_id), loss, doc=2)
    # another count finds that the rest is gone too: the promise is demoted by five, its units elsewhere remain
    assert confirm_picks(world.nord.pk, picks=[Taken(task.pk)], actor=ada) == 1
    assert parts([pk])[pk].stage == "picked"
    assert differences() == []


def test_a_demoted_promise_takes_its_task_off_the_floor(world: World, ready: Ready, ada: Actor) -> None:
    first, second = ready((("MUG", 10),), (("MUG", 5),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    [task] = PickTask.objects.filter(fulfillment_order=first)
    mug = world.sku("MUG")
    _post(mug.pk, mug.merchant_id, 5, Spot(place_id=task.place_id), Spot(place_id=virtual_place("loss")), doc=3)
    short_picks(world.nord.pk, shorts=[Short(task.pk, 7)], actor=ada)
    follow_demotions(_demotions())
    stages = parts([first, second])
    # three of fifteen are not there: the last promise loses them, and its task with them
    assert (stages[first].stage, stages[second].stage) == ("waiting", "waiting")
    assert not PickTask.objects.filter(state="open").exists()
    assert differences() == []


def test_a_pick_of_what_was_lost_locks_first_all_that_mending_may_need(world: World, ready: Ready, ada: Actor) -> None:
    [pk] = ready((("MUG", 2), ("LAMPE", 1)))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    lost = PickTask.objects.get(sku=world.sku("MUG"))
    unbind_units({lost.allocation.cell_id: 20})
    with CaptureQueriesContext(connection) as seen:
        assert confirm_picks(world.nord.pk, picks=[Taken(lost.pk)], actor=ada) == 0
    locks = [q["sql"] for q in seen if "FROM inventory_availability" in q["sql"] and "FOR NO KEY" in q["sql"]]
    assert all(str(world.sku(code).pk) in locks[0] for code in ("MUG", "LAMPE"))
    again = PickTask.objects.get(sku=world.sku("MUG"), state="open")
    assert (again.fulfillment_order_id, again.quantity) == (pk, 2)
    assert differences() == []


def _post(sku: int, merchant: int, qty: int, source: Spot, target: Spot, *, doc: int) -> None:
    move = Move(
        merchant_id=merchant,
        sku_id=sku,
        qty=qty,
        source=source,
        target=target,
        reason="count",
        doc_kind="count",
        doc_id=doc,
    )
    post_movements([move], actor=SYSTEM)


def _demotions() -> list[ReservationDemoted]:
    rows = Event.objects.filter(kind="ReservationDemoted").order_by("pk")
    return [ReservationDemoted.read(row.payload) for row in rows]
