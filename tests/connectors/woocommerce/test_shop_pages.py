import json
import re
from typing import Any

import pytest
from django.db import connection as db
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.cast import World
from tests.connectors.shops import ask, order_of, read
from tests.connectors.woocommerce.conftest import balanced, woo_order
from tests.connectors.woocommerce.conftest import connection as connection_fixture
from tests.connectors.woocommerce.conftest import shop as shop_fixture

from colisage.connectors.actions.check_connection import check_connection
from colisage.connectors.models import Connection, Errand
from colisage.connectors.woocommerce.simulator import WooShop
from colisage.intake.actions.keep_messages import keep_messages
from colisage.intake.models import ShopMessage
from colisage.intake.ports import Arrived
from colisage.kit.models import AuditEntry
from colisage.network.models import Channel

__all__ = ["balanced", "connection_fixture", "shop_fixture"]


def test_a_manager_connects_a_shop_and_its_secrets_are_never_shown(balanced: World, shop: WooShop, enter: Any) -> None:
    chen = enter(balanced.chen)
    made = chen.post(reverse("shops"), {"connector": "woocommerce", "name": "Boutique", "code": "boutique"})
    channel = Channel.objects.get(code="boutique")
    assert made.url == reverse("shop", args=[channel.pk])
    page = reverse("shop", args=[channel.pk])
    assert chen.post(page, {"url": "ftp://shop", "key": "ck", "secret": "cs", "active": "on"}).status_code == 422
    assert not Connection.objects.exists()
    given = {"url": shop.url, "key": shop.key, "secret": shop.secret, "webhook_secret": "wh", "active": "on"}
    assert chen.post(page, given).status_code == 302
    shown = chen.get(page).content.decode()
    assert shop.url in shown
    assert not {shop.key, shop.secret} & set(shown.split('"'))
    assert Connection.objects.get().hook in shown
    assert chen.post(page, {"url": shop.url, "active": "on"}).status_code == 302  # the secrets stay
    assert not [row for row in AuditEntry.objects.values_list("data", flat=True) if shop.secret in json.dumps(row)]
    again = chen.post(reverse("shops"), {"connector": "woocommerce", "name": "Autre", "code": "boutique"})
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("language", "kind"), [("fr", "Boutique personnalisée ShipStation"), ("en", "ShipStation custom store")]
)
def test_a_kind_of_shop_is_called_the_same_wherever_it_stands(
    balanced: World, enter: Any, language: str, kind: str
) -> None:
    chen = enter(balanced.chen)
    chen.cookies["language"] = language
    made = chen.post(reverse("shops"), {"connector": "custom_store", "name": "Vente", "code": "vente"})
    for page in (reverse("shops"), made.url):
        assert kind in chen.get(page).content.decode()
    listed = chen.get(reverse("shops")).content.decode()
    assert listed.count(kind) == 2  # in the list and among the kinds


def test_the_page_of_an_order_says_what_its_money_is_made_of(
    balanced: World, shop: WooShop, connection: Connection, enter: Any
) -> None:
    fees = [{"id": 1, "name": "Emballage cadeau", "total": "3.00", "total_tax": "0.00"}]
    shop.orders[4] = woo_order(4, ("MUG", 1, "18.00"), fee_lines=fees, total="30.90", status="on-hold")
    ask(connection)
    shop.orders[4].update(status="processing", date_modified_gmt="2026-11-20T11:00:00")
    ask(connection)
    shown = enter(balanced.chen).get(reverse("order", args=[order_of(balanced, 4).pk])).content.decode()
    for words in (
        "Fee",
        "Emballage cadeau",
        "€3.00",
        "Difference that nothing explains",
        "€5.00",
        "told that it is paid",
    ):
        assert words in shown


def test_nobody_else_sees_or_changes_the_connection(balanced: World, connection: Connection, enter: Any) -> None:
    page = reverse("shop", args=[connection.channel_id])
    assert enter(balanced.dee).get(page).status_code == 404
    assert enter(balanced.ada).get(page).status_code == 403
    for door in ("shop-try", "shop-ask", "shop-errands"):
        assert enter(balanced.dee).post(reverse(door, args=[connection.channel_id])).status_code == 404


def test_a_refused_message_is_corrected_and_its_order_comes_in(
    balanced: World, shop: WooShop, connection: Connection, enter: Any
) -> None:
    shop.orders[2] = woo_order(2, ("MUG", 1, "18.00"))
    shop.orders[2]["line_items"][0]["quantity"] = 1.5
    [bad] = ask(connection)
    chen = enter(balanced.chen)
    listed = chen.get(reverse("shop-messages")).content.decode()
    assert reverse("shop-message", args=[bad.pk]) in listed
    shown = chen.get(reverse("shop-message", args=[bad.pk]))
    assert "Camille" in shown.content.decode()
    for page in (listed, shown.content.decode()):
        assert ' <span class="sub mono">' in page  # apart from the reason before it
    text = shown.context["body"].replace("1.5", "1")
    assert enter(balanced.dee).post(reverse("shop-message-correct", args=[bad.pk]), {"body": text}).status_code == 404
    chen = enter(balanced.chen)  # one browser: it was Dee's
    made = chen.post(reverse("shop-message-correct", args=[bad.pk]), {"body": text})
    assert made.status_code == 302
    assert [(m.state, m.outcome, m.via) for m in read(connection)] == [
        ("ignored", "corrected", "poll"), ("done", "accepted", "hand"),
    ]  # fmt: skip
    assert chen.post(reverse("shop-message-correct", args=[bad.pk]), {"body": text}).status_code == 409
    assert chen.get(reverse("shop-message", args=[bad.pk])).status_code == 200


