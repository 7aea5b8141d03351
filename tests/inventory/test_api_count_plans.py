"""Plans of counts over the API: written where the floor is the merchant's own, read with the bins they make due."""

from typing import Any

import pytest

from colisage.inventory.models import CountPlan, CountTask
from colisage.kit.models import AuditEntry
from tests.books import balanced
from tests.cast import World
from tests.inventory.test_count_plans import planned
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("stock:read", "stock:write")


def plan(**changes: Any) -> dict[str, Any]:
    return {"node": "lyon", "method": "abc", "bins_a_day": 2, **changes}


def outcomes(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_plans_are_made_and_changed_each_judged_by_itself(world: World, program: Make) -> None:
    ask = program(*MAY)
    sent = [
        plan(), plan(method="risk", bins_a_day=5, active=False), plan(node="MTL"), plan(node="NOPE"),
        plan(a_days=90, b_days=30),
    ]  # fmt: skip
    assert outcomes(ask.post("stock/count-plans", {"plans": sent})) == [
        ("saved", ""), ("saved", ""), ("refused", "not_your_floor"), ("refused", "not_there"),
        ("refused", "not_a_plan"),
    ]  # fmt: skip
    told = ask.read("stock/count-plans")["items"]
    assert [(one["node"], one["method"], one["bins_a_day"], one["active"]) for one in told] == [
        ("LYON", "abc", 2, True), ("LYON", "risk", 5, False),
    ]  # fmt: skip
    assert (told[0]["a_days"], told[0]["b_days"], told[0]["c_days"], told[0]["made_on"]) == (30, 90, 180, None)
    assert outcomes(ask.post("stock/count-plans", {"plans": [plan(bins_a_day=3)]})) == [("saved", "")]
    assert ask.read(f"stock/count-plans/{told[0]['id']}")["bins_a_day"] == 3
    assert AuditEntry.objects.filter(verb="count_plan_set").count() == 3


def test_a_plan_says_what_is_due_and_is_acted_on_now(world: World, program: Make) -> None:
    made = planned(world).pk
    ask = program(*MAY)
    due = ask.read(f"stock/count-plans/{made}/due")["items"]
    assert [(one["why"], one["days"]) for one in due] == [("class_c", None)] * 2
    answer = ask.post(f"stock/count-plans/{made}/run", Idempotency_Key="r1").json()
    assert answer["outcome"] == "asked"
    assert ask.post(f"stock/count-plans/{made}/run", Idempotency_Key="r1").json() == answer
    bins = CountTask.objects.filter(count=answer["id"]).values_list("place__code", flat=True)
    assert sorted(bins) == sorted(one["bin"] for one in due)
    CountPlan.objects.update(active=False)
    assert ask.post(f"stock/count-plans/{made}/run").json() == {"outcome": "nothing_due"}


def test_a_plan_is_replaced_only_as_it_was_read(world: World, program: Make) -> None:
    made = planned(world).pk
    ask = program(*MAY)
    path, body = f"stock/count-plans/{made}", {"bins_a_day": 9, "active": False}
    seen = ask.get(path).headers["ETag"]
    assert code_of(ask.send("PUT", path, body)) == (428, "etag_needed")
    assert code_of(ask.send("PUT", path, {**body, "c_days": 60}, If_Match=seen)) == (422, "not_a_plan")
    first = ask.send("PUT", path, body, If_Match=seen)
    assert (first.status_code, first.json()["bins_a_day"], first.json()["active"]) == (200, 9, False)
    assert first.headers["ETag"] == ask.get(path).headers["ETag"]
    assert code_of(ask.send("PUT", path, body, If_Match=seen)) == (412, "etag_differs")


@pytest.mark.parametrize(
    "change", [{"bins_a_day": 0}, {"bins_a_day": 1_001}, {"method": "all"}, {"a_days": 0}, {"every": 3}, {"node": ""}]
)
@pytest.mark.usefixtures("world")
def test_what_cannot_be_read_is_a_problem(program: Make, change: dict[str, Any]) -> None:
    assert code_of(program(*MAY).post("stock/count-plans", {"plans": [plan(**change)]})) == (422, "malformed")


def test_strangers_and_readers_plan_nothing(world: World, program: Make, stranger: Make) -> None:
    made = planned(world).pk
    ask, reader = stranger(*MAY), program("stock:read")
    assert ask.read("stock/count-plans")["items"] == []
    assert code_of(ask.get(f"stock/count-plans/{made}")) == (404, "not_there")
    assert code_of(ask.get(f"stock/count-plans/{made}/due")) == (404, "not_there")
    assert code_of(ask.post(f"stock/count-plans/{made}/run")) == (404, "not_there")
    assert code_of(ask.send("PUT", f"stock/count-plans/{made}", {"bins_a_day": 1}, If_Match="*")) == (404, "not_there")
    assert outcomes(ask.post("stock/count-plans", {"plans": [plan(), plan(node="MTL")]})) == [
        ("refused", "not_there"), ("refused", "not_your_floor"),
    ]  # fmt: skip
    assert code_of(reader.post("stock/count-plans", {"plans": [plan()]})) == (401, "unauthorized")
    assert code_of(reader.post(f"stock/count-plans/{made}/run")) == (401, "unauthorized")
    assert CountPlan.objects.get().bins_a_day == 2
    assert not CountTask.objects.exists()


def test_a_list_of_plans_costs_the_same_whatever_it_holds(world: World, program: Make) -> None:
    ask = program(*MAY)
    planned(world)
    few = statements(lambda: ask.read("stock/count-plans"))
    planned(world, "risk")
    assert statements(lambda: ask.read("stock/count-plans")) == few
