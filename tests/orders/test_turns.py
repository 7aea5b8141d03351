"""Whose turn it is when units come: what the merchant goes by, then age; a person may pull one order forward."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.inventory.actions.serve_waiting import serve_waiting
from colisage.inventory.models import Reservation
from colisage.inventory.queries.owed import queue_of
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.marks import SavedMeanwhile
from colisage.kit.models import AuditEntry
from colisage.kit.outbox import drain
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.instruct_orders import instruct_orders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.pull_order import NothingWaits, pull_order
from colisage.orders.actions.rank_waiting import rank_waiting
from colisage.orders.actions.save_turns import BadTurns, save_turns
from colisage.orders.events import OrderAccepted
from colisage.orders.models import Order, OrderLine, TurnRule
from colisage.orders.queries.turns import Criterion, TurnKind, turns_mark
from tests.books import find, where
from tests.cast import World
from tests.desk.test_pages import client_of
from tests.screens import seen_of
from tests.together import at_once, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]
WANTED, EXPRESS, VIP = Criterion("wanted"), Criterion("express", "Express, chrono"), Criterion("tag", "vip")


@pytest.fixture(autouse=True)
def _none_free(world: World) -> Iterator[None]:
    place_orders([world.order(("MUG", 20))], actor=SYSTEM)
    yield
    drain()


def order(world: World, **changes: Any) -> Order:
    (answer,) = place_orders([world.order(("MUG", 1), **changes)], actor=SYSTEM)
    drain()
    return Order.objects.get(pk=answer.order_id)


def save(world: World, *criteria: Criterion) -> bool:
    changed = save_turns(world.tilleul.pk, criteria, actor=SYSTEM)
    drain()
    return changed


def queue(world: World) -> list[int]:
    owners = [w.owner_id for w in queue_of(world.tilleul.pk, sku_id=world.sku("MUG").pk)]
    lines = dict(OrderLine.objects.filter(pk__in=owners).values_list("pk", "order_id"))
    return [lines[owner] for owner in owners]


def pks(orders: Sequence[Order]) -> list[int]:
    return [each.pk for each in orders]


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_first_come_first_served_as_long_as_nobody_says_otherwise(world: World) -> None:
    placed = [order(world), order(world, wanted_on=day(2), tags=("VIP",)), order(world, shipping_method="Express")]
    assert queue(world) == pks(placed)


def test_the_first_row_counts_first_and_those_that_are_equal_go_by_the_next(world: World) -> None:
    assert save(world, EXPRESS, WANTED)
    plain, late = order(world), order(world, wanted_on=day(9))
    soon = order(world, wanted_on=day(2))
    express, first = order(world, shipping_method="Chronopost 13"), order(world, shipping_method="EXPRESS",
                                                                         wanted_on=day(5))  # fmt: skip
    assert queue(world) == pks([first, express, soon, late, plain])


def test_who_waits_already_moves_when_the_rows_change_and_back_when_they_are_taken_away(world: World) -> None:
    plain, vip = order(world), order(world, tags=("VIP", "gift"))
    firm = order(world, purchase_reference="BC-7")
    assert save(world, Criterion("business"), VIP)
    assert queue(world) == pks([firm, vip, plain])
    assert not save(world, Criterion("business"), VIP)
    assert save(world)
    assert queue(world) == pks([plain, vip, firm])
    assert AuditEntry.objects.filter(verb="turns_saved").count() == 2


def test_an_order_that_is_changed_moves_to_its_place(world: World) -> None:
    save(world, WANTED)
    first, second = order(world), order(world)
    change_order(world.tilleul.pk, order_id=second.pk, wish=Wish(wanted_on=day(3)), actor=SYSTEM)
    drain()
    assert queue(world) == pks([second, first])


def test_units_go_to_the_one_whose_turn_it_is_while_another_is_cancelled(world: World) -> None:
    save(world, WANTED)
    mug = world.sku("MUG")
    for _ in range(3):
        plain, soon, gone = order(world), order(world, wanted_on=day(2)), order(world, wanted_on=day(1))
        find(mug, 1, at=where(mug, world.lyon))
        done = at_once(
            partial(cancel_orders, world.tilleul.pk, order_ids=[gone.pk], actor=SYSTEM),
            partial(serve_waiting, [(mug.pk, world.lyon.pk)]),
        )
        assert not faults(done)
        drain()
        states = dict(
            Reservation.objects.filter(sku=mug, owner_id__in=OrderLine.objects.filter(order__in=[plain, soon, gone]))
            .values_list("owner_id", "state")
        )  # fmt: skip
        lines = dict(OrderLine.objects.filter(order__in=[plain, soon, gone]).values_list("order_id", "pk"))
        assert [states[lines[each.pk]] for each in (plain, soon, gone)] == ["waiting", "held", "released"]
        cancel_orders(world.tilleul.pk, order_ids=[plain.pk], actor=SYSTEM)
        drain()


def test_a_person_pulls_one_forward_and_it_is_written(world: World) -> None:
    save(world, WANTED)
    soon, plain, last = order(world, wanted_on=day(1)), order(world), order(world)
    pull_order(world.tilleul.pk, order_id=last.pk, actor=SYSTEM)
    drain()
    assert queue(world) == pks([last, soon, plain])
    pull_order(world.tilleul.pk, order_id=plain.pk, actor=SYSTEM)
    assert queue(world) == pks([plain, last, soon])
    assert list(AuditEntry.objects.filter(verb="order_pulled").values_list("doc_id", flat=True)) == pks([last, plain])
    held = Order.objects.exclude(pk__in=pks([soon, plain, last])).get()
    with pytest.raises(NothingWaits):
        pull_order(world.tilleul.pk, order_id=held.pk, actor=SYSTEM)
    with pytest.raises(NotThere):
        pull_order(world.northwind.pk, order_id=plain.pk, actor=SYSTEM)


def test_a_priority_that_a_rule_gives_goes_before_the_rows(world: World) -> None:
    save(world, WANTED)
    soon, plain = order(world, wanted_on=day(1)), order(world)
    instruct_orders(world.tilleul.pk, order_ids=[plain.pk], kind="priority", value="5", actor=SYSTEM)
    drain()
    assert queue(world) == pks([plain, soon])


@pytest.mark.parametrize(
    "criteria",
    [
        [Criterion("age")], [Criterion("tag")], [Criterion("tag", " ")], [Criterion("wanted", "x")], [WANTED, WANTED],
        [Criterion("tag", str(n)) for n in range(6)], [Criterion("tag", "x" * 201)],
    ],
)  # fmt: skip
def test_what_is_no_list_of_known_things_is_refused(world: World, criteria: list[Criterion]) -> None:
    with pytest.raises(BadTurns):
        save_turns(world.tilleul.pk, criteria, actor=SYSTEM)
    assert not TurnRule.objects.exists()


def test_a_merchant_without_rows_costs_one_statement(world: World) -> None:
    placed = order(world)
    with CaptureQueriesContext(connection) as asked:
        rank_waiting([OrderAccepted(merchant_id=world.tilleul.pk, order_id=placed.pk)] * 500)
    assert len([one for one in asked if "orders_turnrule" in one["sql"]]) == 1
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"] and one["sql"] not in {"BEGIN", "COMMIT"}]) == 1


@pytest.mark.parametrize(("language", "said"), [("en", "wanted on"), ("fr", "souhaitée le")])
def test_the_page_of_a_sku_says_why_and_a_manager_sets_the_rows(world: World, language: str, said: str) -> None:
    mug, chen = world.sku("MUG").pk, client_of(world.chen, language=language)
    plain, soon = order(world), order(world, wanted_on=day(1))
    asked = {"kind_0": "wanted", "kind_1": "channel", "channel_1": "shop"}
    assert chen.post("/orders/turns", asked).status_code == 302
    drain()
    assert list(TurnRule.objects.order_by("position").values_list("kind", "value")) == [
        ("wanted", ""), ("channel", "shop"),
    ]  # fmt: skip
    assert said in chen.get(f"/stock/{mug}").content.decode()
    assert [row["order"].pk for row in chen.get(f"/stock/{mug}").context["waiting"]] == pks([soon, plain])
    assert chen.post(f"/orders/{plain.pk}/pull", {"sku": mug}).headers["Location"] == f"/stock/{mug}"
    assert [row["order"].pk for row in chen.get(f"/stock/{mug}").context["waiting"]] == pks([plain, soon])
    answer = chen.post("/orders/turns", {"kind_0": "tag"})
    assert answer.status_code == 422
    assert TurnRule.objects.count() == 2
    assert client_of(world.bo).post("/orders/turns", asked).status_code in {403, 404}
    assert client_of(world.dee).post(f"/orders/{plain.pk}/pull").status_code == 404


@pytest.mark.parametrize(
    ("language", "label", "missing"),
    [
        ("en", "Which tag", "Say which tag is meant."),
        ("fr", "Quelle étiquette", "Dites de quelle étiquette il s’agit."),
    ],
)
def test_a_row_has_the_field_that_its_choice_asks_for_and_no_other(
    world: World, language: str, label: str, missing: str
) -> None:
    chen = client_of(world.chen, language=language)
    page = chen.get("/orders/turns").content.decode()
    assert ('name="kind_0"' in page, 'name="kind_1"' in page, 'name="words_0"' in page) == (True, False, False)
    chosen = {"press": "again", "kind_0": "tag", "kind_1": "business", "kind_2": "channel", "words_0": "vip"}
    page = chen.post("/orders/turns", chosen).content.decode()
    drawn = ("words_0", "words_1", "channel_0", "channel_2", "kind_3", "kind_4")
    assert [name for name in drawn if f'name="{name}"' in page] == ["words_0", "channel_2", "kind_3"]
    assert (label in page, 'value="vip"' in page, missing in page, TurnRule.objects.count()) == (True, True, False, 0)
    answer = chen.post("/orders/turns", {"kind_0": "wanted", "kind_1": "tag"})
    assert (answer.status_code, missing in answer.content.decode()) == (422, True)
    wrong = chen.post("/orders/turns", {"press": "again", "kind_0": "the moon", "words_0": "x"})
    assert (wrong.status_code, TurnRule.objects.count()) == (200, 0)


def test_of_two_who_say_whose_turn_it_is_the_second_sees_the_first_and_loses_nothing(world: World) -> None:
    chen = client_of(world.chen)
    chen.cookies["language"] = "en"
    seen = seen_of(chen.get("/orders/turns"))
    first = {"kind_0": "express", "words_0": "Chrono", "kind_1": "channel", "channel_1": "shop", "seen": seen}
    assert chen.post("/orders/turns", first).status_code == 302
    again = chen.post("/orders/turns", {"kind_0": "tag", "words_0": "vip", "press": "again", "seen": seen})
    assert seen_of(again) == seen  # of what was read, also when a row is added
    page = chen.post("/orders/turns", {"kind_0": "tag", "words_0": "vip", "seen": seen})
    text = page.content.decode()
    assert page.status_code == 422
    assert TurnRule.objects.count() == 2
    assert "Chen changed what stands here (" in text  # who, and what stands now
    assert "1. By → <strong>" in text
    assert "(Chrono)</strong>" in text
    assert f"2. By → <strong>{TurnKind.CHANNEL.label} (Boutique)</strong>" in text
    assert 'value="vip"' in text  # and what was typed
    assert chen.post("/orders/turns", {"kind_0": "wanted", "seen": seen_of(page)}).status_code == 302
    assert [rule.kind for rule in TurnRule.objects.all()] == ["wanted"]


def test_who_was_told_of_another_is_told_so_until_it_is_saved(world: World) -> None:
    chen = client_of(world.chen)
    chen.cookies["language"] = "en"
    seen = seen_of(chen.get("/orders/turns"))
    assert chen.post("/orders/turns", {"kind_0": "express", "words_0": "Chrono", "seen": seen}).status_code == 302
    page = chen.post("/orders/turns", {"kind_0": "tag", "words_0": "vip", "seen": seen})
    for typed in (
        {"kind_0": "channel", "press": "again"},  # another choice in a row
        {"kind_0": "tag", "words_0": ""},  # an error
        {"kind_0": "the moon"},
    ):
        sent = {**typed, **dict(re.findall(r'type="hidden" name="(seen|told)" value="([^"]*)"', page.content.decode()))}
        page = chen.post("/orders/turns", sent)
        assert page.status_code == (200 if "press" in typed else 422)
        text = page.content.decode()
        assert "Chen changed what stands here (" in text
        assert "(Chrono)</strong>" in text
    done = {"kind_0": "wanted", "told": "1", "seen": seen_of(page)}
    assert chen.post("/orders/turns", done).status_code == 302
    assert "changed what stands here" not in chen.get("/orders/turns").content.decode()


def test_of_two_who_say_whose_turn_it_is_in_the_same_second_one_is_told_so(world: World) -> None:
    save = partial(save_turns, world.tilleul.pk, actor=SYSTEM, seen=turns_mark([]))
    [late] = faults(at_once(partial(save, [VIP]), partial(save, [WANTED])))
    assert isinstance(late, SavedMeanwhile)
    assert TurnRule.objects.count() == 1
