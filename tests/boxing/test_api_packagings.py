"""Packagings by the API, as their pages have them."""

from typing import Any, Final

import pytest

from colisage.boxing.models import BoxType
from colisage.boxing.queries import box_types_of
from colisage.kit.models import AuditEntry
from colisage.people.models import ServiceContract
from tests.books import balanced
from tests.boxing.test_box_types import row
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY: Final = ("network:read", "nodes:write")
BOX: Final[dict[str, Any]] = {
    "code": "C3", "name": "Carton", "inner_length_mm": 300, "inner_width_mm": 200, "inner_height_mm": 120,
    "outer_length_mm": 308, "outer_width_mm": 208, "outer_height_mm": 130, "empty_grams": 180, "max_grams": 15_000,
    "cost_cents": 42,
}  # fmt: skip


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one.get("code") or one["outcome"] for one in answer.json()["results"]]


def test_packagings_are_added_each_by_itself_and_then_used_by_plans(world: World, program: Make) -> None:
    ask = program(*MAY)
    wanted = [BOX, {**BOX, "code": " c3 "}, {**BOX, "code": "C4", "inner_height_mm": 500}, {**BOX, "code": "C1"}]
    assert outcomes(ask.post("packagings", {"packagings": wanted}, Dry_Run="true")).count("added") == 2
    answer = ask.post("packagings", {"packagings": wanted})
    assert outcomes(answer) == ["added", "box_code_taken", "inner_larger_than_outer", "added"]
    assert [box.code for box in box_types_of([world.nord.pk])[world.nord.pk]] == ["C1", "C3"]
    told = ask.every("packagings", limit=1)
    assert [(one["code"], one["cost_cents"], one["operator"]) for one in told] == [
        ("C1", 42, world.nord.slug), ("C3", 42, world.nord.slug),
    ]  # fmt: skip
    assert {deed.actor_kind for deed in AuditEntry.objects.filter(verb="box_added")} == {"key"}


def test_a_packaging_is_changed_as_it_was_read(world: World, program: Make) -> None:
    ask = program(*MAY)
    [made] = ask.post("packagings", {"packagings": [BOX]}).json()["results"]
    path = f"packagings/{made['id']}"
    before = ask.get(path)
    wanted = {**BOX, "kind": "mailer", "cost_cents": 40}
    assert code_of(ask.send("PUT", path, wanted)) == (428, "etag_needed")
    after = ask.send("PUT", path, wanted, If_Match=before.headers["ETag"])
    assert (after.status_code, after.json()["kind"], after.json()["cost_cents"]) == (200, "mailer", 40)
    assert code_of(ask.send("PUT", path, wanted, If_Match=before.headers["ETag"])) == (412, "etag_differs")
    assert code_of(ask.send("PUT", path, {**wanted, "max_grams": 100}, If_Match="*")) == (422, "bears_nothing")
    assert code_of(ask.send("PUT", path, {**wanted, "name": " "}, If_Match="*")) == (422, "malformed")
    ask.post("packagings", {"packagings": [{**BOX, "code": "C4"}]})
    assert code_of(ask.send("PUT", path, {**wanted, "code": "c4"}, If_Match="*")) == (409, "box_code_taken")


def test_packagings_go_out_of_use_each_by_itself(world: World, program: Make) -> None:
    ask = program(*MAY)
    made = ask.post("packagings", {"packagings": [BOX, {**BOX, "code": "C4"}]}).json()["results"]
    other = BoxType.objects.create(operator=world.boreal, **{**BOX, "code": "B1"})
    said = [
        {"id": made[0]["id"], "on": False}, {"id": made[1]["id"], "on": True}, {"id": other.pk, "on": False},
    ]  # fmt: skip
    assert outcomes(ask.post("packagings/use", {"packagings": said})) == ["set", "unchanged", "not_there"]
    assert [one["code"] for one in ask.every("packagings", active="true")] == ["C4"]
    assert [one["code"] for one in ask.every("packagings", active="false")] == ["C3"]
    assert BoxType.objects.get(pk=other.pk).active


def test_what_others_use_too_its_operator_changes(world: World, program: Make, stranger: Make) -> None:
    [made] = program(*MAY).post("packagings", {"packagings": [BOX]}).json()["results"]
    path, uses = f"packagings/{made['id']}", {"packagings": [{"id": made["id"], "on": False}]}
    assert code_of(program("network:read").post("packagings/use", uses)) == (401, "unauthorized")
    ServiceContract.objects.create(operator=world.nord, merchant=world.northwind)
    for ask in (program(*MAY), stranger(*MAY)):
        assert ask.every("packagings") == []
        assert code_of(ask.get(path)) == (404, "not_there")
        assert code_of(ask.send("PUT", path, BOX, If_Match="*")) == (404, "not_there")
        assert outcomes(ask.post("packagings/use", uses)) == ["not_there"]
    assert code_of(program(*MAY).post("packagings", {"packagings": [{**BOX, "code": "C9"}]})) == (403, "not_your_floor")
    assert BoxType.objects.get().active


def test_a_list_costs_as_many_statements_for_many_rows(world: World, program: Make) -> None:
    ask = program(*MAY)
    ask.post("packagings", {"packagings": [BOX]})
    ask.read("packagings")
    before = statements(lambda: ask.read("packagings"))
    names = set(row("X").__dataclass_fields__)
    assert names == set(BOX) | {"kind"}
    ask.post("packagings", {"packagings": [{**BOX, "code": f"X{n}"} for n in range(30)]})
    assert statements(lambda: ask.read("packagings")) == before
