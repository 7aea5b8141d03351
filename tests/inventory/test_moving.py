"""Moving stock by hand, and saying in which condition it is: what is free, within the node, where there is room."""

from itertools import count
from typing import Any

import pytest

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.change_condition import NotThatManyThere, UnknownCondition, change_condition
from colisage.inventory.actions.move_stock import Shift, move_stock
from colisage.inventory.actions.post_movements import LotIsHeld
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.models import Lot, Reservation, StockCell, StockMovement
from colisage.inventory.rules.lots import ReasonMissing
from colisage.inventory.rules.moving import (
    ForeignBin,
    NoPlaceForStock,
    NoRoom,
    NotThatManyFree,
    NotThatManyHere,
    NoUnitsToMove,
    NowhereElse,
    StandsOnTheDock,
)
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.models import AuditEntry
from colisage.network.models import Place
from colisage.network.queries import place_of
from tests.books import find, hold, promised, spot_of, stand, told
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")
_documents = count(5_000_000)


def cell(world: World, code: str = "MUG") -> StockCell:
    return StockCell.objects.filter(sku=world.sku(code), node=world.lyon, qty__gt=0, kept=True).order_by("pk")[0]


def go(world: World, *shifts: Shift, **facts: Any) -> int:
    everything = {
        "node_ids": [world.lyon.pk], "shifts": shifts, "document": next(_documents), "actor": SYSTEM, **facts
    }  # fmt: skip
    return move_stock([world.tilleul.pk], **everything)


def lying(world: World, code: str = "MUG") -> dict[str, int]:
    rows = StockCell.objects.filter(sku=world.sku(code), kept=True, qty__gt=0)
    return dict(rows.values_list("place__code", "qty"))


def bind(world: World, units: int) -> None:
    hold(world.sku("MUG"), units)
    allocate(list(Reservation.objects.values_list("pk", flat=True)))


def test_units_go_from_bin_to_bin_and_stay_sellable(world: World) -> None:
    assert go(world, Shift(cell(world).pk, 5, world.bins()[8].pk)) == 5
    assert lying(world) == {"A-01-1": 15, "C-01-1": 5}
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


def test_the_same_document_again_moves_nothing(world: World) -> None:
    shift = Shift(cell(world).pk, 5, world.bins()[8].pk)
    assert go(world, shift, document=7) == 5
    assert go(world, shift, document=7) == 0
    assert lying(world)["C-01-1"] == 5


def test_what_a_picker_was_sent_for_is_not_moved_away(world: World) -> None:
    bind(world, 18)
    with pytest.raises(NotThatManyFree) as refusal:
        go(world, Shift(cell(world).pk, 3, world.bins()[8].pk))
    assert refusal.value.code == "not_that_many_free"
    assert go(world, Shift(cell(world).pk, 2, world.bins()[8].pk)) == 2
    with pytest.raises(NotThatManyFree):
        go(world, Shift(cell(world).pk, 1, world.bins()[9].pk))


def test_more_than_lie_there_is_not_said_to_be_picked(world: World) -> None:
    with pytest.raises(NotThatManyHere) as refusal:
        go(world, Shift(cell(world).pk, 21, world.bins()[8].pk))
    assert (refusal.value.code, "20" in str(refusal.value)) == ("not_that_many_free", True)


def test_one_batch_does_not_move_the_same_units_twice(world: World) -> None:
    here = cell(world).pk
    with pytest.raises(NotThatManyFree):
        go(world, Shift(here, 15, world.bins()[8].pk), Shift(here, 6, world.bins()[9].pk))
    assert go(world, Shift(here, 15, world.bins()[8].pk), Shift(here, 5, world.bins()[9].pk)) == 20


def test_a_bin_of_another_node_is_foreign(world: World) -> None:
    with pytest.raises(ForeignBin) as refusal:
        go(world, Shift(cell(world).pk, 5, world.bins(world.montreal)[8].pk))
    assert refusal.value.code == "foreign_bin"
    assert lying(world) == {"A-01-1": 20}


@pytest.mark.parametrize("kind", ["dock", "bench", "handover", "returns"])
def test_places_with_work_of_their_own_are_left_alone(world: World, kind: str) -> None:
    with pytest.raises(NoPlaceForStock):
        go(world, Shift(cell(world).pk, 5, place_of(world.lyon.pk, kind=kind).pk))


def test_what_waits_on_the_dock_is_sent_to_put_away(world: World) -> None:
    go(world, Shift(cell(world).pk, 20, world.bins()[8].pk))
    dock = place_of(world.lyon.pk, kind="dock")
    find(world.sku("MUG"), 5, at=spot_of(dock))
    here = StockCell.objects.get(sku=world.sku("MUG"), place=dock.pk)
    with pytest.raises(StandsOnTheDock) as refusal:
        go(world, Shift(here.pk, 5, world.bins()[9].pk))
    assert "Scan a bin" not in str(refusal.value)


def test_a_bin_that_is_not_in_use_takes_nothing(world: World) -> None:
    Place.objects.filter(pk=world.bins()[8].pk).update(active=False)
    with pytest.raises(NoPlaceForStock):
        go(world, Shift(cell(world).pk, 5, Place.objects.get(node=world.lyon, code="C-01-1").pk))


