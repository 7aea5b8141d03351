"""Inspection lists over the API: written by codes, read, asked of receipts, asked no more."""

from typing import Any

import pytest

from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.models import Checklist, Receipt
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from tests.cast import World
from tests.inbound.dock import take_in
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("inbound:read", "inbound:write", "dock:write")
LISTS = "inbound/checklists"
EVEN = {"kind": "yes_no", "text": "Is the glaze even?"}
HIGH = {"kind": "measure", "text": "Height", "unit": "mm", "lowest": "95", "highest": "105,5"}


def asks(*questions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"name": "Mugs", "sku": "mug", "questions": list(questions) or [EVEN, HIGH], **changes}


def outcomes(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


@pytest.fixture
def supplier(world: World) -> None:
    order_goods(
        world.tilleul.pk, supplier="Poterie", node_id=world.lyon.pk, number="A-1",
        lines=[(world.sku("MUG").pk, 10, 700)], actor=SYSTEM,
    )  # fmt: skip


@pytest.mark.usefixtures("supplier")
def test_lists_are_written_by_codes_each_judged_by_itself(world: World, program: Make) -> None:
    ask = program(*MAY)
    sent = [
        asks(), asks(), asks(sku="", supplier="Poterie", sample_rule="percent", sample_value=10), asks(sku="NOPE"),
        asks(supplier="nobody"), asks({**HIGH, "lowest": "tall"}, sku="TAPIS"),
        asks({**HIGH, "lowest": "106"}, sku="TAPIS"), asks(sku="TAPIS", sample_rule="percent", sample_value=101),
        asks(sku="TAPIS", sample_rule="number"),
    ]  # fmt: skip
    answer = ask.post(LISTS, {"checklists": sent}, Idempotency_Key="c1")
    assert outcomes(answer) == [
        ("saved", ""), ("refused", "checklist_taken"), ("saved", ""), ("refused", "no_such_sku"),
        ("refused", "no_such_supplier"), ("refused", "limit_unclear"), ("refused", "checklist_unclear"),
        ("refused", "sample_unclear"), ("refused", "sample_unclear"),
    ]  # fmt: skip
    assert ask.post(LISTS, {"checklists": sent}, Idempotency_Key="c1").content == answer.content
    told = {one["id"]: one for one in ask.every(LISTS, limit=1)}
    mugs, theirs = (told[answer.json()["results"][n]["id"]] for n in (0, 2))
    assert (mugs["sku"], mugs["supplier"], mugs["sample_rule"], mugs["sample_value"]) == ("MUG", "", "all", 0)
    asked = [(q["kind"], q["text"], q["unit"], q["lowest"], q["highest"]) for q in mugs["questions"]]
    assert asked == [
        ("yes_no", "Is the glaze even?", "", "", ""), ("measure", "Height", "mm", "95", "105.5"),
    ]  # fmt: skip
    assert (theirs["sku"], theirs["sample_rule"], theirs["sample_value"]) == ("", "percent", 10)
    assert theirs["supplier"]
    assert ask.read(f"{LISTS}/{mugs['id']}") == mugs
    assert AuditEntry.objects.filter(verb="checklist_saved").count() == 2


def test_receipts_are_asked_until_a_list_ends(world: World, program: Make) -> None:
    ask = program(*MAY)
    made = ask.post(LISTS, {"checklists": [asks()]}).json()["results"][0]["id"]
    receipt = take_in(world)
    due = ask.read(f"inbound/receipts/{receipt}")["inspection"]
    assert due["questions"] == ask.read(f"{LISTS}/{made}")["questions"]
    end = {"checklists": [made, made, 10**15]}
    answer = ask.post(f"{LISTS}/end", end, Idempotency_Key="e1")
    assert outcomes(answer) == [("ended", ""), ("refused", "not_there"), ("refused", "not_there")]
    assert ask.post(f"{LISTS}/end", end, Idempotency_Key="e1").content == answer.content
    assert ask.every(LISTS) == []
    assert code_of(ask.get(f"{LISTS}/{made}")) == (404, "not_there")
    assert Receipt.objects.get(pk=receipt).inspection_due
    assert not Receipt.objects.get(pk=take_in(world)).inspection_due


def test_strangers_and_readers_write_and_end_nothing(world: World, program: Make, stranger: Make) -> None:
    made = program(*MAY).post(LISTS, {"checklists": [asks()]}).json()["results"][0]["id"]
    ask = stranger(*MAY)
    assert ask.every(LISTS) == []
    assert code_of(ask.get(f"{LISTS}/{made}")) == (404, "not_there")
    assert outcomes(ask.post(f"{LISTS}/end", {"checklists": [made]})) == [("refused", "not_there")]
    for path, body in ((LISTS, {"checklists": [asks()]}), (f"{LISTS}/end", {"checklists": [made]})):
        assert code_of(program("inbound:read").post(path, body)) == (401, "unauthorized")
    assert Checklist.objects.get().active


@pytest.mark.parametrize(
    "change", [{"questions": []}, {"questions": [EVEN] * 31}, {"sample_rule": "some"}, {"name": ""}, {"skus": []}]
)
def test_what_cannot_be_read_is_a_problem(program: Make, change: dict[str, Any]) -> None:
    assert code_of(program(*MAY).post(LISTS, {"checklists": [asks(**change)]})) == (422, "malformed")
    assert not Checklist.objects.exists()


def test_a_page_of_lists_costs_the_same_whatever_it_holds(program: Make) -> None:
    ask = program(*MAY)
    ask.post(LISTS, {"checklists": [asks()]})
    few = statements(lambda: ask.read(LISTS))
    ask.post(LISTS, {"checklists": [asks(sku=code) for code in ("TAPIS", "LAMPE", "PLUME")]})
    assert statements(lambda: ask.read(LISTS)) == few
