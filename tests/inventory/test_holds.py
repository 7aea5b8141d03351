"""Units held for carts: whole or not at all, given back exactly once in every path, taken over by the order."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.consume import consume
from colisage.inventory.actions.end_holds import end_holds
from colisage.inventory.actions.expire_promises import expire_promises
from colisage.inventory.actions.hold_stock import BadTime, HeldDifferently, NoStock, UnknownSkus, hold_stock
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.release import release
from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.actions.serve_arrivals import serve_arrivals
from colisage.inventory.checks import differences
from colisage.inventory.events import SellableGrew
from colisage.inventory.models import Allocation, Reservation, StockHold
from colisage.inventory.queries.holds import hold_of
from colisage.kit.actors import SYSTEM
from colisage.network.models import Place
from colisage.network.queries import channels_of
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Order
from colisage.people.actions.make_api_key import make_api_key
from tests.books import promised, stand, told
from tests.cast import World

NOW = timezone.now()


def cart(world: World, *lines: tuple[str, int], reference: str = "cart-1", seconds: int = 600) -> tuple[int, bool]:
    shop = channels_of(world.tilleul.pk)["shop"]
    return hold_stock(shop, reference=reference, lines=lines, seconds=seconds, now=NOW)


def later(seconds: int) -> Any:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.django_db
def test_a_cart_holds_all_of_it_or_nothing(balanced: World) -> None:
    hold, new = cart(balanced, ("MUG", 2), ("coffret", 3))
    assert new
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 5)
    assert stand(balanced.sku("CARTE"), balanced.lyon) == (20, 6)
    assert cart(balanced, ("coffret", 3), ("MUG", 2)) == (hold, False)
    with pytest.raises(HeldDifferently):
        cart(balanced, ("MUG", 1))
    with pytest.raises(NoStock):
        cart(balanced, ("LAMPE", 1), ("COFFRET", 8), reference="cart-2")
    assert stand(balanced.sku("LAMPE"), balanced.lyon) == (20, 0)


@pytest.mark.django_db
def test_what_makes_no_sense_is_refused(balanced: World) -> None:
    with pytest.raises(UnknownSkus):
        cart(balanced, ("ZZZ", 1))
    for seconds in (9, -1, 7 * 86_400 + 1):
        with pytest.raises(BadTime):
            cart(balanced, ("MUG", 1), seconds=seconds)
    assert not StockHold.objects.exists()


@pytest.mark.django_db
def test_time_that_is_over_gives_back_once_and_who_is_owed_gets_them(balanced: World) -> None:
    mug = balanced.sku("MUG")
    hold, _new = cart(balanced, ("MUG", 20), seconds=60)
    reserve([Demand(balanced.tilleul.pk, "order_line", ((77, mug.pk, 4),))])
    assert expire_promises(now=later(59)) == 0
    assert expire_promises(now=later(60)) == 1
    assert expire_promises(now=later(61)) == 0
    (grown,) = told("SellableGrew")[-1:]
    assert grown["qty"] == 20
    serve_arrivals([SellableGrew(merchant_id=balanced.tilleul.pk, sku_id=mug.pk, node_id=balanced.lyon.pk, qty=20)])
    assert stand(mug, balanced.lyon) == (20, 4)
    found = hold_of(balanced.tilleul.pk, hold_id=hold, now=later(61))
    assert found
    assert found.state == "expired"
    assert end_holds([(balanced.tilleul.pk, hold)], now=later(62)) == 0


@pytest.mark.django_db
def test_what_was_picked_or_given_back_or_shipped_no_longer_expires(balanced: World) -> None:
    mug = balanced.sku("MUG")
    bench = Place.objects.get(node=balanced.lyon, kind="bench").pk
    lines = tuple((owner, mug.pk, 2) for owner in (1, 2, 3))
    reserve([Demand(balanced.tilleul.pk, "order_line", lines, expires_at=later(30))])
    first, second, _third = Reservation.objects.order_by("pk")
    bound = allocate([first.pk, second.pk])
    picks = [
        Pick(allocation_id=b.allocation_id, qty=n, place_id=bench, doc_kind="test", doc_id=1, doc_line=b.allocation_id)
        for b, n in zip(bound, (2, 1), strict=True)
    ]
    pick_units(picks, actor=SYSTEM)
    consume("order_line", owner_ids=[1], node_id=balanced.lyon.pk)
    release("order_line", owner_ids=[3])
    assert expire_promises(now=later(31)) == 1  # the unit of the second that was not picked
    assert sorted(promised(mug)) == [(1, "consumed", 2), (2, "expired", 1), (2, "picked", 1), (3, "released", 2)]
    assert stand(mug, balanced.lyon) == (17, 0)


@pytest.mark.django_db
def test_what_expires_is_no_longer_bound_to_a_bin(balanced: World) -> None:
    reserve([Demand(balanced.tilleul.pk, "order_line", ((1, balanced.sku("MUG").pk, 2),), expires_at=later(30))])
    allocate([Reservation.objects.get().pk])
    expire_promises(now=later(31))
    assert not Allocation.objects.filter(open=True).exists()


@pytest.mark.django_db
def test_a_hold_of_another_merchant_is_not_there(balanced: World) -> None:
    hold, _new = cart(balanced, ("MUG", 1))
    assert hold_of(balanced.northwind.pk, hold_id=hold, now=NOW) is None
    assert end_holds([(balanced.northwind.pk, hold)], now=NOW) == 0
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 1)


@pytest.mark.django_db(transaction=True)
def test_expiry_races_with_giving_back_and_the_units_come_back_once(world: World) -> None:
    mug = world.sku("MUG")
    holds = [cart(world, ("MUG", 1), reference=f"cart-{n}")[0] for n in range(12)]
    start = threading.Barrier(3)

    def run(act: Any) -> None:
        try:
            start.wait()
            act()
        finally:
            connections.close_all()

    def give_back() -> None:
        for hold in holds:
            end_holds([(world.tilleul.pk, hold)], now=NOW)

    acts = [give_back, lambda: expire_promises(now=later(601)), lambda: expire_promises(now=later(602))]
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stand(mug, world.lyon) == (20, 0)
    assert sum(e["qty"] for e in told("SellableGrew") if e["sku_id"] == mug.pk) == 20 + 12
    assert differences() == []


def call(world: World, method: str, path: str, body: Any = None, *, scope: str = "stock:hold", **headers: str) -> Any:
    token = make_api_key(world.tilleul.pk, name="shop", scopes=[scope], actor=SYSTEM)
    return Client().generic(
        method, f"/api/v1/{path}", data=body if isinstance(body, (bytes, str)) else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Accept-Language": "en", **headers},
    )  # fmt: skip


@pytest.mark.django_db
def test_a_cart_is_held_read_and_given_back_over_the_api(balanced: World) -> None:
    asked = {"reference": "c", "channel": "shop", "lines": [{"sku": "MUG", "quantity": 2}], "ttl_seconds": 60}
    made = call(balanced, "POST", "reservations", asked)
    assert made.status_code == 201
    assert made.json()["state"] == "held"
    path = f"reservations/{made.json()['id']}"
    assert call(balanced, "POST", "reservations", asked).status_code == 200
    assert call(balanced, "GET", path).json()["lines"] == [{"sku": "MUG", "quantity": 2}]
    assert call(balanced, "DELETE", path).json()["state"] == "released"
    assert call(balanced, "DELETE", path).json()["state"] == "released"
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 0)
    asked["lines"] = [{"sku": "MUG", "quantity": 21}]
    refused = call(balanced, "POST", "reservations", asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_stock")
    assert connection.in_atomic_block


@pytest.mark.django_db
def test_the_same_idempotency_key_is_answered_once(balanced: World) -> None:
    token = make_api_key(balanced.tilleul.pk, name="shop", scopes=["stock:hold"], actor=SYSTEM)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}

    def post(body: str) -> Any:
        return Client().generic(
            "POST", "/api/v1/reservations", data=body, content_type="application/json", headers=headers
        )

    body = '{"reference": "%s", "channel": "shop", "lines": [{"sku": "MUG", "quantity": 1}]}'
    first, again = post(body % "a"), post(body % "a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert post(body % "b").status_code == 422
    assert StockHold.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "\x00", '{"reference":"a\\u0000","lines":[{"sku":"MUG","quantity":1}]}',
     '{"reference":"a","lines":[]}', '{"reference":"a","lines":[{"sku":"MUG","quantity":-1}]}',
     '{"reference":"a","lines":[{"sku":"MUG","quantity":1e30}]}',
     '{"reference":"a","lines":[{"sku":"MUG","quantity":"2"}]}',
     '{"reference":"a","channel":"shop","lines":[{"sku":"MUG","quantity":1}],"ttl_seconds":99999999999}'],
)  # fmt: skip
def test_what_cannot_be_read_holds_nothing(balanced: World, body: str) -> None:
    assert call(balanced, "POST", "reservations", body).status_code == 422
    assert not StockHold.objects.exists()


@pytest.mark.django_db
def test_only_a_key_for_it_holds_stock(balanced: World) -> None:
    asked = {"reference": "c", "channel": "shop", "lines": [{"sku": "MUG", "quantity": 2}]}
    assert call(balanced, "POST", "reservations", asked, scope="stock:read").status_code == 401
    assert call(balanced, "GET", "reservations/1").status_code == 404
    assert call(balanced, "DELETE", "reservations/99999999999999999999").status_code == 404


@pytest.mark.django_db
def test_an_order_takes_over_what_its_cart_held(balanced: World) -> None:
    hold, _new = cart(balanced, ("MUG", 20))
    answers = place_orders(
        [balanced.order(("MUG", 20), may_owe=False), balanced.order(("MUG", 20), may_owe=False, hold_id=hold)],
        actor=SYSTEM,
    )
    assert [answer.outcome for answer in answers] == ["refused", "accepted"]  # nobody comes between
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 20)


@pytest.mark.django_db
def test_a_refused_order_leaves_its_cart_what_it_holds(balanced: World) -> None:
    mug = balanced.sku("MUG")
    hold, _new = cart(balanced, ("MUG", 5))
    [answer] = place_orders([balanced.order(("MUG", 21), may_owe=False, hold_id=hold)], actor=SYSTEM)
    assert answer.outcome == "refused"
    assert stand(mug, balanced.lyon) == (20, 5)
    kept = StockHold.objects.get(pk=hold)
    assert (kept.ended_at, kept.ordered, kept.expires_at) == (None, False, later(600))
    assert not Order.objects.exists()
    [corrected] = place_orders([balanced.order(("MUG", 5), may_owe=False, hold_id=hold)], actor=SYSTEM)
    assert corrected.outcome == "accepted"
    assert stand(mug, balanced.lyon) == (20, 5)
    assert StockHold.objects.get(pk=hold).ordered
    assert expire_promises(now=later(601)) == 0


@pytest.mark.django_db
def test_in_a_batch_nobody_takes_what_the_cart_of_a_refused_order_holds(balanced: World) -> None:
    first, _new = cart(balanced, ("MUG", 8))
    second, _new = cart(balanced, ("MUG", 4), reference="cart-2")
    answers = place_orders(
        [
            balanced.order(("MUG", 9), may_owe=False),  # 8 are free: not while the first cart keeps its own
            balanced.order(("MUG", 30), may_owe=False, hold_id=first),
            balanced.order(("MUG", 4), may_owe=False, hold_id=second),
            balanced.order(("MUG", 8), may_owe=False),
        ],
        actor=SYSTEM,
    )
    assert [answer.outcome for answer in answers] == ["refused", "refused", "accepted", "accepted"]
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 20)
    assert [StockHold.objects.get(pk=pk).ended_at is None for pk in (first, second)] == [True, False]
    assert sum(e["qty"] for e in told("SellableGrew") if e["sku_id"] == balanced.sku("MUG").pk) == 20 + 4
