"""One answer under one key, also while it is still being given."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction

from colisage.config.asgi import application
from colisage.kit.idempotency import Answer, InFlight, KeyReused, KeyTooLong, once
from colisage.orders.models import Order
from colisage.people.models import ApiKey
from tests.books import balanced
from tests.cast import CAMILLE, World
from tests.program import Make, code_of, program

__all__ = ["balanced", "program"]

pytestmark = pytest.mark.django_db(transaction=True)


def asked(
    owner: str, *, key: str = "a", body: bytes = b"body", merchant: int = 1, answer: Callable[[], Answer]
) -> Answer:
    with transaction.atomic():
        return once(owner, key=key, body=body, merchants=[merchant], answer=answer)


@contextmanager
def being_answered(owner: str, *, key: str, merchant: int = 1) -> Iterator[None]:
    """Have somebody else answer a request with this key for as long as the block runs."""
    begun, end = threading.Event(), threading.Event()

    def slowly() -> Answer:
        begun.set()
        end.wait(30)
        return 201, b"done"

    def run() -> None:
        try:
            asked(owner, key=key, merchant=merchant, answer=slowly)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert begun.wait(10)
        yield
    finally:
        end.set()
        thread.join(30)


def never() -> Answer:
    raise AssertionError("answered twice")


def test_while_the_first_is_answered_the_same_key_is_refused_and_waits_for_nobody(db: None) -> None:
    with being_answered("key:1", key="a"):
        with pytest.raises(InFlight):
            asked("key:1", answer=never)
        with pytest.raises(InFlight):
            asked("key:1", body=b"other", answer=never)
        assert asked("key:2", answer=lambda: (200, b"mine")) == (200, b"mine")
    assert asked("key:1", answer=never) == (201, b"done")
    with pytest.raises(KeyReused):
        asked("key:1", body=b"other", answer=never)


def test_an_order_whose_key_is_being_answered_is_in_flight_and_comes_in_when_sent_again(
    balanced: World, program: Make
) -> None:
    ask = program("orders:write")
    order = {
        "reference": "W-1", "channel": balanced.channel.code, "currency": "EUR",
        "ship_to": {name: text for name, text in CAMILLE.items() if text},
        "lines": [{"sku": "MUG", "quantity": 1, "unit_price_cents": 1800}],
    }  # fmt: skip
    owner = f"key:{ApiKey.objects.get().pk}"
    with being_answered(owner, key="k1", merchant=balanced.tilleul.pk):
        assert code_of(ask.post("orders", order, Idempotency_Key="k1")) == (409, "in_flight")
        assert ask.post("orders", {**order, "reference": "W-2"}, Idempotency_Key="k2").status_code == 201
    assert code_of(ask.post("orders", order, Idempotency_Key="k1")) == (422, "idempotency_key_reused")
    assert ask.post("orders", order, Idempotency_Key="k3").status_code == 201
    assert Order.objects.count() == 2


def test_a_key_is_kept_whole_or_refused() -> None:
    longest = "k" * 255
    assert asked("key:1", key=longest, answer=lambda: (201, b"done")) == (201, b"done")
    assert asked("key:1", key=longest, answer=never) == (201, b"done")
    with pytest.raises(KeyTooLong):
        asked("key:1", key=f"{longest}x", answer=never)


def test_the_short_cut_of_orders_refuses_a_key_that_is_too_long(balanced: World, program: Make) -> None:
    ask = program("orders:write")

    @async_to_sync
    async def short_cut() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            sent = {"Authorization": f"Bearer {ask.token}", "Idempotency-Key": "k" * 256}
            return await client.post("/api/v1/orders", content=json.dumps({}), headers=sent)

    answer = short_cut()
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_too_long")
