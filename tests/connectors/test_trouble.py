"""What goes wrong between a shop and us is said where it belongs, and keeps nothing else from being done."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob as Job
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from tests.books import balanced
from tests.cast import World
from tests.connectors.shopify.conftest import shopify_order
from tests.connectors.shops import ask, connected, due_now, sent_off, taken, trouble
from tests.connectors.woocommerce.conftest import connection, shop, woo_order
from tests.packing.conftest import boxes, picked
from tests.picking.conftest import ready
from tests.serving import served
from tests.shipping.conftest import labelled, laposte, packed
from tests.tracking.conftest import OnTheRoad, on_the_road

from colisage.connectors import calls
from colisage.connectors.actions import run_errands as running
from colisage.connectors.actions.check_connection import check_connection
from colisage.connectors.actions.connect_shop import connect_shop
from colisage.connectors.actions.hear_shop import hear_shop
from colisage.connectors.actions.look_for_lost import look_for_lost
from colisage.connectors.actions.note_health import note_health, wrong
from colisage.connectors.actions.poll_shop import poll_shop
from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_all_stock import tell_all_stock
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.calls import call
from colisage.connectors.models import Connection, Errand
from colisage.connectors.ports import PROBLEMS, Access, NotSigned, ShopRefused, ShopSilent
from colisage.connectors.queries import connected as going_of
from colisage.connectors.queries import connections_of, errands_page, unsold_skus
from colisage.connectors.queries.connections import connections_to_poll
from colisage.connectors.shopify.simulator import ShopifyShop
from colisage.connectors.woocommerce.simulator import WooShop
from colisage.intake.events import OrderAskedFor
from colisage.intake.models import ShopMessage
from colisage.inventory.events import PublishedChanged
from colisage.kit.actors import SYSTEM

__all__ = ["balanced", "boxes", "connection", "labelled", "laposte", "on_the_road", "packed", "picked", "ready", "shop"]
HERE = Access(options={}, secrets={})


def changed(world: World, *codes: str) -> None:
    """Let stock of SKUs have changed, as shops are told."""
    skus = tuple(world.sku(code).pk for code in codes)
    tell_shops([PublishedChanged(merchant_id=world.tilleul.pk, sku_ids=skus)])


def test_telling_a_shop_of_stock_every_minute_does_not_put_off_asking_it_for_orders(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.products = {1: {"id": 1, "parent_id": 0, "sku": "MUG", "stock_quantity": None}}
    Connection.objects.update(next_poll_at=timezone.now() - timedelta(seconds=1))
    changed(balanced, "MUG")
    assert run_errands(connection.pk) == 1
    assert check_connection(connection.pk) is None
    assert connections_to_poll() == [connection.pk]
    shop.behaviour.ways = frozenset({"error_before_effect"})
    changed(balanced, "CARTE")
    assert run_errands(connection.pk) == 0
    assert connections_to_poll() == [connection.pk]
    shop.behaviour.ways = frozenset()
    poll_shop(connection.pk)
    assert connections_to_poll() == []


def test_a_shop_that_answers_again_is_asked_for_its_orders_at_once(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.behaviour.ways = frozenset({"not_let_in"})
    for _again in range(3):
        poll_shop(connection.pk)
    assert connections_to_poll() == []
    shop.behaviour.ways = frozenset()
    assert check_connection(connection.pk) is None
    assert connections_to_poll() == [connection.pk]
    shop.behaviour.ways = frozenset({"not_let_in"})
    poll_shop(connection.pk)
    assert connections_to_poll() == []
    switched(balanced, connection, active=True)
    assert connections_to_poll() == [connection.pk]


def test_that_messages_are_not_signed_is_said_until_one_is_or_the_secret_is_saved(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    def unsigned() -> None:
        with pytest.raises(NotSigned):
            hear_shop(balanced.tilleul.pk, channel_id=connection.channel_id, headers={}, body=b"{}")

    def problem() -> str:
        poll_shop(connection.pk)
        assert check_connection(connection.pk) is None
        return trouble(Connection.objects.get())[0]

    shop.orders[7] = woo_order(7, ("MUG", 1, "18.00"))
    for _three in range(3):
        unsigned()
    assert problem() == "not_signed"
    taken(connection, balanced, 7)
    shop.orders.clear()
    assert look_for_lost(connection.pk) == 1  # it answers us as well as ever
    shop.behaviour.ways = frozenset({"too_many"})
    poll_shop(connection.pk)
    asked = Connection.objects.get().problems["asked"]
    assert asked["failures"] == 1  # messages of others do not count against the shop
    shop.behaviour.ways = frozenset()
    assert problem() == "not_signed"  # other trouble that is over is no news of it
    unsigned()
    body = b'{"id": 7}'
    hear_shop(balanced.tilleul.pk, channel_id=connection.channel_id, headers=shop.signed(body), body=body)
    assert problem() == ""
    unsigned()
    connect_shop(
        balanced.tilleul.pk, channel_id=connection.channel_id, connector="woocommerce", given=connection.options,
        active=True, actor=SYSTEM,
    )  # fmt: skip
    assert problem() == ""


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"token": "shpat_é"}, "not_let_in"), ({"url": "https://a..b"}, "not_reached"),
        ({"url": f"https://{'a' * 70}.fr"}, "not_reached"), ({"url": "https://[::1"}, "not_reached"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("inside", [True, False])
def test_what_nobody_can_call_is_said_and_does_not_stay_being_tried(
    balanced: World, settings: Any, given: dict[str, str], problem: str, *, inside: bool
) -> None:
    settings.COLISAGE_SHOPS_INSIDE = inside
    found = connected(balanced, "shopify", **{"url": "https://shop.invalid", "token": "shpat_1", **given})
    fault = check_connection(found.pk)
    assert fault is not None
    found.refresh_from_db()
    assert (trouble(found)[0], found.tried_at is not None) == (problem, True)


def test_a_page_that_is_no_shop_is_called_so_when_it_is_tried(balanced: World, shop: WooShop) -> None:
    found = connected(balanced, "shopify", url=shop.url, token="shpat_1")
    assert check_connection(found.pk) is not None
    found.refresh_from_db()
    assert trouble(found)[:2] == ("not_a_shop", "404: Not Found")
    assert going_of(found).problems[0].for_support


STRANGE = [
    {"data": {"shop": {}, "currentAppInstallation": {"accessScopes": ["read_orders"]}}},
    {"data": {"shop": {}, "currentAppInstallation": {"accessScopes": 7}}},
    {"data": {"orders": {"nodes": 3, "pageInfo": {}}}}, {"data": {"orders": {"nodes": [], "pageInfo": []}}},
    {"data": []}, [], None, {"errors": {"a": 1}}, {"errors": [None]}, {"errors": 3},
]  # fmt: skip


@pytest.mark.parametrize("answer", STRANGE)
def test_whatever_a_shop_answers_is_said_on_its_page(balanced: World, answer: Any) -> None:
    async def door(_request: Request) -> Response:
        return JSONResponse(answer)

    with served(Starlette(routes=[Route("/{path:path}", door, methods=["POST"])])) as url:
        found = connected(balanced, "shopify", url=url, token="shpat_1")
        check_connection(found.pk)
        found.refresh_from_db()
        assert found.tried_at is not None
        assert trouble(found)[0] in {"not_a_shop", "strange_answer", "not_allowed"}
        poll_shop(found.pk)
        found.refresh_from_db()
        assert trouble(found)[0] in {"not_a_shop", "strange_answer"}
        assert going_of(found).tone == "bad"


def test_a_shop_that_does_not_say_when_an_order_changed_is_in_trouble_and_says_so(
    shop: WooShop, connection: Connection
) -> None:
    shop.orders[7] = woo_order(7, ("MUG", 1, "18.00"), date_modified_gmt="yesterday")
    assert ask(connection) == []
    connection.refresh_from_db()
    assert trouble(connection)[0] == "strange_answer"


def test_an_errand_that_cannot_be_run_waits_for_a_person_and_stops_no_other(
    balanced: World, shop: WooShop, connection: Connection, on_the_road: OnTheRoad
) -> None:
    tell_shops([OrderAskedFor(merchant_id=balanced.tilleul.pk, channel_id=connection.channel_id, ref="n° 7")])
    shop.orders[77] = woo_order(77, ("MUG", 1, "18.00"))
    sent_off(balanced, on_the_road, ref="77")
    assert run_errands(connection.pk) == 1
    assert dict(Errand.objects.values_list("kind", "state")) == {"order": "refused", "shipment": "done"}
    [row] = errands_page(connection)
    assert row.problem
    assert row.for_support


def test_a_product_the_shop_refuses_keeps_neither_others_nor_parcels_waiting(
    balanced: World, shop: WooShop, connection: Connection, on_the_road: OnTheRoad
) -> None:
    shop.products = {
        n: {"id": n, "parent_id": 0, "sku": sku, "stock_quantity": None}
        for n, sku in enumerate(("MUG", "CARTE", "COFFRET"), 1)
    }
    shop.behaviour.only = frozenset({("PUT", "/wp-json/wc/v3/products/2")})
    shop.behaviour.ways = frozenset({"not_there"})
    changed(balanced, "MUG", "CARTE", "COFFRET", "PLUME")
    shop.orders[77] = woo_order(77, ("MUG", 1, "18.00"))
    sent_off(balanced, on_the_road, ref="77")
    assert run_errands(connection.pk) == 3
    states = {errand.key: errand.state for errand in Errand.objects.filter(kind="stock")}
    skus = {code: str(balanced.sku(code).pk) for code in ("MUG", "CARTE", "COFFRET", "PLUME")}
    assert states == {
        skus["MUG"]: "done", skus["CARTE"]: "refused", skus["COFFRET"]: "done", skus["PLUME"]: "dropped",
    }  # fmt: skip
    assert Errand.objects.get(kind="shipment").state == "done"
    changed(balanced, "CARTE", "PLUME")  # one it refuses, one it does not sell: it is the shop that is well
    assert run_errands(connection.pk) == 0
    assert not Errand.objects.filter(state="waiting").exists()


def test_a_shop_that_refuses_all_of_its_products_is_told_again_later(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.behaviour.only = frozenset({("GET", "/wp-json/wc/v3/products")})
    shop.behaviour.ways = frozenset({"not_there"})
    changed(balanced, "MUG", "CARTE")
    assert run_errands(connection.pk) == 0
    assert set(Errand.objects.values_list("state", flat=True)) == {"waiting"}
    shop.behaviour.ways = frozenset()
    shop.products = {1: {"id": 1, "parent_id": 0, "sku": "MUG", "stock_quantity": None}}
    due_now()
    assert run_errands(connection.pk) == 1


def test_a_location_that_is_not_named_keeps_no_parcel_waiting(balanced: World, on_the_road: OnTheRoad) -> None:
    shopify = ShopifyShop(locations={"gid://shopify/Location/1": "Lyon", "gid://shopify/Location/2": "Montréal"})
    shopify.place(shopify_order(77, ("MUG", 1, "18.00"), ("COFFRET", 2, "20.00")))
    with served(shopify.app()) as url:
        found = connected(balanced, "shopify", url=url, token=shopify.token)
        changed(balanced, "MUG")
        number = sent_off(balanced, on_the_road, ref="77", lines={"MUG": "770", "COFFRET": "771"})
        assert run_errands(found.pk) == 1
    assert [one.numbers for one in shopify.left.values()] == [[number]]
    found.refresh_from_db()
    assert trouble(found)[0] == "location_unclear"


def test_all_that_is_wrong_is_shown_until_each_is_mended(
    balanced: World, shop: WooShop, connection: Connection, client: Client
) -> None:
    def wrong_now() -> dict[str, str]:
        return {at: one["code"] for at, one in Connection.objects.get().problems.items()}

    stock = "/wp-json/wc/v3/products"
    shop.behaviour.ways, shop.behaviour.only = frozenset({"drop"}), frozenset({("GET", stock)})
    changed(balanced, "MUG")
    with pytest.raises(NotSigned):
        hear_shop(balanced.tilleul.pk, channel_id=connection.channel_id, headers={}, body=b"{}")
    run_errands(connection.pk)
    assert wrong_now() == {"heard": "not_signed", "told": "not_reached"}
    poll_shop(connection.pk)
    assert wrong_now() == {"heard": "not_signed"}  # it is reached, after all
    shop.behaviour.only = frozenset()
    note_health(connection.pk, fault=ShopRefused("not_allowed", "write_products"), door="told")
    shop.behaviour.ways = frozenset({"error_before_effect"})
    poll_shop(connection.pk)
    assert wrong_now() == {"heard": "not_signed", "told": "not_allowed", "asked": "shop_in_trouble"}
    client.force_login(balanced.chen)
    for language, where in (("fr", "Quand on lui annonce les colis et le stock"), ("en", "When it is told of parcels")):
        client.cookies["language"] = language
        for page in (reverse("shop", args=[connection.channel_id]), reverse("shops")):
            shown = unescape(client.get(page).content.decode())
            with override(language):
                assert all(str(PROBLEMS[code]) in shown for code in ("not_signed", "not_allowed", "shop_in_trouble"))
            assert (where in shown) == (page != reverse("shops"))
            assert 'class="badge" data-tone="bad"' in shown
    shop.behaviour.ways = frozenset()
    poll_shop(connection.pk)
    assert wrong_now() == {"heard": "not_signed", "told": "not_allowed"}  # that orders come says nothing of stock
    assert check_connection(connection.pk) is None
    assert wrong_now() == {"heard": "not_signed"}


async def _drops() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 100
        await asyncio.sleep(0)


@pytest.fixture
def endless() -> Iterator[str]:
    """Give the address of a server that never comes to an end."""

    async def door(_request: Request) -> Response:
        return StreamingResponse(_drops())

    with served(Starlette(routes=[Route("/", door)])) as url:
        yield url


def test_an_answer_without_end_is_broken_off(endless: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_BYTES", 1_000)
    with pytest.raises(ShopSilent) as large:
        call(HERE, "GET", endless)
    assert large.value.code == "strange_answer"
    monkeypatch.undo()
    monkeypatch.setattr(calls, "PATIENCE", 0)
    with pytest.raises(ShopSilent) as slow:
        call(HERE, "GET", endless)
    assert slow.value.code == "not_reached"


def test_what_a_server_answers_is_folded_away_and_what_a_shop_says_is_not(balanced: World) -> None:
    async def door(request: Request) -> Response:
        return HTMLResponse("<h1>wait</h1>", int(request.path_params["status"]), headers={"retry-after": "2"})

    with served(Starlette(routes=[Route("/{status}", door)])) as url:
        for status in (403, 404, 429):
            with pytest.raises(ShopRefused) as refused:
                call(HERE, "GET", f"{url}/{status}")
            told = Connection(connector="shopify", problems={"asked": wrong(None, refused.value, now=timezone.now())})
            [one] = going_of(told).problems
            assert (one.detail, one.for_support) == (f"{status}: <h1>wait</h1>", True)
    noted = wrong(None, ShopRefused("not_allowed", "read_orders"), now=timezone.now())
    assert not going_of(Connection(connector="shopify", problems={"asked": noted})).problems[0].for_support


def switched(world: World, connection: Connection, *, active: bool, **given: str) -> None:
    """Save how the world's channel is reached, and do what a worker does then."""
    before = Job.objects.filter(task_name="connectors.tell_stock").count()
    facts = {**connection.options, **given}
    connect_shop(
        world.tilleul.pk, channel_id=connection.channel_id, connector="woocommerce", given=facts, active=active,
        actor=SYSTEM,
    )  # fmt: skip
    if Job.objects.filter(task_name="connectors.tell_stock").count() > before:
        tell_all_stock(connection.pk, afresh=True)


