"""Returns asked for, approved and refused over the API."""

import pytest

from colisage.orders.models import OrderLine
from colisage.returns.models import ReturnPolicy, ReturnRequest
from tests.cast import World
from tests.program import Make, code_of, program, stranger
from tests.returns.conftest import Asked, Delivered

__all__ = ["program", "stranger"]
BOTH = ("returns:read", "returns:write")


def line_of(order: int) -> int:
    return OrderLine.objects.filter(order_id=order).values_list("pk", flat=True)[0]


def test_a_return_is_asked_for_once_however_often_it_is_sent(delivered: Delivered, program: Make) -> None:
    order = delivered(("MUG", 2))
    body = {"order_id": order, "lines": [{"line_id": line_of(order), "quantity": 1, "reason": "too_small"}]}
    ask = program(*BOTH)
    first = ask.post("returns", body, Idempotency_Key="r1")
    assert first.status_code == 201
    told = first.json()
    assert (told["order_id"], told["state"]) == (order, "label_sent")
    assert [(line["sku"], line["quantity"], line["reason"]) for line in told["lines"]] == [("MUG", 1, "too_small")]
    assert ask.post("returns", body, Idempotency_Key="r1").content == first.content
    assert ReturnRequest.objects.count() == 1
    assert ask.get(f"returns/{told['id']}").headers["ETag"] == first.headers["ETag"]


def test_what_cannot_come_back_is_refused_with_the_code_of_the_desk(delivered: Delivered, program: Make) -> None:
    order, old = delivered(("MUG", 1)), delivered(("MUG", 1), days_ago=90)
    ask = program(*BOTH)

    def send(order: int, line: int, quantity: int, **more: object) -> tuple[int, str]:
        body = {"order_id": order, "lines": [{"line_id": line, "quantity": quantity, "reason": "faulty"}], **more}
        return code_of(ask.post("returns", body))

    assert send(order, line_of(order), 2) == (409, "not_that_many_left")
    assert send(order, line_of(old), 1) == (422, "nothing_wanted")
    assert send(999_999, 1, 1) == (404, "not_there")
    assert send(order, line_of(order), 1, note="a\x00") == (422, "malformed")
    changed = {"order_id": old, "lines": [{"line_id": line_of(old), "quantity": 1, "reason": "changed_mind"}]}
    assert code_of(ask.post("returns", changed)) == (409, "return_too_late")
    assert not ReturnRequest.objects.exists()
    assert ask.post("returns", {**changed, "goodwill": True}).status_code == 201


def test_a_return_is_approved_or_refused(world: World, delivered: Delivered, asked: Asked, program: Make) -> None:
    ReturnPolicy.objects.create(merchant=world.tilleul, approves_alone=False)
    yes, no = (asked(delivered(("MUG", 1)), ("MUG", 1)) for _ in range(2))
    ask = program(*BOTH)
    assert ask.post(f"returns/{yes}/approve").json()["state"] == "label_sent"
    assert ask.post(f"returns/{yes}/approve").json()["state"] == "label_sent"  # again is harmless
    assert code_of(ask.post(f"returns/{no}/refuse", {"reason": ""})) == (422, "malformed")
    assert code_of(ask.post(f"returns/{no}/refuse", {"reason": "  "})) == (422, "reason_missing")
    told = ask.post(f"returns/{no}/refuse", {"reason": "It was worn."}).json()
    assert (told["state"], told["refusal"]) == ("refused", "It was worn.")
    assert code_of(ask.post(f"returns/{no}/refuse", {"reason": "Again"})) == (409, "too_late_to_refuse")


@pytest.mark.parametrize("what", ["approve", "refuse"])
def test_a_strangers_return_is_not_there(
    delivered: Delivered, asked: Asked, program: Make, stranger: Make, what: str
) -> None:
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    before = ReturnRequest.objects.get().state
    assert code_of(stranger(*BOTH).post(f"returns/{made}/{what}", {"reason": "x"})) == (404, "not_there")
    assert code_of(program("returns:read").post(f"returns/{made}/{what}", {"reason": "x"})) == (401, "unauthorized")
    assert ReturnRequest.objects.get().state == before
