"""A serial number is one unit: named when it comes, on hand once, whoever receives it."""

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from colisage.catalog.models import Sku
from colisage.inventory.actions.post_movements import SerialMissing, SerialTwice, post_movements
from colisage.inventory.actions.save_serials import (
    NotASerial,
    SerialNamedTwice,
    SerialOnHand,
    SerialUnreadable,
    save_serials,
)
from colisage.inventory.models import Lot, StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from tests.books import find, move, spot_of, virtual
from tests.cast import World
from tests.together import at_once, faults

pytestmark = pytest.mark.usefixtures("balanced")


@pytest.fixture
def lamp(world: World) -> Sku:
    Sku.objects.filter(pk=world.sku("LAMPE").pk).update(tracks_serials=True)
    return world.sku("LAMPE")


def save(lamp: Sku, *codes: str) -> list[int]:
    return list(save_serials(lamp.merchant_id, serials=[(lamp.pk, code) for code in codes]).values())


def on_hand(lamp: Sku) -> list[str]:
    cells = StockCell.objects.filter(sku=lamp, lot__is_serial=True, qty__gt=0, kept=True)
    return sorted(cells.values_list("lot__code", flat=True))


def take_in(world: World, lamp: Sku, *codes: str, bin_: int = 9) -> None:
    post_movements(
        [
            move(lamp, 1, source=virtual("supplier"), target=spot_of(world.bins()[bin_], lot_id=pk))
            for pk in save(lamp, *codes)
        ],
        actor=SYSTEM,
    )


def test_each_serial_number_is_a_lot_of_one(world: World, lamp: Sku) -> None:
    take_in(world, lamp, "S-1", " S-2 ")
    assert on_hand(lamp) == ["S-1", "S-2"]
    assert set(Lot.objects.values_list("is_serial", flat=True)) == {True}


def test_a_number_that_is_in_the_house_is_refused_by_name(world: World, lamp: Sku) -> None:
    take_in(world, lamp, "S-1", "S-2")
    with pytest.raises(SerialOnHand) as refusal:
        save(lamp, "S-3", "S-2")
    assert refusal.value.code == "serial_on_hand"
    assert "S-2" in str(refusal.value)
    assert not Lot.objects.filter(code="S-3").exists()


def test_a_number_that_left_the_house_may_come_again(world: World, lamp: Sku) -> None:
    take_in(world, lamp, "S-1")
    lot = Lot.objects.get(code="S-1")
    here = spot_of(world.bins()[9], lot_id=lot.pk)
    post_movements([move(lamp, 1, source=here, target=virtual("customer"))], actor=SYSTEM)
    assert save(lamp, "S-1") == [lot.pk]


@pytest.mark.parametrize(
    ("codes", "refusal"),
    [
        (["S-1", "S-1"], SerialNamedTwice),
        (["S-1", " S-1"], SerialNamedTwice),
        (["  "], SerialUnreadable),
        (["x" * 81], SerialUnreadable),
        (["S\x00"], SerialUnreadable),
        (["S\n1"], SerialUnreadable),
        (["LOT"], NotASerial),
    ],
)
def test_what_is_no_serial_number_is_refused_and_nothing_is_made(
    world: World, lamp: Sku, codes: list[str], refusal: type[Exception]
) -> None:
    Lot.objects.create(merchant=world.tilleul, sku=lamp, code="LOT")
    with pytest.raises(refusal):
        save(lamp, *codes)
    assert not Lot.objects.filter(is_serial=True).exists()


def test_the_same_number_of_two_skus_is_two_units(world: World, lamp: Sku) -> None:
    mug = world.sku("MUG")
    made = save_serials(world.tilleul.pk, serials=[(lamp.pk, "S-1"), (mug.pk, "S-1")])
    assert len(set(made.values())) == 2


