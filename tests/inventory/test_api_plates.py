"""Licence plates over the API: made, loaded, read, moved whole, put on others and closed, each judged by itself."""

from typing import Any

import pytest

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.models import LicensePlate, Reservation, StockMovement
from tests.books import balanced, hold, stand
from tests.cast import World
from tests.inventory.test_api_cells import home
from tests.inventory.test_api_cells import outcomes as units_of
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("stock:read", "stock:write")


def outcomes(answer: Any) -> list[tuple[str, str, int, str]]:
    assert answer.status_code == 200, answer.content
    return [
        (one["plate"], one["outcome"], one.get("units", 0), one.get("code", "")) for one in answer.json()["results"]
    ]


def plates(ask: Any, *codes: str) -> dict[str, int]:
    answer = ask.post("stock/plates", {"codes": list(codes)})
    assert answer.status_code == 201, answer.content
    return {one["code"]: one["id"] for one in answer.json()["items"]}


def load(ask: Any, world: World, plate: str, code: str = "MUG", quantity: int = 5, **changes: Any) -> Any:
    move = {"sku": code, "node": "LYON", "source": home(world, code), "onto": plate, "quantity": quantity, **changes}
    return ask.post("stock/moves", {"moves": [move]})


def test_plates_are_made_with_numbers_or_codes_once(world: World, program: Make) -> None:
    ask = program(*MAY)
    first = ask.post("stock/plates", {"count": 3}, Idempotency_Key="p1")
    assert (first.status_code, len({one["code"] for one in first.json()["items"]})) == (201, 3)
    assert ask.post("stock/plates", {"count": 3}, Idempotency_Key="p1").content == first.content
    assert list(plates(ask, "pal-1")) == ["PAL-1"]
    [sscc] = ask.post("stock/plates", {"count": 1, "kind": "sscc"}).json()["items"]
    assert len(sscc["code"]) == 18
    assert code_of(ask.post("stock/plates", {"codes": ["PAL-2", "PAL-1"]})) == (409, "plate_code_taken")
    for wrong in ({}, {"count": 1, "codes": ["PAL-3"]}):
        assert code_of(ask.post("stock/plates", wrong)) == (422, "not_that_many_plates")
    assert LicensePlate.objects.count() == 5


def test_units_go_onto_a_plate_where_they_are_or_in_another_bin(world: World, program: Make) -> None:
    ask = program(*MAY)
    made = plates(ask, "PAL-1")
    assert units_of(load(ask, world, "pal-1")) == [("MUG", "moved", 5, "")]
    assert units_of(load(ask, world, "PAL-1", "CARTE", target="C-04-1")) == [("CARTE", "refused", 0, "plate_elsewhere")]
    assert units_of(load(ask, world, "NOPE")) == [("MUG", "refused", 0, "not_there")]
    assert units_of(load(ask, world, "")) == [("MUG", "refused", 0, "nowhere_else")]
    told = ask.read(f"stock/plates/{made['PAL-1']}")
    assert (told["code"], told["node"], told["place"], told["closed"]) == ("PAL-1", "LYON", home(world), False)
    [on] = told["contents"]
    assert (on["sku"], on["quantity"], on["free"], on["plate"]) == ("MUG", 5, 5, "PAL-1")
    assert stand(world.sku("MUG"), world.lyon)[0] == 20


def test_a_plate_moves_with_all_that_stands_on_it(world: World, program: Make) -> None:
    ask = program(*MAY)
    made = plates(ask, "PAL-1", "BOX-1", "EMPTY")
    load(ask, world, "BOX-1")
    moves = [
        {"plate": "box-1", "onto": "PAL-1"},
        {"plate": "PAL-1", "bin": "c-04-1"},
        {"plate": "PAL-1", "bin": "C-04-1"},
        {"plate": "PAL-1", "bin": "NOPE"},
        {"plate": "EMPTY", "bin": "C-04-1"},
        {"plate": "NOPE", "bin": "C-04-1"},
        {"plate": "PAL-1", "onto": "BOX-1"},
        {"plate": "PAL-1"},
        {"plate": "PAL-1", "bin": "C-04-1", "off": True},
    ]
    assert outcomes(ask.post("stock/plates/move", {"moves": moves})) == [
        ("box-1", "moved", 0, ""),
        ("PAL-1", "moved", 5, ""),
        ("PAL-1", "refused", 0, "nowhere_else"),
        ("PAL-1", "refused", 0, "not_there"),
        ("EMPTY", "refused", 0, "plate_carries_nothing"),
        ("NOPE", "refused", 0, "not_there"),
        ("PAL-1", "refused", 0, "plate_on_itself"),
        ("PAL-1", "refused", 0, "one_way"),
        ("PAL-1", "refused", 0, "one_way"),
    ]
    told = ask.read(f"stock/plates/{made['PAL-1']}")
    assert (told["plates"], told["place"], told["contents"][0]["plate"]) == (["BOX-1"], "C-04-1", "BOX-1")
    off = ask.post("stock/plates/move", {"moves": [{"plate": "BOX-1", "off": True}]})
    assert outcomes(off) == [("BOX-1", "moved", 0, "")]
    assert ask.read(f"stock/plates/{made['BOX-1']}")["parent"] == ""


