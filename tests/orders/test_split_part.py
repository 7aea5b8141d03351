"""What is here goes now, the rest later: one part becomes two, and no unit is promised twice."""

import pytest

from colisage.inventory.actions.serve_waiting import serve_waiting
from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.errors import NotThere
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.settle_parts import settle_parts
from colisage.orders.actions.split_part import NothingToSendNow, split_part
from colisage.orders.models import FulfillmentOrder, OrderChange, OrderLine
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.models import PickTask
from tests.books import find, lose, stand, told, where
from tests.cast import World
from tests.orders.parts import part_of
from tests.orders.test_change_order import sends

pytestmark = pytest.mark.usefixtures("balanced")
CHEN = Actor("person", 3, "Chen")


def waiting(world: World, *wants: tuple[str, int]) -> FulfillmentOrder:
    part = part_of(world, *wants)
    FulfillmentOrder.objects.filter(pk=part.pk).update(stage="waiting")
    return part


def split(world: World, part: FulfillmentOrder) -> FulfillmentOrder:
    later = FulfillmentOrder.objects.get(pk=split_part(world.tilleul.pk, part_id=part.pk, actor=CHEN))
    part.refresh_from_db()
    return later


def test_what_is_here_is_picked_now_and_the_rest_when_it_comes(world: World) -> None:
    part = waiting(world, ("MUG", 25), ("CARTE", 3))
    later = split(world, part)
    assert (part.stage, sends(part)) == ("ready", {"MUG": 20, "CARTE": 3})
    assert (later.stage, sends(later)) == ("waiting", {"MUG": 5})
    document = OrderChange.objects.get()
    assert (document.kind, document.before, document.after) == (
        "split", {"parts": ["Lyon × 28"]}, {"parts": ["Lyon × 23", "Lyon × 5"]},
    )  # fmt: skip
    assert told("OrderChanged")[0]["kind"] == "split"
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=SYSTEM)
    assert sum(PickTask.objects.filter(fulfillment_order=part).values_list("quantity", flat=True)) == 23
    find(world.sku("MUG"), 5, at=where(world.sku("MUG"), world.lyon))
    serve_waiting([(world.sku("MUG").pk, world.lyon.pk)])
    settle_parts([part.order_id or 0])
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=SYSTEM)
    assert sum(PickTask.objects.filter(fulfillment_order=later).values_list("quantity", flat=True)) == 5
    assert stand(world.sku("MUG"), world.lyon) == (25, 25)


def test_of_a_bundle_whole_sets_go(world: World) -> None:
    lose(world.sku("MUG"), 18, at=where(world.sku("MUG"), world.lyon))
    part = waiting(world, ("COFFRET", 3))
    later = split(world, part)
    assert (part.stage, sends(part)) == ("ready", {"MUG": 2, "CARTE": 4})
    assert (later.stage, sends(later)) == ("waiting", {"MUG": 1, "CARTE": 2})


def test_after_a_loss_the_promise_is_divided_with_the_part(world: World) -> None:
    part = part_of(world, ("MUG", 4), ("COFFRET", 2))
    lose(
        world.sku("MUG"), 15, at=where(world.sku("MUG"), world.lyon)
    )  # five are left of six: the last of the bundle goes
    settle_parts([part.order_id or 0])
    part.refresh_from_db()
    assert part.stage == "waiting"
    later = split(world, part)
    assert (part.stage, sends(part)) == ("ready", {"MUG": 5, "CARTE": 2})
    assert (later.stage, sends(later)) == ("waiting", {"MUG": 1, "CARTE": 2})
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=SYSTEM)
    assert sum(PickTask.objects.filter(fulfillment_order=part).values_list("quantity", flat=True)) == 7
    assert stand(world.sku("CARTE"), world.lyon) == (20, 4)


def test_the_rest_keeps_its_place_in_the_queue(world: World) -> None:
    part = waiting(world, ("MUG", 22))
    behind = part_of(world, ("MUG", 1))
    later = split(world, part)
    find(world.sku("MUG"), 2, at=where(world.sku("MUG"), world.lyon))
    serve_waiting([(world.sku("MUG").pk, world.lyon.pk)])
    settle_parts([part.order_id or 0, behind.order_id or 0])
    later.refresh_from_db()
    behind.refresh_from_db()
    assert (later.stage, behind.stage) == ("ready", "waiting")


def test_a_part_that_was_divided_can_still_be_changed_line_by_line(world: World) -> None:
    part = waiting(world, ("MUG", 25))
    later = split(world, part)
    line = OrderLine.objects.get()
    wish = Wish(quantities={line.pk: 18})
    change_order(world.tilleul.pk, order_id=part.order_id or 0, wish=wish, actor=CHEN)
    part.refresh_from_db()
    later.refresh_from_db()
    assert (sends(part), sends(later), later.stage) == ({"MUG": 18}, {}, "cancelled")
    assert stand(world.sku("MUG"), world.lyon) == (20, 18)


def test_there_is_nothing_to_divide_when_all_or_nothing_is_here(world: World) -> None:
    whole = waiting(world, ("MUG", 20))
    none = waiting(world, ("MUG", 2))
    for part in (whole, none):
        with pytest.raises(NothingToSendNow):
            split(world, part)
    FulfillmentOrder.objects.filter(pk=whole.pk).update(stage="picking")
    with pytest.raises(NothingToSendNow):
        split(world, whole)
    with pytest.raises(NotThere):
        split_part(world.northwind.pk, part_id=none.pk, actor=CHEN)
    assert (FulfillmentOrder.objects.count(), OrderChange.objects.count()) == (2, 0)
    assert Reservation.objects.count() == 2
