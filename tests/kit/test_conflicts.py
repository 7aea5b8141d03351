"""A deadlock, should one ever come, is begun again; nobody sees an error, and nothing is done twice or parked."""

import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client

from colisage.config.asgi import application
from colisage.inventory.models import StockCell, StockHold
from colisage.kit.actors import SYSTEM
from colisage.kit.conflicts import again, is_conflict
from colisage.kit.models import Parked
from colisage.kit.outbox import drain
from colisage.network.models import Channel
from colisage.orders.models import Order
from colisage.people.actions.make_api_key import make_api_key
from tests.books import balanced, find, hold, stand, where
from tests.cast import CAMILLE, World

__all__ = ["balanced"]


def deadlocks(table: str, times: int, *, code: str = "40P01") -> None:
    """Let the database break the next writes of a table as it breaks a deadlock, so many times."""
    with connection.cursor() as db:
        db.execute("CREATE SEQUENCE broken")
        db.execute(
            "CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF nextval('broken') <= {times} THEN RAISE EXCEPTION 'broken' USING ERRCODE = '{code}'; END IF;"
            " RETURN NULL; END $$"
        )
        db.execute("GRANT USAGE ON SEQUENCE broken TO PUBLIC")
        db.execute(f"CREATE TRIGGER broken AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION break_it()")


def count_mugs(world: World, client: Client) -> Any:
    mug = world.sku("MUG")
    cell = StockCell.objects.get(sku=mug, node=world.lyon, kept=True)
    client.force_login(world.chen)
    client.cookies["language"] = "en"
    return client.post(f"/stock/{mug.pk}/adjust", {"cell": cell.pk, "counted": "17", "reason": "lost"}, follow=True)


@pytest.mark.usefixtures("balanced")
def test_a_page_begins_again_and_the_person_sees_its_answer_once(world: World, client: Client) -> None:
    deadlocks("inventory_stockmovement", 2)
    answer = count_mugs(world, client)
    assert (answer.status_code, stand(world.sku("MUG"), world.lyon)) == (200, (17, 0))
    assert answer.content.count(b"Counted: -3 units.") == 1


@pytest.mark.usefixtures("balanced")
def test_a_page_that_cannot_get_through_says_so_in_words_and_changes_nothing(world: World, client: Client) -> None:
    deadlocks("inventory_stockmovement", 99, code="40001")
    answer = count_mugs(world, client)
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert b"please try again" in answer.content
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


def test_another_trouble_of_the_database_stays_an_error(world: World, client: Client) -> None:
    deadlocks("inventory_stockmovement", 1, code="57014")
    with pytest.raises(OperationalError):
        count_mugs(world, client)


@pytest.mark.usefixtures("balanced")
def test_who_comes_third_looks_at_what_two_others_wrote_at_the_same_moment(world: World, client: Client) -> None:
    deadlocks("inventory_stockmovement", 2, code="23505")
    answer = count_mugs(world, client)
    assert (answer.status_code, stand(world.sku("MUG"), world.lyon)) == (200, (17, 0))
    assert answer.content.count(b"Counted: -3 units.") == 1


def test_a_row_that_is_there_twice_and_stays_so_is_an_error(world: World, client: Client) -> None:
    deadlocks("inventory_stockmovement", 3, code="23505")
    with pytest.raises(IntegrityError):
        count_mugs(world, client)


def api_order(world: World) -> tuple[dict[str, Any], dict[str, str]]:
    Channel.objects.create(merchant=world.tilleul, kind="api", code="api", name="API")
    token = make_api_key(world.tilleul.pk, name="Shop", scopes=["orders:write"], actor=SYSTEM)
    order = {
        "reference": "A-1", "currency": "EUR", "ship_to": CAMILLE,
        "lines": [{"sku": "MUG", "quantity": 2, "unit_price_cents": 1_800}],
    }  # fmt: skip
    return order, {"Authorization": f"Bearer {token}", "Accept-Language": "en"}


def post_order(world: World) -> Any:
    order, headers = api_order(world)
    return Client().post("/api/v1/orders", json.dumps(order), content_type="application/json", headers=headers)


@pytest.mark.django_db(transaction=True)
def test_the_api_begins_again_and_takes_the_order_once(world: World) -> None:
    deadlocks("inventory_reservation", 2)
    assert post_order(world).status_code == 201
    assert Order.objects.count() == 1
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)


@pytest.mark.django_db(transaction=True)
def test_the_api_asks_for_another_try_when_it_cannot_get_through(world: World) -> None:
    deadlocks("inventory_reservation", 99)
    answer = post_order(world)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "try_again", "1")
    assert not Order.objects.exists()


def hold_cart(world: World) -> Any:
    Channel.objects.create(merchant=world.tilleul, kind="api", code="api", name="API")
    token = make_api_key(world.tilleul.pk, name="Shop", scopes=["stock:hold"], actor=SYSTEM)
    cart = {"reference": "cart-1", "lines": [{"sku": "MUG", "quantity": 2}]}
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    return Client().post("/api/v1/reservations", json.dumps(cart), content_type="application/json", headers=headers)


@pytest.mark.usefixtures("balanced")
def test_a_door_of_the_api_that_cannot_get_through_says_so_to_a_program(world: World) -> None:
    deadlocks("inventory_stockhold", 99)
    answer = hold_cart(world)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "try_again", "1")
    assert answer["Content-Type"] == "application/problem+json"
    assert (StockHold.objects.count(), stand(world.sku("MUG"), world.lyon)) == (0, (20, 0))


@pytest.mark.django_db(transaction=True)
def test_the_gateway_asks_for_another_try_and_says_when(world: World) -> None:
    order, headers = api_order(world)

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.post("/api/v1/orders", json=order, headers=headers)

    deadlocks("inventory_reservation", 99)
    answer = async_to_sync(send)()
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "try_again", "1")
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert (Order.objects.count(), stand(world.sku("MUG"), world.lyon)) == (0, (20, 0))


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_got_in_somebodys_way_hears_its_news_again_and_parks_nothing(world: World) -> None:
    with transaction.atomic():
        hold(world.sku("MUG"), 25)
    deadlocks("kit_event", 2)
    with connection.cursor() as db:
        db.execute("SELECT setval('broken', 10)")
    find(world.sku("MUG"), 9, at=where(world.sku("MUG"), world.lyon))
    with connection.cursor() as db:
        db.execute("SELECT setval('broken', 1, false)")
    drain()
    assert not Parked.objects.exists()
    assert stand(world.sku("MUG"), world.lyon) == (29, 25)


@pytest.mark.django_db
def test_within_a_transaction_only_whoever_began_it_can_begin_again() -> None:
    tried: list[int] = []

    def work() -> Sequence[int]:
        tried.append(1)
        with transaction.atomic(), connection.cursor() as db:
            db.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")
        return tried

    with pytest.raises(OperationalError):
        again(work)
    assert len(tried) == 1
    assert not is_conflict(OperationalError("the server is gone"))