def test_a_plate_that_a_picker_was_sent_for_stays_and_a_rehearsal_moves_nothing(world: World, program: Make) -> None:
    ask = program(*MAY)
    plates(ask, "PAL-1")
    load(ask, world, "PAL-1", quantity=20)
    move = {"moves": [{"plate": "PAL-1", "bin": "C-04-1"}]}
    before = StockMovement.objects.count()
    assert outcomes(ask.post("stock/plates/move", move, Dry_Run="true")) == [("PAL-1", "moved", 20, "")]
    assert StockMovement.objects.count() == before
    hold(world.sku("MUG"), 2)
    allocate([Reservation.objects.get().pk])
    assert outcomes(ask.post("stock/plates/move", move)) == [("PAL-1", "refused", 0, "plate_is_promised")]


def test_plates_are_closed_when_they_are_empty_those_on_others_first(world: World, program: Make) -> None:
    ask = program(*MAY)
    plates(ask, "PAL-1", "BOX-1", "FULL")
    ask.post("stock/plates/move", {"moves": [{"plate": "BOX-1", "onto": "PAL-1"}]})
    load(ask, world, "FULL")
    sent = {"plates": ["PAL-1", "box-1", "FULL", "NOPE"]}
    assert outcomes(ask.post("stock/plates/close", sent)) == [
        ("PAL-1", "closed", 0, ""), ("box-1", "closed", 0, ""), ("FULL", "refused", 0, "plate_is_not_empty"),
        ("NOPE", "refused", 0, "not_there"),
    ]  # fmt: skip
    assert outcomes(ask.post("stock/plates/close", {"plates": ["PAL-1"]})) == [("PAL-1", "closed", 0, "")]
    assert [one["code"] for one in ask.every("stock/plates", state="closed", limit=1)] == ["BOX-1", "PAL-1"]
    [full] = ask.read("stock/plates", state="full", text="fu")["items"]
    assert (full["code"], full["node"], full["place"], full["units"], full["skus"]) == (
        "FULL", "LYON", home(world), 5, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"count": -1}), ("", {"count": 201}), ("", {"codes": [""]}), ("", {"count": 1, "kind": "box"}),
        ("/move", {"moves": []}), ("/move", {"moves": [{"bin": "A"}]}),
        ("/move", {"moves": [{"plate": "P", "on": "Q"}]}),
        ("/close", {"plates": []}), ("/close", {"plates": ["x" * 31]}),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("world")
def test_what_cannot_be_read_is_a_problem(program: Make, path: str, body: dict[str, Any]) -> None:
    assert code_of(program(*MAY).post(f"stock/plates{path}", body)) == (422, "malformed")


def test_strangers_and_readers_touch_no_plate(world: World, program: Make, stranger: Make) -> None:
    ask = program(*MAY)
    made = plates(ask, "PAL-1")
    load(ask, world, "PAL-1")
    other, reader = stranger(*MAY), program("stock:read")
    assert other.every("stock/plates") == []
    assert code_of(other.get(f"stock/plates/{made['PAL-1']}")) == (404, "not_there")
    bodies = {"move": {"moves": [{"plate": "PAL-1", "bin": "C-04-1"}]}, "close": {"plates": ["PAL-1"]}}
    for path, body in bodies.items():
        assert outcomes(other.post(f"stock/plates/{path}", body)) == [("PAL-1", "refused", 0, "not_there")]
        assert code_of(reader.post(f"stock/plates/{path}", body)) == (401, "unauthorized")
    assert code_of(reader.post("stock/plates", {"count": 1})) == (401, "unauthorized")
    assert list(plates(other, "PAL-1")) == ["PAL-1"]  # the same code, a plate of their own


def test_a_page_of_plates_costs_the_same_whatever_it_holds(world: World, program: Make) -> None:
    ask = program(*MAY)
    plates(ask, "PAL-1", "PAL-2", "PAL-3")
    load(ask, world, "PAL-3")
    few = statements(lambda: ask.read("stock/plates", limit=1))
    assert statements(lambda: ask.read("stock/plates", limit=3)) == few
    assert [one["code"] for one in ask.every("stock/plates", limit=2)] == ["PAL-3", "PAL-2", "PAL-1"]
