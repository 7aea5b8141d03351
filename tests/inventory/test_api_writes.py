"""Stock corrected over the API: each correction judged by itself, the books right at the end."""

from typing import Any

import pytest

from colisage.inventory.models import Availability, StockCell, StockMovement
from colisage.inventory.queries.reasons import USUAL
from tests.books import balanced, hold, promised, stand
from tests.cast import World, day
from tests.program import Make, code_of, program, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")


def said(world: World, code: str = "MUG", **changes: Any) -> dict[str, Any]:
    cell = StockCell.objects.select_related("place", "node").get(sku=world.sku(code), node=world.lyon, sellable=True)
    return {
        "sku": code, "node": "LYON", "bin": cell.place.code, "counted": 17, "reason": "damage", **changes,
    }  # fmt: skip


def outcomes(answer: Any) -> list[tuple[str, str, int, str]]:
    assert answer.status_code == 200, answer.content
    return [
        (one["sku"], one["outcome"], one.get("difference", 0), one.get("code", "")) for one in answer.json()["results"]
    ]


def reason_for(direction: int) -> str:
    return next(code for code, (way, _shrinks) in USUAL.items() if way == ("in" if direction > 0 else "out"))


def test_corrections_are_judged_each_by_itself_and_made_once(world: World, program: Make) -> None:
    out, back = reason_for(-1), reason_for(1)
    sent = [
        said(world, reason=out),
        said(world, "TAPIS", counted=20, reason=out),
        said(world, "PLUME", counted=25, reason=out),
        said(world, "LAMPE", counted=22, reason=back),
        said(world, "CARTE", reason="because"),
        said(world, "CARTE", bin="Z-99-9"),
        said(world, "CARTE", node="MTL"),
        {**said(world), "sku": "NOPE"},
        said(world, "CARTE", lot="L1"),
    ]
    ask = program("stock:write")
    first = ask.post("stock/adjustments", {"adjustments": sent}, Idempotency_Key="c1")
    assert outcomes(first) == [
        ("MUG", "adjusted", -3, ""),
        ("TAPIS", "unchanged", 0, ""),
        ("PLUME", "refused", 0, "wrong_direction"),
        ("LAMPE", "adjusted", 2, ""),
        ("CARTE", "refused", 0, "unknown_reason"),
        ("CARTE", "refused", 0, "nothing_lies_there"),
        ("CARTE", "refused", 0, "nothing_lies_there"),
        ("NOPE", "refused", 0, "nothing_lies_there"),
        ("CARTE", "refused", 0, "nothing_lies_there"),
    ]
    again = ask.post("stock/adjustments", {"adjustments": sent}, Idempotency_Key="c1")
    assert again.content == first.content
    assert stand(world.sku("MUG"), world.lyon)[0] == 17
    assert StockMovement.objects.filter(doc_kind="adjustment").count() == 2


def test_what_is_missing_is_owed_again(world: World, program: Make) -> None:
    mug = world.sku("MUG")
    hold(mug, 15, 5)
    answer = program("stock:write").post(
        "stock/adjustments", {"adjustments": [said(world, counted=16, reason=reason_for(-1))]}
    )
    assert outcomes(answer) == [("MUG", "adjusted", -4, "")]
    assert promised(mug)[0] == (1, "held", 15)
    assert stand(mug, world.lyon)[0] == 16
    assert sum(units for _owner, state, units in promised(mug) if state == "waiting") == 4


def test_a_stranger_corrects_nothing(world: World, program: Make, stranger: Make) -> None:
    body = {"adjustments": [said(world, counted=0, reason=reason_for(-1))]}
    assert outcomes(stranger("stock:write").post("stock/adjustments", body)) == [
        ("MUG", "refused", 0, "nothing_lies_there")
    ]
    assert code_of(program("stock:read").post("stock/adjustments", body)) == (401, "unauthorized")
    assert stand(world.sku("MUG"), world.lyon)[0] == 20


@pytest.mark.parametrize("change", [{"counted": -1}, {"counted": 10**9}, {"counted": "3"}, {"reason": ""}, {"x": 1}])
def test_what_cannot_be_read_is_a_problem(world: World, program: Make, change: dict[str, Any]) -> None:
    body = {"adjustments": [{**said(world), **change}]}
    assert code_of(program("stock:write").post("stock/adjustments", body)) == (422, "malformed")


def test_pre_orders_are_opened_and_closed_each_judged_by_itself(world: World, program: Make) -> None:
    soon = day(9).isoformat()
    opening = {"sku": "mug", "node": "LYON", "most": 5, "on": soon}
    sent = [opening, opening, {**opening, "sku": "COFFRET"}, {**opening, "sku": "NOPE"}, {**opening, "node": "X"},
            {**opening, "sku": "TAPIS", "on": None}]  # fmt: skip
    ask = program("stock:write")
    answer = ask.post("stock/preorders", {"preorders": sent}, Idempotency_Key="p1")
    assert [(outcome, code) for _sku, outcome, _n, code in outcomes(answer)] == [
        ("set", ""), ("unchanged", ""), ("refused", "not_preordered"), ("refused", "not_there"),
        ("refused", "not_there"), ("refused", "no_day"),
    ]  # fmt: skip
    row = Availability.objects.get(sku=world.sku("MUG"), node=world.lyon)
    assert (row.ahead_cap, f"{row.ahead_on}", row.unreleased) == (5, soon, False)
    told = {"node": "LYON", "most": 5, "taken": 0, "on": soon, "strict": False}
    assert program("stock:read").read("stock/preorders", sku="mug") == {"items": [told]}
    assert program("stock:read").read("stock/preorders", sku="TAPIS") == {"items": []}
    assert code_of(program("stock:read").get("stock/preorders", sku="NOPE")) == (404, "not_there")
    assert ask.post("stock/preorders", {"preorders": [{**opening, "most": 0}]}).json()["results"][0]["outcome"] == "set"
    assert Availability.objects.get(sku=world.sku("MUG"), node=world.lyon).ahead_cap == 0
    assert ask.post("stock/preorders", {"preorders": [{**opening, "on": "soon"}]}).status_code == 422
    assert code_of(program("stock:read").post("stock/preorders", {"preorders": sent})) == (401, "unauthorized")