def test_a_thousand_numbers_take_as_many_statements_as_one(
    world: World, lamp: Sku, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        assert len(save(lamp, *(f"S-{n}" for n in range(1000)))) == 1000


def test_a_second_unit_of_a_serial_number_is_refused(world: World, lamp: Sku) -> None:
    take_in(world, lamp, "S-1")
    lot = Lot.objects.get(code="S-1")
    for bin_ in (9, 10):
        with pytest.raises(SerialTwice) as refusal:
            find(lamp, 1, at=spot_of(world.bins()[bin_], lot_id=lot.pk))
        assert refusal.value.code == "serial_twice"
    with pytest.raises(SerialTwice):
        save_and_find_two(world, lamp)
    assert on_hand(lamp) == ["S-1"]


def save_and_find_two(world: World, lamp: Sku) -> None:
    [pk] = save(lamp, "S-2")
    find(lamp, 2, at=spot_of(world.bins()[10], lot_id=pk))


def test_a_unit_without_its_number_does_not_come_in(world: World, lamp: Sku) -> None:
    lot = Lot.objects.create(merchant=world.tilleul, sku=lamp, code="LOT")
    for spot in (spot_of(world.bins()[9]), spot_of(world.bins()[9], lot_id=lot.pk)):
        with pytest.raises(SerialMissing) as refusal:
            find(lamp, 1, at=spot)
        assert refusal.value.code == "serial_missing"


def test_a_unit_does_not_lose_its_number_in_the_house(world: World, lamp: Sku) -> None:
    take_in(world, lamp, "S-1")
    here = spot_of(world.bins()[9], lot_id=Lot.objects.get().pk)
    with pytest.raises(SerialMissing):
        post_movements([move(lamp, 1, source=here, target=spot_of(world.bins()[10]))], actor=SYSTEM)
    post_movements([move(lamp, 1, source=here, target=spot_of(world.bins()[10], lot_id=here.lot_id))], actor=SYSTEM)
    assert on_hand(lamp) == ["S-1"]


def test_units_from_before_the_numbers_can_still_be_moved_and_sent(world: World, lamp: Sku) -> None:
    cell = StockCell.objects.get(sku=lamp, kept=True)
    there = spot_of(world.bins()[11])
    post_movements([move(lamp, 3, source=spot_of(cell.place), target=there)], actor=SYSTEM)
    post_movements([move(lamp, 3, source=there, target=virtual("customer"))], actor=SYSTEM)


def test_the_database_refuses_a_second_unit_whatever_the_code_says(world: World, lamp: Sku) -> None:
    take_in(world, lamp, "S-1")
    outside = StockCell.objects.get(sku=lamp, place__kind="supplier")
    inside = StockCell.objects.get(lot__code="S-1", kept=True)
    with pytest.raises(IntegrityError, match="serial_once"), transaction.atomic():
        StockMovement.objects.create(
            merchant=world.tilleul, sku=lamp, from_cell=outside, to_cell=inside, qty=1, reason="x",
            actor_kind="system", doc_kind="x", doc_id=1,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_same_number_received_by_several_at_once_comes_in_once(world: World, lamp: Sku) -> None:
    for code in ("S-0", "S-1", "S-2", "S-3"):
        done = at_once(*(partial(take_in, world, lamp, code, bin_=bin_) for bin_ in (8, 9, 10, 11)))
        assert len(faults(done)) == 3
        assert {type(fault) for fault in faults(done)} <= {SerialTwice, SerialOnHand}
    assert on_hand(lamp) == ["S-0", "S-1", "S-2", "S-3"]


@pytest.mark.django_db(transaction=True)
def test_numbers_received_crosswise_by_two_at_once_do_not_deadlock(world: World, lamp: Sku) -> None:
    codes = [f"S-{n}" for n in range(12)]
    done = at_once(lambda: take_in(world, lamp, *codes, bin_=8), lambda: take_in(world, lamp, *reversed(codes), bin_=9))
    assert [type(fault) in {SerialTwice, SerialOnHand} for fault in faults(done)] == [True]
    assert len(on_hand(lamp)) == 12


@pytest.mark.django_db(transaction=True)
def test_numbers_saved_crosswise_by_two_at_once_do_not_deadlock(world: World, lamp: Sku) -> None:
    """Many, so that each is still writing when it comes to what the other has written."""
    codes = [f"S-{n:04}" for n in range(2000)]
    first, second = at_once(lambda: save(lamp, *codes), lambda: save(lamp, *reversed(codes)))
    assert [first, second[::-1]] == [first, first]
