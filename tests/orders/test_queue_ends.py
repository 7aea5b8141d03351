"""Who joins the end of a queue is dated by what those before him left, as if the whole queue had been looked at."""

import random
from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.events import IncomingChanged
from colisage.inbound.models import PurchaseOrder, Supplier, SupplierSku
from colisage.inventory.events import ReservationDemoted
from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM
from colisage.kit.outbox import drain
from colisage.notices.models import Message
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.date_backorders import date_backorders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.pull_order import pull_order
from colisage.orders.actions.rank_waiting import rank_waiting
from colisage.orders.events import OrderAccepted, OrderCancelled, OrderExpected
from colisage.orders.models import Backorder, OrderLine, QueueEnd, TurnRule
from tests.books import told
from tests.cast import World
from tests.orders.test_date_backorders import buy

pytestmark = pytest.mark.django_db(transaction=True)
CODES = ("MUG", "CARTE", "TAPIS", "COFFRET")
Days = dict[int, tuple[date | None, str]]


def accept(world: World, *wants: tuple[str, int], orders: int = 1, **changes: Any) -> list[OrderAccepted]:
    """Accept orders of which no worker has heard yet; give the news of them."""
    answers = place_orders([world.order(*wants, **changes) for _ in range(orders)], actor=SYSTEM)
    return [OrderAccepted(merchant_id=world.tilleul.pk, order_id=answer.order_id or 0) for answer in answers]


def look_at_all(world: World) -> None:
    date_backorders([IncomingChanged(merchant_id=world.tilleul.pk, sku_id=world.sku(code).pk) for code in CODES[:3]])


def days(*, of: Collection[int] = ()) -> Days:
    rows = Backorder.objects.filter(order__in=of) if of else Backorder.objects.all()
    return {line: (on, why) for line, on, why in rows.values_list("order_line_id", "on", "why")}


