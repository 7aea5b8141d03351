"""When a disruption lasts longer than was told, whose orders wait for it are told each new day, once."""

import pytest
from django.utils import translation

from colisage.disruptions.tasks import change
from colisage.network.actions.change_disruption import change_disruption
from colisage.network.models import Disruption
from colisage.notices.actions.tell_disrupted import tell_disrupted
from colisage.notices.models import Message
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.retell_disrupted import retell_disrupted
from colisage.orders.events import OrderDisrupted
from colisage.orders.models import Hold, Order
from colisage.ui import words
from tests.books import told
from tests.cast import World, day
from tests.disruptions.conftest import CHEN, Declare, carry_out
from tests.disruptions.test_kinds import order_of, promised
from tests.picking.conftest import Ready

pytestmark = pytest.mark.usefixtures("balanced")
MUG = (("MUG", 1),)


def all_told() -> None:
    for _ in range(2):
        tell_disrupted([OrderDisrupted.read(event) for event in told("OrderDisrupted")])


def lasts(disruption: Disruption, ends_on: int | None) -> None:
    """Give it another last day, let a worker do what is to be done, and tell it; all of it twice."""
    last = None if ends_on is None else day(ends_on)
    change_disruption(disruption.pk, ends_on=last, cause={"fr": "Incendie", "en": "Fire"}, actor=CHEN)
    for _ in range(2):
        carry_out()
        all_told()


def mails(part: int) -> list[Message]:
    return list(Message.objects.filter(order=order_of(part)).order_by("pk"))


@pytest.mark.parametrize(
    ("language", "longer", "unknown"),
    [
        ("fr", "plus longtemps que prévu\u00a0: jusqu’au", "combien de temps"),
        ("en", "longer than we thought: until", "how long"),
    ],
)
def test_who_waits_is_told_each_later_day_once(
    ready: Ready, declare: Declare, language: str, longer: str, unknown: str
) -> None:
    [part] = ready(MUG, language=language)
    disruption = declare(ends_on=day(3))
    all_told()
    for ends_on, count in ((6, 2), (4, 2), (6, 2), (7, 3), (None, 4), (9, 4)):
        lasts(disruption, ends_on)
        assert len(mails(part)) == count, ends_on
    first, second, third, last = (message.text for message in mails(part))
    assert all(longer not in text for text in (first, last))
    assert all(longer in text for text in (second, third))
    assert unknown in last
    assert {message.kind for message in mails(part)} == {"disrupted"}
    told_days = [(event["until"], event["again"]) for event in told("OrderDisrupted")]
    assert told_days == [
        (day(3).isoformat(), False), (day(6).isoformat(), True), (day(7).isoformat(), True), ("", True),
    ]  # fmt: skip


def test_the_day_is_said_as_it_was_when_it_was_told(ready: Ready, declare: Declare) -> None:
    [part] = ready(MUG, language="en")
    disruption = declare(ends_on=day(3))
    lasts(disruption, 6)  # before anybody was told of the first
    with translation.override("en"):
        days = [words.day(day(n), style="long") for n in (3, 6)]
    assert [on in message.text for on, message in zip(days, mails(part), strict=True)] == [True, True]


def test_whose_order_goes_on_is_history_or_was_promised_later_hears_nothing(
    world: World, ready: Ready, declare: Declare
) -> None:
    [goes], [past], [waits] = ready(MUG), ready(MUG), ready(MUG)
    disruption = declare(ends_on=day(3))
    all_told()
    of_it = Hold.objects.filter(disruption=disruption, order=order_of(goes))
    release_hold(world.tilleul.pk, hold_ids=[hold.pk for hold in of_it], actor=CHEN)
    Order.objects.filter(pk=order_of(past)).update(quiet=True)
    lasts(disruption, 6)
    assert [len(mails(part)) for part in (goes, past, waits)] == [1, 1, 2]
    Disruption.objects.filter(pk=disruption.pk).update(state="ended")
    assert not retell_disrupted(world.tilleul.pk, disruption=disruption)


def test_a_promise_that_moved_by_days_does_not_move_again(ready: Ready, declare: Declare) -> None:
    [part] = promised(ready(MUG))
    disruption = declare(effect="redate", delay_days=3, ends_on=day(3))
    all_told()
    lasts(disruption, 6)
    assert len(mails(part)) == 1


def test_one_that_tells_nobody_tells_nobody_that_it_lasts(ready: Ready, declare: Declare) -> None:
    [part] = ready(MUG)
    disruption = declare(ends_on=day(3), tells=False)
    lasts(disruption, 6)
    assert mails(part) == []
    assert Hold.objects.get().told_until == day(6)


def test_as_many_are_told_as_wait_part_by_part(world: World, ready: Ready, declare: Declare) -> None:
    ready(*[MUG] * 5)
    disruption = declare(ends_on=day(3))
    Disruption.objects.filter(pk=disruption.pk).update(ends_on=day(8))
    assert retell_disrupted(world.tilleul.pk, disruption=disruption, most=3)
    assert not retell_disrupted(world.tilleul.pk, disruption=disruption, most=3)
    change(disruption.pk, world.tilleul.pk)
    again = [event["order_id"] for event in told("OrderDisrupted") if event["again"]]
    assert sorted(again) == sorted(set(Order.objects.values_list("pk", flat=True)))
