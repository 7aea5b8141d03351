"""Orders over the API: page by page, one by one, nothing of the customer without the scope, nothing of strangers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.desk.queries.asked import Wanted, orders_asked
from colisage.kit.actors import SYSTEM
from colisage.kit.walls import behind_the_wall
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.models import Order
from tests.books import balanced
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger
from tests.returns.conftest import Asked, Delivered, asked, chen, delivered

__all__ = ["asked", "balanced", "chen", "delivered", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")


def placed(world: World, *wants: tuple[str, int], **changes: Any) -> Order:
    [answer] = place_orders([world.order(*(wants or (("MUG", 1),)), **changes)], actor=SYSTEM)
    return Order.objects.get(pk=answer.order_id)


def test_orders_are_listed_page_by_page_the_newest_first(world: World, program: Make) -> None:
    ids = [placed(world).pk for _ in range(5)]
    assert [one["id"] for one in program("orders:read").every("orders", limit=2)] == sorted(ids, reverse=True)


def test_an_order_is_told_in_cents_and_utc_with_its_lines_and_parts(
    world: World, program: Make, delivered: Delivered
) -> None:
    order = Order.objects.get(pk=delivered(("MUG", 2), ("COFFRET", 1)))
    told = program("orders:read").read(f"orders/{order.pk}")
    assert (told["reference"], told["channel"], told["currency"]) == (order.external_ref, "shop", "EUR")
    assert told["placed_at"] == "2026-11-20T09:30:00Z"
    assert told["total_cents"] == 2 * 1800 + 2100
    assert [(line["sku"], line["quantity"], line["unit_price_cents"]) for line in told["lines"]] == [
        ("MUG", 2, 1800),
        ("COFFRET", 1, 2100),
    ]
    [part] = told["fulfillment_orders"]
    assert (part["node"], part["stage"]) == ("LYON", "delivered")
    assert sorted((line["sku"], line["quantity"]) for line in part["lines"]) == [("CARTE", 2), ("MUG", 1), ("MUG", 2)]
    assert told["timeline"][-1]["code"] == "order_accepted"


def test_an_order_tells_its_returns(program: Make, delivered: Delivered, asked: Asked) -> None:
    order = delivered(("MUG", 2))
    asked(order, ("MUG", 1))
    [back] = program("orders:read").read(f"orders/{order}")["returns"]
    assert [(line["sku"], line["quantity"], line["reason"]) for line in back["lines"]] == [("MUG", 1, "changed_mind")]
    assert (back["order_id"], back["state"]) == (order, "label_sent")


def test_nothing_says_who_the_customer_is_without_the_scope(world: World, program: Make) -> None:
    order = placed(world, customer_note="Ring twice", gift_note="For Lou")
    answer = program("orders:read").get(f"orders/{order.pk}")
    for word in (b"Camille", b"Lepic", b"camille@example.com", b"+336", b"Ring twice", b"For Lou"):
        assert word not in answer.content
    told = program("orders:read", "customers:read").read(f"orders/{order.pk}")
    assert told["customer"]["ship_to"]["postcode"] == "75018"
    assert told["customer"]["gift_note"] == "For Lou"


def test_an_order_is_found_by_the_reference_of_its_channel(world: World, program: Make) -> None:
    order = placed(world, external_ref="gid://shop/Order/17")
    ask = program("orders:read")
    assert ask.read("channels/shop/orders/gid://shop/Order/17")["id"] == order.pk
    assert code_of(ask.get("channels/other/orders/gid://shop/Order/17")) == (404, "not_there")


def test_a_list_is_narrowed(world: World, program: Make) -> None:
    first, second, third = (placed(world, **changes) for changes in ({"tags": ("vip",)}, {"email": "Z@b.fr"}, {}))
    set_hold(world.tilleul.pk, order_ids=[second.pk], kind="manual", reason="look", actor=SYSTEM)
    cancel_orders(world.tilleul.pk, order_ids=[third.pk], actor=SYSTEM)
    Order.objects.update(placed_at=timezone.now())
    Order.objects.filter(pk=first.pk).update(placed_at=timezone.now() - timedelta(days=400))
    ago = (timezone.now() - timedelta(days=300)).isoformat()
    ask = program("orders:read")
    for query, found in (
        ({"state": "cancelled"}, [third]),
        ({"state": "open"}, [second, first]),
        ({"held": "true"}, [second]),
        ({"held": "false"}, [third, first]),
        ({"tag": "vip"}, [first]),
        ({"email": "z@B.fr"}, [second]),
        ({"number": third.number.lstrip("#")}, [third]),
        ({"reference": first.external_ref, "channel": "shop"}, [first]),
        ({"channel": "nowhere"}, []),
        ({"stage": "picked"}, []),
        ({"placed_until": ago}, [first]),
        ({"placed_since": ago}, [third, second]),
    ):
        assert [one["id"] for one in ask.read("orders", **query)["items"]] == [o.pk for o in found], query


def test_what_changed_is_followed_for_some_days(world: World, program: Make) -> None:
    first, second = placed(world), placed(world)
    since = timezone.now().isoformat()
    ask = program("orders:read")
    assert ask.read("orders", changed_since=since)["items"] == []
    set_hold(world.tilleul.pk, order_ids=[first.pk], kind="manual", reason="look", actor=SYSTEM)
    assert [one["id"] for one in ask.read("orders", changed_since=since)["items"]] == [first.pk]
    long_ago = (timezone.now() - timedelta(days=8)).isoformat()
    assert code_of(ask.get("orders", changed_since=long_ago)) == (422, "too_far_back")
    assert second.pk not in {one["id"] for one in ask.read("orders", changed_since=since)["items"]}


def test_strangers_see_nothing_and_keys_without_the_scope_are_refused(
    world: World, program: Make, stranger: Make
) -> None:
    order = placed(world)
    ask = stranger("orders:read", "customers:read")
    assert ask.read("orders")["items"] == []
    missing = ask.get("orders/999999999")
    assert code_of(ask.get(f"orders/{order.pk}")) == (404, "not_there")
    assert ask.get(f"orders/{order.pk}").content == missing.content
    assert code_of(program("orders:write", "stock:read").get("orders")) == (401, "unauthorized")
    assert code_of(program("orders:write").get(f"orders/{order.pk}")) == (401, "unauthorized")


def test_an_answer_that_is_known_is_not_sent_again(world: World, program: Make) -> None:
    order = placed(world)
    ask = program("orders:read")
    first = ask.get(f"orders/{order.pk}")
    again = ask.get(f"orders/{order.pk}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    cancel_orders(world.tilleul.pk, order_ids=[order.pk], actor=SYSTEM)
    assert ask.get(f"orders/{order.pk}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "0"}, "malformed"),
        ({"limit": "201"}, "malformed"),
        ({"limit": "ten"}, "malformed"),
        ({"page": "99999999999999999999"}, "malformed"),
        ({"page": "-1"}, "malformed"),
        ({"state": "lost"}, "malformed"),
        ({"email": "a\x00b"}, "malformed"),
        ({"placed_since": "2026-11-20"}, "malformed"),
        ({"placed_since": "2026-11-20T09:30:00"}, "malformed"),  # of which time zone?
        ({"sate": "open"}, "unknown_parameter"),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_never_everything(program: Make, query: Any, code: str) -> None:
    assert code_of(program("orders:read").get("orders", **query)) == (422, code)


def test_what_cannot_be_read_is_named(program: Make) -> None:
    answer = program("orders:read").get("orders", limit="ten")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/query/limit"]


@pytest.mark.parametrize("path", ["orders/99999999999999999999", "channels/a%00/orders/b", "channels/a/orders/b%00"])
def test_an_address_that_nothing_can_have_is_not_there(program: Make, path: str) -> None:
    assert code_of(program("orders:read").get(path)) == (404, "not_there")


def test_a_page_costs_the_same_whatever_it_holds(world: World, program: Make) -> None:
    ask = program("orders:read", "customers:read")

    for _ in range(3):
        placed(world)
    few = statements(lambda: ask.read("orders", limit=200))
    for _ in range(30):
        placed(world, ("MUG", 1), ("CARTE", 2))
    assert statements(lambda: ask.read("orders", limit=200)) == few


def test_a_day_of_orders_is_read_from_an_index_behind_the_wall(world: World) -> None:
    """Newest first by their ids, an old day among a million would read all orders that came after it."""
    order, now = placed(world), timezone.now()
    with connection.cursor() as db:
        db.execute(
            "INSERT INTO orders_order (merchant_id, channel_id, external_ref, number, placed_at, currency, email,"
            " phone, state, payment, customer_name, language, shipping_method, customer_note, gift_note, tags, charges,"
            " quiet, fingerprint, shipping_cents, discount_cents, charges_cents, tax_cents, total_cents,"
            " prices_include_tax)"
            " SELECT merchant_id, channel_id, 'old ' || n, 'old ' || n, now() - n * interval '1 hour', currency, '',"
            " '', state, payment, '', 'fr', '', '', '', '[]', '[]', false, '', 0, 0, 0, 0, 0, true"
            " FROM orders_order, generate_series(1, 3000) n WHERE id = %s",
            [order.pk],
        )
        db.execute("ANALYZE orders_order")
    wanted = Wanted(placed_since=now - timedelta(days=100), placed_until=now - timedelta(days=99))
    with behind_the_wall(merchants=[world.tilleul.pk], operators=[]), CaptureQueriesContext(connection) as seen:
        assert len(orders_asked(world.tilleul.pk, wanted=wanted, before=None, size=50)) == 24
        [sent] = [one["sql"] for one in seen.captured_queries if '"orders_order"' in one["sql"]]
        with connection.cursor() as db:
            db.execute("EXPLAIN " + sent)
            plan = "\n".join(row[0] for row in db.fetchall())
    assert "using orders_by_placed" in plan
