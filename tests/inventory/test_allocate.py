from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from colisage.catalog.models import Sku
from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.post_movements import post_movements
from colisage.inventory.models import Lot, Reservation, StockCell
from colisage.kit.actors import SYSTEM
from tests.books import find, hold, move, spot_of, virtual, where
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")


def arrive(world: World, units: int, *, bin_: int, days_ago: int, lot: Lot | None = None) -> int:
    """Put mugs into an empty bin so many days ago; give the bin's id."""
    place, mug = world.bins()[bin_], world.sku("MUG")
    at = timezone.now() - timedelta(days=days_ago)
    spot = spot_of(place, lot_id=lot.pk if lot else None)
    post_movements([move(mug, units, source=virtual("found"), target=spot, occurred_at=at)], actor=SYSTEM)
    return place.pk


def rotate(world: World, rotation: str) -> None:
    Sku.objects.filter(pk=world.sku("MUG").pk).update(rotation=rotation)


def held(sku: Sku) -> list[int]:
    return list(Reservation.objects.filter(sku=sku, state="held").order_by("pk").values_list("pk", flat=True))


def bins_taken(world: World, units: int) -> list[tuple[int, int]]:
    hold(world.sku("MUG"), units)
    return [(bound.place_id, bound.qty) for bound in allocate(held(world.sku("MUG")))]


def test_first_in_first_out(world: World) -> None:
    oldest = arrive(world, 3, bin_=9, days_ago=9)
    middle = arrive(world, 3, bin_=10, days_ago=5)
    assert bins_taken(world, 5) == [(oldest, 3), (middle, 2)]


def test_last_in_first_out(world: World) -> None:
    rotate(world, "lifo")
    arrive(world, 3, bin_=9, days_ago=9)
    here = where(world.sku("MUG"), world.lyon).place_id
    assert bins_taken(world, 5) == [(here, 5)]


def test_first_expired_first_out_and_what_never_expires_comes_last(world: World) -> None:
    rotate(world, "fefo")
    mug = world.sku("MUG")
    lots = [
        Lot.objects.create(merchant=world.tilleul, sku=mug, code=code, expires_on=date(2027, month, 1))
        for code, month in (("LATE", 9), ("SOON", 2))
    ]
    late = arrive(world, 3, bin_=9, days_ago=20, lot=lots[0])
    soon = arrive(world, 3, bin_=10, days_ago=1, lot=lots[1])
    here = where(mug, world.lyon).place_id
    assert bins_taken(world, 8) == [(soon, 3), (late, 3), (here, 2)]


def test_among_equals_the_bin_that_becomes_empty_comes_first(world: World) -> None:
    at = timezone.now() - timedelta(days=3)
    mug, (a, b) = world.sku("MUG"), world.bins()[9:11]
    for place, units in ((a, 5), (b, 2)):
        post_movements([move(mug, units, source=virtual("found"), target=spot_of(place), occurred_at=at)], actor=SYSTEM)
    assert bins_taken(world, 3) == [(b.pk, 2), (a.pk, 1)]


def test_a_bin_that_was_emptied_and_filled_again_is_as_old_as_its_new_units(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    post_movements([move(mug, 20, source=here, target=virtual("loss"))], actor=SYSTEM)
    find(mug, 1, at=here)
    cell = StockCell.objects.get(sku=mug, place_id=here.place_id)
    assert isinstance(cell.first_in_at, datetime)
    assert cell.first_in_at > timezone.now() - timedelta(minutes=1)


@pytest.mark.parametrize("status", ["quarantined", "recalled", "expired"])
def test_a_lot_that_may_not_be_used_is_not_picked(world: World, status: str) -> None:
    mug = world.sku("MUG")
    lot = Lot.objects.create(merchant=world.tilleul, sku=mug, code="L", status=status)
    arrive(world, 5, bin_=9, days_ago=30, lot=lot)
    assert bins_taken(world, 4) == [(where(mug, world.lyon).place_id, 4)]


def test_what_is_bound_is_not_bound_again(world: World) -> None:
    hold(world.sku("MUG"), 5)
    assert sum(bound.qty for bound in allocate(held(world.sku("MUG")))) == 5
    assert allocate(held(world.sku("MUG"))) == []


def test_two_promises_are_never_bound_to_the_same_units(world: World) -> None:
    hold(world.sku("MUG"), 12, 8)
    bound = allocate(held(world.sku("MUG")))
    assert sum(b.qty for b in bound) == 20
    assert StockCell.objects.get(sku=world.sku("MUG"), kept=True).allocated == 20


def test_what_no_free_cell_holds_stays_unbound(world: World) -> None:
    mug = world.sku("MUG")
    hold(mug, 20)
    StockCell.objects.filter(sku=mug, kept=True).update(allocated=8)
    assert sum(bound.qty for bound in allocate(held(mug))) == 12
    StockCell.objects.filter(sku=mug, kept=True).update(allocated=12)


def test_what_is_owed_is_not_bound(world: World) -> None:
    hold(world.sku("MUG"), 25)
    every = list(Reservation.objects.values_list("pk", flat=True))
    assert sum(bound.qty for bound in allocate(every)) == 20


def test_many_promises_take_as_many_statements_as_one(world: World, django_assert_max_num_queries: Any) -> None:
    hold(world.sku("MUG"), *[1] * 15)
    with django_assert_max_num_queries(9):
        assert len(allocate(held(world.sku("MUG")))) == 15
    assert allocate([]) == []
