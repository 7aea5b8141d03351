"""A program with a key, before the doors of the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.kit.actors import SYSTEM
from colisage.people.actions.make_api_key import make_api_key
from colisage.people.models import Merchant
from tests.cast import World


class Program:
    """Somebody's program; its answers are read."""

    def __init__(self, merchant: Merchant, *scopes: str) -> None:
        self.token = make_api_key(merchant.pk, name="Program", scopes=scopes, actor=SYSTEM)
        self.client = Client(headers={"Authorization": f"Bearer {self.token}", "Accept-Language": "en"})

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=headers or {})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, f"/api/v1/{path}", data, content_type="application/json", headers=named)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def read(self, path: str, **query: Any) -> Any:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def every(self, path: str, **query: Any) -> list[Any]:
        """Turn all pages of a list."""
        found: list[Any] = []
        for _page in range(100):
            told = self.read(path, **query)
            found += told["items"]
            if told["next"] is None:
                return found
            query["page"] = told["next"]
        raise AssertionError


Make = Callable[..., Program]


@pytest.fixture
def program(world: World) -> Make:
    """Give a function that makes a program of Maison Tilleul with the scopes it is given."""
    return lambda *scopes: Program(world.tilleul, *scopes)


@pytest.fixture
def stranger(world: World) -> Make:
    """Give a function that makes a program of another merchant."""
    return lambda *scopes: Program(world.northwind, *scopes)


def statements(work: Callable[[], Any]) -> int:
    """Count the statements of a request."""
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


def code_of(answer: Any) -> tuple[int, str]:
    """Give the status and the code of a problem."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    return answer.status_code, answer.json()["code"]
