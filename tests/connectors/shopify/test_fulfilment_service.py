import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as db
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import World
from tests.connectors.shops import connected
from tests.program import code_of
from tests.serving import house
from tests.tracking.conftest import OnTheRoad, numbers

from colisage.catalog.models import Sku
from colisage.catalog.queries import skus_by_code
from colisage.connectors.models import Connection
from colisage.connectors.shopify.simulator import ShopifyShop
from colisage.inventory.queries.channels import published_of
from colisage.network.queries import channel_facts
from colisage.orders.models import Order

Ready = Callable[..., list[int]]


def test_a_signed_notice_has_the_shop_asked_and_another_is_refused(shop: ShopifyShop, connection: Connection) -> None:
    url = f"/hooks/shops/{connection.hook}/fulfillment_order_notification"
    body, headers = shop.signed(b'{"kind": "FULFILLMENT_REQUEST"}', topic="")
    client = Client(enforce_csrf_checks=True)
    assert client.post(url, body, content_type="application/json", headers=headers).status_code == 200
    refused = client.post(url, b"{}", content_type="application/json", headers=headers)
    assert code_of(refused) == (401, "not_signed")
    assert client.post(url.replace(connection.hook, "x"), body, content_type="application/json").status_code == 404


def ask(connection: Connection, question: tuple[str, dict[str, str]]) -> tuple[int, Any]:
    """Bring a question of the shop to its door; give the status and what was answered."""
    path, headers = question
    answer = Client().get(f"/hooks/shops/{connection.hook}/{path}", headers=headers)
    return answer.status_code, json.loads(answer.content) if answer.content else None


@pytest.fixture
def sent(connection: Connection, on_the_road: OnTheRoad, ready: Ready) -> None:
    """Send two mugs, for which nobody waits any more, and have three mugs and two boxes waited for."""
    on_the_road((("MUG", 2),))
    ready((("MUG", 3), ("COFFRET", 2)))


@pytest.mark.parametrize("how", ["address", "header"])
def test_stock_is_what_may_be_sold_and_what_the_shops_own_orders_wait_for(
    balanced: World, shop: ShopifyShop, connection: Connection, sent: None, how: str
) -> None:
    channel = channel_facts([connection.channel_id])[connection.channel_id]
    ids = {code: sku.id for code, sku in skus_by_code(balanced.tilleul.pk, codes=["MUG", "COFFRET", "CARTE"]).items()}
    may_be_sold = {code: published_of(channel, sku_ids=[pk])[pk].units or 0 for code, pk in ids.items()}
    status, told = ask(connection, shop.question("fetch_stock", signed=how))
    assert status == 200
    assert {code: told[code] for code in ids} == {
        "MUG": may_be_sold["MUG"] + 3, "COFFRET": may_be_sold["COFFRET"] + 2, "CARTE": may_be_sold["CARTE"],
    }  # fmt: skip
    assert ask(connection, shop.question("fetch_stock", ("sku", "mug"), signed=how)) == (200, {"mug": told["MUG"]})
    assert ask(connection, shop.question("fetch_stock", ("sku", "NOPE"), signed=how)) == (200, {})
    balanced.channel.buffer = 4
    balanced.channel.save()
    assert ask(connection, shop.question("fetch_stock", ("sku", "CARTE"), signed=how)) == (
        200, {"CARTE": may_be_sold["CARTE"] - 4},
    )  # fmt: skip


def test_all_of_a_large_catalogue_are_told_at_once_in_a_constant_number_of_statements_a_thousand(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    Sku.objects.bulk_create(Sku(merchant=balanced.tilleul, code=f"X-{n:05}", name="X") for n in range(2_100))
    question = shop.question("fetch_stock")
    with CaptureQueriesContext(db) as asked:
        status, told = ask(connection, question)
    assert (status, len([code for code in told if code.startswith("X-")])) == (200, 2_100)
    assert len(asked) < 45


def test_the_numbers_of_parcels_are_told_by_the_names_of_orders_and_parcels(
    balanced: World, shop: ShopifyShop, connection: Connection, on_the_road: OnTheRoad, ready: Ready
) -> None:
    [part] = on_the_road((("MUG", 1),))
    order = Order.objects.order_by("-pk")[0]
    Order.objects.filter(pk=order.pk).update(number="#1001")
    ready((("MUG", 1),))
    waits = Order.objects.order_by("-pk")[0].number
    [number] = numbers(part)
    names = ["#1001", "#1001.1", "#1001-F1", "#1001.2", waits, "#9", "#1001.x"]
    question = shop.question("fetch_tracking_numbers", *[("order_names[]", name) for name in names])
    assert ask(connection, question) == (
        200,
        {
            "tracking_numbers": dict.fromkeys(["#1001", "#1001.1", "#1001-F1"], number),
            "message": "",
            "success": True,
        },
    )
    assert ask(connection, shop.question("fetch_tracking_numbers"))[1]["tracking_numbers"] == {}
    many = [("order_names[]", f"#{n}") for n in range(1_000)]
    assert ask(connection, shop.question("fetch_tracking_numbers", *many, ("order_names[]", "#1001")))[1][
        "tracking_numbers"
    ] == {"#1001": number}


@pytest.mark.parametrize("name", ["fetch_stock", "fetch_tracking_numbers"])
def test_a_question_that_is_not_signed_or_not_as_it_was_signed_is_refused(
    balanced: World, shop: ShopifyShop, connection: Connection, name: str
) -> None:
    for how in ("address", "header"):
        assert ask(connection, shop.question(name, signed=how, secret="other"))[0] == 401
        path, headers = shop.question(name, ("sku", "MUG"), signed=how)
        assert ask(connection, (path.replace("MUG", "CARTE"), headers))[0] == 401
        assert ask(connection, (path, headers))[0] == 200
    assert ask(connection, shop.question(name, signed="not at all"))[0] == 401
    assert ask(connection, (f"{name}?hmac=%00", {}))[0] == 401
    connection.hook = "nobody"
    assert ask(connection, shop.question(name))[0] == 404


def test_another_merchants_stock_and_orders_are_not_told(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    Sku.objects.create(merchant=balanced.northwind, code="THEIRS", name="Theirs")
    assert ask(connection, shop.question("fetch_stock", ("sku", "THEIRS"))) == (200, {})
    told = ask(connection, shop.question("fetch_stock"))[1]
    assert set(told) == {"MUG", "TAPIS", "LAMPE", "PLUME", "CARTE", "COFFRET"}


def test_a_kind_of_shop_that_has_no_such_service_has_no_such_door(balanced: World, shop: ShopifyShop) -> None:
    other = connected(balanced, "woocommerce", url=shop.url, key="k", secret="s", webhook_secret=shop.secret)
    assert ask(other, shop.question("fetch_stock"))[0] == 404


@pytest.mark.django_db(transaction=True)
def test_the_shop_asks_over_a_socket(balanced: World, shop: ShopifyShop, connection: Connection) -> None:
    with house() as url:
        hook = f"{url}/hooks/shops/{connection.hook}"
        assert shop.fetch(shop.question("fetch_stock", ("sku", "CARTE")), url=hook) == {"CARTE": 20}
