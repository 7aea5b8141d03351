"""Kits over the API: what could be made where, made and taken apart, each judged by itself."""

from typing import Any

import pytest

from colisage.catalog.models import Component, Sku
from colisage.inventory.models import Assembly
from tests.books import balanced, stand
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
MAY = ("stock:read", "stock:write")


@pytest.fixture
def kit(balanced: World) -> Sku:
    """Give the kit PANIER: a mug, and three cards."""
    made = Sku.objects.create(merchant=balanced.tilleul, code="PANIER", name="Panier garni", kind="kit")
    for code, units in (("MUG", 1), ("CARTE", 3)):
        Component.objects.create(merchant=balanced.tilleul, parent=made, sku=balanced.sku(code), quantity=units)
    return made


def wanted(**changes: Any) -> dict[str, Any]:
    return {"sku": "panier", "node": "LYON", "bin": "c-04-1", "quantity": 4, **changes}


def outcomes(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["name"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_kits_are_made_and_taken_apart_each_judged_by_itself(balanced: World, kit: Sku, program: Make) -> None:
    ask = program(*MAY)
    assert ask.read("stock/kits")["items"] == [
        {"sku": "PANIER", "name": "Panier garni", "nodes": [{"node": "LYON", "on_hand": 0, "can_make": 6}]}
    ]
    sent = [wanted(lot="P-1"), wanted(quantity=3), wanted(bin="NOPE"), wanted(sku="MUG"), wanted(node="X")]
    first = ask.post("stock/kits/assemble", {"kits": sent}, Idempotency_Key="k1")
    assert outcomes(first) == [
        ("panier", "assembled", ""), ("panier", "refused", "components_missing"), ("panier", "refused", "no_such_bin"),
        ("MUG", "refused", "no_kit"), ("panier", "refused", "not_there"),
    ]  # fmt: skip
    assert ask.post("stock/kits/assemble", {"kits": sent}, Idempotency_Key="k1").content == first.content
    assert (stand(kit, balanced.lyon)[0], stand(balanced.sku("CARTE"), balanced.lyon)[0]) == (4, 8)
    made = first.json()["results"][0]["id"]
    undo = [wanted(quantity=1, made_by=made), wanted(quantity=9), wanted(quantity=1, made_by=10**12)]
    second = ask.post("stock/kits/disassemble", {"kits": undo}, Idempotency_Key="k2")
    assert outcomes(second) == [
        ("panier", "disassembled", ""), ("panier", "refused", "kits_missing"), ("panier", "refused", "not_there"),
    ]  # fmt: skip
    assert ask.post("stock/kits/disassemble", {"kits": undo}, Idempotency_Key="k2").content == second.content
    told = ask.every("stock/kits/made", sku="PANIER", limit=1)
    assert [(one["kind"], one["node"], one["bin"], one["lot"], one["quantity"], one["left"]) for one in told] == [
        ("disassembled", "LYON", "C-04-1", "P-1", 1, 0), ("assembled", "LYON", "C-04-1", "P-1", 4, 3),
    ]  # fmt: skip
    assert told[1]["components"] == [
        {"sku": "MUG", "quantity": 4, "lot": ""}, {"sku": "CARTE", "quantity": 12, "lot": ""},
    ]  # fmt: skip
    assert told[0]["by"] == "Program"


def test_a_stranger_makes_nothing(balanced: World, kit: Sku, program: Make, stranger: Make) -> None:
    ask = stranger(*MAY)
    assert ask.every("stock/kits") == []
    assert code_of(ask.get("stock/kits/made", sku="PANIER")) == (404, "not_there")
    for step in ("assemble", "disassemble"):
        assert outcomes(ask.post(f"stock/kits/{step}", {"kits": [wanted()]})) == [("panier", "refused", "not_there")]
        assert code_of(program("stock:read").post(f"stock/kits/{step}", {"kits": [wanted()]})) == (401, "unauthorized")
        assert code_of(program(*MAY).post(f"stock/kits/{step}", {"kits": [wanted(quantity=0)]})) == (422, "malformed")
    assert not Assembly.objects.exists()


def test_many_kits_are_listed_with_as_many_statements_as_one(balanced: World, kit: Sku, program: Make) -> None:
    ask = program(*MAY)
    one = statements(lambda: ask.read("stock/kits"))
    for n in range(4):
        more = Sku.objects.create(merchant=balanced.tilleul, code=f"KIT-{n}", name="Kit", kind="kit")
        Component.objects.create(merchant=balanced.tilleul, parent=more, sku=balanced.sku("MUG"), quantity=1)
    assert len(ask.every("stock/kits", limit=2)) == 5
    assert statements(lambda: ask.read("stock/kits")) == one
