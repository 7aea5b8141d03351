"""When a disruption is over before its time, who was told of it hears that the order goes on; once, and nobody else."""

from datetime import date
from typing import Any

import pytest
from django.db.models import F

from colisage.disruptions.tasks import free, touch, turn
from colisage.kit.actors import SYSTEM
from colisage.kit.models import Event
from colisage.network.actions.change_disruption import change_disruption
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.network.models import Disruption
from colisage.network.queries.disruptions import disruptions_by_id
from colisage.notices.actions.tell_disrupted import tell_disrupted
from colisage.notices.actions.tell_resumed import tell_resumed
from colisage.notices.models import Message
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.events import OrderDisrupted, OrderResumed
from colisage.orders.models import FulfillmentOrder, Hold, Order
from tests.books import told
from tests.cast import World, day
from tests.disruptions.conftest import CHEN, Declare, carry_out
from tests.disruptions.test_kinds import order_of, promised
from tests.picking.conftest import Ready

pytestmark = pytest.mark.usefixtures("balanced")
MUG = (("MUG", 1),)


def all_told() -> None:
    """Let notices hear what happened, twice: they write once."""
    for _ in range(2):
        tell_disrupted([OrderDisrupted.read(event) for event in told("OrderDisrupted")])
        tell_resumed([OrderResumed.read(event) for event in told("OrderResumed")])


def ended(disruption: Disruption) -> None:
    """End it by hand, let a worker do what is to be done, and tell it; all of it twice."""
    for _ in range(2):
        end_disruptions([disruption.pk], actor=CHEN)
        carry_out()
        all_told()


def ends(disruption: Disruption, on: date) -> None:
    """Give it another last day, and let a worker do and tell what follows."""
    change_disruption(disruption.pk, ends_on=on, cause={"fr": "Incendie", "en": "Fire"}, actor=CHEN)
    carry_out()
    all_told()


def over(disruption: Disruption) -> None:
    """Let the morning after its last day come, as if all days were that much earlier."""
    ago = (disruptions_by_id([disruption.pk])[disruption.pk].ends_on or day(0)) - day(-1)
    Disruption.objects.update(starts_on=day(-30), ends_on=F("ends_on") - ago, longest_on=F("longest_on") - ago)
    Hold.objects.update(told_until=F("told_until") - ago)
    turn(0)
    for _ in range(2):
        carry_out()
        all_told()


def resumed() -> list[int]:
    return list(Message.objects.filter(kind="resumed").order_by("order_id").values_list("order_id", flat=True))


@pytest.mark.parametrize("ends_on", [None, 3, 0])
@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fr", ("Bonne nouvelle", "plus tôt que prévu", "rien à faire")),
        ("en", ("Good news", "sooner than we thought", "need to do nothing")),
    ],
)
def test_who_was_told_to_wait_is_told_once_that_it_goes_on(
    ready: Ready, declare: Declare, language: str, says: tuple[str, ...], ends_on: int | None
) -> None:
    [part] = ready(MUG, language=language)
    disruption = declare(ends_on=None if ends_on is None else day(ends_on))
    all_told()
    ended(disruption)
    assert resumed() == [order_of(part)]
    message = Message.objects.get(kind="resumed")
    assert all(words in message.subject + message.text for words in says), message.text
    assert ("&#" in message.text, "—" in message.text, "  " in message.text) == (False, False, False)


def test_whose_promise_moved_hears_that_it_still_holds(ready: Ready, declare: Declare) -> None:
    [part] = promised(ready(MUG, language="en"))
    disruption = declare(effect="redate", delay_days=3)
    all_told()
    ended(disruption)
    assert (resumed(), "21 Dec" in Message.objects.get(kind="resumed").text) == ([order_of(part)], True)


@pytest.mark.parametrize("effect", [{"effect": "hold"}, {"effect": "redate", "delay_days": 3}])
def test_one_that_ends_on_its_day_is_no_news(ready: Ready, declare: Declare, effect: dict[str, Any]) -> None:
    promised(ready(MUG))
    disruption = declare(ends_on=day(2), **effect)
    all_told()
    over(disruption)
    assert (resumed(), Event.objects.filter(kind="OrderResumed").count()) == ([], 0)


@pytest.mark.parametrize("effect", [{"effect": "hold"}, {"effect": "redate", "delay_days": 3}])
@pytest.mark.parametrize("first", [None, 9])
def test_one_that_was_given_a_nearer_last_day_is_news_when_it_ends_on_it(
    ready: Ready, declare: Declare, first: int | None, effect: dict[str, Any]
) -> None:
    [part] = promised(ready(MUG))
    disruption = declare(ends_on=None if first is None else day(first), **effect)
    all_told()
    ends(disruption, day(2))
    assert Message.objects.filter(kind="resumed").count() == 0  # a day that comes nearer is none
    over(disruption)
    assert resumed() == [order_of(part)]


