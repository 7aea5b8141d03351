"""How far counts may be from the books, what is to be counted and how right it was, over the API."""

from typing import Any

import pytest

from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.models import CountRule, CountTask
from colisage.inventory.queries.counting import limits_at
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from tests.books import balanced
from tests.cast import World
from tests.inventory.test_api_counts import task
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger", "task"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("stock:read", "stock:write")
LIMITS = "stock/count-limits"


def limits(**changes: Any) -> dict[str, Any]:
    return {"node": "lyon", "tolerance": 2, "limit_units": 7, "limit_cents": 900, **changes}


def outcomes(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_limits_are_set_on_the_own_floor_each_judged_by_itself(world: World, program: Make) -> None:
    ask = program(*MAY)
    sent = [limits(), limits(usual=True, tolerance=0, idle_hours=2), limits(node="MTL"), limits(node="NOPE")]
    answer = ask.post(LIMITS, {"limits": sent}, Idempotency_Key="l1")
    assert outcomes(answer) == [
        ("saved", ""), ("saved", ""), ("refused", "not_your_floor"), ("refused", "not_there"),
    ]  # fmt: skip
    assert ask.post(LIMITS, {"limits": sent}, Idempotency_Key="l1").content == answer.content
    assert outcomes(ask.post(LIMITS, {"limits": [limits(tolerance=3)]})) == [("saved", "")]
    told = ask.read(LIMITS)
    assert told["currency"] == "EUR"
    found = {one["usual"]: one for one in told["items"]}
    assert found[False] == {
        "node": "LYON", "usual": False, "tolerance": 3, "limit_units": 7, "limit_cents": 900, "idle_hours": 8,
    }  # fmt: skip
    assert (found[True]["tolerance"], found[True]["idle_hours"]) == (0, 2)
    held = limits_at(world.lyon.pk, merchant_ids=[world.tilleul.pk, world.northwind.pk])
    assert [held[m.pk].tolerance for m in (world.tilleul, world.northwind)] == [3, 0]
    assert AuditEntry.objects.filter(verb="count_rule_set").count() == 3


@pytest.mark.parametrize("change", [{"tolerance": -1}, {"idle_hours": 73}, {"limit_cents": 10**13}, {"merchant": 1}])
def test_what_cannot_be_read_is_a_problem(program: Make, change: dict[str, Any]) -> None:
    assert code_of(program(*MAY).post(LIMITS, {"limits": [limits(**change)]})) == (422, "malformed")
    assert not CountRule.objects.exists()


def test_what_is_to_be_counted_is_listed_and_taken_away(world: World, task: CountTask, program: Make) -> None:
    ask = program(*MAY)
    places = [(place.pk, "hand") for place in world.bins()[1:4]]
    count_bins(world.nord.pk, node_id=world.lyon.pk, bins=places, actor=SYSTEM)
    far = count_bins(
        world.boreal.pk, node_id=world.montreal.pk, bins=[(world.bins(world.montreal)[0].pk, "hand")], actor=SYSTEM
    )
    told = ask.every("stock/counts/open", limit=2)
    assert [(one["bin"], one["state"], one["why"], one["rounds"]) for one in told] == [
        (place.code, "open", "hand", 0) for place in world.bins()[1:4]
    ]
    shared = CountTask.objects.get(count=far).pk
    wanted = {"counts": [told[1]["id"], task.pk, told[1]["id"], shared, 10**15]}
    answer = ask.post("stock/counts/cancel", wanted, Idempotency_Key="c1")
    assert outcomes(answer) == [
        ("cancelled", ""), ("cancelled", ""), ("unchanged", ""), ("refused", "not_your_floor"),
        ("refused", "not_there"),
    ]  # fmt: skip
    assert ask.post("stock/counts/cancel", wanted, Idempotency_Key="c1").content == answer.content
    assert [one["bin"] for one in ask.every("stock/counts/open")] == [world.bins()[1].code, world.bins()[3].code]
    states = CountTask.objects.filter(pk__in=[task.pk, shared]).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "open"]


def test_how_right_the_books_were_is_told(world: World, task: CountTask, program: Make) -> None:
    ask = program(*MAY)
    assert ask.read("stock/accuracy")["total"]["bins"] == 0
    ask.post(f"stock/counts/{task.pk}/decide", {"decision": "approve"})
    told = ask.read("stock/accuracy", days=7)
    assert told["total"] == {
        "bins": 1, "bins_right": 0, "sorts": 1, "sorts_right": 0, "expected": 20, "off": 3, "net": -3,
    }  # fmt: skip
    assert [one["node"] for one in told["nodes"]] == ["LYON"]
    [lost] = told["lost"]
    assert (lost["currency"], lost["units"]) == ("EUR", 3)
    assert lost["nodes"] == [{"name": "LYON", "units": 3, "cents": lost["cents"]}]
    assert [one["name"] for one in lost["reasons"]] == ["count"]


def test_strangers_and_readers_do_nothing(world: World, task: CountTask, program: Make, stranger: Make) -> None:
    ask, reader = stranger(*MAY), program("stock:read")
    assert ask.every("stock/counts/open") == ask.read(LIMITS)["items"] == []
    assert ask.read("stock/accuracy")["total"]["bins"] == 0
    assert outcomes(ask.post(LIMITS, {"limits": [limits()]})) == [("refused", "not_there")]
    assert outcomes(ask.post("stock/counts/cancel", {"counts": [task.pk]})) == [("refused", "not_there")]
    for path, body in ((LIMITS, {"limits": [limits()]}), ("stock/counts/cancel", {"counts": [task.pk]})):
        assert code_of(reader.post(path, body)) == (401, "unauthorized")
    assert CountTask.objects.get(pk=task.pk).state == "counted"


def test_a_list_of_bins_to_count_costs_the_same_whatever_it_holds(world: World, program: Make) -> None:
    ask = program(*MAY)
    first, *others = [(place.pk, "hand") for place in world.bins()]
    count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[first], actor=SYSTEM)
    few = statements(lambda: ask.read("stock/counts/open"))
    count_bins(world.nord.pk, node_id=world.lyon.pk, bins=others, actor=SYSTEM)
    assert statements(lambda: ask.read("stock/counts/open")) == few
