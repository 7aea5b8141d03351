"""Orders cancelled, held and released over the API: each judged by itself, once however often it is sent."""

from datetime import UTC, datetime
from typing import Any

import pytest

from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.models import FulfillmentOrder, Hold, Order
from tests.books import balanced, stand
from tests.cast import World
from tests.program import Make, code_of, program, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")


def placed(world: World, **changes: Any) -> int:
    [answer] = place_orders([world.order(("MUG", 2), **changes)], actor=SYSTEM)
    assert answer.order_id is not None
    return answer.order_id


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def begun(world: World, order: int) -> None:
    FulfillmentOrder.objects.create(merchant=world.tilleul, order_id=order, node=world.lyon, stage="picking")


def test_orders_are_cancelled_each_judged_by_itself(world: World, program: Make) -> None:
    good, late = placed(world), placed(world)
    begun(world, late)
    ask = program("orders:change")
    answer = ask.post("orders/cancel", {"orders": [good, late, 999_999, good]})
    assert outcomes(answer) == [
        (good, "cancelled", ""),
        (late, "refused", "too_late_to_cancel"),
        (999_999, "refused", "not_there"),
        (good, "cancelled", ""),
    ]
    assert Order.objects.get(pk=late).number in answer.json()["results"][1]["detail"]
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)
    assert outcomes(ask.post("orders/cancel", {"orders": [good]})) == [(good, "unchanged", "")]
    deed = AuditEntry.objects.get(verb="order_cancelled")
    assert (deed.doc_id, deed.actor_kind, deed.actor_name) == (good, "key", "Program")


def test_what_is_being_prepared_is_cancelled_when_that_is_asked_for(world: World, program: Make) -> None:
    late, gone = placed(world), placed(world)
    begun(world, late)
    begun(world, gone)
    FulfillmentOrder.objects.filter(order=gone).update(stage="handed_over")
    answer = program("orders:change").post("orders/cancel", {"orders": [late, gone], "on_floor": True})
    assert outcomes(answer) == [(late, "cancelled", ""), (gone, "refused", "gone_already")]


def test_a_key_that_is_longer_than_is_kept_is_refused_and_nothing_is_done(world: World, program: Make) -> None:
    order = placed(world)
    answer = program("orders:change").post("orders/cancel", {"orders": [order]}, Idempotency_Key="k" * 256)
    assert code_of(answer) == (422, "idempotency_key_too_long")
    assert not AuditEntry.objects.filter(verb="order_cancelled").exists()


def test_the_same_request_again_has_its_answer_and_no_second_effect(world: World, program: Make) -> None:
    order = placed(world)
    ask = program("orders:change")
    first = ask.post("orders/cancel", {"orders": [order]}, Idempotency_Key="a")
    again = ask.post("orders/cancel", {"orders": [order]}, Idempotency_Key="a")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert code_of(ask.post("orders/cancel", {"orders": [1]}, Idempotency_Key="a")) == (422, "idempotency_key_reused")
    held = {"orders": [order], "reason": "x"}
    assert code_of(ask.post("orders/hold", held, Idempotency_Key="a")) == (422, "idempotency_key_reused")
    assert AuditEntry.objects.filter(verb="order_cancelled").count() == 1
    other = program("orders:change").post("orders/cancel", {"orders": [order]}, Idempotency_Key="a")
    assert outcomes(other) == [(order, "unchanged", "")]  # another key's keys are its own


def test_orders_are_held_and_released(world: World, program: Make) -> None:
    order, gone = placed(world), placed(world)
    ask = program("orders:change", "orders:read")
    ask.post("orders/cancel", {"orders": [gone]})
    held = {"orders": [order, gone], "reason": "The customer calls", "until": "2030-01-02"}
    assert outcomes(ask.post("orders/hold", held)) == [(order, "held", ""), (gone, "refused", "order_not_open")]
    assert outcomes(ask.post("orders/hold", held))[0] == (order, "unchanged", "")
    [hold] = ask.read(f"orders/{order}")["holds"]
    assert (hold["kind"], hold["detail"], hold["until"]) == ("manual", "The customer calls", "2030-01-02")
    answer = ask.post("holds/release", {"holds": [hold["id"], 999_999]})
    assert outcomes(answer) == [(hold["id"], "released", ""), (999_999, "refused", "not_there")]
    assert outcomes(ask.post("holds/release", {"holds": [hold["id"]]})) == [(hold["id"], "unchanged", "")]
    assert not Hold.objects.filter(released_at=None).exists()