@pytest.mark.parametrize("effect", [{"effect": "hold"}, {"effect": "redate", "delay_days": 3}])
def test_one_that_was_changed_before_it_began_ends_on_the_day_that_was_told(
    ready: Ready, declare: Declare, effect: dict[str, Any]
) -> None:
    promised(ready(MUG))
    disruption = declare(starts_on=day(1), ends_on=day(9), **effect)
    ends(disruption, day(2))
    Disruption.objects.update(starts_on=day(0))
    turn(0)
    carry_out()
    all_told()
    over(disruption)
    assert (Message.objects.filter(kind="disrupted").count(), resumed()) == (1, [])


def test_who_was_told_the_nearer_day_alone_hears_nothing_when_it_comes(ready: Ready, declare: Declare) -> None:
    [before] = ready(MUG)
    disruption = declare(ends_on=day(9))
    ends(disruption, day(2))
    [later] = ready(MUG)
    touch(disruption.pk, disruption.merchant_id or 0)
    all_told()
    assert Message.objects.filter(kind="disrupted", order=order_of(later)).exists()
    over(disruption)
    assert resumed() == [order_of(before)]


@pytest.mark.parametrize("effect", [{"effect": "hold"}, {"effect": "redate", "delay_days": 3}])
def test_who_was_not_told_whose_order_left_or_is_cancelled_or_waits_on_hears_nothing(
    world: World, ready: Ready, declare: Declare, effect: dict[str, Any]
) -> None:
    gone, cancelled, here = promised(ready(MUG, MUG, MUG))
    disruption = declare(**effect)
    all_told()
    [untold] = promised(ready(MUG))
    FulfillmentOrder.objects.filter(pk=gone).update(stage="handed_over")
    cancel_orders(world.tilleul.pk, order_ids=[order_of(cancelled)], actor=SYSTEM)
    ended(disruption)
    assert resumed() == [order_of(here)]
    assert not Message.objects.filter(order=order_of(untold)).exists()


def test_what_another_hold_keeps_does_not_go_on(world: World, ready: Ready, declare: Declare) -> None:
    [kept], [goes] = ready(MUG), ready(MUG)
    set_hold(world.tilleul.pk, order_ids=[order_of(kept)], kind="manual", reason="ask", actor=CHEN)
    disruption = declare()
    all_told()
    ended(disruption)
    assert resumed() == [order_of(goes)]


def test_nobody_hears_of_the_end_of_one_that_tells_nobody(ready: Ready, declare: Declare) -> None:
    [part] = ready(MUG)
    disruption = declare(tells=False)
    all_told()
    ended(disruption)
    assert not Message.objects.exists()
    Order.objects.filter(pk=order_of(part)).update(quiet=True)
    free(disruption.pk, disruption.merchant_id or 0)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("language", "says"),
    [("fr", "n’a plus à attendre"), ("en", "does not have to wait any longer: your order goes on")],
)
def test_who_was_told_to_wait_is_told_when_somebody_lets_the_order_go_all_the_same(
    world: World, ready: Ready, declare: Declare, language: str, says: str
) -> None:
    [goes], [kept], [untold] = ready(MUG, language=language), ready(MUG), ready(MUG)
    orders = [order_of(part) for part in (goes, kept, untold)]
    disruption = declare()
    set_hold(world.tilleul.pk, order_ids=[orders[1]], kind="manual", reason="ask", actor=CHEN)
    Order.objects.filter(pk=orders[2]).update(quiet=True)
    all_told()
    of_it = Hold.objects.filter(disruption=disruption)
    for _ in range(2):
        release_hold(world.tilleul.pk, hold_ids=list(of_it.values_list("pk", flat=True)), actor=CHEN)
        all_told()
    assert (resumed(), says in Message.objects.get(kind="resumed").text) == ([orders[0]], True)
    assert [(event["order_id"], event["effect"]) for event in told("OrderResumed")] == [
        (orders[0], "released"), (orders[2], "released"),
    ]  # fmt: skip
    ended(disruption)
    assert resumed() == [orders[0]]  # the other one is kept by another hold


def test_of_two_disruptions_let_go_at_once_one_message_tells(world: World, ready: Ready, declare: Declare) -> None:
    [part] = ready(MUG)
    declare()
    declare("lane", "", countries=["FR"])
    all_told()
    assert Message.objects.filter(kind="disrupted").count() == 2
    release_hold(world.tilleul.pk, hold_ids=list(Hold.objects.values_list("pk", flat=True)), actor=CHEN)
    all_told()
    assert resumed() == [order_of(part)]


def test_who_releases_another_hold_tells_nothing_of_disruptions(world: World, ready: Ready) -> None:
    [part] = ready(MUG)
    set_hold(world.tilleul.pk, order_ids=[order_of(part)], kind="manual", reason="ask", actor=CHEN)
    release_hold(world.tilleul.pk, hold_ids=list(Hold.objects.values_list("pk", flat=True)), actor=CHEN)
    assert told("OrderResumed") == []
