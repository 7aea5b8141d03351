"""Put-away over the API: what stands on docks, with the bins suggested; put there as by scan, each judged by itself."""

from typing import Any

import pytest

from colisage.inbound.actions.save_checklist import Asked, save_checklist
from colisage.inbound.actions.save_putaway_rules import save_putaway_rules
from colisage.inbound.models import Receipt
from colisage.inbound.rules.putaway import Rule
from colisage.inventory.actions.change_condition import change_condition
from colisage.inventory.actions.make_plates import make_plates
from colisage.inventory.models import StockCell, StockMovement
from colisage.inventory.queries.documents import new_document
from colisage.kit.actors import SYSTEM
from colisage.network.models import Place
from colisage.network.queries import place_of
from tests.books import hold, stand
from tests.cast import World
from tests.inbound.dock import lying, take_in
from tests.inbound.test_plates_on_the_dock import PALLET, pallet
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("inbound:read", "dock:write", "stock:write")


def outcomes(answer: Any) -> list[tuple[str, int, int | None, str]]:
    assert answer.status_code == 200, answer.content
    return [
        (one["outcome"], one.get("units", 0), one.get("left"), one.get("code", "")) for one in answer.json()["results"]
    ]


def put(ask: Any, *items: dict[str, Any], **headers: str) -> Any:
    return ask.post("inbound/put-away", {"items": list(items)}, **headers)


def spoil(world: World, units: int) -> None:
    """Find units damaged on the dock."""
    cell = StockCell.objects.get(sku=world.sku("MUG"), place__kind="dock", condition="sellable")
    change_condition(
        [world.tilleul.pk], changes=[(cell.pk, units)], condition="damaged", reason="wet", document=new_document(),
        actor=SYSTEM,
    )  # fmt: skip


def test_what_stands_there_is_told_with_its_bin_and_why(world: World, program: Make) -> None:
    hold(world.sku("CARTE"), 20)
    hold(world.sku("CARTE"), 3)  # owed
    mugs, cards = take_in(world), take_in(world, "CARTE", good=8)
    ask = program(*MAY)
    first, second = ask.every("inbound/dock", limit=1)
    assert (first["receipt"], first["sku"], first["node"], first["units"], first["waited_for"]) == (
        cards, "CARTE", "LYON", 8, 3,
    )  # fmt: skip
    assert (second["receipt"], second["held"], second["to_inspect"], second["lot"]) == (mugs, 0, False, "")
    assert second["bin"] == second["candidates"][0]["bin"]
    assert second["why"]
    assert second["candidates"][0]["allowed"] is True
    assert [one["receipt"] for one in ask.read("inbound/dock", node="lyon")["items"]] == [cards, mugs]
    assert ask.read("inbound/dock", node="MTL")["items"] == []
    assert outcomes(put(ask, {"receipt": mugs, "bin": second["bin"]})) == [("put_away", 10, 0, "")]
    assert [one["receipt"] for one in ask.every("inbound/dock")] == [cards]


def test_receipts_are_put_away_each_judged_by_itself_and_once(world: World, program: Make) -> None:
    mugs, cards = take_in(world), take_in(world, "CARTE", good=8)
    Place.objects.filter(node=world.lyon, code="C-01-1").update(volume_mm3=4 * 120 * 95 * 100)
    ask = program(*MAY)
    items = [
        {"receipt": mugs, "bin": "c-04-1", "units": 4},
        {"receipt": mugs, "bin": "C-01-1", "units": 6},
        {"receipt": mugs, "bin": "C-04-1", "units": 7},
        {"receipt": mugs, "bin": "C-04-1"},
        {"receipt": mugs, "bin": "C-04-1"},
        {"receipt": cards, "bin": "NOPE"},
        {"receipt": cards},
        {"receipt": cards, "bin": "C-03-1", "plate": "P"},
        {"receipt": cards, "plate": "P"},
        {"receipt": cards + 1_000, "bin": "C-03-1"},
    ]
    first = put(ask, *items, Idempotency_Key="w1")
    assert outcomes(first) == [
        ("put_away", 4, 6, ""),
        ("refused", 0, None, "bin_full"),
        ("refused", 0, None, "too_many"),
        ("put_away", 6, 0, ""),
        ("refused", 0, None, "too_many"),
        ("refused", 0, None, "no_such_bin"),
        ("refused", 0, None, "bin_or_plate"),
        ("refused", 0, None, "bin_or_plate"),
        ("refused", 0, None, "not_there"),
        ("refused", 0, None, "not_there"),
    ]
    assert put(ask, *items, Idempotency_Key="w1").content == first.content
    assert stand(world.sku("MUG"), world.lyon)[0] == 30
    assert lying(world, "CARTE") == {("dock", "sellable"): 8}


def test_a_rehearsal_puts_nothing_away(world: World, program: Make) -> None:
    mugs = take_in(world)
    assert outcomes(put(program(*MAY), {"receipt": mugs, "bin": "C-04-1"}, Dry_Run="true")) == [("put_away", 10, 0, "")]
    assert lying(world, "MUG") == {("dock", "sellable"): 10}