def test_a_stranger_changes_nothing_and_learns_nothing(world: World, program: Make, stranger: Make) -> None:
    order = placed(world)
    program("orders:change").post("orders/hold", {"orders": [order], "reason": "x"})
    hold = Hold.objects.get().pk
    ask = stranger("orders:change")
    assert outcomes(ask.post("orders/cancel", {"orders": [order]})) == [(order, "refused", "not_there")]
    assert outcomes(ask.post("orders/hold", {"orders": [order], "reason": "x"})) == [(order, "refused", "not_there")]
    assert outcomes(ask.post("holds/release", {"holds": [hold]})) == [(hold, "refused", "not_there")]
    assert Order.objects.get().state == "open"
    assert Hold.objects.get().released_at is None
    reader = program("orders:read", "orders:write")
    for path, body in (("orders/cancel", {"orders": [order]}), ("holds/release", {"holds": [hold]})):
        assert code_of(reader.post(path, body)) == (401, "unauthorized")


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{}", '{"orders": []}', '{"orders": ["1"]}', '{"orders": [0]}', '{"orders": [1.5]}',
        '{"orders": [99999999999999999999]}', '{"orders": [1], "more": 1}', '{"orders": [1]', b"\xff\xfe",
        '{"orders": null}',
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_problem(program: Make, body: Any) -> None:
    assert code_of(program("orders:change").post("orders/cancel", body)) == (422, "malformed")


def test_a_text_with_nul_is_refused(world: World, program: Make) -> None:
    body = {"orders": [placed(world)], "reason": "a\x00b"}
    assert code_of(program("orders:change").post("orders/hold", body)) == (422, "malformed")
    answer = program("orders:change").post("orders/hold", {**body, "reason": "ok"}, Idempotency_Key="a\x00b")
    assert answer.status_code == 200


def test_refusals_speak_the_callers_language(world: World, program: Make) -> None:
    order = placed(world)
    begun(world, order)
    ask = program("orders:change")
    told = [
        ask.post("orders/cancel", {"orders": [order]}, Accept_Language=tongue).json()["results"][0]["detail"]
        for tongue in ("en", "fr")
    ]
    assert "is cancelled only where that is asked for" in told[0]
    assert "ne s’annule que sur demande expresse" in told[1]


def test_open_holds_are_listed_the_oldest_first_and_narrowed(world: World, program: Make, stranger: Make) -> None:
    first, second, free = placed(world), placed(world), placed(world)
    for order, kind in ((first, "payment"), (second, "manual"), (free, "risk")):
        set_hold(world.tilleul.pk, order_ids=[order], kind=kind, reason="ask", actor=SYSTEM)
    Hold.objects.filter(order=second).update(set_at=datetime(2026, 11, 1, tzinfo=UTC))
    ask = program("orders:read", "orders:change")
    holds = ask.every("holds", limit=1)
    assert [(one["order_id"], one["kind"]) for one in holds] == [(first, "payment"), (second, "manual"), (free, "risk")]
    assert ask.post("holds/release", {"holds": [holds[2]["id"]]}).status_code == 200
    assert [one["order_id"] for one in ask.every("holds")] == [first, second]
    assert [one["order_id"] for one in ask.every("holds", kind="payment")] == [first]
    assert [one["order_id"] for one in ask.every("holds", set_before="2026-11-02T00:00:00Z")] == [second]
    assert code_of(ask.get("holds", kind="boredom"))[0] == 422
    assert stranger("orders:read").read("holds")["items"] == []
    assert code_of(program("orders:write").get("holds")) == (401, "unauthorized")
