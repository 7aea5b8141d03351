"""HEAD is GET without the body, at every door: over the API, on pages, of files, and over a real socket."""

from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from colisage.kit.actors import SYSTEM
from colisage.orders.actions.place_orders import place_orders
from colisage.people.rules import SCOPES
from tests.cast import World
from tests.program import Make, Program, program
from tests.serving import house

__all__ = ["program"]
pytestmark = pytest.mark.django_db


def told(answer: Any) -> dict[str, str]:
    """Give the headers of an answer that do not differ from one time to the next."""
    return {name: value for name, value in answer.headers.items() if name not in {"Vary", "Set-Cookie"}}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("orders", 200), ("orders/{order}", 200), ("skus", 200), ("rules", 200), ("orders?size=x", 422),
        ("orders/999999999", 404),
    ],
)  # fmt: skip
def test_over_the_api_it_has_the_headers_of_get(world: World, program: Make, path: str, status: int) -> None:
    [placed] = place_orders([world.order(("MUG", 1))], actor=SYSTEM)
    ask = program(*SCOPES)
    url = "/api/v1/" + path.format(order=placed.order_id)
    got, head = ask.client.get(url), ask.client.head(url)
    assert (head.status_code, told(head), head.content) == (status, told(got), b"")
    assert head.headers["Content-Length"] == str(len(got.content))
    assert (head.status_code != 200) == ("ETag" not in head.headers)
    tag = head.headers.get("ETag", "")
    assert ask.client.head(url, headers={"If-None-Match": tag}).status_code == (304 if tag else status)


def test_it_asks_for_the_key_as_get_does_and_writes_nothing(world: World, program: Make) -> None:
    assert Client().head("/api/v1/orders").status_code == 401
    other = program("stock:read").client
    assert other.head("/api/v1/orders").status_code == other.get("/api/v1/orders").status_code == 401
    answer = Program(world.tilleul, "orders:write").client.head("/api/v1/orders/cancel")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_pages_answer_it_those_that_take_forms_too(world: World, enter: Any) -> None:
    desk = enter(world.chen)
    for name in ("rules", "rule-new", "orders"):
        got, head = desk.get(reverse(name)), desk.head(reverse(name))
        assert (head.status_code, head.content, head.headers["Content-Type"]) == (200, b"", got.headers["Content-Type"])
    assert Client().head(reverse("rules")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_over_one_connection_the_next_answer_is_the_next_ones(world: World, program: Make) -> None:
    token = program("orders:read").token
    with house() as url, httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
        head, got = client.head("/api/v1/orders"), client.get("/api/v1/orders")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", got.headers["etag"])
    assert got.json()["items"] == []
    assert head.headers["content-length"] == str(len(got.content))
