"""Several orders go in one parcel: who may, who leaves it again, and what each order hears of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.errors import NotThere
from colisage.kit.models import AuditEntry
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.change_order import TooLateToChange, Wish, change_order
from colisage.orders.actions.merge_orders import CannotGoTogether, merge_orders, unmerge_orders
from colisage.orders.actions.note_doorsteps import note_doorsteps
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.actions.settle_parts import settle_parts
from colisage.orders.models import FulfillmentOrder, Order, OrderChange
from colisage.orders.queries.together import could_go_with, orders_aboard
from colisage.picking.actions.release_wave import release_wave
from tests.books import lose, told, where
from tests.cast import CAMILLE, World
from tests.orders.parts import part_of

pytestmark = pytest.mark.usefixtures("balanced")
CHEN = Actor("person", 3, "Chen")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def two(world: World, **changes: Any) -> tuple[FulfillmentOrder, FulfillmentOrder]:
    return part_of(world, ("MUG", 1)), part_of(world, ("CARTE", 2), **changes)


def merge(world: World, *parts: FulfillmentOrder) -> int:
    return done(world.tilleul.pk, [part.order_id or 0 for part in parts])


def done(merchant_id: int, group: list[int]) -> int:
    """Merge one group; raise what it is refused for."""
    (answer,) = merge_orders(merchant_id, groups=[group], actor=CHEN)
    if isinstance(answer, Exception):
        raise answer
    return answer


def unmerge(world: World, part: FulfillmentOrder) -> int:
    """Let one order go by itself; raise what it is refused for."""
    (answer,) = unmerge_orders(world.tilleul.pk, order_ids=[part.order_id or 0], actor=CHEN)
    if isinstance(answer, Exception):
        raise answer
    return answer


def suggested(world: World, part: FulfillmentOrder) -> list[int]:
    """Give the orders that could go in one parcel with that of a part."""
    note_doorsteps(Order.objects.values_list("pk", flat=True))
    return list(could_go_with(world.tilleul.pk, order_id=part.order_id or 0))


def shared(*parts: FulfillmentOrder) -> list[bool]:
    """Say of each part whether it goes with another."""
    ids = [part.pk for part in parts]
    return [len(orders) > 1 for _pk, orders in sorted(orders_aboard(ids).items())]


def test_two_orders_of_one_customer_go_in_one_parcel_and_each_keeps_its_document(world: World) -> None:
    one, other = two(world, ship_to={**CAMILLE, "line1": "8, RUE LEPIC"})
    assert merge(world, one, other) == 2
    assert shared(one, other) == [True, True]
    numbers = sorted(Order.objects.values_list("number", flat=True))
    assert [d.after for d in OrderChange.objects.order_by("pk")] == [{"orders": numbers}, {"orders": numbers}]
    assert [event["kind"] for event in told("OrderChanged")] == ["merge", "merge"]
    assert merge(world, one, other) == 2  # a second click
    assert OrderChange.objects.count() == 2


def test_a_third_joins_two_and_leaves_them_again(world: World) -> None:
    one, other = two(world)
    third = part_of(world, ("PLUME", 1))
    merge(world, one, other)
    assert merge(world, other, third) == 3
    assert unmerge(world, third) == 2
    assert shared(one, other, third) == [True, True, False]
    assert unmerge(world, one) == 1
    assert not FulfillmentOrder.objects.exclude(together=None).exists()
    last = OrderChange.objects.filter(order=other.order_id).latest("number")
    assert (len(last.before["orders"]), len(last.after["orders"])) == (2, 1)
    with pytest.raises(NotThere):
        unmerge(world, one)


def test_who_left_a_parcel_goes_with_others_and_not_with_those_again(world: World) -> None:
    parts = [part_of(world, ("CARTE", 1)) for _ in range(4)]
    merge(world, *parts[:3])
    unmerge(world, parts[0])  # the first, whose number the others may still carry
    assert merge(world, parts[0], parts[3]) == 2
    first, second, third, fourth = (part.order_id for part in parts)
    aboard = orders_aboard([parts[0].pk, parts[1].pk])
    assert aboard == {parts[0].pk: [first, fourth], parts[1].pk: [second, third]}


def test_many_leave_at_once_and_one_who_is_left_goes_alone(world: World) -> None:
    one, other, third = (part_of(world, ("CARTE", 1)) for _ in range(3))
    merge(world, one, other, third)
    ids = [one.order_id or 0, third.order_id or 0, 999_999]
    answers = unmerge_orders(world.tilleul.pk, order_ids=ids, actor=CHEN)
    assert answers[:2] == [2, 2]
    assert isinstance(answers[2], NotThere)
    assert not FulfillmentOrder.objects.exclude(together=None).exists()
    last = {change.order_id: change.after["orders"] for change in OrderChange.objects.order_by("number")}
    assert sorted(len(names) for names in last.values()) == [1, 1, 1]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"email": "someone@example.com"}, "another customer"),
        ({"ship_to": {**CAMILLE, "line1": "9 rue Lepic"}}, "another address"),
        ({"ship_to": {**CAMILLE, "country": "BE"}}, "another address"),
    ],
)
def test_what_does_not_belong_together_is_refused_and_says_why(world: World, changes: dict[str, Any], why: str) -> None:
    one, other = two(world, **changes)
    with pytest.raises(CannotGoTogether, match=why):
        merge(world, one, other)
    assert not OrderChange.objects.exists()
    assert suggested(world, one) == suggested(world, other) == []


def test_without_an_email_name_and_telephone_say_who_it_is(world: World) -> None:
    one = part_of(world, ("MUG", 1), email="", phone="+33 6 12 34 56 78")
    other = part_of(world, ("CARTE", 1), email="", phone="06 12 34 56 78")
    third = part_of(world, ("CARTE", 1), email="", phone="")
    assert merge(world, one, other) == 2
    with pytest.raises(CannotGoTogether, match="another customer"):
        merge(world, one, third)


def test_it_is_refused_what_waits_is_held_has_begun_or_is_hazardous(world: World) -> None:
    one, other = two(world)
    for stage, why in (("waiting", "stock is missing"), ("picking", "being prepared"), ("labelled", "being prepared")):
        FulfillmentOrder.objects.filter(pk=other.pk).update(stage=stage)
        with pytest.raises(CannotGoTogether, match=why):
            merge(world, one, other)
    FulfillmentOrder.objects.filter(pk=other.pk).update(stage="ready", held=True)
    with pytest.raises(CannotGoTogether, match="on hold"):
        merge(world, one, other)
    FulfillmentOrder.objects.filter(pk=other.pk).update(held=False, node=world.montreal)
    with pytest.raises(CannotGoTogether, match="another place"):
        merge(world, one, other)
    FulfillmentOrder.objects.filter(pk=other.pk).update(node=world.lyon)
    world.sku("CARTE").hazardous = True
    world.sku("CARTE").save()
    with pytest.raises(CannotGoTogether, match="hazardous"):
        merge(world, one, other)
    with pytest.raises(NotThere):
        done(world.northwind.pk, [one.order_id or 0, other.order_id or 0])
    assert shared(one, other) == [False, False]


def test_who_is_held_or_cancelled_or_goes_elsewhere_leaves_the_others_together(world: World) -> None:
    parts = [part_of(world, ("MUG", 1)) for _ in range(5)]
    merge(world, *parts)
    set_hold(world.tilleul.pk, order_ids=[parts[0].order_id], kind="manual", reason="wait", actor=CHEN)
    assert shared(*parts) == [False, True, True, True, True]
    cancel_orders(world.tilleul.pk, order_ids=[parts[1].order_id or 0], actor=CHEN)
    assert shared(*parts) == [False, False, True, True, True]
    wish = Wish(ship_to={**CAMILLE, "city": "Lyon", "postcode": "69001"})
    change_order(world.tilleul.pk, order_id=parts[2].order_id or 0, wish=wish, actor=CHEN)
    assert shared(*parts) == [False, False, False, True, True]
    verbs = AuditEntry.objects.filter(doc_kind="order", doc_id=parts[4].order_id).values_list("verb", flat=True)
    assert {"parted_held", "parted_cancelled", "parted_address"} <= set(verbs)
    assert not Reservation.objects.filter(state="held").exclude(qty=1).exists()


def test_what_loses_its_stock_leaves_and_the_other_goes(world: World) -> None:
    one, other = part_of(world, ("MUG", 1)), part_of(world, ("MUG", 19))
    merge(world, one, other)
    lose(world.sku("MUG"), 1, at=where(world.sku("MUG"), world.lyon))
    settle_parts([one.order_id or 0, other.order_id or 0])
    assert shared(one, other) == [False, False]
    assert FulfillmentOrder.objects.get(pk=other.pk).stage == "waiting"


def test_a_wave_takes_what_goes_together_whole(world: World) -> None:
    one, other = two(world)
    merge(world, one, other)
    release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=[other.pk], actor=SYSTEM)
    assert set(FulfillmentOrder.objects.values_list("stage", flat=True)) == {"released"}
    for act in (
        lambda: unmerge(world, one),
        lambda: change_order(
            world.tilleul.pk, order_id=one.order_id or 0, wish=Wish(ship_to={**CAMILLE, "city": "Lyon"}), actor=CHEN
        ),
    ):
        with pytest.raises((CannotGoTogether, TooLateToChange)):
            act()
    assert shared(one, other) == [True, True]


def test_what_could_go_together_is_suggested_until_it_does(world: World) -> None:
    one, other = two(world)
    stranger = part_of(world, ("MUG", 1), email="someone@example.com")
    third = part_of(world, ("MUG", 1))
    assert suggested(world, one) == [other.order_id, third.order_id]
    assert suggested(world, stranger) == []
    merge(world, one, other)
    assert suggested(world, one) == [third.order_id]
    assert suggested(world, third) == [one.order_id, other.order_id]
    merge(world, one, third)
    assert suggested(world, one) == suggested(world, third) == []


def test_an_order_hears_nothing_of_two_others_of_its_customer_that_go_elsewhere(world: World) -> None:
    two(world)
    elsewhere = part_of(world, ("MUG", 1), ship_to={**CAMILLE, "line1": "3 place aux Herbes"})
    assert suggested(world, elsewhere) == []


def test_many_groups_cost_as_many_statements_as_one(world: World) -> None:
    def asked(groups: list[list[int]]) -> int:
        with CaptureQueriesContext(connection) as queries:
            answers = merge_orders(world.tilleul.pk, groups=groups, actor=CHEN)
        assert answers == [2] * len(groups)
        return len(queries)

    def group(n: int) -> list[int]:
        return [part_of(world, ("CARTE", 1), email=f"c{n}@example.com").order_id or 0 for _ in range(2)]

    assert asked([group(0)]) == asked([group(n) for n in range(1, 9)])
