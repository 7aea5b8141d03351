"""The history of a SKU over the API: the movements that the desk shows, with what was on hand after each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from colisage.inventory.queries.history import history_page
from tests.books import find, lose, spot_of, where
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")


def test_the_history_is_that_of_the_desk_page_by_page(world: World, program: Make) -> None:
    mug = world.sku("MUG")
    lose(mug, 3, at=where(mug, world.lyon))
    find(mug, 5, at=spot_of(world.bins()[9]))
    ask = program("stock:read")
    told = ask.every("stock/movements", sku="mug", limit=1)
    at_desk = history_page(world.tilleul.pk, sku_id=mug.pk)
    assert [(one["id"], one["quantity"], one["change"], one["after"]) for one in told] == [
        (c.id, c.moved, c.qty, c.after) for c in at_desk
    ]
    assert [(one["change"], one["after"]) for one in told[:2]] == [(5, 22), (-3, 17)]
    latest = told[0]
    assert (latest["target"]["place"], latest["target"]["node"]) == (world.bins()[9].code, "LYON")
    assert (latest["source"]["kind"], latest["source"]["node"]) == ("found", None)
    assert ask.read("stock/movements", sku="MUG")["sku"] == "MUG"


def test_it_is_narrowed_by_node_reason_and_moment(world: World, program: Make) -> None:
    mug = world.sku("MUG")
    lose(mug, 3, at=where(mug, world.lyon))
    ask = program("stock:read")
    every = ask.read("stock/movements", sku="MUG")["items"]
    assert ask.read("stock/movements", sku="MUG", node="lyon")["items"] == every
    assert ask.read("stock/movements", sku="MUG", node="MTL")["items"] == []
    assert len(ask.read("stock/movements", sku="MUG", reason=every[0]["reason"])["items"]) == 1
    later = (timezone.now() + timedelta(minutes=1)).isoformat()
    assert ask.read("stock/movements", sku="MUG", since=later)["items"] == []
    assert ask.read("stock/movements", sku="MUG", until=later)["items"] == every


def test_what_is_not_there_or_somebody_elses_is_not_told(world: World, program: Make, stranger: Make) -> None:
    ask = program("stock:read")
    assert code_of(ask.get("stock/movements", sku="NOPE")) == (404, "not_there")
    assert code_of(ask.get("stock/movements", sku="MUG", node="PARIS")) == (404, "not_there")
    assert code_of(ask.get("stock/movements")) == (422, "malformed")
    assert code_of(ask.get("stock/movements", sku="MUG", since="yesterday")) == (422, "malformed")
    assert code_of(ask.get("stock/movements", sku="MUG", bin="A")) == (422, "unknown_parameter")
    ours, theirs = ({one["id"] for one in a.every("stock/movements", sku="MUG")} for a in (ask, stranger("stock:read")))
    assert ours
    assert not ours & theirs  # they have a mug of their own
    assert code_of(program("stock:write").get("stock/movements", sku="MUG")) == (401, "unauthorized")


def test_many_movements_cost_as_many_statements_as_one(world: World, program: Make) -> None:
    ask = program("stock:read")
    one = statements(lambda: ask.read("stock/movements", sku="MUG"))
    for _ in range(4):
        find(world.sku("MUG"), 1, at=spot_of(world.bins()[9]))
    assert statements(lambda: ask.read("stock/movements", sku="MUG")) == one
