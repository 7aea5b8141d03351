"""A request of a program that is rehearsed says what would happen, and nothing has happened."""

import json
from typing import Any

import httpx
import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError

from colisage.catalog.models import Barcode
from colisage.config.asgi import application
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry, Event, Receipt
from colisage.kit.rehearsal import asks_for_rehearsal, rehearsing
from colisage.kit.walls import behind_the_wall
from colisage.network.models import Channel
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Order
from tests.books import balanced, stand
from tests.cast import CAMILLE, World
from tests.program import Make, code_of, program

__all__ = ["balanced", "program"]


def counts() -> tuple[int, ...]:
    return tuple(kind.objects.count() for kind in (Order, AuditEntry, Event, Receipt))


@pytest.mark.usefixtures("balanced")
def test_what_is_rehearsed_is_answered_and_undone_and_keeps_no_key(world: World, program: Make) -> None:
    [placed] = place_orders([world.order(("MUG", 2))], actor=SYSTEM)
    ask, before = program("orders:change"), counts()
    body = {"orders": [placed.order_id]}
    shown = ask.post("orders/cancel", body, Dry_Run="true", Idempotency_Key="a")
    assert (shown.status_code, shown["Dry-Run"], shown.json()["results"][0]["outcome"]) == (200, "true", "cancelled")
    assert (counts(), stand(world.sku("MUG"), world.lyon)) == (before, (20, 2))
    done = ask.post("orders/cancel", body, Idempotency_Key="a")
    assert ("Dry-Run" in done, done.json()) == (False, shown.json())
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


@pytest.mark.usefixtures("balanced")
def test_a_refusal_is_the_same_when_it_is_rehearsed(world: World, program: Make) -> None:
    ask = program("orders:change")
    assert code_of(ask.post("orders/cancel", {"orders": "x"}, Dry_Run="true")) == (422, "malformed")
    assert code_of(program("stock:read").post("orders/cancel", {"orders": [1]}, Dry_Run="true")) == (
        401,
        "unauthorized",
    )


def order(reference: str) -> dict[str, Any]:
    return {"reference": reference, "currency": "EUR", "ship_to": CAMILLE,
            "lines": [{"sku": "MUG", "quantity": 1, "unit_price_cents": 1800}]}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_orders_are_rehearsed_at_both_of_their_doors(world: World, program: Make) -> None:
    Channel.objects.create(merchant=world.tilleul, kind="api", code="api", name="API")
    ask, before = program("orders:write"), counts()
    shown = ask.post("orders", order("A-1"), Dry_Run="true")
    assert (shown.status_code, shown.json()["outcome"]) == (201, "accepted")

    @async_to_sync
    async def short_cut(**headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            sent = {"Authorization": f"Bearer {ask.token}", **headers}
            return await client.post("/api/v1/orders", content=json.dumps(order("A-1")), headers=sent)

    rehearsed = short_cut(**{"Dry-Run": "yes"})
    assert (rehearsed.status_code, rehearsed.headers["dry-run"], rehearsed.json()["outcome"]) == (
        201,
        "true",
        "accepted",
    )
    assert counts() == before
    assert short_cut().json()["outcome"] == "accepted"
    assert short_cut(**{"Dry-Run": "true"}).json()["outcome"] == "duplicate"


def test_what_could_not_be_kept_fails_when_it_is_rehearsed(world: World) -> None:
    """The composite key of a barcode is looked at only at the end of a transaction."""
    with pytest.raises(IntegrityError), rehearsing(), behind_the_wall(merchants=[world.tilleul.pk], operators=[]):
        Barcode.objects.create(merchant=world.tilleul, sku=world.northwind_skus["MUG"], code="4006381333931")


def test_only_a_plain_no_is_no_rehearsal() -> None:
    assert not any(map(asks_for_rehearsal, (None, "", "false", " No ", "0")))
    assert all(map(asks_for_rehearsal, ("true", "ture", "1")))
