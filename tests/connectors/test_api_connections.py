"""How shops go, by the API: read, tried and asked now, and what could not be told is told again or dropped."""

from typing import Any

import pytest
from django.utils import timezone
from tests.books import balanced
from tests.cast import World
from tests.connectors.shops import connected
from tests.program import Make, code_of, program, statements, stranger

from colisage.connectors.models import Connection, Errand

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("network:read", "network:write")
SHOP = {"url": "https://shop.example", "token": "secret-token"}


@pytest.fixture
def shop(world: World) -> Connection:
    given = {"shop": "tilleul.example", **SHOP, "secret": "s", "client_id": "c", "client_secret": "s", "key": "k"}
    return connected(world, "shopify", **given)


def refused(shop: Connection, *refs: str) -> list[int]:
    return [
        Errand.objects.create(
            merchant_id=shop.merchant_id, connection=shop, kind="order", key=ref, state="refused",
            detail="not_found: gone",
        ).pk
        for ref in refs
    ]  # fmt: skip


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_how_a_connection_goes_is_told_without_what_opens_it(shop: Connection, program: Make) -> None:
    refused(shop, "A", "B")
    noted = {"code": "not_let_in", "detail": "401", "since": timezone.now().isoformat(), "failures": 3}
    Connection.objects.update(problems={"asked": noted})
    ask = program(*MAY)
    [told] = ask.read("connections")["items"]
    assert (told["channel"], told["state"], told["errands_refused"]) == ("shop", "broken", 2)
    assert told["problem"]
    assert told["problem_since"]
    [wrong] = told["problems"]
    assert (wrong["problem"], wrong["detail"], wrong["where"]) == (told["problem"], "401", "")
    answer = ask.get("channels/shop/connection")
    assert answer.json() == told
    assert "secret-token" not in answer.content.decode()
    assert code_of(ask.get("channels/nowhere/connection")) == (404, "not_there")


def test_a_shop_is_tried_and_asked_now(shop: Connection, program: Make) -> None:
    ask = program(*MAY)
    assert ask.post("channels/shop/connection/check").status_code == 202
    assert Connection.objects.get().asked_at is not None
    assert ask.post("channels/shop/connection/ask").status_code == 202
    Connection.objects.update(active=False)
    assert code_of(ask.post("channels/shop/connection/ask")) == (409, "switched_off")
    Connection.objects.update(connector="edi")
    answer = ask.post("channels/shop/connection/ask", Accept_Language="fr")
    assert code_of(answer) == (409, "only_sends")
    assert "ne s’interroge pas" in answer.json()["detail"]


def test_what_a_shop_refused_is_told_again_or_dropped_each_judged_by_itself(shop: Connection, program: Make) -> None:
    again, gone, done = refused(shop, "A", "B", "C")
    Errand.objects.filter(pk=done).update(state="done")
    ask = program(*MAY)
    assert [one["id"] for one in ask.every("channels/shop/errands", limit=1)] == [gone, again]
    assert ask.read("channels/shop/errands")["items"][0]["detail"] == "gone"
    assert outcomes(ask.post("errands/retry", {"errands": [again, done, 999_999]})) == [
        (again, "retried", ""), (done, "unchanged", ""), (999_999, "refused", "not_there")
    ]  # fmt: skip
    assert outcomes(ask.post("errands/drop", {"errands": [gone]})) == [(gone, "dropped", "")]
    assert outcomes(ask.post("errands/drop", {"errands": [gone]})) == [(gone, "unchanged", "")]
    assert dict(Errand.objects.values_list("key", "state")) == {"A": "unknown", "B": "dropped", "C": "done"}


def test_nobody_sees_or_asks_another_merchants_shop(shop: Connection, program: Make, stranger: Make) -> None:
    [one] = refused(shop, "A")
    other = stranger(*MAY)
    assert other.read("connections")["items"] == []
    for path in ("channels/shop/connection", "channels/shop/errands"):
        assert code_of(other.get(path)) == (404, "not_there")
    for path in ("channels/shop/connection/check", "channels/shop/connection/ask"):
        assert code_of(other.post(path)) == (404, "not_there")
    assert outcomes(other.post("errands/drop", {"errands": [one]})) == [(one, "refused", "not_there")]
    assert code_of(program("network:read").post("errands/drop", {"errands": [one]})) == (401, "unauthorized")
    assert Errand.objects.get().state == "refused"


def test_many_errands_take_as_many_statements_as_few(shop: Connection, program: Make) -> None:
    ask = program(*MAY)
    counts = []
    for many in (2, 30):
        ids = refused(shop, *(f"{many}-{n}" for n in range(many)))
        ask.read("channels/shop/errands", limit=many)
        reading = statements(lambda many=many: ask.read("channels/shop/errands", limit=many))  # type: ignore[misc]
        body = {"errands": ids}
        counts.append((reading, statements(lambda body=body: ask.post("errands/drop", body))))  # type: ignore[misc]
    assert counts[0] == counts[1]