def asked_for(doing: Callable[[], None]) -> tuple[int, int]:
    """Give how many statements were asked, and how many rows they gave or wrote."""
    count: Counter[str] = Counter()

    def look(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if "notify" not in sql.lower():  # at most once in a while
            count.update(statements=1, rows=max(context["cursor"].rowcount, 0))
        return answer

    with connection.execute_wrapper(look):
        doing()
    return count["statements"], count["rows"]


@pytest.mark.parametrize("coming", [0, 5, 1_000])
def test_as_many_statements_and_rows_behind_three_hundred_as_behind_five(world: World, coming: int) -> None:
    if coming:
        buy(world, coming, on=timezone.localdate() + timedelta(days=4))
    asked = []
    for before in (5, 300):
        accept(world, ("MUG", 20))
        date_backorders(accept(world, ("MUG", 1), orders=before))
        news = accept(world, ("MUG", 1), orders=3)
        asked.append(asked_for(lambda news=news: date_backorders(news)))  # type: ignore[misc]
    assert asked[0] == asked[1]
    assert not Backorder.objects.filter(told=False, order__in=[event.order_id for event in news]).exists()


def test_those_whose_merchant_ranks_them_join_at_the_end_as_well(world: World) -> None:
    """Who is ranked as the others are moves nobody; who is ranked before them, or has a day already, does."""
    TurnRule.objects.create(merchant=world.tilleul, position=1, kind="tag", value="vip")
    day = timezone.localdate() + timedelta(days=4)
    buy(world, 3, on=day)
    accept(world, ("MUG", 20))
    first = accept(world, ("MUG", 3))
    drain()
    asked = []
    for before in (5, 200):
        accept(world, ("MUG", 1), orders=before)
        drain()
        news = accept(world, ("MUG", 1))
        asked.append(asked_for(lambda news=news: (rank_waiting(news), date_backorders(news)))[1])  # type: ignore[misc]
    assert asked[0] == asked[1]
    assert told("TurnsChanged") == []
    vip, late = accept(world, ("MUG", 2), tags=("vip",)), accept(world, ("MUG", 1), tags=("vip",))
    date_backorders(news := accept(world, ("MUG", 1)))  # dates those who are not heard of yet, too
    rank_waiting([*vip, *late, *news])
    assert len(told("TurnsChanged")) == 1
    drain()
    assert [days(of=[event.order_id]).popitem()[1] for event in (*vip, *late, *first)] == [
        (day, "ordered"), (day, "ordered"), (None, "unknown"),
    ]  # fmt: skip
    assert set(Message.objects.values_list("kind", flat=True)) == {"confirmed", "owed"}
    assert list(Message.objects.filter(kind="owed").values_list("order_id", flat=True)) == [first[0].order_id]


def test_who_joins_is_dated_as_if_the_whole_queue_had_been_looked_at(world: World) -> None:
    """The witness forgets where queues end and looks at all who wait, after each of many steps; then it is undone."""
    chance = random.Random(41)
    today = timezone.localdate()
    supplier = Supplier.objects.create(merchant=world.tilleul, code="GRES", name="Grès", lead_days=30)
    SupplierSku.objects.create(merchant=world.tilleul, supplier=supplier, sku=world.sku("TAPIS"), lead_days=12)
    for code in CODES[:3]:
        accept(world, (code, 20))
    unheard: list[OrderAccepted] = []
    for step in range(60):
        doing = chance.choice(["accept"] * 6 + ["hear"] * 4 + ["buy", "cancel", "pull"])
        if doing == "accept":
            code = chance.choice(CODES)
            unheard += accept(world, (code, chance.randint(1, 3)), orders=chance.randint(1, 4))
        elif doing == "buy":
            buy(
                world,
                chance.randint(1, 9),
                on=today + timedelta(days=step),
                code=chance.choice(CODES[:3]),
                number=f"B{step}",
            )
            unheard = []
        elif unheard and doing == "hear":
            chance.shuffle(unheard)
            news, unheard = unheard[:3], unheard[3:]
            date_backorders(news)
        elif lines := sorted(days()):
            order = OrderLine.objects.get(pk=chance.choice(lines)).order_id
            if doing == "pull":
                pull_order(world.tilleul.pk, order_id=order, actor=SYSTEM)
            else:
                cancel_orders(world.tilleul.pk, order_ids=[order], actor=SYSTEM)
            drain()
            unheard = []
        found = days()
        with transaction.atomic():
            QueueEnd.objects.all().delete()
            look_at_all(world)
            assert found == {line: day for line, day in days().items() if line in found}, (step, doing)
            transaction.set_rollback(True)
    assert QueueEnd.objects.count() == 3


def test_all_who_wait_are_dated_anew_with_a_handful_of_parameters(world: World) -> None:
    """A statement takes 65,535: so many may wait for one SKU."""
    accept(world, ("MUG", 20))
    date_backorders(accept(world, ("MUG", 1), orders=300))
    day = timezone.localdate() + timedelta(days=4)
    order_goods(
        world.tilleul.pk, supplier="Grès", node_id=world.lyon.pk, number="PO-1",
        lines=[(world.sku("MUG").pk, 300, 500)], expected_on=day, actor=SYSTEM,
    )  # fmt: skip
    taken = []

    def look(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        taken.append(len(params or ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        date_backorders([IncomingChanged(merchant_id=world.tilleul.pk, sku_id=world.sku("MUG").pk)])
    assert set(days().values()) == {(day, "ordered")}
    assert (len(days()), max(taken) < 30) == (300, True)


def test_nobody_is_told_of_a_day_that_his_confirmation_says(world: World) -> None:
    """Orders of one file are heard of in parts, and the days of all follow from the whole queue."""
    accept(world, ("MUG", 20))
    news = accept(world, ("MUG", 1), orders=6)
    date_backorders(news[3:])
    date_backorders(news[:3])
    assert [(event["order_id"], event["later"]) for event in told("OrderExpected")] == [
        (event.order_id, False) for event in [*news[3:], *news[:3]]
    ]
    drain()
    assert set(Message.objects.values_list("kind", flat=True)) == {"confirmed"}


def test_who_was_held_and_is_owed_is_told_by_his_own_news_whoever_looked_before(world: World) -> None:
    [event] = accept(world, ("MUG", 20))
    drain()
    held = Reservation.objects.get(owner_kind="order_line", owner_id=OrderLine.objects.get().pk)
    Reservation.objects.filter(pk=held.pk).update(state="waiting")  # as a loss does
    look_at_all(world)
    assert [(row.told, row.why) for row in Backorder.objects.all()] == [(False, "unknown")]
    assert told("OrderExpected") == []
    lost = ReservationDemoted(
        merchant_id=world.tilleul.pk, owner_kind="order_line", owner_id=held.owner_id, reservation_id=held.pk,
        sku_id=held.sku_id, node_id=world.lyon.pk, qty=20,
    )  # fmt: skip
    date_backorders([lost])
    date_backorders([lost])
    assert [OrderExpected.read(one) for one in told("OrderExpected")] == [
        OrderExpected(merchant_id=world.tilleul.pk, order_id=event.order_id, on="", later=True)
    ]


def test_a_line_whose_order_ended_before_it_was_heard_of_has_no_day(world: World) -> None:
    accept(world, ("MUG", 20))
    first, second = accept(world, ("MUG", 1), orders=2)
    date_backorders([first])
    cancel_orders(world.tilleul.pk, order_ids=[second.order_id], actor=SYSTEM)
    date_backorders([second, OrderCancelled(merchant_id=world.tilleul.pk, order_id=second.order_id)])
    assert list(Backorder.objects.values_list("order_id", flat=True)) == [first.order_id]
    assert [event["order_id"] for event in told("OrderExpected")] == [first.order_id]


def test_another_day_of_what_comes_is_seen_by_who_joins_before_the_news_of_it(world: World) -> None:
    today = timezone.localdate()
    purchase = buy(world, 5, on=today + timedelta(days=4))
    accept(world, ("MUG", 20))
    [first] = accept(world, ("MUG", 1))
    date_backorders([first])
    PurchaseOrder.objects.filter(pk=purchase).update(expected_on=today + timedelta(days=9))
    date_backorders(second := accept(world, ("MUG", 1)))
    assert set(days(of=[first.order_id, second[0].order_id]).values()) == {(today + timedelta(days=9), "ordered")}


def test_of_a_set_each_part_is_looked_at_whatever_queues_it_stands_in(world: World) -> None:
    today = timezone.localdate()
    accept(world, ("MUG", 20), ("CARTE", 20))
    buy(world, 50, on=today + timedelta(days=3))
    buy(world, 50, on=today + timedelta(days=8), code="CARTE", number="PO-2")
    date_backorders(accept(world, ("MUG", 1)))  # a queue of one part is known, that of the other is not
    before = accept(world, ("COFFRET", 1), orders=2)
    date_backorders(accept(world, ("MUG", 1)))
    last = {(today + timedelta(days=8), "ordered")}
    date_backorders(before)
    assert set(days(of=[event.order_id for event in before]).values()) == last
    date_backorders(after := accept(world, ("COFFRET", 1)))  # both are known now
    assert set(days(of=[event.order_id for event in after]).values()) == last


def test_who_joins_before_others_puts_them_back(world: World) -> None:
    """A transaction that began before another one may end after it, and a priority is before all."""
    day = timezone.localdate() + timedelta(days=4)
    buy(world, 2, on=day)
    accept(world, ("MUG", 20))
    first, second = accept(world, ("MUG", 1)), accept(world, ("MUG", 1))
    date_backorders(first + second)
    early = accept(world, ("MUG", 1))
    owner = OrderLine.objects.get(order=early[0].order_id).pk
    Reservation.objects.filter(owner_kind="order_line", owner_id=owner).update(
        since=timezone.now() - timedelta(hours=1)
    )
    date_backorders(early)
    dated = [days(of=[event.order_id]).popitem()[1] for event in (*early, *first, *second)]
    assert dated == [(day, "ordered"), (day, "ordered"), (None, "unknown")]
