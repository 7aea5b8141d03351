"""Whose turn it is, over the API: who waits for a SKU, by what they are served, and who is served next."""

from collections.abc import Iterator
from typing import Any

import pytest

from colisage.inbound.actions.order_goods import order_goods
from colisage.kit.actors import SYSTEM
from colisage.kit.outbox import drain
from colisage.notices.actions.save_endpoint import save_endpoint
from colisage.notices.models import WebhookCall
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Order, TurnRule
from tests.books import balanced
from tests.cast import World, day
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]
MAY = ("orders:read", "orders:change")


@pytest.fixture(autouse=True)
def _none_free(world: World) -> Iterator[None]:
    place_orders([world.order(("MUG", 20))], actor=SYSTEM)
    yield
    drain()


def place(world: World, **changes: Any) -> Order:
    (answer,) = place_orders([world.order(("MUG", 1), **changes)], actor=SYSTEM)
    drain()
    return Order.objects.get(pk=answer.order_id)


def numbers(ask: Any, **query: Any) -> list[str]:
    return [one["order"] for one in ask.every("orders/waiting", sku="mug", **query)]


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_who_waits_is_read_in_turn_and_pulled_forward(world: World, program: Make) -> None:
    first, second, third = (place(world) for _n in range(3))
    ask = program(*MAY)
    assert numbers(ask, limit=1) == [first.number, second.number, third.number]
    done = Order.objects.exclude(pk__in=[first.pk, second.pk, third.pk]).get()
    sent = {"orders": [third.pk, second.pk, done.pk, 10**12]}
    answer = ask.post("orders/pull", sent, Idempotency_Key="p1")
    assert outcomes(answer) == [
        (third.pk, "pulled", ""), (second.pk, "pulled", ""), (done.pk, "refused", "nothing_waits"),
        (10**12, "refused", "not_there"),
    ]  # fmt: skip
    assert ask.post("orders/pull", sent, Idempotency_Key="p1").content == answer.content
    assert numbers(ask, limit=1) == [third.number, second.number, first.number]
    [head, *_rest] = ask.read("orders/waiting", sku="MUG")["items"]
    assert (head["order_id"], head["reference"], head["node"], head["quantity"]) == (
        third.pk, third.external_ref, "LYON", 1,
    )  # fmt: skip
    assert (head["expected_on"], head["expected_why"], head["why"]) == (None, "unknown", "priority 2")
    many = statements(lambda: ask.read("orders/waiting", sku="MUG", limit=3))
    assert statements(lambda: ask.read("orders/waiting", sku="MUG", limit=1)) == many


def test_turns_are_replaced_only_as_they_were_read(world: World, program: Make) -> None:
    plain, vip = place(world), place(world, tags=("vip",))
    ask = program(*MAY)
    tag = ask.get("orders/turns").headers["ETag"]
    wanted = {"criteria": [{"kind": "tag", "value": " vip "}, {"kind": "wanted"}]}
    assert code_of(ask.send("PUT", "orders/turns", wanted)) == (428, "etag_needed")
    answer = ask.send("PUT", "orders/turns", wanted, If_Match=tag, Idempotency_Key="t1")
    assert answer.status_code == 200, answer.content
    assert answer.json() == ask.read("orders/turns")
    assert answer.json()["criteria"] == [{"kind": "tag", "value": "vip"}, {"kind": "wanted", "value": ""}]
    assert ask.send("PUT", "orders/turns", wanted, If_Match=tag, Idempotency_Key="t1").content == answer.content
    assert numbers(ask) == [vip.number, plain.number]
    assert code_of(ask.send("PUT", "orders/turns", wanted, If_Match=tag)) == (412, "etag_differs")
    for wrong in ({"kind": "tag"}, {"kind": "wanted", "value": "x"}):
        bad = ask.send("PUT", "orders/turns", {"criteria": [wrong]}, If_Match="*")
        assert code_of(bad) == (422, "bad_turns")
    assert TurnRule.objects.count() == 2


def test_a_day_that_is_known_or_changes_is_told_to_programs(world: World, program: Make) -> None:
    save_endpoint(world.tilleul.pk, url="https://shop.example/", events=["order.expected"], actor=SYSTEM)
    order, soon = place(world), day(5)
    order_goods(
        world.tilleul.pk, supplier="Grès", node_id=world.lyon.pk, number="A-1", lines=[(world.sku("MUG").pk, 5, 500)],
        expected_on=soon, actor=SYSTEM,
    )  # fmt: skip
    drain()
    [item] = program(*MAY).read("orders/waiting", sku="MUG")["items"]
    assert (item["expected_on"], item["expected_why"]) == (soon.isoformat(), "ordered")
    assert f'"on":"{soon}"' in WebhookCall.objects.latest("pk").body
    assert f'"order_id":{order.pk}' in WebhookCall.objects.latest("pk").body


def test_a_stranger_sees_nobody_wait_and_pulls_nobody(world: World, program: Make, stranger: Make) -> None:
    order = place(world)
    ask = stranger(*MAY)
    assert ask.every("orders/waiting", sku="MUG") == []
    assert outcomes(ask.post("orders/pull", {"orders": [order.pk]})) == [(order.pk, "refused", "not_there")]
    item = program(*MAY).read("orders/waiting", sku="MUG")["items"][0]["id"]
    assert code_of(ask.get("orders/waiting", sku="MUG", page=item)) == (404, "not_there")
    assert code_of(program("orders:read").post("orders/pull", {"orders": [order.pk]})) == (401, "unauthorized")
    assert code_of(program(*MAY).get("orders/waiting", sku="NOPE")) == (404, "not_there")
    assert code_of(program(*MAY).get("orders/waiting")) == (422, "malformed")
