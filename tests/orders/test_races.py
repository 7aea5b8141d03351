"""Orders at the same moment, on real connections."""

from functools import partial

import pytest

from colisage.kit.actors import SYSTEM
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.cancel_orders import TooLateToCancel, cancel_orders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.models import FulfillmentOrder, Hold, Order
from tests.books import stand, told
from tests.cast import World
from tests.orders.parts import part_of
from tests.together import at_once, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]


def test_four_doors_that_sell_the_last_units_never_oversell(world: World) -> None:
    def sell() -> int:
        orders = [world.order(("MUG", 1), ("COFFRET", 1), may_owe=False) for _ in range(6)]
        answers = [place_orders([order], actor=SYSTEM)[0] for order in orders[:3]] + place_orders(
            orders[3:], actor=SYSTEM
        )
        return sum(answer.outcome == "accepted" for answer in answers)

    sold = at_once(sell, sell, sell, sell)
    assert not faults(sold)
    assert sum(sold) == 10
    assert stand(world.sku("MUG"), world.lyon) == (20, 20)
    assert Order.objects.count() == 10


def test_the_same_order_sent_by_four_at_once_is_one_order(world: World) -> None:
    order = world.order(("MUG", 2))
    answers = at_once(*[lambda: place_orders([order], actor=SYSTEM)[0]] * 4)
    assert sorted(answer.outcome for answer in answers) == ["accepted", "duplicate", "duplicate", "duplicate"]
    assert len({answer.order_id for answer in answers}) == 1
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)


def test_batches_with_the_same_references_in_any_order_do_not_deadlock(world: World) -> None:
    orders = [world.order(("MUG", 1), ("CARTE", 1)) for _ in range(12)]
    turned = [orders, orders[::-1], orders[6:] + orders[:6]]
    answers = at_once(*(lambda batch=batch: place_orders(batch, actor=SYSTEM) for batch in turned))
    assert not faults(answers)
    assert Order.objects.count() == 12
    assert stand(world.sku("MUG"), world.lyon) == (20, 12)


def test_cancel_and_release_of_work_meet_on_the_stage(world: World) -> None:
    for _ in range(5):
        part = part_of(world, ("MUG", 1))
        cancel = partial(cancel_orders, world.tilleul.pk, order_ids=[part.order_id or 0], actor=SYSTEM)
        cancelled, released = at_once(cancel, partial(advance_stage, [part.pk], before=["ready"], after="released"))
        part.refresh_from_db()
        if isinstance(cancelled, TooLateToCancel):
            assert (released, part.stage) == ([part.pk], "released")
            FulfillmentOrder.objects.filter(pk=part.pk).update(stage="ready")
            cancel()
        else:
            assert (cancelled, released, part.stage) == (1, [], "cancelled")
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


def test_two_who_release_the_two_holds_of_an_order_free_it(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    for kind in ("manual", "address"):
        set_hold(world.tilleul.pk, order_ids=[part.order_id or 0], kind=kind, reason="", actor=SYSTEM)
    freed = at_once(
        *(
            lambda pk=pk: release_hold(world.tilleul.pk, hold_ids=[pk], actor=SYSTEM)
            for pk in Hold.objects.values_list("pk", flat=True)
        )
    )
    assert freed == [1, 1]
    assert not FulfillmentOrder.objects.get().held
    assert len(told("OrderFreed")) == 1


def test_an_order_cancelled_by_two_at_once_is_cancelled_once(world: World) -> None:
    part = part_of(world, ("MUG", 3))
    done = at_once(*[lambda: cancel_orders(world.tilleul.pk, order_ids=[part.order_id or 0], actor=SYSTEM)] * 3)
    assert sorted(done) == [0, 0, 1]
    assert len(told("OrderCancelled")) == 1
