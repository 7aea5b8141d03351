"""Loose units that were found damaged on the dock: no bin takes them, and the phone says where they go."""

from itertools import count

import pytest
from django.urls import reverse
from django.utils.translation import override

from colisage.inbound.actions.load_plate import load_plate
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.put_away_many import Portion
from colisage.inbound.actions.quarantine_loose import NothingHeld, quarantine_loose
from colisage.inbound.actions.refuse_held import UnitsHeld
from colisage.inbound.actions.undo_receipt import NoLongerOnDock, undo_receipt
from colisage.inbound.models import Receipt
from colisage.inventory.actions.change_condition import change_condition
from colisage.inventory.models import LicensePlate, StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from tests.cast import World
from tests.inbound.dock import at_the_dock, lying, take_in
from tests.inbound.test_inspections import asks
from tests.inbound.test_inspections import find as judge

_documents = count(8_000_000)


def mark(world: World, units: int, condition: str = "damaged", code: str = "MUG") -> None:
    """Find units on the dock damaged."""
    cell = StockCell.objects.get(sku=world.sku(code), place__kind="dock", condition="sellable", qty__gt=0)
    change_condition(
        [world.tilleul.pk], changes=[(cell.pk, units)], condition=condition, reason="fell off", actor=SYSTEM,
        document=next(_documents),
    )  # fmt: skip


def test_units_found_damaged_are_neither_put_away_nor_loaded(balanced: World) -> None:
    receipt = take_in(balanced, good=10)
    mark(balanced, 3)
    plate = LicensePlate.objects.create(merchant=balanced.tilleul, code="P-1")
    before = StockMovement.objects.count()
    with override("en"), pytest.raises(UnitsHeld, match=r"Only 7 .* 3 .* QUARANTINE"):
        put_away(balanced.tilleul.pk, receipt_id=receipt, bin_code="C-01-1", qty=8, actor=SYSTEM)
    with pytest.raises(UnitsHeld):
        load_plate(
            balanced.tilleul.pk, [Portion(receipt, 8)], plate_id=plate.pk, document=next(_documents), actor=SYSTEM
        )
    assert StockMovement.objects.count() == before
    assert Receipt.objects.get().put_away == 0


def test_they_go_to_quarantine_once_and_the_others_into_their_bin(balanced: World) -> None:
    receipt = take_in(balanced, good=10)
    mark(balanced, 3)
    mark(balanced, 2, condition="quarantine")
    assert put_away(balanced.tilleul.pk, receipt_id=receipt, bin_code="C-01-1", qty=1, actor=SYSTEM) == 9
    assert quarantine_loose(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM) == 5
    with pytest.raises(NothingHeld):
        quarantine_loose(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)
    assert put_away(balanced.tilleul.pk, receipt_id=receipt, bin_code="C-01-1", qty=4, actor=SYSTEM) == 0
    assert lying(balanced, "MUG") == {("quarantine", "damaged"): 3, ("quarantine", "quarantine"): 2}


def test_receipts_alike_share_what_is_sellable(balanced: World) -> None:
    first, second = take_in(balanced, good=4), take_in(balanced, good=4)
    mark(balanced, 6)
    with override("en"), pytest.raises(UnitsHeld, match="Only 2 "):
        put_away(balanced.tilleul.pk, receipt_id=first, bin_code="C-01-1", qty=3, actor=SYSTEM)
    assert quarantine_loose(balanced.tilleul.pk, receipt_id=first, actor=SYSTEM) == 4
    assert quarantine_loose(balanced.tilleul.pk, receipt_id=second, actor=SYSTEM) == 2
    assert put_away(balanced.tilleul.pk, receipt_id=second, bin_code="C-01-1", qty=2, actor=SYSTEM) == 0


