"""SKUs made, changed and replaced over the API."""

from typing import Any

import pytest

from colisage.catalog.models import Barcode, Component, Sku
from colisage.kit.models import AuditEntry
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger"]
BOTH = ("products:read", "products:write")


def outcomes(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["name"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_skus_are_made_and_changed_each_judged_by_itself(world: World, program: Make) -> None:
    taken = Barcode.objects.get(sku=world.sku("TAPIS")).code
    sent = [
        {"code": "VASE", "name": "Vase", "grams": 700, "barcodes": [{"code": "CASE-6", "units": 6}]},
        {"code": "mug", "grams": 400},
        {"code": "MUG", "name": "twice"},
        {"code": "PLUME", "kind": "kit"},
        {"code": "TASSE", "barcodes": [{"code": taken}]},
        {"code": "BOL", "barcodes": [{"code": "3760001900018"}]},
        {"code": "DUO", "kind": "bundle", "recipe": [{"sku": "VASE", "quantity": 2}]},
        {"code": "TRIO", "kind": "bundle", "recipe": [{"sku": "NOPE"}]},
        {"code": "SOLO", "kind": "bundle"},
        {"code": "FROID", "storage": "lunar"},
        {"code": "a\nb"},
    ]
    answer = program(*BOTH).post("skus", {"skus": sent})
    assert outcomes(answer) == [
        ("VASE", "saved", ""),
        ("mug", "saved", ""),
        ("MUG", "refused", "code_twice"),
        ("PLUME", "refused", "kind_stays"),
        ("TASSE", "refused", "barcode_taken"),
        ("BOL", "refused", "bad_barcode"),
        ("DUO", "saved", ""),
        ("TRIO", "refused", "no_such_component"),
        ("SOLO", "refused", "no_recipe"),
        ("FROID", "refused", "no_such_storage"),
        ("a\nb", "refused", "bad_code"),
    ]
    mug = Sku.objects.get(pk=world.sku("MUG").pk)
    assert (mug.code, mug.grams, mug.name) == ("MUG", 400, world.sku("MUG").name)
    assert answer.json()["results"][1]["id"] == mug.pk
    assert Barcode.objects.get(code="CASE-6").units == 6
    assert Component.objects.get(parent__code="DUO").quantity == 2
    assert not Sku.objects.filter(code__in=["TASSE", "BOL", "TRIO", "SOLO", "FROID"]).exists()
    assert AuditEntry.objects.get(verb="sku_changed", doc_id=mug.pk).actor_kind == "key"


def test_saving_costs_the_same_whatever_is_sent(world: World, program: Make) -> None:
    ask = program(*BOTH)

    def save(n: int) -> None:
        sent = [{"code": f"X{n}-{i}", "name": "x", "grams": 1} for i in range(n)]
        assert ask.post("skus", {"skus": sent}).status_code == 200

    assert statements(lambda: save(3)) == statements(lambda: save(300))


def test_a_sku_is_replaced_when_it_is_as_it_was_read(world: World, program: Make) -> None:
    ask = program(*BOTH)
    path = f"skus/{world.sku('MUG').pk}"
    tag = ask.get(path).headers["ETag"]
    body = {"name": "Mug", "grams": 390, "barcodes": [{"code": "M-1"}]}
    answer = ask.send("PUT", path, body, If_Match=tag)
    assert answer.status_code == 200
    told = ask.get(path)
    assert (told.headers["ETag"], told.json()) == (answer.headers["ETag"], answer.json())
    assert (told.json()["name"], told.json()["grams"], told.json()["length_mm"]) == ("Mug", 390, None)
    assert [one["code"] for one in told.json()["barcodes"]] == ["M-1"]
    assert code_of(ask.send("PUT", path, {"name": "Late"}, If_Match=tag)) == (412, "etag_differs")
    assert code_of(ask.send("PUT", path, {"name": "Blind"})) == (428, "etag_needed")
    assert Sku.objects.get(pk=world.sku("MUG").pk).name == "Mug"
    assert ask.send("PUT", path, {"name": "Whatever"}, If_Match="*").status_code == 200


def test_a_replacement_keeps_the_rules_of_the_form(world: World, program: Make) -> None:
    ask = program(*BOTH)
    mug, box = (f"skus/{world.sku(code).pk}" for code in ("MUG", "COFFRET"))
    taken = Barcode.objects.get(sku=world.sku("TAPIS")).code

    def put(path: str, **body: Any) -> tuple[int, str]:
        return code_of(ask.send("PUT", path, {"name": "x", **body}, If_Match="*"))

    assert put(mug, barcodes=[{"code": taken}]) == (409, "barcode_taken")
    assert put(mug, recipe=[{"sku": "CARTE"}]) == (422, "malformed")
    assert put(box) == (422, "malformed")
    assert put(box, recipe=[{"sku": "NOPE"}]) == (422, "no_such_component")
    assert put(mug, tracks_expiry=True) == (422, "malformed")
    assert put(mug, storage="lunar") == (422, "malformed")
    assert put(mug, grams=0) == (422, "malformed")
    assert put("skus/999999") == (404, "not_there")
    assert Sku.objects.get(pk=world.sku("MUG").pk).name == world.sku("MUG").name


def test_a_stranger_makes_skus_of_its_own_and_changes_no_others(world: World, program: Make, stranger: Make) -> None:
    ask = stranger(*BOTH)
    path = f"skus/{world.sku('MUG').pk}"
    assert code_of(ask.send("PUT", path, {"name": "Mine"}, If_Match="*")) == (404, "not_there")
    ask.post("skus", {"skus": [{"code": "MUG", "name": "Mine"}]})
    assert Sku.objects.get(pk=world.sku("MUG").pk).name == world.sku("MUG").name
    assert Sku.objects.get(pk=world.northwind_skus["MUG"].pk).name == "Mine"
    assert code_of(program("products:read").post("skus", {"skus": [{"code": "X"}]})) == (401, "unauthorized")


@pytest.mark.parametrize(
    "one",
    [
        {}, {"code": ""}, {"code": "x" * 101}, {"code": "X", "grams": -1}, {"code": "X", "grams": 10**12},
        {"code": "X", "price_cents": 1.5}, {"code": "X", "origin": "France"}, {"code": "X", "colour": "red"},
        {"code": "X\x00"}, {"code": "X", "barcodes": [{"code": "1", "units": 0}]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_problem_and_nothing_is_saved(program: Make, one: Any) -> None:
    answer = program(*BOTH).post("skus", {"skus": [{"code": "GOOD", "name": "Good"}, one]})
    assert code_of(answer) == (422, "malformed")
    assert not Sku.objects.filter(code="GOOD").exists()