def test_a_rule_is_overridden_by_people_alone_and_an_inspection_comes_first(world: World, program: Make) -> None:
    save_putaway_rules(world.nord.pk, node_id=world.lyon.pk, rules=[Rule("alone", must=True)], actor=SYSTEM)
    mugs = take_in(world)
    other = StockCell.objects.get(sku=world.sku("CARTE"), place__kind="bin").place.code
    ask = program(*MAY)
    assert outcomes(put(ask, {"receipt": mugs, "bin": other})) == [("refused", 0, None, "against_putaway_rules")]
    save_checklist(world.tilleul.pk, name="All", questions=[Asked("yes_no", "Good?")], actor=SYSTEM)
    cards = take_in(world, "CARTE")
    assert outcomes(put(ask, {"receipt": cards, "bin": other})) == [("refused", 0, None, "inspection_due")]
    assert [one["to_inspect"] for one in ask.every("inbound/dock")] == [False, True]


def test_what_cannot_be_sold_goes_to_quarantine(world: World, program: Make) -> None:
    mugs = take_in(world)
    ask = program(*MAY)
    spoil(world, 3)
    assert [one["held"] for one in ask.every("inbound/dock")] == [3]
    quarantine = place_of(world.lyon.pk, kind="quarantine").code
    items = (
        {"receipt": mugs, "bin": "C-04-1"},
        {"receipt": mugs, "bin": quarantine.lower()},
        {"receipt": mugs, "bin": "C-04-1"},
    )
    assert outcomes(put(ask, *items)) == [
        ("refused", 0, None, "units_held"), ("quarantined", 3, 7, ""), ("put_away", 7, 0, ""),
    ]  # fmt: skip
    assert lying(world, "MUG") == {("quarantine", "damaged"): 3}


def test_units_are_loaded_and_plates_go_whole_or_are_taken_apart(world: World, program: Make) -> None:
    cards = take_in(world, "CARTE", good=8)
    ask = program(*MAY)
    make_plates(world.tilleul.pk, codes=["P-1"], actor=SYSTEM)
    pallet(world)
    assert outcomes(put(ask, {"receipt": cards, "plate": "p-1", "units": 5})) == [("loaded", 5, 3, "")]
    whole = ask.every("inbound/dock/plates", limit=1)
    assert [(one["plate"], one["node"], one["units"], one["held"], one["to_inspect"]) for one in whole] == [
        ("P-1", "LYON", 5, 0, None), (PALLET, "LYON", 24, 0, None),
    ]  # fmt: skip
    assert whole[1]["bin"] == whole[1]["candidates"][0]["bin"]
    sent = [{"plate": PALLET, "bin": "c-01-1"}, {"plate": PALLET, "bin": "C-01-1"}, {"plate": "P-1", "bin": "NOPE"}]
    away = ask.post("inbound/put-away/plates", {"items": [*sent, {"plate": "NOPE", "bin": "C-01-1"}]})
    assert outcomes(away) == [
        ("put_away", 24, None, ""), ("refused", 0, None, "plate_not_on_dock"), ("refused", 0, None, "no_such_bin"),
        ("refused", 0, None, "not_there"),
    ]  # fmt: skip
    apart = ask.post("inbound/put-away/unload", {"plates": ["P-1", "P-1"]})
    assert outcomes(apart) == [("unloaded", 5, None, ""), ("refused", 0, None, "plate_is_empty")]
    assert stand(world.sku("MUG"), world.lyon)[0] == 44
    assert [(one["receipt"], one["units"]) for one in ask.every("inbound/dock")] == [(cards, 8)]


@pytest.mark.parametrize("page", ["x", "w", "-1", "1w", "w" + "9" * 30, "١"])
@pytest.mark.usefixtures("world")
def test_a_page_that_we_did_not_give_is_refused(program: Make, page: str) -> None:
    for path in ("inbound/dock", "inbound/dock/plates"):
        assert code_of(program(*MAY).get(path, page=page)) == (422, "malformed")


@pytest.mark.parametrize(
    "item",
    [{"bin": "A"}, {"receipt": 0, "bin": "A"}, {"receipt": 1, "bin": "A", "units": 0}, {"receipt": 1, "to": "A"}],
)
@pytest.mark.usefixtures("world")
def test_what_cannot_be_read_is_a_problem(program: Make, item: dict[str, Any]) -> None:
    assert code_of(put(program(*MAY), item)) == (422, "malformed")


def test_strangers_and_keys_without_the_right_put_nothing_away(world: World, program: Make, stranger: Make) -> None:
    mugs = take_in(world)
    pallet(world)
    ask = stranger(*MAY)
    before = StockMovement.objects.count()
    assert ask.every("inbound/dock") == ask.every("inbound/dock/plates") == []
    assert code_of(ask.get("inbound/dock", node="LYON")) == (404, "not_there")
    bodies = {
        "inbound/put-away": {"items": [{"receipt": mugs, "bin": "C-04-1"}]},
        "inbound/put-away/plates": {"items": [{"plate": PALLET, "bin": "C-04-1"}]},
        "inbound/put-away/unload": {"plates": [PALLET]},
    }
    for path, body in bodies.items():
        assert outcomes(ask.post(path, body)) == [("refused", 0, None, "not_there")]
        assert code_of(program("inbound:read", "inbound:write").post(path, body)) == (401, "unauthorized")
    assert StockMovement.objects.count() == before


def test_a_page_of_the_dock_costs_the_same_whatever_it_holds(world: World, program: Make) -> None:
    for code in ("MUG", "CARTE", "PLUME"):
        take_in(world, code, good=2)
    ask = program(*MAY)
    few = statements(lambda: ask.read("inbound/dock", limit=1))
    assert statements(lambda: ask.read("inbound/dock", limit=3)) == few
    assert Receipt.objects.count() == 3
