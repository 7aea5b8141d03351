"""What lies where over the API: read, moved from bin to bin, judged; each by itself, the books right at the end."""

from typing import Any

import pytest

from colisage.inventory.actions.save_lot import save_lot
from colisage.inventory.models import StockCell, StockMovement
from colisage.kit.models import AuditEntry
from tests.books import balanced, find, hold, promised, spot_of, stand
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("stock:read", "stock:write")


def home(world: World, code: str = "MUG") -> str:
    """Give the bin in which the world's units of a SKU lie."""
    return StockCell.objects.filter(sku=world.sku(code.upper()), node=world.lyon).earliest("pk").place.code


def move(world: World, code: str = "MUG", **changes: Any) -> dict[str, Any]:
    return {"sku": code, "node": "LYON", "source": home(world, code), "target": "C-04-1", "quantity": 5, **changes}


def outcomes(answer: Any) -> list[tuple[str, str, int, str]]:
    assert answer.status_code == 200, answer.content
    told = answer.json()["results"]
    return [(one["sku"], one["outcome"], one.get("quantity", 0), one.get("code", "")) for one in told]


def test_units_are_moved_each_judged_by_itself_and_once(world: World, program: Make) -> None:
    sent = [
        move(world),
        move(world, "mug", source="c-04-1", target="C-03-1", quantity=2),  # what the first brought
        move(world, quantity=99),
        move(world, target=home(world)),
        move(world, target="DOCK"),
        move(world, target="NOPE"),
        move(world, source="B-01-1"),
        move(world, node="MTL"),
        {**move(world), "sku": "NOPE"},
        move(world, "CARTE", condition="damaged"),
    ]
    ask = program(*MAY)
    first = ask.post("stock/moves", {"moves": sent}, Idempotency_Key="m1")
    assert outcomes(first) == [
        ("MUG", "moved", 5, ""),
        ("mug", "moved", 2, ""),
        ("MUG", "refused", 0, "not_that_many_free"),
        ("MUG", "refused", 0, "nowhere_else"),
        ("MUG", "refused", 0, "no_place_for_stock"),
        ("MUG", "refused", 0, "not_there"),
        ("MUG", "refused", 0, "nothing_lies_there"),
        ("MUG", "refused", 0, "nothing_lies_there"),
        ("NOPE", "refused", 0, "nothing_lies_there"),
        ("CARTE", "refused", 0, "nothing_lies_there"),
    ]
    assert ask.post("stock/moves", {"moves": sent}, Idempotency_Key="m1").content == first.content
    told = {one["place"]: one["quantity"] for one in ask.every("stock/cells", sku="mug", limit=1)}
    assert told == {home(world): 15, "C-04-1": 3, "C-03-1": 2}
    assert StockMovement.objects.filter(doc_kind="move").count() == 2
    assert stand(world.sku("MUG"), world.lyon)[0] == 20


def test_a_rehearsal_moves_nothing(world: World, program: Make) -> None:
    answer = program(*MAY).post("stock/moves", {"moves": [move(world)]}, Dry_Run="true")
    assert outcomes(answer) == [("MUG", "moved", 5, "")]
    assert not StockMovement.objects.filter(doc_kind="move").exists()


def test_a_lot_is_named_where_several_lie(world: World, program: Make) -> None:
    mug, place = world.sku("MUG"), world.bins()[6]
    for code in ("L1", "L2"):
        lot = save_lot(world.tilleul.pk, sku_id=mug.pk, code=code, expires_on=None)
        find(mug, 4, at=spot_of(place, lot_id=lot))
    asked = move(world, source=place.code, quantity=3)
    ask = program(*MAY)
    assert outcomes(ask.post("stock/moves", {"moves": [asked, {**asked, "lot": "L2"}]})) == [
        ("MUG", "refused", 0, "several_lie_there"), ("MUG", "moved", 3, ""),
    ]  # fmt: skip
    assert [(one["lot"], one["quantity"]) for one in ask.every("stock/cells", bin="c-04-1")] == [("L2", 3)]
    assert [one["place"] for one in ask.every("stock/cells", lot="L1")] == [place.code]


