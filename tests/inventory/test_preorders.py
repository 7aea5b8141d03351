"""Pre-orders: taken up to a number, served in turn when the goods are there, none before a strict day."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from colisage.inventory.actions.release_preorders import release_preorders
from colisage.inventory.actions.serve_waiting import serve_waiting
from colisage.inventory.actions.set_preorder import FewerThanTaken, NoDay, NotPreordered, set_preorder
from colisage.inventory.actions.set_safety import BadUnits
from colisage.inventory.models import Availability, Reservation
from colisage.inventory.queries.channels import published_of
from colisage.inventory.rules import Group, Want, place
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.models import AuditEntry
from colisage.kit.outbox import drain
from colisage.network.queries import channels_of
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Backorder, FulfillmentOrder, Order, OrderLine
from tests.books import find, stand, where
from tests.cast import World, day
from tests.desk.test_pages import client_of
from tests.together import at_once, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]


def open_for(world: World, most: int, *, code: str = "MUG", on: date | None = None, strict: bool = False) -> None:
    set_preorder(
        world.tilleul.pk, sku_id=world.sku(code).pk, node_id=world.lyon.pk, most=most, on=on or day(10),
        strict=strict, actor=SYSTEM,
    )  # fmt: skip


def ahead(world: World, code: str = "MUG") -> tuple[int, int]:
    row = Availability.objects.get(sku=world.sku(code), node=world.lyon)
    return row.ahead, row.ahead_cap


def order(world: World, *wants: tuple[str, int], **changes: Any) -> Order:
    (answer,) = place_orders([world.order(*wants, **changes)], actor=SYSTEM)
    drain()
    return Order.objects.get(pk=answer.order_id)


def states(placed: Order) -> dict[str, int]:
    lines = OrderLine.objects.filter(order=placed).values("pk")
    found: dict[str, int] = {}
    for state, qty in Reservation.objects.filter(owner_id__in=lines).values_list("state", "qty"):
        found[state] = found.get(state, 0) + qty
    return found


def test_what_is_here_goes_first_then_pre_orders_up_to_the_number_and_the_rest_is_owed(world: World) -> None:
    open_for(world, 5)
    first, second = order(world, ("MUG", 22)), order(world, ("MUG", 6))
    assert states(first) == {"held": 20, "ahead": 2}
    assert states(second) == {"ahead": 3, "waiting": 3}
    assert ahead(world) == (5, 5)
    assert list(Backorder.objects.filter(order=first).values_list("on", "why")) == [(day(10), "preorder")]
    assert FulfillmentOrder.objects.get(order=first).stage == "waiting"


def test_a_channel_that_may_not_owe_takes_pre_orders_and_refuses_what_is_beyond_them(world: World) -> None:
    open_for(world, 3)
    answers = place_orders([world.order(("MUG", n), may_owe=False) for n in (22, 2, 1)], actor=SYSTEM)
    assert [answer.outcome for answer in answers] == ["accepted", "refused", "accepted"]
    assert ahead(world) == (3, 3)


def test_eight_who_pre_order_at_once_take_no_more_than_there_is_room_for(world: World) -> None:
    order(world, ("MUG", 20))
    open_for(world, 10)

    def take() -> int:
        answers = [place_orders([world.order(("MUG", 1), may_owe=False)], actor=SYSTEM)[0] for _ in range(2)]
        return sum(answer.outcome == "accepted" for answer in answers)

    taken = at_once(*[take] * 8)
    assert not faults(taken)
    assert sum(taken) == 10
    assert ahead(world) == (10, 10)


def test_goods_that_come_serve_pre_orders_and_what_is_owed_in_one_queue(world: World) -> None:
    mug = world.sku("MUG")
    owed = order(world, ("MUG", 21))
    open_for(world, 2)
    first, second, beyond = (order(world, ("MUG", 1)) for _ in range(3))
    assert [states(each) for each in (first, second, beyond)] == [{"ahead": 1}, {"ahead": 1}, {"waiting": 1}]
    find(mug, 3, at=where(mug, world.lyon))
    serve_waiting([(mug.pk, world.lyon.pk)])
    drain()
    assert [states(each) for each in (owed, first, second, beyond)] == [
        {"held": 21}, {"held": 1}, {"held": 1}, {"waiting": 1},
    ]  # fmt: skip
    assert ahead(world) == (0, 2)
    assert FulfillmentOrder.objects.get(order=second).stage == "ready"
    assert list(Backorder.objects.values_list("order_id", flat=True)) == [beyond.pk]


def test_cancelling_gives_a_pre_order_back_exactly_once(world: World) -> None:
    order(world, ("MUG", 20))
    open_for(world, 4)
    whole, part = order(world, ("MUG", 2)), order(world, ("MUG", 2))
    cancel = partial(cancel_orders, world.tilleul.pk, order_ids=[whole.pk], actor=SYSTEM)
    assert not faults(at_once(cancel, cancel, cancel))
    assert ahead(world) == (2, 4)
    line = OrderLine.objects.get(order=part)
    change_order(world.tilleul.pk, order_id=part.pk, wish=Wish(quantities={line.pk: 1}), actor=SYSTEM)
    assert ahead(world) == (1, 4)
    change_order(world.tilleul.pk, order_id=part.pk, wish=Wish(quantities={line.pk: 3}), actor=SYSTEM)
    assert ahead(world) == (3, 4)


def test_goods_that_come_while_a_pre_order_is_cancelled_end_with_one_of_both(world: World) -> None:
    mug = world.sku("MUG")
    order(world, ("MUG", 20))
    open_for(world, 9)
    for _ in range(4):
        placed, behind = order(world, ("MUG", 1)), order(world, ("MUG", 1))
        find(mug, 1, at=where(mug, world.lyon))
        done = at_once(
            partial(cancel_orders, world.tilleul.pk, order_ids=[placed.pk], actor=SYSTEM),
            partial(serve_waiting, [(mug.pk, world.lyon.pk)]),
        )
        assert not faults(done)
        drain()
        assert (states(placed), states(behind)) == ({"released": 1}, {"held": 1})
    assert ahead(world) == (0, 9)


def test_nothing_leaves_before_a_strict_day_even_of_what_is_here(world: World) -> None:
    mug = world.sku("MUG")
    open_for(world, 30, strict=True)
    early, ordinary = order(world, ("MUG", 1)), order(world, ("CARTE", 1), ("MUG", 2))
    assert (states(early), states(ordinary)) == ({"ahead": 1}, {"held": 1, "ahead": 2})
    assert stand(mug, world.lyon) == (20, 0)
    assert serve_waiting([(mug.pk, world.lyon.pk)]) == 0
    assert release_preorders(now=timezone.now() + timedelta(days=9)) == 0
    assert release_preorders(now=timezone.now() + timedelta(days=10)) == 1
    drain()
    assert (states(early), states(ordinary)) == ({"held": 1}, {"held": 3})
    assert states(order(world, ("MUG", 3))) == {"held": 3}


def test_another_day_is_told_and_a_day_that_has_come_lets_go(world: World) -> None:
    open_for(world, 30, strict=True)
    placed = order(world, ("MUG", 1))
    open_for(world, 30, on=day(20), strict=True)
    drain()
    assert list(Backorder.objects.filter(order=placed).values_list("on", "before")) == [(day(20), day(10))]
    open_for(world, 30, on=day(0), strict=True)
    drain()
    assert states(placed) == {"held": 1}
    assert AuditEntry.objects.filter(verb="preorder_set").count() == 3


def test_a_bundle_waits_whole_for_its_pre_ordered_part(world: World) -> None:
    mug = world.sku("MUG")
    order(world, ("MUG", 20))
    open_for(world, 5)
    placed = order(world, ("COFFRET", 1))
    assert sorted(states(placed)) == ["ahead", "waiting"]
    assert ahead(world) == (1, 5)
    find(mug, 1, at=where(mug, world.lyon))
    serve_waiting([(mug.pk, world.lyon.pk)])
    assert states(placed) == {"held": 3}
    assert ahead(world) == (0, 5)


def test_channels_may_sell_what_may_be_pre_ordered(world: World) -> None:
    channel, mug = channels_of(world.tilleul.pk)["shop"], world.sku("MUG").pk
    open_for(world, 5)
    assert published_of(channel, sku_ids=[mug])[mug].units == 25
    open_for(world, 5, strict=True)
    assert published_of(channel, sku_ids=[mug])[mug].units == 5
    order(world, ("MUG", 2))
    assert published_of(channel, sku_ids=[mug])[mug].units == 3


def test_what_is_no_pre_order_is_refused_and_changes_nothing(world: World) -> None:
    order(world, ("MUG", 20))
    open_for(world, 5)
    order(world, ("MUG", 4))
    mine, lyon = world.tilleul.pk, world.lyon.pk
    says = {"on": day(3), "strict": False, "actor": SYSTEM}
    for most, on, wrong in ((3, day(3), FewerThanTaken), (-1, day(3), BadUnits), (9, None, NoDay), (9, day(-1), NoDay)):
        with pytest.raises(wrong):
            set_preorder(mine, sku_id=world.sku("MUG").pk, node_id=lyon, most=most, **{**says, "on": on})
    with pytest.raises(NotPreordered):
        set_preorder(mine, sku_id=world.sku("COFFRET").pk, node_id=lyon, most=1, **says)
    with pytest.raises(NotThere):
        set_preorder(world.northwind.pk, sku_id=world.sku("MUG").pk, node_id=world.montreal.pk, most=1, **says)
    assert ahead(world) == (4, 5)
    set_preorder(mine, sku_id=world.sku("MUG").pk, node_id=lyon, most=0, **says)  # closed: those taken stay
    assert ahead(world) == (4, 4)
    assert states(order(world, ("MUG", 1))) == {"waiting": 1}


@pytest.mark.parametrize(("language", "said"), [("en", "2 of 5 taken"), ("fr", "2 sur 5 prises")])
def test_a_manager_opens_it_on_the_page_and_sees_how_many_are_taken(world: World, language: str, said: str) -> None:
    mug = world.sku("MUG").pk
    chen = client_of(world.chen, language=language)
    asked = {"node": world.lyon.pk, "most": "5", "on": day(7).isoformat()}
    assert chen.post(f"/stock/{mug}/preorder", asked).status_code == 302
    placed = order(world, ("MUG", 22))
    assert said in chen.get(f"/stock/{mug}").content.decode()
    words = "2 pre-ordered" if language == "en" else "2 en précommande"
    assert words in chen.get(f"/orders/{placed.pk}").content.decode()
    for nonsense in ({"most": "many"}, {"on": "soon"}, {"node": "x"}, {"most": "1"}, {"on": ""}):
        chen.post(f"/stock/{mug}/preorder", {**asked, **nonsense})
    assert ahead(world) == (2, 5)
    assert client_of(world.bo).post(f"/stock/{mug}/preorder", asked).status_code in {403, 404}
    assert client_of(world.dee).post(f"/stock/{mug}/preorder", asked).status_code == 404


def test_a_refused_group_books_nothing_of_the_room() -> None:
    wants = [Group((Want(1, 1, 3),), (1,), may_wait=False), Group((Want(2, 1, 2),), (1,), may_wait=False)]
    refused, taken = place(wants, free={}, room={(1, 1): 2})
    assert refused is None
    assert [(one.state, one.qty) for one in taken or ()] == [("ahead", 2)]