def test_messages_are_read_again_or_set_aside_many_at_once(
    balanced: World, shop: WooShop, connection: Connection, enter: Any
) -> None:
    for number in (2, 3):
        shop.orders[number] = woo_order(number)
    ids = [m.pk for m in ask(connection)]
    chen = enter(balanced.chen)
    chen.post(reverse("shop-messages"), {"message": ids, "again": "1"})
    assert {m.state for m in ShopMessage.objects.all()} == {"waiting"}
    assert {m.state for m in read(connection)} == {"refused"}
    chen.post(reverse("shop-messages"), {"message": [*ids, "x", "9" * 30], "aside": "1"})
    assert {(m.state, m.outcome, m.by_name) for m in ShopMessage.objects.all()} == {("ignored", "set_aside", "Chen")}


@pytest.mark.parametrize("query", ["?state=all", "?state=done&q=7", "?channel=x&after=99999999999999999999", "?q=%00"])
def test_the_list_takes_whatever_is_typed(connection: Connection, balanced: World, enter: Any, query: str) -> None:
    assert enter(balanced.chen).get(reverse("shop-messages") + query).status_code == 200


def fill(connection: Connection, first: int, count: int) -> None:
    """Make refused messages and errands."""
    facts = {"merchant_id": connection.merchant_id, "channel_id": connection.channel_id, "connector": "woocommerce"}
    ShopMessage.objects.bulk_create(
        ShopMessage(**facts, via="poll", key=f"k{n}", body=b"", state="refused", reason="no_line")
        for n in range(first, first + count)
    )
    Errand.objects.bulk_create(
        Errand(
            merchant_id=connection.merchant_id, connection=connection, kind="order", key=f"k{n}", state="refused",
            detail="unknown_to_shop: 404",
        )
        for n in range(first, first + count)
    )  # fmt: skip


def test_lists_ask_as_much_for_three_rows_as_for_three_hundred(
    balanced: World, connection: Connection, enter: Any
) -> None:
    chen = enter(balanced.chen)
    pages = (reverse("shop-messages"), reverse("shops"), reverse("shop", args=[connection.channel_id]))

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(db) as queries:
                assert chen.get(page).status_code == 200
            counts.append(len(queries))
        return counts

    fill(connection, 0, 3)
    few = asked()
    fill(connection, 3, 297)
    assert asked() == few


def outside_details(page: str) -> str:
    """Give what a page shows before anything is unfolded."""
    return re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)


def test_a_shop_that_cannot_be_reached_is_said_in_words_and_the_error_is_folded_away(
    connection: Connection, balanced: World, enter: Any
) -> None:
    Connection.objects.update(options={**connection.options, "url": "http://127.0.0.1:9"})
    Errand.objects.create(
        merchant_id=connection.merchant_id, connection=connection, kind="order", key="7",
        detail="not_reached: [Errno 111] Connection refused",
    )  # fmt: skip
    assert check_connection(connection.pk) is not None
    chen = enter(balanced.chen)
    chen.cookies["language"] = "fr"
    for door in ("shop", "shop-health"):
        page = reverse(door, args=[connection.channel_id])
        shown = chen.get(page).content.decode()
        assert "Vérifiez son adresse" in outside_details(shown)
        assert "Errno 111" in shown
        assert "Errno" not in outside_details(shown)


def test_a_message_that_is_no_json_says_what_to_do_and_folds_the_parser_away(
    connection: Connection, balanced: World, enter: Any
) -> None:
    keep_messages(
        connection.merchant_id, channel_id=connection.channel_id, connector="woocommerce", via="webhook",
        arrived=[Arrived(key="k", topic="order.created", body=b"<html>")],
    )  # fmt: skip
    [message] = read(connection)
    assert (message.state, message.reason) == ("refused", "unreadable")
    chen = enter(balanced.chen)
    chen.cookies["language"] = "fr"
    for page in (reverse("shop-messages"), reverse("shop-message", args=[message.pk])):
        shown = chen.get(page).content.decode()
        assert "Faites-le renvoyer" in outside_details(shown)
        assert "Expecting value" in shown
        assert "Expecting value" not in outside_details(shown)


def test_a_parcel_that_the_shop_was_not_told_names_its_order_and_nothing_ticked_is_said(
    connection: Connection, shop: WooShop, balanced: World, enter: Any
) -> None:
    shop.orders[8] = woo_order(8, ("MUG", 1, "18.00"))
    ask(connection)
    Errand.objects.create(
        merchant_id=connection.merchant_id, connection=connection, kind="shipment", key="7", state="unknown",
        order_id=order_of(balanced, 8).pk, detail="shop_in_trouble: 500",
    )  # fmt: skip
    chen = enter(balanced.chen)
    page = reverse("shop", args=[connection.channel_id])
    assert "A parcel of order 8 left" in chen.get(page).content.decode()
    answer = chen.post(reverse("shop-errands", args=[connection.channel_id]), {"again": "1"}, follow=True)
    assert "Tick first what is meant." in answer.content.decode()
    noted = {"code": "shop_in_trouble", "detail": "500", "since": timezone.now().isoformat(), "failures": 1}
    Connection.objects.update(problems={"told": noted})
    today = chen.get(reverse("today")).content.decode()
    assert "a shop in trouble" in today
    assert f'href="{page}"' in today