@pytest.mark.parametrize("limit", [{"max_grams": 1_900}, {"volume_mm3": 5 * 120 * 95 * 100}])
def test_a_bin_takes_what_fits_and_no_more(world: World, limit: dict[str, int]) -> None:
    target = world.bins()[8]
    Place.objects.filter(pk=target.pk).update(**limit)
    assert go(world, Shift(cell(world).pk, 4, target.pk)) == 4
    with pytest.raises(NoRoom) as refusal:
        go(world, Shift(cell(world).pk, 2, target.pk))
    assert refusal.value.code == "no_room"
    assert go(world, Shift(cell(world).pk, 1, target.pk)) == 1


@pytest.mark.parametrize("units", [0, -3, 10**9])
def test_units_are_a_number_that_can_be(world: World, units: int) -> None:
    with pytest.raises((NoUnitsToMove, NotThatManyFree)):
        go(world, Shift(cell(world).pk, units, world.bins()[8].pk))


def test_where_it_lies_already_is_no_move(world: World) -> None:
    with pytest.raises(NowhereElse):
        go(world, Shift(cell(world).pk, 3, cell(world).place_id))


def test_goods_of_others_are_not_there(world: World) -> None:
    theirs = StockCell.objects.get(sku=world.northwind_skus["MUG"], kept=True)
    for facts in ({}, {"node_ids": [world.montreal.pk]}):
        with pytest.raises(NotThere):
            go(world, Shift(theirs.pk, 1, world.bins(world.montreal)[8].pk), **facts)
    with pytest.raises(NotThere):
        go(world, Shift(cell(world).pk, 1, world.bins()[8].pk), node_ids=[world.montreal.pk])


def test_many_moves_take_as_many_statements_as_one(world: World, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(30):
        codes = ("MUG", "TAPIS", "LAMPE", "PLUME", "CARTE")
        assert go(world, *(Shift(cell(world, code).pk, 1, world.bins()[8].pk) for code in codes)) == 5


def turn(world: World, units: int, condition: str, **facts: Any) -> int:
    everything = {
        "changes": [(cell(world).pk, units)], "condition": condition, "reason": "Fêlé", "document": next(_documents),
        "actor": SYSTEM, **facts,
    }  # fmt: skip
    return change_condition([world.tilleul.pk], **everything)


def conditions(world: World) -> dict[str, int]:
    rows = StockCell.objects.filter(sku=world.sku("MUG"), kept=True, qty__gt=0)
    return dict(rows.values_list("condition", "qty"))


def test_damaged_units_are_not_sold_and_it_is_said_why(world: World) -> None:
    assert turn(world, 3, "damaged") == 3
    assert conditions(world) == {"sellable": 17, "damaged": 3}
    assert stand(world.sku("MUG"), world.lyon) == (17, 0)
    deed = AuditEntry.objects.get(verb="condition_changed")
    assert deed.data == {"from": "sellable", "to": "damaged", "units": 3, "reason": "Fêlé"}


def test_damage_under_a_picker_takes_the_units_from_the_picker(world: World) -> None:
    bind(world, 18)
    turn(world, 5, "damaged")
    assert promised(world.sku("MUG")) == [(1, "held", 15), (1, "waiting", 3)]
    assert [event["qty"] for event in told("UnitsUnbound")] == [18]


def test_the_same_change_again_changes_nothing(world: World) -> None:
    facts: dict[str, Any] = {"changes": [(cell(world).pk, 3)], "document": 9}
    assert turn(world, 3, "damaged", **facts) == 3
    assert turn(world, 3, "damaged", **facts) == 0


def test_what_is_no_change_of_condition_is_refused(world: World) -> None:
    before = StockMovement.objects.count()
    for units, condition, facts, refusal in (
        (1, "held", {}, UnknownCondition),
        (1, "expired", {}, UnknownCondition),
        (1, "damaged", {"reason": " "}, ReasonMissing),
        (0, "damaged", {}, NoUnitsToMove),
        (21, "damaged", {}, NotThatManyThere),
        (1, "sellable", {}, NowhereElse),
        (
            1,
            "damaged",
            {"changes": [(StockCell.objects.get(sku=world.northwind_skus["MUG"], kept=True).pk, 1)]},
            NotThere,
        ),
    ):
        with pytest.raises(refusal):
            turn(world, units, condition, **facts)
    assert StockMovement.objects.count() == before


def test_units_of_a_held_lot_are_not_made_good_one_by_one(world: World) -> None:
    lot = Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="L1")
    find(world.sku("MUG"), 4, at=spot_of(world.bins()[9], lot_id=lot.pk))
    set_lot_status(world.tilleul.pk, lot_ids=[lot.pk], status="recalled", reason="x", actor=SYSTEM)
    held = StockCell.objects.get(lot=lot, condition="held")
    with pytest.raises(LotIsHeld):
        turn(world, 0, "sellable", changes=[(held.pk, 2)])
    assert turn(world, 0, "damaged", changes=[(held.pk, 2)]) == 2
    assert dict(StockCell.objects.filter(lot=lot, qty__gt=0).values_list("condition", "qty")) == {
        "held": 2,
        "damaged": 2,
    }