def test_a_shop_is_told_of_all_its_stock_when_it_is_connected_and_when_it_is_switched_on_again(
    balanced: World, shop: WooShop
) -> None:
    mug = {"id": 1, "parent_id": 0, "sku": "MUG", "stock_quantity": 999}
    shop.products = {1: mug}
    found = connected(balanced, "woocommerce", url=shop.url, key=shop.key, secret=shop.secret)
    assert list(Job.objects.filter(task_name="connectors.tell_stock").values_list("args", flat=True)) == [
        {"connection_id": found.pk}
    ]
    tell_all_stock(found.pk, afresh=True)
    run_errands(found.pk)
    right = mug["stock_quantity"]
    assert right != 999
    mug["stock_quantity"] = 5  # the shop's own affair, as long as nothing changes here
    tell_all_stock(found.pk, afresh=False)
    run_errands(found.pk)
    assert mug["stock_quantity"] == 5
    switched(balanced, found, active=True)
    switched(balanced, found, active=False)
    changed(balanced, "MUG")
    assert not Errand.objects.filter(state="waiting").exists()
    switched(balanced, found, active=True)
    run_errands(found.pk)
    assert mug["stock_quantity"] == right


def test_what_a_shop_does_not_sell_is_no_refusal_and_is_named(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    shop.products = {1: {"id": 1, "parent_id": 0, "sku": "MUG", "stock_quantity": None}}
    skus = tell_all_stock(connection.pk, afresh=True)
    assert run_errands(connection.pk) == 1
    assert errands_page(connection) == []
    unsold, named = unsold_skus(connection)
    assert (unsold, len(named), "MUG" in named) == (skus - 1, 5, False)
    [going] = connections_of([balanced.tilleul.pk]).values()
    assert (going.tone, going.refused) == ("ok", 0)
    tell_all_stock(connection.pk, afresh=False)
    assert list(Errand.objects.filter(state="waiting").values_list("key", flat=True)) == [str(balanced.sku("MUG").pk)]


def test_a_parcel_that_left_while_its_shop_was_switched_off_is_told_when_it_is_on_again(
    balanced: World, shop: WooShop, connection: Connection, on_the_road: OnTheRoad
) -> None:
    shop.orders[77] = woo_order(77, ("MUG", 1, "18.00"))
    switched(balanced, connection, active=False)
    number = sent_off(balanced, on_the_road, ref="77")
    assert run_errands(connection.pk) == 0
    assert 77 not in shop.notes
    switched(balanced, connection, active=True)
    run_errands(connection.pk)
    assert [number in note["note"] for note in shop.notes[77]] == [True]


def test_a_shop_that_is_switched_off_is_not_asked_by_a_worker_that_was_late(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    switched(balanced, connection, active=False)
    poll_shop(connection.pk)
    assert look_for_lost(connection.pk) == 0
    assert shop.behaviour.calls == []


def test_a_shop_that_is_switched_off_does_not_give_up_its_messages_and_is_asked_for_what_they_told(
    balanced: World, shop: WooShop, connection: Connection
) -> None:
    address = f"/hooks/shops/{connection.hook}"
    switched(balanced, connection, active=False)
    shop.orders[78] = woo_order(78, ("MUG", 1, "18.00"))
    assert Client().post(address, b"{}", content_type="application/json").status_code == 200
    assert Client().post("/hooks/shops/nobody", b"{}", content_type="application/json").status_code == 404
    assert not ShopMessage.objects.exists()
    switched(balanced, connection, active=True)
    assert taken(connection, balanced, 78).external_ref == "78"


def test_another_address_begins_anew_and_what_the_shop_before_was_to_be_told_waits_for_a_person(
    balanced: World, shop: WooShop, connection: Connection, on_the_road: OnTheRoad
) -> None:
    shop.orders[76] = woo_order(76, ("MUG", 1, "18.00"))
    ask(connection)
    Connection.objects.update(looked_after=7)
    sent_off(balanced, on_the_road, ref="77")
    switched(balanced, connection, active=True, url=shop.url.replace("http://", "http://www.") + "/")
    assert Errand.objects.get(kind="shipment").state == "waiting"  # the same shop, written otherwise
    switched(balanced, connection, active=True, url=shop.url.replace("127.0.0.1", "localhost"))
    connection.refresh_from_db()
    assert (connection.cursor, connection.looked_after, connection.polled_at, connection.said) == ({}, 0, None, "")
    run_errands(connection.pk)
    assert Errand.objects.get(kind="shipment").state == "refused"
    [row] = errands_page(connection)
    assert row.problem == PROBLEMS["other_address"]
    assert 77 not in shop.notes


def test_parcels_go_before_all_the_stock_of_a_shop(
    balanced: World, shop: WooShop, connection: Connection, on_the_road: OnTheRoad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 2)
    shop.orders[77] = woo_order(77, ("MUG", 1, "18.00"))
    tell_all_stock(connection.pk, afresh=True)
    sent_off(balanced, on_the_road, ref="77")
    shop.behaviour.calls.clear()
    run_errands(connection.pk)
    paths = [path.removeprefix("/wp-json/wc/v3/") for _method, path in shop.behaviour.calls]
    assert paths[0] == "orders/77/notes"
    assert set(paths[2:]) == {"products"}
    assert not Errand.objects.filter(state="waiting").exists()
