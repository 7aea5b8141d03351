"""A bin holds what it holds: everybody's goods count, and two who fill it do so one after the other."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.utils.translation import override

from colisage.inbound.actions.choose_bin import BinFull
from colisage.inbound.actions.load_plate import load_plate
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.put_away_many import Portion
from colisage.inbound.actions.put_away_plate import PlateTooBig, put_away_plate
from colisage.inbound.queries.shelving import bin_now
from colisage.inventory.actions.make_plates import make_plates
from colisage.inventory.actions.move_plates import move_plates
from colisage.inventory.actions.move_stock import Shift, move_stock
from colisage.inventory.models import StockCell
from colisage.inventory.queries.room import rooms_of
from colisage.inventory.rules.moving import NoRoom
from colisage.kit.actors import SYSTEM
from colisage.kit.walls import behind_the_wall
from colisage.network.models import Node, Place
from tests.books import find, spot_of
from tests.cast import World
from tests.inbound.dock import take_in
from tests.together import at_once, faults

_documents = count(8_000_000)
MUG_GRAMS = 380


def narrow(node: Node, code: str, mugs: int) -> Place:
    """Give a bin that bears so many mugs."""
    place = Place.objects.get(node=node, code=code)
    Place.objects.filter(pk=place.pk).update(max_grams=mugs * MUG_GRAMS)
    return place


def plate_of(world: World, units: int) -> int:
    receipt = take_in(world, good=units)
    ((plate, _code),) = make_plates(world.tilleul.pk, count=1, actor=SYSTEM)
    load_plate(world.tilleul.pk, [Portion(receipt, units)], plate_id=plate, document=next(_documents), actor=SYSTEM)
    return plate


def in_bin(code: str) -> int:
    cells = StockCell.objects.filter(place__code=code, kept=True, qty__gt=0)
    return sum(cells.values_list("qty", flat=True))


def test_the_goods_of_a_merchant_one_does_not_see_fill_the_bin_too(balanced: World) -> None:
    place = narrow(balanced.montreal, "C-01-1", 10)
    theirs = balanced.northwind_skus["MUG"]
    find(theirs, 7, at=spot_of(place))
    mugs = balanced.sku("MUG")
    find(mugs, 10, at=spot_of(Place.objects.get(node=balanced.montreal, code="C-02-1")))
    receipt = take_in(balanced, node_id=balanced.montreal.pk)
    only_tilleul = {"merchants": [balanced.tilleul.pk], "operators": [balanced.boreal.pk]}
    with behind_the_wall(**only_tilleul):
        assert not StockCell.objects.filter(sku=theirs.pk).exists()
        seen = bin_now(balanced.montreal.pk, place_ids=[place.pk], sku_ids=[theirs.pk, mugs.pk])
        assert seen is not None
        assert (seen.used_grams, seen.strangers, seen.skus) == (7 * MUG_GRAMS, 1, frozenset())
        assert rooms_of([place.pk])[place.pk].taken_grams == 7 * MUG_GRAMS
        with pytest.raises(BinFull) as refused:
            put_away(balanced.tilleul.pk, receipt_id=receipt, bin_code="C-01-1", qty=4, actor=SYSTEM)
        with override("en"):
            assert "3 of 4" in str(refused.value)
        cell = StockCell.objects.get(sku=mugs, place__code="C-02-1", node=balanced.montreal, qty__gt=0)
        with pytest.raises(NoRoom):
            move_stock(
                [balanced.tilleul.pk], node_ids=[balanced.montreal.pk], shifts=[Shift(cell.pk, 4, place.pk)],
                document=next(_documents), actor=SYSTEM,
            )  # fmt: skip
        put_away(balanced.tilleul.pk, receipt_id=receipt, bin_code="C-01-1", qty=3, actor=SYSTEM)
    assert in_bin("C-01-1") == 10


def test_sums_of_places_one_does_not_see_are_not_told(balanced: World) -> None:
    place = Place.objects.get(node=balanced.montreal, code="A-01-1")
    with behind_the_wall(merchants=[balanced.tilleul.pk], operators=[balanced.nord.pk]):
        assert rooms_of([place.pk]) == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["put_away", "plates", "move"])
def test_two_who_fill_one_bin_at_the_same_moment_do_not_overfill_it(balanced: World, way: str) -> None:
    narrow(balanced.lyon, "C-01-1", 10)
    place = Place.objects.get(node=balanced.lyon, code="C-01-1")
    doings = [ways(balanced, place)[way]() for _person in range(4)]
    done = at_once(*doings)
    assert in_bin("C-01-1") == 6
    assert len(faults(done)) == 3
    assert {type(fault) for fault in faults(done)} == {
        "put_away": {BinFull}, "plates": {PlateTooBig}, "move": {NoRoom}
    }[way]  # fmt: skip


def ways(world: World, place: Place) -> dict[str, Callable[[], Callable[[], Any]]]:
    """Give for each way to fill a bin what makes ready one person who brings six units."""

    def loose() -> Callable[[], Any]:
        receipt = take_in(world, good=6)
        return lambda: put_away(world.tilleul.pk, receipt_id=receipt, bin_code=place.code, qty=6, actor=SYSTEM)

    def plates() -> Callable[[], Any]:
        plate = plate_of(world, 6)
        return lambda: put_away_plate([world.tilleul.pk], plate_id=plate, bin_code=place.code, actor=SYSTEM)

    def moved() -> Callable[[], Any]:
        other = Place.objects.create(node=world.lyon, kind="bin", code=f"Y-{next(_documents)}")
        find(world.sku("MUG"), 6, at=spot_of(other))
        cell, document = StockCell.objects.get(place=other, qty__gt=0).pk, next(_documents)
        return lambda: move_stock(
            [world.tilleul.pk], node_ids=[world.lyon.pk], shifts=[Shift(cell, 6, place.pk)], document=document,
            actor=SYSTEM,
        )  # fmt: skip

    return {"put_away": loose, "plates": plates, "move": moved}


def test_a_plate_moved_by_hand_minds_what_others_put_there(balanced: World) -> None:
    place = narrow(balanced.lyon, "C-01-1", 10)
    plate = plate_of(balanced, 6)
    put_away_plate([balanced.tilleul.pk], plate_id=plate, bin_code="C-02-1", actor=SYSTEM)
    find(balanced.sku("MUG"), 5, at=spot_of(place))
    with pytest.raises(NoRoom):
        move_plates(
            [balanced.tilleul.pk], node_ids=[balanced.lyon.pk], plate_ids=[plate], place_id=place.pk,
            document=next(_documents), actor=SYSTEM,
        )  # fmt: skip