def test_units_turn_and_what_was_promised_of_them_is_owed(world: World, program: Make) -> None:
    mug = world.sku("MUG")
    hold(mug, 18, 5)
    change = {
        "sku": "MUG", "node": "LYON", "bin": home(world), "quantity": 4, "becomes": "damaged", "reason": "wet",
    }  # fmt: skip
    sent = [change, {**change, "becomes": "sellable"}, {**change, "quantity": 17}, {**change, "bin": "NOPE"}]
    ask = program(*MAY)
    first = ask.post("stock/conditions", {"changes": sent}, Idempotency_Key="c1")
    assert outcomes(first) == [
        ("MUG", "changed", 4, ""), ("MUG", "refused", 0, "nowhere_else"),
        ("MUG", "refused", 0, "not_that_many_there"), ("MUG", "refused", 0, "nothing_lies_there"),
    ]  # fmt: skip
    assert ask.post("stock/conditions", {"changes": sent}, Idempotency_Key="c1").content == first.content
    assert stand(mug, world.lyon)[0] == 16
    assert sum(units for _owner, state, units in promised(mug) if state == "waiting") == 7
    assert [one["quantity"] for one in ask.every("stock/cells", sku="MUG", condition="damaged")] == [4]
    assert AuditEntry.objects.get(verb="condition_changed").data["reason"] == "wet"
    back = {**change, "condition": "damaged", "becomes": "sellable", "quantity": 1}
    assert outcomes(ask.post("stock/conditions", {"changes": [back]})) == [("MUG", "changed", 1, "")]


def test_a_stranger_sees_and_moves_nothing(world: World, program: Make, stranger: Make) -> None:
    change = {"sku": "MUG", "node": "LYON", "bin": home(world), "quantity": 1, "becomes": "damaged", "reason": "x"}
    ask = stranger(*MAY)
    assert outcomes(ask.post("stock/moves", {"moves": [move(world)]})) == [("MUG", "refused", 0, "not_there")]
    assert outcomes(ask.post("stock/conditions", {"changes": [change]})) == [
        ("MUG", "refused", 0, "nothing_lies_there")
    ]
    assert {one["node"] for one in ask.every("stock/cells")} == {"MTL"}
    assert code_of(ask.get("stock/cells", node="LYON")) == (404, "not_there")
    for path, body in (("moves", {"moves": [move(world)]}), ("conditions", {"changes": [change]})):
        assert code_of(program("stock:read").post(f"stock/{path}", body)) == (401, "unauthorized")
    assert not StockMovement.objects.filter(doc_kind__in=["move", "condition"]).exists()


@pytest.mark.parametrize("change", [{"quantity": 0}, {"quantity": 2**31}, {"quantity": True}, {"sku": None}, {"x": 1}])
def test_what_cannot_be_read_is_a_problem(world: World, program: Make, change: dict[str, Any]) -> None:
    answer = program(*MAY).post("stock/moves", {"moves": [{**move(world), **change}]})
    assert code_of(answer) == (422, "malformed")


@pytest.mark.parametrize("page", ["x", "1", "1:", ":1", "1:2:3", "9" * 30 + ":1", "-1:1", "١:1"])
def test_a_page_that_we_did_not_give_is_refused(program: Make, page: str) -> None:
    assert code_of(program(*MAY).get("stock/cells", page=page)) == (422, "bad_page")


def test_many_cells_are_read_with_as_many_statements_as_one(world: World, program: Make) -> None:
    ask = program(*MAY)
    few = statements(lambda: ask.read("stock/cells", limit=1))
    assert len(ask.read("stock/cells", limit=200)["items"]) == 5
    assert statements(lambda: ask.read("stock/cells", limit=200)) == few
