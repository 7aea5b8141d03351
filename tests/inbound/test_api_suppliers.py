"""Suppliers over the API: made and changed by their codes, replaced as they were read, with what they sell."""

from typing import Any

import pytest

from colisage.inbound.actions.save_supplier import save_supplier
from colisage.inbound.models import Supplier, SupplierSku
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from tests.cast import World
from tests.program import Make, code_of, program, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("inbound:read", "inbound:write")
SUPPLIERS = "inbound/suppliers"


@pytest.fixture
def poterie(world: World) -> int:
    return save_supplier(
        world.tilleul.pk, code="POT", name="Faïence du Rhône", language="en", currency="EUR", actor=SYSTEM
    )


def outcomes(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["name"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_suppliers_are_made_and_changed_each_judged_by_itself(world: World, poterie: int, program: Make) -> None:
    ask = program(*MAY)
    sent = [
        {"code": "pot", "lead_days": 21, "email": None},
        {"code": "VERRE", "name": "Verrerie", "address": {"city": "Lyon", "country": "FR"}, "incoterm": "DAP"},
        {"code": "VERRE", "phone": "+33 4 72"},
        {"code": "NEW"},
        {"code": "A", "name": "A", "currency": "XYZ"},
        {"code": "B", "name": "B", "address": {"country": "ZQ"}},
        {"code": "C", "name": "C", "email": "not an address"},
        {"code": "D\t1", "name": "D"},
    ]
    first = ask.post(SUPPLIERS, {"suppliers": sent}, Idempotency_Key="s1")
    assert outcomes(first) == [
        ("pot", "saved", ""), ("VERRE", "saved", ""), ("VERRE", "saved", ""), ("NEW", "refused", "name_missing"),
        ("A", "refused", "unknown_currency"), ("B", "refused", "unknown_country"), ("C", "refused", "bad_supplier"),
        ("D\t1", "refused", "bad_supplier"),
    ]  # fmt: skip
    assert ask.post(SUPPLIERS, {"suppliers": sent}, Idempotency_Key="s1").content == first.content
    told = {one["code"]: one for one in ask.every(SUPPLIERS, limit=1)}
    assert list(told) == ["POT", "VERRE"]
    assert (told["POT"]["lead_days"], told["POT"]["name"], told["POT"]["language"]) == (21, "Faïence du Rhône", "en")
    verre = told["VERRE"]
    assert (verre["currency"], verre["language"], verre["incoterm"], verre["phone"]) == ("EUR", "fr", "DAP", "+33 4 72")
    assert verre["address"] == {"city": "Lyon", "country": "FR"}
    deed = AuditEntry.objects.filter(verb="supplier_changed", doc_id=poterie).get()
    assert deed.data == {"lead_days": [14, 21]}


def test_a_supplier_is_replaced_only_as_it_was_read(world: World, poterie: int, program: Make) -> None:
    ask = program(*MAY)
    path = f"{SUPPLIERS}/{poterie}"
    tag = ask.get(path).headers["ETag"]
    whole = {"code": "POT", "name": "Poterie", "language": "fr", "currency": "CHF", "due_from": "month"}
    assert code_of(ask.send("PUT", path, whole)) == (428, "etag_needed")
    answer = ask.send("PUT", path, whole, If_Match=tag, Idempotency_Key="r1")
    assert answer.status_code == 200, answer.content
    assert answer.json() == ask.read(path)
    assert (answer.json()["currency"], answer.json()["due_from"]) == ("CHF", "month")
    assert ask.send("PUT", path, whole, If_Match=tag, Idempotency_Key="r1").content == answer.content
    assert code_of(ask.send("PUT", path, whole, If_Match=tag)) == (412, "etag_differs")
    save_supplier(world.tilleul.pk, code="TAKEN", name="Another", actor=SYSTEM)
    taken = ask.send("PUT", path, {**whole, "code": "taken"}, If_Match=answer.headers["ETag"])
    assert code_of(taken) == (409, "supplier_code_taken")
    assert Supplier.objects.get(pk=poterie).code == "POT"


def test_what_a_supplier_sells_is_said_read_and_forgotten(world: World, poterie: int, program: Make) -> None:
    ask = program(*MAY)
    path = f"{SUPPLIERS}/{poterie}/skus"
    sent = [
        {"sku": "mug", "supplier_code": "P-12", "unit_cost_cents": 410, "pack_units": 6, "minimum_units": 24},
        {"sku": "CARTE", "supplier_code": "P-12"},
        {"sku": "TAPIS", "lead_days": 40},
        {"sku": "NOPE"},
    ]
    answer = ask.post(path, {"skus": sent}, Idempotency_Key="k")
    assert outcomes(answer) == [
        ("mug", "saved", ""), ("CARTE", "refused", "supplier_sku_code_taken"), ("TAPIS", "saved", ""),
        ("NOPE", "refused", "not_there"),
    ]  # fmt: skip
    assert ask.post(path, {"skus": sent}, Idempotency_Key="k").content == answer.content
    told = ask.every(path, limit=1)
    facts = ("sku", "unit_cost_cents", "pack_units", "lead_days")
    assert [tuple(one[name] for name in facts) for one in told] == [("MUG", 410, 6, None), ("TAPIS", 0, 1, 40)]
    assert outcomes(ask.post(f"{path}/drop", {"skus": ["MUG", "mug", "NOPE"]})) == [
        ("MUG", "dropped", ""), ("mug", "dropped", ""), ("NOPE", "refused", "not_there"),
    ]  # fmt: skip
    assert [one["sku"] for one in ask.every(path)] == ["TAPIS"]


def test_a_stranger_sees_and_changes_nothing(poterie: int, program: Make, stranger: Make) -> None:
    ask = stranger(*MAY)
    assert ask.every(SUPPLIERS) == []
    whole = {"code": "POT", "name": "Mine", "language": "fr", "currency": "EUR"}
    for answer in (
        ask.get(f"{SUPPLIERS}/{poterie}"),
        ask.send("PUT", f"{SUPPLIERS}/{poterie}", whole, If_Match="*"),
        ask.get(f"{SUPPLIERS}/{poterie}/skus"),
        ask.post(f"{SUPPLIERS}/{poterie}/skus", {"skus": [{"sku": "MUG"}]}),
        ask.post(f"{SUPPLIERS}/{poterie}/skus/drop", {"skus": ["MUG"]}),
    ):
        assert code_of(answer) == (404, "not_there")
    assert outcomes(ask.post(SUPPLIERS, {"suppliers": [{"code": "POT", "name": "Mine"}]})) == [("POT", "saved", "")]
    assert Supplier.objects.get(pk=poterie).name == "Faïence du Rhône"  # another's code is its own
    assert not SupplierSku.objects.exists()
    for path, body in (
        (SUPPLIERS, {"suppliers": [whole]}),
        (f"{SUPPLIERS}/{poterie}/skus", {"skus": [{"sku": "MUG"}]}),
    ):
        assert code_of(program("inbound:read").post(path, body)) == (401, "unauthorized")


@pytest.mark.parametrize(
    "change", [{"lead_days": -1}, {"currency": "euro"}, {"due_from": "week"}, {"code": "  "}, {"name": ""}, {"x": 1}]
)
def test_what_cannot_be_read_is_a_problem(program: Make, change: dict[str, Any]) -> None:
    body = {"suppliers": [{"code": "POT", "name": "Poterie", **change}]}
    assert code_of(program(*MAY).post(SUPPLIERS, body)) == (422, "malformed")
    assert not Supplier.objects.exists()