def test_nobody_else_brings_them_to_quarantine(balanced: World) -> None:
    receipt = take_in(balanced, good=4)
    mark(balanced, 4)
    with pytest.raises(NotThere):
        quarantine_loose(balanced.northwind.pk, receipt_id=receipt, actor=SYSTEM)
    assert lying(balanced, "MUG") == {("dock", "damaged"): 4}


def test_the_phone_lists_them_offers_quarantine_and_takes_the_scan(balanced: World) -> None:
    receipt = take_in(balanced, good=5)
    mark(balanced, 2)
    phone, page = at_the_dock(balanced), reverse("put-away-one", args=[receipt])
    assert "2 units to quarantine" in phone.get(reverse("put-away")).content.decode()
    shown = phone.get(page).content.decode()
    assert "2 units cannot be sold: damaged." in shown
    assert "QUARANTINE" in shown
    assert 'id="qty" name="qty" inputmode="numeric" value="3"' in shown
    refused = phone.post(page, {"code": "C-01-1", "qty": "5"})
    assert (refused.status_code, "Only 3 of these units" in refused.content.decode()) == (422, True)
    assert phone.post(page, {"code": "C-01-1", "qty": "3"}).status_code == 200
    left = phone.get(page).content.decode()
    assert 'name="qty"' not in left
    assert "Scan the quarantine place" in left
    assert phone.post(page, {"code": "quarantine"}).headers["Location"] == reverse("put-away")
    assert lying(balanced, "MUG") == {("quarantine", "damaged"): 2}


def test_quarantine_is_no_place_for_what_can_be_sold(balanced: World) -> None:
    page = reverse("put-away-one", args=[take_in(balanced, good=5)])
    refused = at_the_dock(balanced).post(page, {"code": "QUARANTINE", "qty": "5"})
    assert (refused.status_code, "can be sold" in refused.content.decode()) == (422, True)
    assert lying(balanced, "MUG") == {("dock", "sellable"): 5}


def test_an_inspection_fails_more_than_are_sellable_and_takes_the_damaged_ones_along(balanced: World) -> None:
    asks(balanced)
    receipt = take_in(balanced, good=10)
    mark(balanced, 4)
    assert not judge(balanced, receipt, "no", "100", failed=8)
    assert lying(balanced, "MUG") == {("dock", "damaged"): 2, ("quarantine", "quarantine"): 8}
    undo_receipt(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)
    assert lying(balanced, "MUG") == {}


def test_a_receipt_all_of_which_was_found_damaged_fails_its_inspection(balanced: World) -> None:
    asks(balanced)
    receipt = take_in(balanced, good=3)
    mark(balanced, 3)
    assert not judge(balanced, receipt, "no", "100", failed=3)
    assert lying(balanced, "MUG") == {("quarantine", "quarantine"): 3}


@pytest.mark.parametrize("plated", [0, 6])
def test_a_receipt_is_taken_back_with_the_units_found_damaged_on_the_dock(balanced: World, plated: int) -> None:
    receipt = take_in(balanced, good=10)
    if plated:
        plate = LicensePlate.objects.create(merchant=balanced.tilleul, code="P-1")
        load_plate(
            balanced.tilleul.pk, [Portion(receipt, plated)], plate_id=plate.pk, document=next(_documents), actor=SYSTEM
        )
    for cell in StockCell.objects.filter(place__kind="dock", condition="sellable", qty__gt=0):
        change_condition(
            [balanced.tilleul.pk], changes=[(cell.pk, 2)], condition="damaged", reason="fell", actor=SYSTEM,
            document=next(_documents),
        )  # fmt: skip
    undo_receipt(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)
    assert lying(balanced, "MUG") == {}


def test_what_left_the_dock_for_quarantine_is_not_taken_back(balanced: World) -> None:
    receipt = take_in(balanced, good=10)
    mark(balanced, 4)
    quarantine_loose(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)
    with pytest.raises(NoLongerOnDock):
        undo_receipt(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)
    assert lying(balanced, "MUG") == {("dock", "sellable"): 6, ("quarantine", "damaged"): 4}
