"""The list of orders: narrowed, and treated many at once, each order judged by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.desk.queries import bulk
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.orders.actions.cancel_orders import TooLateToCancel
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.tag_orders import tag_orders
from colisage.orders.models import FulfillmentOrder, Hold, Order
from colisage.people.models import Membership, User
from tests.cast import World, day
from tests.desk.test_holds import orders_of
from tests.desk.test_pages import client_of
from tests.orders.parts import part_of

pytestmark = pytest.mark.django_db
TOLD: dict[str, dict[str, str]] = {
    "hold": {"kind": "manual", "reason": "à voir", "owner": "me"},
    "release": {},
    "tag": {"tags": "VIP, cadeau"},
    "untag": {"tags": "vip"},
    "cancel": {},
    "together": {},
}


def treat(client: Client, deed: str, ids: list[int], **more: Any) -> list[str]:
    """Do one thing with orders, and give what is said of it."""
    answer = client.post("/orders/bulk", {"action": deed, "order": ids, "sure": "1", **TOLD[deed], **more})
    assert answer.status_code == 302, answer.content.decode()
    said = [str(one) for one in get_messages(answer.wsgi_request)]
    client.get("/orders/")  # they are read
    return said


def picked(order: int, node: int) -> None:
    """Bring an order where it cannot be cancelled any more."""
    FulfillmentOrder.objects.create(
        merchant_id=Order.objects.get(pk=order).merchant_id, order_id=order, node_id=node, stage="picked"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["2 orders are cancelled.", "1 order was like that before.", "is being prepared"]),
        ("fr", ["2 commandes sont annulées.", "Rien à faire pour 1 commande", "est en préparation"]),
    ],
)
def test_each_order_is_judged_by_itself_and_told(world: World, language: str, said: list[str]) -> None:
    first, second, gone, late = orders_of(world, 4)
    chen = client_of(world.chen, language=language)
    treat(chen, "cancel", [gone])
    picked(late, world.lyon.pk)
    told = treat(chen, "cancel", [first, second, gone, late])
    assert len(told) == 3
    assert all(part in text for part, text in zip(said, told, strict=True))
    assert Order.objects.get(pk=late).number in told[2]
    states = dict(Order.objects.values_list("pk", "state"))
    assert states == {first: "cancelled", second: "cancelled", gone: "cancelled", late: "open"}


@pytest.mark.parametrize(
    ("stage", "said"),
    [("waiting", "Commandes : en reliquat"), ("cancelled", "Commandes : annulées"), ("held", "Commandes : bloquées")],
)
def test_the_headline_calls_a_list_what_its_view_is_called(world: World, stage: str, said: str) -> None:
    page = client_of(world.chen, language="fr").get("/orders/", {"stage": stage}).content.decode()
    assert f"<h1>{said}</h1>" in page.replace("\xa0", " ")


def test_what_is_sent_twice_is_done_once(world: World) -> None:
    ids = orders_of(world, 3)
    chen = client_of(world.chen, language="en")
    for deed, before, verb in (
        ("hold", "3 orders wait.", "hold_set"), ("release", "3 orders wait no more.", "hold_released"),
        ("tag", "3 orders are tagged.", "order_tagged"), ("untag", "3 orders lost the tag.", "order_untagged"),
        ("cancel", "3 orders are cancelled.", "order_cancelled"),
    ):  # fmt: skip
        assert treat(chen, deed, ids) == [before]
        assert treat(chen, deed, ids) == ["3 orders were like that before."]
        assert AuditEntry.objects.filter(verb=verb).count() == 3
    assert {tuple(tags) for tags in Order.objects.values_list("tags", flat=True)} == {("cadeau",)}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("deed", bulk.BULK)
def test_nothing_is_done_before_the_question_is_answered(world: World, deed: str, language: str) -> None:
    ids = orders_of(world, 2)
    asked = client_of(world.chen, language=language).post("/orders/bulk", {"action": deed, "order": ids, "stage": "x"})
    assert asked.status_code == 200
    assert asked.context["ids"] == sorted(ids, reverse=True)
    assert asked.context["back"] == "/orders/?stage=x"
    text = asked.content.decode()
    assert all(number in text for number in Order.objects.values_list("number", flat=True))
    assert set(Order.objects.values_list("state", flat=True)) == {"open"}
    assert not Hold.objects.exists()


def test_all_that_match_are_asked_for_by_their_filters_and_no_more_than_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    vip = orders_of(world, 3)
    orders_of(world, 2)
    tag_orders(world.tilleul.pk, order_ids=vip, add=["vip"], actor=SYSTEM)
    chen = client_of(world.chen, language="en")
    every = {"action": "cancel", "all": "1", "tag": "vip"}
    assert chen.post("/orders/bulk", every).context["ids"] == sorted(vip, reverse=True)
    monkeypatch.setattr("colisage.desk.views.orders.MOST", 2)
    asked = chen.post("/orders/bulk", every)
    assert asked.context["ids"] == sorted(vip, reverse=True)[:2]
    assert "these are the newest" in asked.content.decode()
    assert Order.objects.filter(state="cancelled").count() == 0


def test_the_list_offers_all_that_match_only_where_there_are_more_than_the_page_shows(world: World) -> None:
    orders_of(world, 3, may_owe=True)
    chen = client_of(world.chen, language="en")
    assert 'name="all"' not in chen.get("/orders/").content.decode()
    orders_of(world, 60, may_owe=True)
    assert "all 63 that match" in chen.get("/orders/").content.decode()
    assert 'name="all"' not in chen.get("/orders/?text=nobody").content.decode()


@pytest.mark.parametrize("deed", bulk.BULK)
def test_many_orders_cost_as_many_statements_as_few(world: World, deed: str) -> None:
    chen = client_of(world.chen)
    few, many = orders_of(world, 2, may_owe=True), orders_of(world, 60, may_owe=True)
    for ids in (few, many):
        if deed == "release":
            treat(chen, "hold", ids)
        if deed == "untag":
            treat(chen, "tag", ids)

    def asked(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as caught:
            chen.post("/orders/bulk", {"action": deed, "order": ids, "sure": "1", **TOLD[deed]})
        return len(caught)

    assert asked(many) == asked(few)


def test_who_decides_nothing_is_offered_nothing_and_refused(world: World) -> None:
    (order,) = orders_of(world, 1)
    ada = client_of(world.ada)
    assert 'name="action"' not in ada.get("/orders/").content.decode()
    for deed, told in TOLD.items():
        assert ada.post("/orders/bulk", {"action": deed, "order": [order], "sure": "1", **told}).status_code == 403
    assert not Hold.objects.exists()
    assert Order.objects.get().state == "open"


def test_a_role_elsewhere_and_another_s_orders_are_refused_one_by_one(world: World) -> None:
    """Eve supports Northwind and packs at Atelier Nord, which works for Tilleul: its orders are seen, not decided."""
    (tilleul,) = orders_of(world, 1)
    wanted = world.order(merchant_id=world.northwind.pk, channel_id=world.northwind_channel.pk, number="NW-1", lines=())
    (answer,) = place_orders([wanted], actor=SYSTEM)
    own = answer.order_id or 0
    eve = User.objects.create_user("eve@both.example", "a long enough password", name="Eve")
    Membership.objects.create(user=eve, merchant=world.northwind, roles=["support"])
    Membership.objects.create(user=eve, operator=world.nord, roles=["packer"])
    said = treat(client_of(eve, language="en"), "cancel", [tilleul, own, 999_999])
    assert said[0] == "1 order is cancelled."
    assert any("Your role does not include this." in text for text in said)
    assert any("There is nothing here." in text for text in said)
    dee = treat(client_of(world.dee, language="en"), "cancel", [tilleul])
    assert dee == ["There is nothing here."]
    assert dict(Order.objects.values_list("pk", "state")) == {tilleul: "open", own: "cancelled"}


@pytest.mark.parametrize("tags", ["", " , ", "x" * 81, ",".join(f"t{n}" for n in range(11)), "a\x00b"])
def test_tags_that_cannot_be_are_told_beside_the_field_and_lose_nothing(world: World, tags: str) -> None:
    ids = orders_of(world, 2)
    told = {"action": "tag", "order": ids, "sure": "1", "tags": tags}
    answer = client_of(world.chen).post("/orders/bulk", told)
    assert answer.status_code == 422
    assert answer.context["ids"] == sorted(ids, reverse=True)
    assert set(map(tuple, Order.objects.values_list("tags", flat=True))) == {()}


def test_noise_is_told_and_changes_nothing(world: World) -> None:
    orders_of(world, 1)
    chen = client_of(world.chen, language="en")
    assert chen.post("/orders/bulk", {"action": "explode"}).status_code == 422
    nothing = chen.post("/orders/bulk", {"action": "cancel", "order": ["x", "9" * 40, "-1", "²"], "text": "a&b"})
    assert nothing.headers["Location"] == "/orders/?text=a%26b"
    assert [str(one) for one in get_messages(nothing.wsgi_request)] == ["Tick the orders first."]
    for noise in ("channel=²", "channel=" + "9" * 40, "tag=%00", "stage=" + "x" * 500, "after=²&before=x"):
        assert chen.get(f"/orders/?{noise}").status_code == 200


def test_the_list_is_narrowed_by_channel_and_tag_and_shows_the_tags(world: World) -> None:
    first, second = orders_of(world, 2)
    tag_orders(world.tilleul.pk, order_ids=[first], add=["<b>vip</b>"], actor=SYSTEM)
    chen = client_of(world.chen, language="en")

    def shown(**query: Any) -> set[int]:
        return {row["order"].pk for row in chen.get("/orders/", query).context["rows"]}

    assert shown(tag="<b>vip</b>") == {first}
    assert shown(channel=world.channel.pk) == {first, second}
    assert shown(channel=world.channel.pk + 99) == set()
    text = chen.get("/orders/").content.decode()
    assert "&lt;b&gt;vip&lt;/b&gt;" in text
    assert "<b>vip" not in text


def test_a_long_refusal_names_some_and_counts_the_others() -> None:
    became: dict[int, Any] = {n: TooLateToCancel(number=f"#{n}") for n in range(20)}
    ((tone, text),) = bulk.answers(bulk.BULK["cancel"], became, numbers={n: f"#{n}" for n in range(20)})
    assert tone == "error"
    assert len(text) < 400
    assert "#8" in text
    assert "#9" not in text


def test_what_should_have_left_and_has_not_is_late(world: World) -> None:
    late, sent, due, gone = (part_of(world, ("CARTE", 1)) for _ in range(4))
    hour = timedelta(hours=1)
    FulfillmentOrder.objects.exclude(pk=due.pk).update(ship_by=timezone.now() - hour)
    FulfillmentOrder.objects.filter(pk=due.pk).update(ship_by=timezone.now() + hour)
    FulfillmentOrder.objects.filter(pk=sent.pk).update(stage="handed_over")
    Order.objects.filter(pk=gone.order_id).update(state="cancelled")
    text = client_of(world.chen, language="en").get("/orders/?stage=late").content.decode()
    assert text.count('name="order"') == 1
    assert f'value="{late.order_id}"' in text
    assert "have not left" in text
    Order.objects.filter(pk__in=[due.order_id, sent.order_id, gone.order_id]).update(wanted_on=day(0))
    text = client_of(world.chen, language="en").get("/orders/?stage=late").content.decode()
    assert text.count('name="order"') == 2
    assert f'value="{due.order_id}"' in text
    assert 'name="order"' not in client_of(world.dee).get("/orders/?stage=late").content.decode()


@pytest.mark.parametrize(("language", "said"), [("en", "wanted on"), ("fr", "souhaitée le")])
def test_orders_are_narrowed_to_those_wanted_by_a_day(world: World, language: str, said: str) -> None:
    soon, later, gone, whenever = orders_of(world, 4)
    wanted = day(4)
    Order.objects.filter(pk__in=[soon, gone]).update(wanted_on=wanted)
    Order.objects.filter(pk=gone).update(state="cancelled")
    Order.objects.filter(pk=later).update(wanted_on=wanted + timedelta(days=1))
    chen = client_of(world.chen, language=language)
    text = chen.get(f"/orders/?wanted={wanted}").content.decode()
    assert (text.count('name="order"'), f'value="{soon}"' in text, said in text) == (1, True, True)
    for nonsense in ("soon", "2026-13-40", "%00", "0"):
        assert chen.get(f"/orders/?wanted={nonsense}").content.decode().count('name="order"') == 4
    assert f'value="{whenever}"' in chen.get("/orders/").content.decode()
