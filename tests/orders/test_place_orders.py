"""Accepting orders: each reference once, each order by itself, a batch like one by one."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from msgspec.structs import replace

from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.models import AuditEntry
from colisage.orders.actions.place_orders import Answer, NewOrder, place_orders
from colisage.orders.models import Hold, Order, OrderLine
from tests.books import find, promised, spot_of, stand, told
from tests.cast import CAMILLE, World

pytestmark = pytest.mark.usefixtures("balanced")


def place(*orders: NewOrder) -> list[str]:
    return [answer.outcome for answer in place_orders(list(orders), actor=SYSTEM)]


def test_an_order_is_written_with_its_lines_promises_event_and_deed(world: World) -> None:
    (answer,) = place_orders([world.order(("MUG", 2), ("CARTE", 1))], actor=Actor("key", 4, "Shop"))
    order = Order.objects.get()
    assert answer == Answer("accepted", order.pk)
    assert (order.state, order.payment, order.total_cents) == ("open", "paid", 3_850)
    assert order.ship_to == CAMILLE
    assert list(OrderLine.objects.order_by("position").values_list("sku_code", "quantity")) == [
        ("MUG", 2),
        ("CARTE", 1),
    ]
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)
    assert told("OrderAccepted") == [{"merchant_id": world.tilleul.pk, "order_id": order.pk, "quiet": False}]
    deed = AuditEntry.objects.get(verb="order_accepted")
    assert (deed.doc_id, deed.actor_kind, deed.actor_id) == (order.pk, "key", 4)


def test_a_bundle_holds_its_components_by_the_recipe_of_today(world: World) -> None:
    place(world.order(("COFFRET", 3)))
    line = OrderLine.objects.get()
    assert [(r.owner_id, r.qty) for r in Reservation.objects.order_by("sku_id")] == [(line.pk, 3), (line.pk, 6)]
    assert line.recipe == [[world.sku("MUG").pk, 1], [world.sku("CARTE").pk, 2]]


def test_what_needs_no_parcel_and_what_is_unknown_holds_nothing(world: World) -> None:
    order = world.order(("MUG", 1), ("CARTE", 1))
    mug, card = order.lines
    place(replace(order, lines=(replace(mug, requires_shipping=False), replace(card, sku_id=None))))
    assert not Reservation.objects.exists()


def test_the_same_order_again_is_the_same_order(world: World) -> None:
    order = world.order(("MUG", 1), fingerprint="a")
    first = place_orders([order], actor=SYSTEM)[0]
    again = place_orders([order], actor=SYSTEM)[0]
    assert again == Answer("duplicate", first.order_id)
    assert stand(world.sku("MUG"), world.lyon) == (20, 1)
    assert len(told("OrderAccepted")) == 1


def test_a_reference_that_comes_with_other_content_is_told_apart(world: World) -> None:
    order = world.order(("MUG", 1), fingerprint="a")
    first = place_orders([order], actor=SYSTEM)[0]
    assert place_orders([replace(order, fingerprint="b")], actor=SYSTEM) == [Answer("differs", first.order_id)]


def test_of_one_reference_twice_in_a_batch_the_first_counts(world: World) -> None:
    order = world.order(("MUG", 1), fingerprint="a")
    assert place(order, order, replace(order, fingerprint="b")) == ["accepted", "duplicate", "differs"]
    assert Order.objects.count() == 1
    assert stand(world.sku("MUG"), world.lyon) == (20, 1)


def test_the_same_reference_on_two_channels_is_two_orders(world: World) -> None:
    other = type(world.channel).objects.create(merchant=world.tilleul, kind="api", code="api2", name="API")
    order = world.order(("MUG", 1))
    assert place(order, replace(order, channel_id=other.pk)) == ["accepted", "accepted"]


def test_an_order_without_stock_is_accepted_and_owes(world: World) -> None:
    assert place(world.order(("MUG", 22))) == ["accepted"]
    line = OrderLine.objects.get()
    assert promised(world.sku("MUG")) == [(line.pk, "held", 20), (line.pk, "waiting", 2)]


def test_a_channel_that_may_not_owe_refuses_and_nothing_is_left_of_it(world: World) -> None:
    order = world.order(("MUG", 22), ("CARTE", 1), may_owe=False)
    assert place_orders([order], actor=SYSTEM) == [Answer("refused", None)]
    assert not Order.objects.exists()
    assert not OrderLine.objects.exists()
    assert not Reservation.objects.exists()
    assert told("OrderAccepted") == []
    assert not AuditEntry.objects.filter(doc_kind="order").exists()


def test_who_was_refused_may_come_again_when_there_is_stock(world: World) -> None:
    order = world.order(("MUG", 22), may_owe=False)
    place(order)
    find(world.sku("MUG"), 2, at=spot_of(world.bins()[11]))
    assert place(order) == ["accepted"]


def test_a_refused_order_in_a_batch_takes_nothing_from_the_next(world: World) -> None:
    outcomes = place(
        world.order(("MUG", 21), may_owe=False),
        world.order(("MUG", 20), may_owe=False),
        world.order(("MUG", 1), may_owe=False),
    )
    assert outcomes == ["refused", "accepted", "refused"]


def test_holds_found_by_the_checks_are_set(world: World) -> None:
    place(world.order(("MUG", 1), holds=(("address", "no_postcode"), ("payment", "not_paid"))))
    assert set(Hold.objects.values_list("kind", "reason")) == {("address", "no_postcode"), ("payment", "not_paid")}


def test_a_historic_order_holds_nothing_and_is_quiet(world: World) -> None:
    place(world.order(("MUG", 1), quiet=True, reserves=False))
    assert not Reservation.objects.exists()
    assert told("OrderAccepted")[0]["quiet"] is True


def test_no_orders_are_no_trouble(world: World) -> None:
    assert place() == []


def test_many_orders_take_as_many_statements_as_one(world: World, django_assert_max_num_queries: Any) -> None:
    orders = [world.order(("MUG", 1), ("CARTE", 1)) for _ in range(30)]
    with django_assert_max_num_queries(14):
        place_orders(orders, actor=SYSTEM)


def _outcome(orders: Sequence[NewOrder], *, batches: Sequence[int]) -> tuple[object, ...]:
    """Place orders in batches of these sizes, look, and undo it all."""
    with transaction.atomic():
        answers: list[Answer] = []
        start = 0
        for size in batches:
            answers += place_orders(orders[start : start + size], actor=SYSTEM)
            start += size
        lines = dict(OrderLine.objects.values_list("pk", "order__external_ref"))
        state = (
            [answer.outcome for answer in answers],
            sorted((lines[r.owner_id], r.sku_id, r.node_id or 0, r.qty, r.state) for r in Reservation.objects.all()),
            sorted(Order.objects.values_list("external_ref", flat=True)),
        )
        transaction.set_rollback(True)
    return state


@pytest.mark.parametrize("seed", range(12))
def test_a_batch_is_accepted_as_one_by_one(world: World, seed: int) -> None:
    dice = random.Random(seed)
    find(world.sku("MUG"), 7, at=spot_of(world.bins(world.montreal)[9]))
    orders = []
    for _ in range(14):
        codes = dice.sample(["MUG", "CARTE", "TAPIS", "COFFRET"], dice.randint(1, 3))
        orders.append(
            world.order(
                *((code, dice.randint(1, 9)) for code in codes),
                may_owe=dice.random() < 0.5,
                buffer=dice.choice([0, 0, 2]),
            )
        )
    orders.insert(9, orders[2])
    assert _outcome(orders, batches=[15]) == _outcome(orders, batches=[1] * 15) == _outcome(orders, batches=[4, 8, 3])
