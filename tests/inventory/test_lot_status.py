"""What a lot may be used for: held everywhere at once, freed exactly, and never sold by a side door."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.post_movements import LotIsHeld, post_movements
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.models import Allocation, Lot, Reservation, StockCell, StockMovement
from colisage.inventory.rules.lots import PastItsDate, ReasonMissing, RecallStands, UnknownStatus
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.queries import deeds_on
from colisage.network.queries import place_of
from tests.books import find, hold, move, promised, spot_of, stand, told, virtual
from tests.cast import World
from tests.cast import world as make_world

pytestmark = pytest.mark.usefixtures("balanced")


@pytest.fixture
def world(db: None) -> World:
    return make_world(stock=0)


def lot(world: World, code: str = "L1", *, sku: str = "MUG", **facts: Any) -> Lot:
    return Lot.objects.create(merchant=world.tilleul, sku=world.sku(sku), code=code, **facts)


def put(world: World, lot: Lot | None, units: int, *, bin_: int = 0, montreal: bool = False, **spot: Any) -> Any:
    node = world.montreal if montreal else world.lyon
    at = spot_of(world.bins(node)[bin_], lot_id=lot.pk if lot else None, **spot)
    find(world.sku("MUG"), units, at=at)
    return at


def become(world: World, *lots: Lot, status: str, **facts: Any) -> int:
    facts = {"reason": "Éclats au rebord", "actor": SYSTEM, "today": date(2026, 11, 28), **facts}
    return set_lot_status(world.tilleul.pk, lot_ids=[one.pk for one in lots], status=status, **facts)


def lying(lot: Lot) -> dict[str, int]:
    found: dict[str, int] = {}
    for condition, qty in StockCell.objects.filter(lot=lot, qty__gt=0).values_list("condition", "qty"):
        found[condition] = found.get(condition, 0) + qty
    return found


def held(world: World) -> list[int]:
    rows = Reservation.objects.filter(sku=world.sku("MUG"), state="held")
    return list(rows.order_by("pk").values_list("pk", flat=True))


def test_a_held_lot_is_held_in_every_bin_of_every_node(world: World) -> None:
    bad, good = lot(world, "BAD"), lot(world, "GOOD")
    put(world, bad, 5)
    put(world, bad, 4, bin_=3)
    put(world, bad, 3, montreal=True)
    put(world, good, 7, bin_=4)
    assert become(world, bad, status="quarantined") == 12
    assert lying(bad) == {"held": 12}
    assert stand(world.sku("MUG"), world.lyon) == (7, 0)
    assert stand(world.sku("MUG"), world.montreal) == (0, 0)


def test_freeing_a_lot_gives_back_exactly_what_was_held(world: World) -> None:
    bad = lot(world)
    put(world, bad, 5)
    put(world, bad, 2, condition="damaged")
    put(world, bad, 1, condition="quarantine")
    become(world, bad, status="quarantined")
    assert lying(bad) == {"held": 5, "damaged": 2, "quarantine": 1}
    assert become(world, bad, status="approved") == 5
    assert lying(bad) == {"sellable": 5, "damaged": 2, "quarantine": 1}


def test_units_held_in_one_bin_and_moved_to_another_are_freed_there(world: World) -> None:
    bad = lot(world)
    here = put(world, bad, 5)
    become(world, bad, status="quarantined")
    there = spot_of(world.bins()[6], lot_id=bad.pk, condition="held")
    source = spot_of(world.bins()[0], lot_id=bad.pk, condition="held")
    post_movements([move(world.sku("MUG"), 5, source=source, target=there)], actor=SYSTEM)
    become(world, bad, status="approved")
    assert StockCell.objects.get(lot=bad, sellable=True, qty__gt=0).place_id == world.bins()[6].pk != here.place_id


def test_holding_takes_the_units_from_pickers_and_tells_it(world: World) -> None:
    bad, good = lot(world, "BAD"), lot(world, "GOOD")
    put(world, bad, 5)
    put(world, good, 5, bin_=3)
    hold(world.sku("MUG"), 4, 3)
    allocate(held(world))
    become(world, bad, status="quarantined")
    assert not Allocation.objects.filter(open=True, cell__lot=bad).exists()
    assert stand(world.sku("MUG"), world.lyon) == (5, 5)
    assert [event["owner_id"] for event in told("UnitsUnbound")] == [1, 2]
    assert promised(world.sku("MUG")) == [(1, "held", 4), (2, "held", 1), (2, "waiting", 2)]
    assert sum(bound.qty for bound in allocate(held(world))) == 5


def test_what_is_owed_is_served_when_the_lot_is_freed(world: World) -> None:
    bad = lot(world)
    put(world, bad, 5)
    hold(world.sku("MUG"), 5)
    become(world, bad, status="quarantined")
    assert promised(world.sku("MUG")) == [(1, "waiting", 5)]
    become(world, bad, status="approved")
    assert told("SellableGrew")[-1]["qty"] == 5


def test_many_lots_take_as_many_statements_as_one(world: World) -> None:
    lots = [lot(world, f"L{n}") for n in range(9)]
    for n, one in enumerate(lots):
        put(world, one, 2, bin_=n)
    with CaptureQueriesContext(connection) as one_lot:
        become(world, lots[0], status="quarantined")
    with CaptureQueriesContext(connection) as many:
        become(world, *lots[1:], status="quarantined")
    assert len(many) == len(one_lot)


@pytest.mark.parametrize(
    ("status", "condition"), [("quarantined", "held"), ("recalled", "held"), ("expired", "expired")]
)
def test_units_that_arrive_later_never_become_sellable(world: World, status: str, condition: str) -> None:
    bad = lot(world, status=status)
    put(world, bad, 6)
    assert lying(bad) == {condition: 6}
    assert stand_or_nothing(world) == 0


def stand_or_nothing(world: World) -> int:
    return sum(StockCell.objects.filter(sku=world.sku("MUG"), sellable=True).values_list("qty", flat=True))


def test_units_of_a_held_lot_on_the_dock_are_held_when_they_are_put_away(world: World) -> None:
    bad = lot(world)
    dock = spot_of(place_of(world.lyon.pk, kind="dock"), lot_id=bad.pk)
    find(world.sku("MUG"), 6, at=dock)
    become(world, bad, status="quarantined")
    assert lying(bad) == {"sellable": 6}  # as on every dock: nobody can sell it there
    away = spot_of(world.bins()[2], lot_id=bad.pk)
    post_movements([move(world.sku("MUG"), 6, source=dock, target=away)], actor=SYSTEM)
    assert lying(bad) == {"held": 6}
    become(world, bad, status="approved")
    assert stand(world.sku("MUG"), world.lyon) == (6, 0)


def test_units_of_a_held_lot_are_not_made_sellable_one_by_one(world: World) -> None:
    bad = lot(world)
    put(world, bad, 6)
    become(world, bad, status="quarantined")
    source = spot_of(world.bins()[0], lot_id=bad.pk, condition="held")
    target = spot_of(world.bins()[0], lot_id=bad.pk)
    with pytest.raises(LotIsHeld) as refusal:
        post_movements([move(world.sku("MUG"), 6, source=source, target=target)], actor=SYSTEM)
    assert refusal.value.code == "lot_is_held"
    assert lying(bad) == {"held": 6}


def test_the_database_refuses_units_of_a_held_lot_whatever_the_code_says(world: World) -> None:
    bad = lot(world)
    put(world, bad, 6)
    cells = list(StockCell.objects.filter(sku=world.sku("MUG")).order_by("kept"))
    Lot.objects.filter(pk=bad.pk).update(status="recalled")
    with pytest.raises(IntegrityError, match="lot_is_held"), transaction.atomic():
        StockMovement.objects.create(
            merchant=world.tilleul, sku=world.sku("MUG"), from_cell=cells[0], to_cell=cells[1], qty=1, reason="x",
            actor_kind="system", doc_kind="x", doc_id=1,
        )  # fmt: skip
    Lot.objects.filter(pk=bad.pk).update(status="approved")


def test_only_a_manager_ends_a_recall(world: World) -> None:
    bad = lot(world)
    put(world, bad, 5)
    become(world, bad, status="recalled")
    for status in ("approved", "quarantined", "expired"):
        with pytest.raises(RecallStands) as refusal:
            become(world, bad, status=status)
        assert refusal.value.code == "recall_stands"
    assert lying(bad) == {"held": 5}
    assert become(world, bad, status="approved", by_manager=True) == 5


def test_a_lot_past_its_date_is_not_freed(world: World) -> None:
    old = lot(world, expires_on=date(2026, 11, 27), status="expired")
    put(world, old, 5)
    with pytest.raises(PastItsDate) as refusal:
        become(world, old, status="approved", by_manager=True)
    assert refusal.value.code == "past_its_date"
    assert lying(old) == {"expired": 5}


def test_a_status_that_does_not_exist_and_a_change_without_a_reason_are_refused(world: World) -> None:
    one = lot(world)
    with pytest.raises(UnknownStatus):
        become(world, one, status="eaten")
    with pytest.raises(ReasonMissing):
        become(world, one, status="recalled", reason="  ")
    assert Lot.objects.get(pk=one.pk).status == "approved"


def test_the_lot_of_another_merchant_is_not_there(world: World) -> None:
    theirs = Lot.objects.create(merchant=world.northwind, sku=world.northwind_skus["MUG"], code="L1")
    with pytest.raises(NotThere):
        become(world, theirs, status="recalled")
    assert Lot.objects.get(pk=theirs.pk).status == "approved"


def test_a_status_set_twice_is_set_once(world: World) -> None:
    bad = lot(world)
    put(world, bad, 5)
    become(world, bad, status="quarantined")
    assert become(world, bad, status="quarantined") == 0
    assert [(d.verb, d.data["to"], d.data["units"]) for d in deeds_on("lot", doc_id=bad.pk)] == [
        ("lot_status_set", "quarantined", 5)
    ]


def test_units_lost_while_held_are_not_freed(world: World) -> None:
    bad = lot(world)
    put(world, bad, 5)
    become(world, bad, status="quarantined")
    here = spot_of(world.bins()[0], lot_id=bad.pk, condition="held")
    post_movements([move(world.sku("MUG"), 2, source=here, target=virtual("loss"))], actor=SYSTEM)
    assert become(world, bad, status="approved") == 3
