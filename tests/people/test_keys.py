"""Keys of programs: what they may do, until when, how often, and when they were last used."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from colisage.kit.actors import SYSTEM
from colisage.people.actions.make_api_key import make_api_key
from colisage.people.models import ApiKey
from colisage.people.queries import key_of, keys_of
from colisage.people.rules import SCOPES
from tests.cast import World
from tests.program import Make, code_of, program

__all__ = ["program"]
KEYS = "/settings/keys"


@pytest.mark.parametrize("days", ["30", "90", "365", ""])
def test_a_key_ends_when_its_page_says_and_is_refused_from_then_on(world: World, enter: Any, days: str) -> None:
    desk: Client = enter(world.chen)
    page = desk.post(KEYS, {"name": "ERP", "scopes": ["orders:read"], "days": days}).content.decode()
    key = ApiKey.objects.get()
    assert key.prefix in page
    if days:
        assert key.expires_at is not None
        assert timedelta(days=int(days)) - (key.expires_at - timezone.now()) < timedelta(minutes=1)
    else:
        assert key.expires_at is None


def test_an_expired_key_opens_nothing_and_says_so_in_the_list(world: World, enter: Any, program: Make) -> None:
    ask = program("network:read")
    assert ask.get("nodes").status_code == 200
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert code_of(ask.get("nodes")) == (401, "unauthorized")
        [row] = keys_of(world.tilleul.pk)
    assert row.expired
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert "expired" in enter(world.chen).get(KEYS).content.decode()


def test_the_list_says_when_a_key_was_last_used(world: World, program: Make, settings: Any) -> None:
    settings.COLISAGE_METERS_SHARED_SECONDS = 1.0
    ask = program("network:read")
    assert keys_of(world.tilleul.pk)[0].used_at is None
    ask.get("nodes")
    used = keys_of(world.tilleul.pk)[0].used_at
    assert used is not None
    assert timezone.now() - used < timedelta(minutes=1)


def test_who_asks_too_often_is_told_how_long_to_wait(program: Make, settings: Any) -> None:
    settings.COLISAGE_API_PER_SECOND, settings.COLISAGE_API_BURST = 0.5, 3
    ask, other = program("network:read"), program("network:read")
    assert [ask.get("nodes").status_code for _ in range(3)] == [200] * 3
    answer = ask.get("nodes")
    assert code_of(answer) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] in {"1", "2"}
    assert other.get("nodes").status_code == 200


def test_orders_posted_count_apart(program: Make, settings: Any) -> None:
    settings.COLISAGE_API_BURST, settings.COLISAGE_INTAKE_PER_SECOND, settings.COLISAGE_INTAKE_BURST = 1, 0.5, 2
    ask = program("network:read", "orders:write")
    assert ask.get("nodes").status_code == 200
    assert [ask.post("orders", {}).status_code for _ in range(2)] == [422, 422]
    answer = ask.post("orders", {})
    assert code_of(answer) == (429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) >= 1


def test_every_scope_can_be_given_and_is_named(world: World, enter: Any) -> None:
    enter(world.chen).post(KEYS, {"name": "All", "scopes": list(SCOPES), "days": "30"})
    assert set(ApiKey.objects.get().scopes) == set(SCOPES)


def test_a_token_that_no_key_has_is_nobodys(world: World) -> None:
    token = make_api_key(world.tilleul.pk, name="x", scopes=["orders:read"], actor=SYSTEM)
    assert key_of(token) is not None
    for wrong in ("", token[:-1], token + "x", token.partition(".")[0], "é" * 2_000):
        assert key_of(wrong) is None


def test_what_a_key_may_do_is_listed_as_it_was_ticked_and_told_apart(world: World, enter: Any) -> None:
    make_api_key(world.tilleul.pk, name="ERP", scopes=["orders:write", "orders:read"], actor=SYSTEM)
    text = enter(world.chen).get(KEYS).content.decode()
    assert "read orders · send orders, files and interchanges" in text


def test_where_no_key_opens_the_api_the_page_says_so_in_words(world: World, enter: Any) -> None:
    assert "<h1>No key opens the API</h1>" in enter(world.chen).get(KEYS).content.decode()
