"""A bin that is being counted is frozen: its units follow their lot when the count has ended."""

from typing import Any

import pytest

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.actions.settle_lots import settle_lots
from colisage.inventory.models import Count, CountTask, Lot, Reservation, StockCell
from colisage.kit.actors import SYSTEM
from tests.books import find, hold, spot_of
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")


@pytest.fixture
def lot(world: World) -> Lot:
    made = Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="L1")
    for bin_ in (8, 9):
        find(world.sku("MUG"), 5, at=spot_of(world.bins()[bin_], lot_id=made.pk))
    return made


def begin(world: World, bin_: int) -> CountTask:
    count = Count.objects.create(operator=world.nord, node=world.lyon)
    return CountTask.objects.create(
        operator=world.nord, node=world.lyon, count=count, place=world.bins()[bin_], state="counting"
    )


def become(lot: Lot, status: str) -> int:
    facts: dict[str, Any] = {"reason": "Essai", "actor": SYSTEM, "by_manager": True}
    return set_lot_status(lot.merchant_id, lot_ids=[lot.pk], status=status, **facts)


def lying(lot: Lot) -> dict[str, str]:
    return dict(StockCell.objects.filter(lot=lot, qty__gt=0).values_list("place__code", "condition"))


def test_a_lot_is_held_around_a_count_and_in_it_afterwards(world: World, lot: Lot) -> None:
    task = begin(world, 8)
    assert become(lot, "recalled") == 5
    assert lying(lot) == {"C-01-1": "sellable", "C-02-1": "held"}
    hold(world.sku("MUG"), 22)
    bound = allocate(list(Reservation.objects.values_list("pk", flat=True)))
    assert lot.pk not in {b.lot_id for b in bound}
    assert settle_lots() == 0
    CountTask.objects.filter(pk=task.pk).update(state="cancelled")
    assert settle_lots() == 5
    assert lying(lot) == {"C-01-1": "held", "C-02-1": "held"}
    assert settle_lots() == 0


def test_a_lot_is_freed_around_a_count_and_in_it_afterwards(world: World, lot: Lot) -> None:
    become(lot, "quarantined")
    task = begin(world, 9)
    assert become(lot, "approved") == 5
    assert lying(lot) == {"C-01-1": "sellable", "C-02-1": "held"}
    CountTask.objects.filter(pk=task.pk).update(state="cancelled")
    assert settle_lots() == 5
    assert lying(lot) == {"C-01-1": "sellable", "C-02-1": "sellable"}
