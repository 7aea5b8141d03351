"""What is promised about returns, by the API: replaced as it was read."""

from functools import partial

import pytest

from colisage.returns.models import ReturnPolicy
from tests.books import balanced
from tests.program import Make, code_of, program, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("returns:read", "returns:write")
WANTED = {
    "window_days": 45, "payer": "customer", "label_fee_cents": 490, "approves_alone": False, "refunds_shipping": True
}  # fmt: skip


def test_what_is_promised_is_replaced_as_it_was_read(program: Make, stranger: Make) -> None:
    ask = program(*MAY)
    put = partial(ask.send, "PUT", "returns/policy")
    before = ask.get("returns/policy")
    assert (before.json()["window_days"], before.json()["payer"]) == (30, "merchant")
    assert code_of(put(WANTED)) == (428, "etag_needed")
    after = put(WANTED, If_Match=before.headers["ETag"])
    assert (after.status_code, after.json()) == (200, WANTED)
    assert code_of(put(WANTED, If_Match=before.headers["ETag"])) == (412, "etag_differs")
    assert code_of(put({**WANTED, "window_days": 13}, If_Match="*"))[0] == 422  # it is the law
    assert ReturnPolicy.objects.get().label_fee_cents == 490
    assert stranger(*MAY).read("returns/policy")["window_days"] == 30
    assert code_of(program("returns:read").send("PUT", "returns/policy", WANTED, If_Match="*")) == (401, "unauthorized")
