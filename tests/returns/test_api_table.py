"""The returns table over the API: received, judged, paid back; refused as at the table, all or nothing."""

from typing import Any

import pytest

from colisage.inventory.models import StockCell
from colisage.kit.models import AuditEntry, Event
from colisage.returns.models import Inspection, Refund, ReturnItem, ReturnRequest
from colisage.returns.queries import suggested_bin
from tests.books import balanced
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger
from tests.returns.conftest import Asked, Delivered

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("returns:read", "returns:write", "customers:read")
DOORS = ("receive", "inspect", "finish", "refund", "paid")


@pytest.fixture
def made(delivered: Delivered, asked: Asked) -> int:
    """A return of three mugs and a set (a mug and two cards)."""
    return asked(delivered(("MUG", 3), ("COFFRET", 1)), ("MUG", 3), ("COFFRET", 1))


def body_of(door: str) -> dict[str, Any]:
    return {
        "receive": {"items": [{"sku": "MUG", "quantity": 1}]},
        "inspect": {"verdicts": [{"sku": "MUG", "quantity": 1, "grade": "c", "disposition": "destroy"}]},
        "paid": {"reference": "re_1"},
    }.get(door, {})


def shelf(world: World, code: str) -> str:
    return suggested_bin(world.tilleul.pk, sku_id=world.sku(code).pk, node_id=world.lyon.pk)


def verdict(sku: str, quantity: int, grade: str, disposition: str, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "quantity": quantity, "grade": grade, "disposition": disposition, **more}


def test_a_return_goes_from_the_parcel_to_the_money(world: World, made: int, program: Make) -> None:
    ask = program(*MAY)
    came = {"items": [{"sku": "mug", "quantity": 4}, {"sku": "CARTE", "quantity": 2}]}
    told = ask.post(f"returns/{made}/receive", came).json()
    assert told["state"] == "received"
    assert sorted((one["sku"], one["received"]) for one in told["items"]) == [("CARTE", 2), ("MUG", 1), ("MUG", 3)]
    assert StockCell.objects.filter(place__kind="returns", condition="returned", qty__gt=0).count() == 2
    card = next(one["id"] for one in told["items"] if one["sku"] == "CARTE")
    judged = {
        "verdicts": [
            verdict("MUG", 2, "a", "restock", bin=shelf(world, "MUG").lower()),
            verdict("MUG", 2, "broken", "destroy"),
            {"item": card, "quantity": 2, "grade": "c", "disposition": "refurbish"},
        ]
    }
    told = ask.post(f"returns/{made}/inspect", judged).json()
    assert told["state"] == "inspected"
    mugs = sorted(
        (v["disposition"], v["quantity"], v["place"])
        for one in told["items"]
        if one["sku"] == "MUG"
        for v in one["verdicts"]
    )
    assert mugs == [("destroy", 1, ""), ("destroy", 1, ""), ("restock", 2, shelf(world, "MUG"))]
    assert ask.post(f"returns/{made}/finish").json()["state"] == "inspected"  # it is already
    refund = ask.post(f"returns/{made}/refund").json()["refund"]
    assert (refund["total_cents"], refund["state"]) == (3 * 1800 + 2100, "due")
    assert ask.post(f"returns/{made}/refund").json()["refund"] == refund
    paid = ask.post(f"returns/{made}/paid", {"reference": "re_1"}).json()
    assert (paid["state"], paid["refund"]["state"], paid["refund"]["reference"]) == ("closed", "done", "re_1")
    again = ask.post(f"returns/{made}/paid", {"reference": "re_2"})
    assert (again.status_code, again.json()["refund"]["reference"]) == (200, "re_1")
    assert (Refund.objects.count(), Event.objects.filter(kind="Refunded").count()) == (1, 1)
    assert AuditEntry.objects.get(verb="refund_paid").actor_name == "Program"


def test_what_did_not_come_is_not_paid_back(made: int, program: Make) -> None:
    ask = program(*MAY)
    ask.post(f"returns/{made}/receive", body_of("receive"))
    assert code_of(ask.post(f"returns/{made}/finish")) == (409, "still_to_judge")
    assert code_of(ask.post(f"returns/{made}/refund")) == (409, "not_inspected")
    assert code_of(ask.post(f"returns/{made}/paid", body_of("paid"))) == (404, "not_there")
    assert ask.post(f"returns/{made}/inspect", body_of("inspect")).json()["state"] == "received"
    assert ask.post(f"returns/{made}/finish").json()["state"] == "inspected"
    assert ask.post(f"returns/{made}/refund").json()["refund"]["total_cents"] == 1800


@pytest.mark.parametrize(
    ("items", "code", "pointer"),
    [
        ([{"sku": "MUG", "quantity": 1}, {"sku": "LAMPE", "quantity": 1}], (409, "not_in_return"), "/items/1"),
        ([{"sku": "MUG", "quantity": 1}, {"sku": "NONE", "quantity": 1}], (409, "not_in_return"), "/items/1"),
        ([{"sku": "MUG", "quantity": 5}], (409, "not_in_return"), "/items/0"),
        ([{"sku": "MUG", "quantity": 0}], (422, "malformed"), None),
        ([], (422, "malformed"), None),
        ([{"sku": "MUG", "quantity": 1, "lot": "\x00"}], (422, "malformed"), None),
    ],
)
def test_what_is_not_expected_is_refused_and_nothing_is_taken_in(
    made: int, program: Make, items: list[Any], code: tuple[int, str], pointer: str | None
) -> None:
    answer = program(*MAY).post(f"returns/{made}/receive", {"items": items})
    assert code_of(answer) == code
    if pointer:
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert not ReturnItem.objects.filter(received__gt=0).exists()


