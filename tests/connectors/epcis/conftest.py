from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.books import balanced
from tests.cast import World
from tests.desk.test_recall import stocked
from tests.packing.conftest import boxes, picked
from tests.picking.conftest import ready
from tests.shipping.conftest import chen, labelled, laposte, packed

from colisage.kit.actors import SYSTEM
from colisage.people.actions.make_api_key import make_api_key

__all__ = ["balanced", "boxes", "chen", "labelled", "laposte", "packed", "picked", "ready", "stocked"]

Door = Callable[..., Any]


class Program:
    """A program with a key, before the doors of EPCIS."""

    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})

    def get(self, path: str = "events", **query: Any) -> Any:
        return self.client.get(f"/api/v1/epcis/{path}", query)

    def events(self, **query: Any) -> list[dict[str, Any]]:
        answer = self.get(**query)
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        return found

    def everything(self, **query: Any) -> list[dict[str, Any]]:
        """Turn all pages."""
        found = []
        answer = self.get(**query)
        for _page in range(500):
            found += answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
            link = answer.headers.get("Link")
            if not link:
                return found
            answer = self.client.get(link[1 : link.index(">")])
        raise AssertionError

    def capture(self, body: Any, *, path: str = "capture", kind: str = "application/json", **headers: str) -> Any:
        return self.client.post(f"/api/v1/epcis/{path}", body, content_type=kind, headers=headers)


@pytest.fixture
def program(world: World) -> Program:
    return Program(make_api_key(world.tilleul.pk, name="EPCIS", scopes=["epcis:read", "epcis:write"], actor=SYSTEM))


@pytest.fixture
def stranger(world: World) -> Program:
    return Program(make_api_key(world.northwind.pk, name="EPCIS", scopes=["epcis:read", "epcis:write"], actor=SYSTEM))
