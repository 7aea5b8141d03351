"""Counts over the API: asked for where the floor is the merchant's own, read as they were found, decided."""

from typing import Any

import pytest

from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.finish_count import finish_count
from colisage.inventory.actions.note_units import note_units
from colisage.inventory.actions.start_count import start_count
from colisage.inventory.models import Count, CountRule, CountTask
from colisage.kit.actors import SYSTEM, Actor
from tests.books import balanced, stand, where
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("stock:read", "stock:write")
MANY = 1_000_000


@pytest.fixture
def task(world: World) -> CountTask:
    """Count 17 mugs where the books say 20: more than may be posted without a word."""
    CountRule.objects.create(operator=world.nord, node=world.lyon, tolerance=MANY, limit_units=1, limit_cents=10**9)
    place = where(world.sku("MUG"), world.lyon).place_id
    count = count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(place, "hand")], actor=SYSTEM)
    made = CountTask.objects.get(count=count)
    ada = Actor("person", world.ada.pk, world.ada.name)
    begun = start_count(world.nord.pk, task_id=made.pk, actor=ada)
    note_units(
        world.nord.pk, round_id=begun, units=17, actor=ada, merchant_ids=[world.tilleul.pk],
        sku_id=world.sku("MUG").pk,
    )  # fmt: skip
    assert finish_count(world.nord.pk, round_id=begun, actor=ada) == "counted"
    return made


def test_what_was_found_is_read_and_approved_once(world: World, task: CountTask, program: Make) -> None:
    ask = program(*MAY)
    [told] = ask.every("stock/counts", node="lyon", state="counted", limit=1)
    assert (told["id"], told["node"], told["state"], told["rounds"]) == (task.pk, "LYON", "counted", 1)
    [found] = told["findings"]
    assert (found["sku"], found["expected"], found["counted"]) == ("MUG", 20, 17)
    path, body = f"stock/counts/{task.pk}/decide", {"decision": "approve", "remark": "seen"}
    answer = ask.post(path, body, Idempotency_Key="d1")
    assert (answer.status_code, answer.json()) == (200, {"outcome": "approved", "id": task.pk})
    assert ask.post(path, body, Idempotency_Key="d1").content == answer.content
    assert stand(world.sku("MUG"), world.lyon)[0] == 17
    assert code_of(ask.post(path, {"decision": "reject"})) == (409, "count_is_over")
    assert [one["remark"] for one in ask.every("stock/counts", state="approved")] == ["seen"]
    assert ask.every("stock/counts", state="rejected") == ask.every("stock/counts", node="MTL") == []


def test_bins_are_counted_on_the_own_floor_alone(world: World, program: Make) -> None:
    ask, own = program(*MAY), [place.code for place in world.bins()[:2]]
    answer = ask.post("stock/counts", {"node": "lyon", "bins": [own[0].lower(), *own]}, Idempotency_Key="c1")
    assert (answer.status_code, answer.json()["outcome"]) == (201, "asked")
    assert CountTask.objects.filter(count=answer.json()["id"], state="open").count() == 2
    again = ask.post("stock/counts", {"node": "lyon", "bins": [own[0].lower(), *own]}, Idempotency_Key="c1")
    assert again.content == answer.content
    assert code_of(ask.post("stock/counts", {"node": "LYON", "bins": own})) == (409, "nothing_to_count")
    assert code_of(ask.post("stock/counts", {"node": "LYON", "bins": ["Z-1", "DOCK"]})) == (422, "unknown_bins")
    assert code_of(ask.post("stock/counts", {"node": "MTL", "bins": own})) == (403, "not_your_floor")
    assert code_of(ask.post("stock/counts", {"node": "X", "bins": own})) == (404, "not_there")
    assert Count.objects.count() == 1


def test_a_count_of_a_floor_that_is_shared_is_not_decided(world: World, program: Make) -> None:
    place = world.bins(world.montreal)[0].pk
    count = count_bins(world.boreal.pk, node_id=world.montreal.pk, bins=[(place, "hand")], actor=SYSTEM)
    pk = CountTask.objects.get(count=count).pk
    answer = program(*MAY).post(f"stock/counts/{pk}/decide", {"decision": "reject"})
    assert code_of(answer) == (403, "not_your_floor")


def test_a_stranger_sees_and_decides_nothing(task: CountTask, program: Make, stranger: Make) -> None:
    ask = stranger(*MAY)
    assert ask.every("stock/counts") == []
    assert code_of(ask.post(f"stock/counts/{task.pk}/decide", {"decision": "approve"})) == (404, "not_there")
    assert code_of(ask.post("stock/counts", {"node": "LYON", "bins": ["A-01-1"]})) == (404, "not_there")
    for path, body in (("stock/counts", {"node": "LYON", "bins": ["A-01-1"]}), (f"stock/counts/{task.pk}/decide", {})):
        assert code_of(program("stock:read").post(path, body)) == (401, "unauthorized")


@pytest.mark.parametrize("body", [{"decision": "maybe"}, {}, {"decision": "approve", "remark": "x" * 201}])
def test_what_is_no_decision_is_a_problem(task: CountTask, program: Make, body: dict[str, Any]) -> None:
    assert code_of(program(*MAY).post(f"stock/counts/{task.pk}/decide", body)) == (422, "malformed")


def test_many_counts_are_read_with_as_many_statements_as_one(task: CountTask, program: Make) -> None:
    ask = program(*MAY)
    assert statements(lambda: ask.read("stock/counts", limit=200)) == statements(
        lambda: ask.read("stock/counts", limit=1)
    )
