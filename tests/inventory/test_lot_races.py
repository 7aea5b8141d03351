"""Several people at once around a lot that is held: no unit of it is ever sold by who comes in between."""

import pytest

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.post_movements import post_movements
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.models import Allocation, Lot, Reservation, StockCell
from colisage.kit.actors import SYSTEM
from colisage.kit.queries import deeds_on
from colisage.network.queries import place_of
from tests.books import find, hold, move, spot_of
from tests.cast import World
from tests.together import at_once, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]


@pytest.fixture
def lot(world: World) -> Lot:
    made = Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="L1")
    for bin_ in (8, 9, 10):
        find(world.sku("MUG"), 6, at=spot_of(world.bins()[bin_], lot_id=made.pk))
    return made


def set_to(lot: Lot, status: str) -> int:
    return set_lot_status(
        lot.merchant_id, lot_ids=[lot.pk], status=status, reason="Essai", actor=SYSTEM, by_manager=True
    )


def sellable(lot: Lot) -> int:
    return sum(StockCell.objects.filter(lot=lot, sellable=True).values_list("qty", flat=True))


def test_a_lot_held_by_several_at_once_is_held_once(lot: Lot) -> None:
    moved = at_once(*[lambda: set_to(lot, "quarantined")] * 4)
    assert sorted(moved) == [0, 0, 0, 18]
    assert len(deeds_on("lot", doc_id=lot.pk)) == 1


def test_a_lot_held_and_freed_at_once_is_one_of_the_two_and_whole(lot: Lot) -> None:
    for _ in range(4):
        assert not faults(at_once(lambda: set_to(lot, "recalled"), lambda: set_to(lot, "approved")))
        lot.refresh_from_db()
        assert sellable(lot) == (18 if lot.status == "approved" else 0)
        set_to(lot, "approved")


def test_a_lot_held_while_it_is_allocated_leaves_no_picker_on_it(world: World, lot: Lot) -> None:
    for turn in range(4):
        hold(world.sku("MUG"), *[3] * 12, owners=range(turn * 100 + 1, turn * 100 + 13))
        ids = list(Reservation.objects.filter(state="held").order_by("pk").values_list("pk", flat=True))
        results = at_once(lambda: set_to(lot, "quarantined"), *[lambda ids=ids: len(allocate(ids))] * 3)
        assert not faults(results)
        assert sellable(lot) == 0
        assert not Allocation.objects.filter(open=True, cell__lot=lot).exists()
        set_to(lot, "approved")


def test_units_that_arrive_while_their_lot_is_held_are_held(world: World, lot: Lot) -> None:
    mug, dock = world.sku("MUG"), spot_of(place_of(world.lyon.pk, kind="dock"), lot_id=lot.pk)
    for turn in range(6):
        find(mug, 4, at=dock)
        target = spot_of(world.bins()[turn], lot_id=lot.pk)
        away = move(mug, 4, source=dock, target=target)
        results = at_once(lambda: set_to(lot, "quarantined"), lambda away=away: post_movements([away], actor=SYSTEM))
        assert not faults(results)
        assert sellable(lot) == 0
        set_to(lot, "approved")
