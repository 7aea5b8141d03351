"""What shops do with us, and what must not come of it: every kind of shop, every fault, on telling parcels and stock.

Asking for orders in trouble is in `lose_nothing_in_trouble`, with each kind of shop; messages twice and in any order
with those that send any.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests.books import balanced
from tests.cast import World
from tests.connectors.amazon.conftest import put_order as amazon_order
from tests.connectors.custom_store.conftest import store_order
from tests.connectors.prestashop.conftest import put_order as presta_order
from tests.connectors.prestashop.conftest import stocked_presta
from tests.connectors.shopify.conftest import shopify_order
from tests.connectors.shops import connected, due_now, sent_off
from tests.connectors.woocommerce.conftest import woo_order
from tests.packing.conftest import boxes, picked
from tests.picking.conftest import ready
from tests.serving import served
from tests.shipping.conftest import labelled, laposte, packed
from tests.tracking.conftest import OnTheRoad, on_the_road

from colisage.connectors.actions import run_errands as running
from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.amazon.simulator import Seller
from colisage.connectors.custom_store.simulator import PATH, Store
from colisage.connectors.models import Connection, Errand
from colisage.connectors.prestashop.simulator import Presta
from colisage.connectors.queries.connections import access_of
from colisage.connectors.shopify.simulator import LOCATION, ShopifyShop
from colisage.connectors.woocommerce.simulator import WooShop
from colisage.inventory.events import PublishedChanged
from colisage.inventory.queries.channels import published_of
from colisage.network.queries import channel_facts

__all__ = ["balanced", "boxes", "labelled", "laposte", "on_the_road", "packed", "picked", "ready"]
WAYS = ("slow", "drop", "error_after_effect", "error_before_effect", "too_many", "not_let_in")
KINDS = ("shopify", "woocommerce", "prestashop", "amazon", "custom_store")
AMAZON = "406-0000077-1234567"


@dataclass
class Rig:
    """A kind of shop with one order (a mug and two boxes) and a stock of mugs.

    `parcels` are the numbers the shop was told, one for each time its customer hears of it.
    """

    ref: str
    misbehave: Callable[[str], None]
    parcels: Callable[[], list[str]]
    mugs: Callable[[], int]
    given: dict[str, str]
    lines: dict[str, str] = field(default_factory=dict)


def shopify(start: Callable[[Any], str]) -> Rig:
    shop = ShopifyShop()
    shop.url = start(shop)
    shop.behaviour.slow_seconds = 1
    shop.place(shopify_order(77, ("MUG", 1, "18.00"), ("COFFRET", 2, "20.00")))
    mug = shop.stock("MUG", 1)

    def misbehave(way: str) -> None:
        shop.faults = {"SendParcel": way, "SetStock": way} if way else {}

    return Rig(
        "77", misbehave, lambda: [number for one in shop.left.values() for number in one.numbers],
        lambda: mug.available[LOCATION], {"url": shop.url, "token": shop.token, "webhook_secret": shop.secret},
        {"MUG": "770", "COFFRET": "771"},
    )  # fmt: skip


def woocommerce(start: Callable[[Any], str]) -> Rig:
    shop = WooShop()
    url = start(shop)
    shop.orders[77] = woo_order(77, ("MUG", 1, "18.00"))
    shop.products = {1: {"id": 1, "parent_id": 0, "sku": "MUG", "stock_quantity": 1}}
    return Rig(
        "77",
        writes(shop, ("POST", "orders/77/notes"), ("PUT", "orders/77"), ("PUT", "products/1"), under="/wp-json/wc/v3/"),
        lambda: [note["note"].split()[-1] for note in shop.notes.get(77, ())],
        lambda: shop.products[1]["stock_quantity"], {"url": url, "key": shop.key, "secret": shop.secret},
    )  # fmt: skip


def prestashop(start: Callable[[Any], str]) -> Rig:
    shop = Presta()
    stocked_presta(shop)
    url = start(shop)
    presta_order(shop, 77, ("MUG", 1, "18.00"))
    shop.tables["products"] = {"1": {"id": "1", "reference": "MUG"}}
    shop.tables["stock_availables"] = {
        "11": {"id": "11", "id_product": "1", "id_product_attribute": "0", "quantity": "1", "out_of_stock": "2"}
    }
    return Rig(
        "77",
        writes(
            shop, ("PUT", "order_carriers"), ("POST", "order_histories"), ("PUT", "stock_availables"), under="/api/"
        ),
        lambda: [shop.tables["order_carriers"]["77"]["tracking_number"]] * shop.mails,
        lambda: int(shop.tables["stock_availables"]["11"]["quantity"]), {"url": url, "key": shop.key},
    )  # fmt: skip


def amazon(start: Callable[[Any], str]) -> Rig:
    shop = Seller()
    shop.url = start(shop)
    amazon_order(shop, 77, ("MUG", 1, "18.00"), ("COFFRET", 2, "20.00"))
    shop.listings = {"MUG": 1}
    given = {
        "seller": shop.seller, "marketplaces": "A13V1IB3VIYZZH", "client": shop.client, "url": shop.url,
        "client_secret": shop.client_secret, "refresh_token": shop.refresh_token, "log_in": f"{shop.url}/auth/o2/token",
        "notice_key": "n" * 32,
    }  # fmt: skip
    return Rig(
        AMAZON,
        writes(
            shop, ("POST", f"orders/v0/orders/{AMAZON}/shipmentConfirmation"),
            ("PATCH", f"listings/2021-08-01/items/{shop.seller}/MUG"), under="/",
        ),
        lambda: [one["trackingNumber"] for one in shop.orders[AMAZON].get("packages", ())],
        lambda: shop.listings["MUG"], given, {"MUG": "70", "COFFRET": "71"},
    )  # fmt: skip


def custom_store(start: Callable[[Any], str]) -> Rig:
    shop = Store()
    url = start(shop) + PATH
    shop.orders["J1"] = store_order("J1", ("MUG", "1", "18.00"))
    given = {"url": url, "username": shop.username, "password": shop.password, "currency": "EUR"}
    return Rig(
        "J1", writes(shop, ("POST", PATH), under=""), lambda: [number for _ref, number in shop.parcels], lambda: 0,
        given, {"MUG": "sku:MUG", "COFFRET": "91"},
    )  # fmt: skip


def writes(shop: Any, *calls: tuple[str, str], under: str) -> Callable[[str], None]:
    """Let only these calls go wrong: those that have an effect."""
    shop.behaviour.slow_seconds = 1
    shop.behaviour.only = frozenset((method, under + path) for method, path in calls)

    def misbehave(way: str) -> None:
        shop.behaviour.ways = frozenset({way} - {""})

    return misbehave


RIGS = {made.__name__: made for made in (shopify, woocommerce, prestashop, amazon, custom_store)}


@pytest.fixture
def start() -> Iterator[Callable[[Any], str]]:
    """Serve simulators on loopback sockets while a test runs."""
    with ExitStack() as stack:
        yield lambda shop: stack.enter_context(served(shop.app()))


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for shops than a second."""
    monkeypatch.setattr(running, "access_of", lambda found: replace(access_of(found), timeout_seconds=0.5))


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_parcel_is_told_once_whatever_the_shop_does_and_however_often(
    balanced: World, start: Callable[[Any], str], on_the_road: OnTheRoad, kind: str, way: str
) -> None:
    rig = RIGS[kind](start)
    connection = connected(balanced, kind, **rig.given)
    number = sent_off(balanced, on_the_road, ref=rig.ref, lines=rig.lines)
    rig.misbehave(way)
    for _twice in range(2):
        assert Errand.objects.get().state != "done"
        due_now()
        run_errands(connection.pk)
    assert len(rig.parcels()) <= 1
    rig.misbehave("")
    due_now()
    run_errands(connection.pk)
    assert (Errand.objects.get().state, rig.parcels()) == ("done", [number])
    due_now()
    assert run_errands(connection.pk) == 0


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "custom_store"])  # its protocol has no stock
def test_stock_is_right_in_the_end_whatever_the_shop_does(
    balanced: World, start: Callable[[Any], str], kind: str, way: str
) -> None:
    rig = RIGS[kind](start)
    connection = connected(balanced, kind, **rig.given)
    mug = balanced.sku("MUG").pk
    tell_shops([PublishedChanged(merchant_id=balanced.tilleul.pk, sku_ids=(mug,))])
    rig.misbehave(way)
    for _twice in range(2):
        assert Errand.objects.get().state != "done"
        due_now()
        run_errands(connection.pk)
    assert Errand.objects.get().state in {"waiting", "unknown", "done"}
    rig.misbehave("")
    due_now()
    run_errands(connection.pk)
    units = published_of(channel_facts([connection.channel_id])[connection.channel_id], sku_ids=[mug])[mug].units
    assert (Errand.objects.get().state, rig.mugs()) == ("done", units)
    told = Connection.objects.get(pk=connection.pk)
    assert told.problems == {}
