"""Reasons for corrections over the API: read in a language, added, and used or left."""

from typing import Any

import pytest

from colisage.inventory.models import AdjustmentReason
from colisage.kit.models import AuditEntry
from tests.books import balanced
from tests.cast import World
from tests.inventory.test_api_writes import said
from tests.program import Make, code_of, program, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("stock:read", "stock:write")
REASONS = "stock/reasons"
SHOOT = {"name_en": "Photo shoot", "name_fr": "Prises de vue", "direction": "out", "shrinkage": False}


def outcomes(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["name"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def told(ask: Any, **headers: str) -> dict[str, Any]:
    return {one["code"]: one for one in ask.get(REASONS, headers=headers).json()["items"]}


def test_reasons_are_added_each_judged_by_itself_and_named_in_the_readers_language(program: Make) -> None:
    ask = program(*MAY)
    sent = [SHOOT, {"name_fr": "Vitrine", "direction": "either"}, SHOOT, {"name_en": "  ", "direction": "in"}]
    answer = ask.post(REASONS, {"reasons": sent}, Idempotency_Key="r1")
    assert outcomes(answer) == [
        ("own_photo_shoot", "saved", ""), ("own_vitrine", "saved", ""), ("Photo shoot", "refused", "reason_taken"),
        ("  ", "refused", "unnamed_reason"),
    ]  # fmt: skip
    assert ask.post(REASONS, {"reasons": sent}, Idempotency_Key="r1").content == answer.content
    found = told(ask)
    assert (found["own_photo_shoot"]["name"], found["own_vitrine"]["name"]) == ("Photo shoot", "Vitrine")
    assert found["own_photo_shoot"] == {
        "code": "own_photo_shoot", "name": "Photo shoot", "direction": "out", "shrinkage": False, "own": True,
        "active": True,
    }  # fmt: skip
    assert told(ask, **{"Accept-Language": "fr"})["own_photo_shoot"]["name"] == "Prises de vue"
    assert AuditEntry.objects.filter(verb="adjustment_reason").count() == 2


def test_stock_is_corrected_for_a_reason_of_ones_own_as_long_as_it_is_used(world: World, program: Make) -> None:
    ask = program(*MAY)
    ask.post(REASONS, {"reasons": [SHOOT]})
    body = {"adjustments": [said(world, counted=19, reason="own_photo_shoot")]}
    assert ask.post("stock/adjustments", body).json()["results"][0]["difference"] == -1
    uses = {"reasons": [
        {"code": "own_photo_shoot", "on": False}, {"code": "donated", "on": False}, {"code": "nope", "on": True},
    ]}  # fmt: skip
    assert outcomes(ask.post(f"{REASONS}/use", uses)) == [
        ("own_photo_shoot", "set", ""), ("donated", "set", ""), ("nope", "refused", "not_there"),
    ]  # fmt: skip
    assert [told(ask)[code]["active"] for code in ("own_photo_shoot", "donated", "sample")] == [False, False, True]
    body = {"adjustments": [said(world, counted=18, reason="own_photo_shoot")]}
    assert ask.post("stock/adjustments", body).json()["results"][0]["outcome"] == "refused"


def test_strangers_and_readers_change_no_reason(program: Make, stranger: Make) -> None:
    program(*MAY).post(REASONS, {"reasons": [SHOOT]})
    ask = stranger(*MAY)
    assert "own_photo_shoot" not in told(ask)
    leave = {"reasons": [{"code": "own_photo_shoot", "on": False}]}
    assert outcomes(ask.post(f"{REASONS}/use", leave)) == [("own_photo_shoot", "refused", "not_there")]
    for path, body in ((REASONS, {"reasons": [SHOOT]}), (f"{REASONS}/use", leave)):
        assert code_of(program("stock:read").post(path, body)) == (401, "unauthorized")
    assert AdjustmentReason.objects.get().active


@pytest.mark.parametrize("change", [{"direction": "up"}, {"name_en": "x" * 61}, {"code": "mine"}])
def test_what_cannot_be_read_is_a_problem(program: Make, change: dict[str, Any]) -> None:
    assert code_of(program(*MAY).post(REASONS, {"reasons": [{**SHOOT, **change}]})) == (422, "malformed")