@pytest.mark.parametrize(
    ("second", "code", "pointer"),
    [
        (verdict("MUG", 9, "a", "destroy"), (409, "not_on_the_table"), "/verdicts/1"),
        (verdict("MUG", 1, "broken", "restock"), (422, "no_such_verdict"), "/verdicts/1"),
        (verdict("MUG", 1, "a", "restock", bin="Z-99"), (409, "no_such_return_bin"), "/verdicts/1"),
        (verdict("MUG", 1, "a", "restock"), (409, "no_such_return_bin"), "/verdicts/1"),
        (verdict("LAMPE", 1, "a", "destroy"), (404, "not_there"), "/verdicts/1"),
        (verdict("NONE", 1, "a", "destroy"), (404, "not_there"), "/verdicts/1"),
        ({"item": 9**9, "quantity": 1, "grade": "a", "disposition": "destroy"}, (404, "not_there"), "/verdicts/1"),
        (verdict("MUG", 1, "a", "destroy", item=1), (422, "item_or_sku"), "/verdicts/1"),
        ({"quantity": 1, "grade": "a", "disposition": "destroy"}, (422, "item_or_sku"), "/verdicts/1"),
        (verdict("MUG", 1, "d", "destroy"), (422, "malformed"), None),
    ],
)  # fmt: skip
def test_one_verdict_that_cannot_be_leaves_all_undone(
    made: int, program: Make, second: dict[str, Any], code: tuple[int, str], pointer: str | None
) -> None:
    ask = program(*MAY)
    ask.post(f"returns/{made}/receive", {"items": [{"sku": "MUG", "quantity": 4}]})
    answer = ask.post(f"returns/{made}/inspect", {"verdicts": [verdict("MUG", 1, "a", "destroy"), second]})
    assert code_of(answer) == code
    if pointer:
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert not Inspection.objects.exists()


def test_refusals_are_said_in_the_callers_language(made: int, program: Make) -> None:
    answer = program(*MAY).post(f"returns/{made}/inspect", body_of("inspect"), Accept_Language="fr")
    assert "à contrôler" in answer.json()["detail"]
    both = {"verdicts": [verdict("MUG", 1, "a", "destroy", item=1)]}
    answer = program(*MAY).post(f"returns/{made}/inspect", both, Accept_Language="fr")
    assert answer.json()["detail"] == "Nommez soit l’article du retour, soit son SKU."


@pytest.mark.parametrize("door", DOORS)
def test_a_strangers_return_is_not_there_and_reading_is_not_enough(
    made: int, program: Make, stranger: Make, door: str
) -> None:
    before = ReturnRequest.objects.get().state
    assert code_of(stranger(*MAY).post(f"returns/{made}/{door}", body_of(door))) == (404, "not_there")
    reader = program("returns:read", "orders:change")
    assert code_of(reader.post(f"returns/{made}/{door}", body_of(door))) == (401, "unauthorized")
    assert ReturnRequest.objects.get().state == before
    assert not ReturnItem.objects.filter(received__gt=0).exists()


def test_the_same_request_again_takes_nothing_in_twice_and_a_rehearsal_nothing_at_all(made: int, program: Make) -> None:
    ask = program(*MAY)
    told = ask.post(f"returns/{made}/receive", body_of("receive"), Dry_Run="true").json()
    assert told["state"] == "received"
    assert not ReturnItem.objects.filter(received__gt=0).exists()
    first = ask.post(f"returns/{made}/receive", body_of("receive"), Idempotency_Key="a")
    assert ask.post(f"returns/{made}/receive", body_of("receive"), Idempotency_Key="a").content == first.content
    assert [item.received for item in ReturnItem.objects.filter(received__gt=0)] == [1]


def test_the_label_of_a_return_is_given_to_who_may_see_customers(made: int, program: Make, stranger: Make) -> None:
    answer = program(*MAY).get(f"returns/{made}/label.pdf")
    assert (answer.status_code, answer.headers["Content-Type"], answer.content[:5]) == (
        200,
        "application/pdf",
        b"%PDF-",
    )
    assert code_of(program("returns:read").get(f"returns/{made}/label.pdf")) == (401, "unauthorized")
    assert code_of(stranger(*MAY).get(f"returns/{made}/label.pdf")) == (404, "not_there")
    ReturnRequest.objects.update(label=None)
    assert code_of(program(*MAY).get(f"returns/{made}/label.pdf")) == (404, "not_there")


def test_many_items_and_verdicts_cost_as_many_statements_as_one(
    delivered: Delivered, asked: Asked, program: Make
) -> None:
    ask = program(*MAY)
    costs = []
    for codes in (("MUG",), ("MUG",), ("MUG", "CARTE", "LAMPE", "PLUME", "TAPIS")):  # the first finds places to keep
        wants = [(code, 1) for code in codes]
        made = asked(delivered(*wants), *wants)
        came = {"items": [{"sku": code, "quantity": 1} for code in codes]}
        verdicts = {"verdicts": [verdict(code, 1, "a", "quarantine") for code in codes]}
        costs.append(
            [
                statements(lambda path=path, body=body, made=made: ask.post(f"returns/{made}/{path}", body))  # type: ignore[misc]
                for path, body in (("receive", came), ("inspect", verdicts))
            ]
        )
        assert ReturnRequest.objects.get(pk=made).state == "inspected"
    assert costs[1] == costs[2]
