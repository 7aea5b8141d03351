"""Mails to customers by the API: read with the right to see who they are, sent once more each judged by itself."""

from typing import Any

import pytest

from colisage.kit.actors import SYSTEM
from colisage.notices.models import Message
from colisage.orders.actions.place_orders import place_orders
from tests.books import balanced
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("customers:read", "orders:change")


def mails(world: World, *states: str) -> list[int]:
    [answer] = place_orders([world.order(("MUG", 1))], actor=SYSTEM)
    return [
        Message.objects.create(
            merchant=world.tilleul, order_id=answer.order_id, kind="confirmed", doc=f"order:{answer.order_id}:{n}",
            language="fr", to="camille@example.com", subject="Merci", text="Bonjour Camille", state=state,
        ).pk
        for n, state in enumerate(states)
    ]  # fmt: skip


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_mails_are_read_and_sent_once_more_each_judged_by_itself(world: World, program: Make) -> None:
    failed, going, done = mails(world, "failed", "sending", "sent")
    ask = program(*MAY)
    assert [one["id"] for one in ask.every("mails", limit=2)] == [done, going, failed]
    assert [one["id"] for one in ask.every("mails", state="failed")] == [failed]
    assert ask.read(f"mails/{failed}")["text"] == "Bonjour Camille"
    answer = ask.post("mails/send-again", {"mails": [failed, going, 999_999]})
    assert outcomes(answer) == [(failed, "asked", ""), (going, "unchanged", ""), (999_999, "refused", "not_there")]
    assert dict(Message.objects.values_list("pk", "state")) == {failed: "waiting", going: "sending", done: "sent"}


def test_nobody_reads_mails_without_the_right_to_see_customers_or_of_another_merchant(
    world: World, program: Make, stranger: Make
) -> None:
    [one] = mails(world, "failed")
    assert code_of(program("orders:read").get("mails")) == (401, "unauthorized")
    assert code_of(program("customers:read").post("mails/send-again", {"mails": [one]})) == (401, "unauthorized")
    other = stranger(*MAY)
    assert other.read("mails")["items"] == []
    assert code_of(other.get(f"mails/{one}")) == (404, "not_there")
    assert outcomes(other.post("mails/send-again", {"mails": [one]})) == [(one, "refused", "not_there")]
    assert Message.objects.get().state == "failed"


def test_many_mails_take_as_many_statements_as_few(world: World, program: Make) -> None:
    ask = program(*MAY)
    counts = []
    for many in (2, 20):
        ids = mails(world, *["failed"] * many)
        body = {"mails": ids}
        ask.read("mails", limit=many)
        reading = statements(lambda many=many: ask.read("mails", limit=many))  # type: ignore[misc]
        counts.append((reading, statements(lambda body=body: ask.post("mails/send-again", body))))  # type: ignore[misc]
    assert counts[0] == counts[1]
