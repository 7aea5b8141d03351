"""Pallets and cartons on the dock: received onto plates, loaded by hand, put away whole, or taken apart again."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.catalog.actions.store_skus import store_skus
from colisage.catalog.models import Sku
from colisage.inbound.actions.choose_bin import AgainstRules, BinFrozen, WrongStorage
from colisage.inbound.actions.inspect_receipt import Finding, inspect_receipt
from colisage.inbound.actions.load_plate import PlateStandsElsewhere, PlateUsedUp, load_plate
from colisage.inbound.actions.lock_bin import NoSuchBin
from colisage.inbound.actions.lock_plate import PlateIsEmpty, PlateNotOnDock
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.put_away_many import InspectionDue, Portion
from colisage.inbound.actions.put_away_plate import PlateHeld, PlateTooBig, put_away_plate
from colisage.inbound.actions.receive_pallet import receive_pallet
from colisage.inbound.actions.refuse_portions import TooMany
from colisage.inbound.actions.save_checklist import Asked, save_checklist
from colisage.inbound.actions.save_putaway_rules import save_putaway_rules
from colisage.inbound.actions.unload_plate import unload_plate
from colisage.inbound.models import AnnouncedLine, Announcement, PlateLoad, Question, Receipt, Supplier
from colisage.inbound.queries.plated import dock_plates, plate_suggestions
from colisage.inbound.queries.shelving import bin_now
from colisage.inbound.rules.putaway import DEFAULT, Rule, judge_whole
from colisage.inventory.actions.change_condition import change_condition
from colisage.inventory.actions.close_plates import close_plates
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.make_plates import make_plates
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.actions.start_count import start_count
from colisage.inventory.models import CountTask, LicensePlate, Lot, StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.models import AuditEntry
from colisage.network.models import Place, StorageType
from tests.books import stand
from tests.cast import World
from tests.inbound.dock import at_the_dock, desk, lying, take_in

PALLET, BOXES = "376000190000000011", ("376000190000000028", "376000190000000035")
_documents = count(7_000_000)


def announce(world: World, *lines: tuple[str, int, str], pallet: str = PALLET) -> Announcement:
    """Announce units of SKUs, each in a carton or straight on the pallet."""
    supplier, _made = Supplier.objects.get_or_create(merchant=world.tilleul, code="POT", defaults={"name": "Poterie"})
    announced = Announcement.objects.create(
        merchant=world.tilleul, supplier=supplier, node=world.lyon, reference=f"ASN-{next(_documents)}", came_by="hand"
    )
    for code, units, box in lines:
        AnnouncedLine.objects.create(
            merchant=world.tilleul, announcement=announced, sku=world.sku(code), qty=units, sscc=box, pallet_sscc=pallet
        )
    return announced


def pallet(world: World, *lines: tuple[str, int, str]) -> int:
    """Receive a pallet; give its plate."""
    announce(world, *(lines or (("MUG", 24, ""),)))
    receive_pallet(world.tilleul.pk, sscc=PALLET, actor=SYSTEM)
    return LicensePlate.objects.get(code=PALLET).pk


def put(world: World, plate: int, code: str = "C-01-1", **facts: bool) -> int:
    return put_away_plate([world.tilleul.pk], plate_id=plate, bin_code=code, actor=SYSTEM, **facts)


def load(world: World, receipt: int, units: int, plate: int, document: int = 0) -> dict[int, int]:
    return load_plate(
        world.tilleul.pk,
        [Portion(receipt, units)],
        plate_id=plate,
        document=document or next(_documents),
        actor=SYSTEM,
    )


def plated(world: World) -> dict[tuple[str, str, str], int]:
    """Say what stands on plates: (plate, place, SKU) and units."""
    cells = StockCell.objects.filter(plate__isnull=False, kept=True, qty__gt=0, merchant=world.tilleul)
    return {
        (p, place, sku): n for p, place, sku, n in cells.values_list("plate__code", "place__code", "sku__code", "qty")
    }


def test_an_announced_pallet_stands_on_its_plate_with_its_cartons_and_goes_into_a_bin_whole(balanced: World) -> None:
    plate = pallet(balanced, ("MUG", 24, BOXES[0]), ("CARTE", 100, BOXES[1]), ("TAPIS", 2, ""))
    assert plated(balanced) == {
        (BOXES[0], "DOCK", "MUG"): 24, (BOXES[1], "DOCK", "CARTE"): 100, (PALLET, "DOCK", "TAPIS"): 2,
    }  # fmt: skip
    assert set(LicensePlate.objects.filter(code__in=BOXES).values_list("parent_id", flat=True)) == {plate}
    before = StockMovement.objects.count()
    assert put(balanced, plate) == 126
    assert {(code, place) for code, place, _sku in plated(balanced)} == {
        (BOXES[0], "C-01-1"), (BOXES[1], "C-01-1"), (PALLET, "C-01-1"),
    }  # fmt: skip
    assert StockMovement.objects.count() == before + 3
    assert stand(balanced.sku("MUG"), balanced.lyon) == (44, 0)
    assert set(Receipt.objects.values_list("put_away", "plated")) == {(24, 0), (100, 0), (2, 0)}
    assert not PlateLoad.objects.exists()
    documents = StockMovement.objects.filter(reason="putaway").values_list("doc_kind", "doc_id")
    assert {("putaway", pk) for pk in Receipt.objects.values_list("pk", flat=True)} == set(documents)
    with pytest.raises(PlateNotOnDock) as again:
        put(balanced, plate, "C-02-1")
    assert again.value.code == "plate_not_on_dock"
    assert "C·01·1" in str(again.value)
    assert stand(balanced.sku("MUG"), balanced.lyon) == (44, 0)


def test_a_carton_is_put_away_off_its_pallet_and_the_rest_stays(balanced: World) -> None:
    plate = pallet(balanced, ("MUG", 24, BOXES[0]), ("CARTE", 100, BOXES[1]))
    box = LicensePlate.objects.get(code=BOXES[0])
    assert put(balanced, box.pk) == 24
    box.refresh_from_db()
    assert box.parent_id is None
    assert plated(balanced) == {(BOXES[0], "C-01-1", "MUG"): 24, (BOXES[1], "DOCK", "CARTE"): 100}
    assert put(balanced, plate, "C-02-1") == 100


def test_a_number_in_use_elsewhere_is_no_plate_of_this_pallet(balanced: World) -> None:
    put(balanced, pallet(balanced))
    announce(balanced, ("MUG", 5, ""))
    assert receive_pallet(balanced.tilleul.pk, sscc=PALLET, actor=SYSTEM) == 5
    assert lying(balanced, "MUG") == {("dock", "sellable"): 5}
    assert plated(balanced) == {(PALLET, "C-01-1", "MUG"): 24}


def test_the_whole_plate_fits_or_the_bin_is_full(balanced: World) -> None:
    plate = pallet(balanced, ("MUG", 24, BOXES[0]), ("CARTE", 100, BOXES[1]))
    mugs, cards = 24 * 120 * 95 * 100, 100 * 148 * 105 * 1
    Place.objects.filter(node=balanced.lyon, code="C-01-1").update(volume_mm3=mugs + cards - 1)
    Place.objects.filter(node=balanced.lyon, code="C-02-1").update(max_grams=24 * 380 + 100 * 12 - 1)
    for code in ("C-01-1", "C-02-1"):
        with pytest.raises(PlateTooBig) as refused:
            put(balanced, plate, code, override=True)
        assert refused.value.code == "plate_too_big"
    assert not StockMovement.objects.filter(reason="putaway").exists()
    Place.objects.filter(node=balanced.lyon, code="C-01-1").update(volume_mm3=mugs + cards)
    assert put(balanced, plate) == 124


def test_the_suggestion_minds_every_rule_for_all_that_is_on_it(balanced: World) -> None:
    plate = pallet(balanced, ("MUG", 24, BOXES[0]))
    (suggested,) = plate_suggestions(dock_plates([balanced.tilleul.pk], plate_ids=[plate]))
    assert suggested.best is not None
    assert suggested.best.bin.code == "A-01-1"  # where the mugs lie
    Place.objects.filter(node=balanced.lyon, code="A-01-1").update(volume_mm3=30 * 120 * 95 * 100)
    (suggested,) = plate_suggestions(dock_plates([balanced.tilleul.pk], plate_ids=[plate]))
    assert suggested.best is not None
    assert suggested.best.bin.code != "A-01-1"
    full = bin_now(balanced.lyon.pk, place_ids=[balanced.bins()[0].pk], sku_ids=[balanced.sku("MUG").pk])
    assert full is not None
    there = judge_whole(suggested.goods, full, DEFAULT)
    assert [note.code for note in there.refusals] == ["full"]


def test_a_pallet_whose_goods_are_kept_apart_fits_no_bin(balanced: World) -> None:
    cold = StorageType.objects.get(code="cold").pk
    store_skus(balanced.tilleul.pk, sku_ids=[balanced.sku("CARTE").pk], storage_id=cold, actor=SYSTEM)
    plate = pallet(balanced, ("MUG", 24, BOXES[0]), ("CARTE", 100, BOXES[1]))
    Place.objects.filter(node=balanced.lyon, code="C-02-1").update(storage_id=cold)
    (suggested,) = plate_suggestions(dock_plates([balanced.tilleul.pk], plate_ids=[plate]))
    assert suggested.best is None
    for code in ("C-01-1", "C-02-1"):
        with pytest.raises(WrongStorage):
            put(balanced, plate, code, override=True)
    assert unload_plate([balanced.tilleul.pk], plate_id=plate, actor=SYSTEM) == 124
    assert not plated(balanced)
    assert lying(balanced, "MUG") == {("dock", "sellable"): 24}
    receipt = Receipt.objects.get(sku=balanced.sku("CARTE"))
    assert put_away(balanced.tilleul.pk, receipt_id=receipt.pk, bin_code="C-02-1", qty=100, actor=SYSTEM) == 0


def test_a_mixed_plate_is_against_one_sku_in_a_bin_and_a_manager_may_decide(balanced: World) -> None:
    save_putaway_rules(balanced.nord.pk, node_id=balanced.lyon.pk, rules=[Rule("alone", must=True)], actor=SYSTEM)
    plate = pallet(balanced, ("MUG", 24, BOXES[0]), ("CARTE", 100, BOXES[1]))
    with pytest.raises(AgainstRules):
        put(balanced, plate)
    page = reverse("put-away-plate", args=[plate])
    refused = at_the_dock(balanced).post(page, {"code": "C-01-1", "override": "C-01-1"})
    assert (refused.status_code, b"all the same" in refused.content) == (422, False)
    office = desk(balanced)
    assert b"Put it there all the same" in office.post(page, {"code": "C-01-1"}).content
    assert b"put away with 124 units" in office.post(page, {"code": "C-01-1", "override": "C-01-1"}).content
    assert AuditEntry.objects.get(verb="putaway_overridden").data["why"] == "mixed"


def test_a_foreign_a_frozen_and_an_unknown_bin_are_refused(balanced: World) -> None:
    plate = pallet(balanced)
    Place.objects.create(node=balanced.montreal, kind="bin", code="Z-01-1")
    for code in ("Z-01-1", "", "DOCK", "\0", "x" * 500):
        with pytest.raises(NoSuchBin):
            put(balanced, plate, code)
    frozen = Place.objects.get(node=balanced.lyon, code="C-03-1")
    count_bins(balanced.nord.pk, node_id=balanced.lyon.pk, bins=[(frozen.pk, "hand")], actor=SYSTEM)
    start_count(balanced.nord.pk, task_id=CountTask.objects.get().pk, actor=SYSTEM)
    with pytest.raises(BinFrozen):
        put(balanced, plate, "C-03-1", override=True)
    with pytest.raises(NotThere):
        put_away_plate([balanced.northwind.pk], plate_id=plate, bin_code="C-01-1", actor=SYSTEM)
    assert plated(balanced) == {(PALLET, "DOCK", "MUG"): 24}


def test_damaged_goods_take_the_whole_plate_to_quarantine_and_nowhere_else(balanced: World) -> None:
    plate = pallet(balanced, ("MUG", 24, BOXES[0]), ("CARTE", 100, BOXES[1]))
    cell = StockCell.objects.get(plate__code=BOXES[0], qty__gt=0)
    change_condition(
        [balanced.tilleul.pk], changes=[(cell.pk, 3)], condition="damaged", reason="fell", document=1, actor=SYSTEM
    )
    with pytest.raises(PlateHeld) as refused:
        put(balanced, plate)
    assert refused.value.code == "plate_held"
    assert "QUARANTINE" in str(refused.value)
    page = reverse("put-away-plate", args=[plate])
    phone = at_the_dock(balanced)
    assert b"cannot be sold" in phone.get(page).content
    assert b"put away with 124 units" in phone.post(page, {"code": "quarantine"}).content
    assert {place for _code, place, _sku in plated(balanced)} == {"QUARANTINE"}
    assert stand(balanced.sku("CARTE"), balanced.lyon) == (20, 0)
    assert [r.left for r in Receipt.objects.all()] == [0, 0]


def test_what_is_damaged_goes_to_quarantine_when_the_goods_are_taken_off(balanced: World) -> None:
    plate = pallet(balanced, ("MUG", 24, BOXES[0]), ("CARTE", 100, BOXES[1]))
    cell = StockCell.objects.get(plate__code=BOXES[0], qty__gt=0)
    change_condition(
        [balanced.tilleul.pk], changes=[(cell.pk, 3)], condition="damaged", reason="fell", document=1, actor=SYSTEM
    )
    done = at_the_dock(balanced).post(reverse("put-away-unload", args=[plate]))
    assert done.headers["Location"] == reverse("put-away")
    assert lying(balanced, "MUG") == {("dock", "sellable"): 21, ("quarantine", "damaged"): 3}
    receipt = Receipt.objects.get(sku=balanced.sku("MUG"))
    assert (receipt.loose, receipt.plated, receipt.put_away) == (21, 0, 3)
    assert put_away(balanced.tilleul.pk, receipt_id=receipt.pk, bin_code="C-01-1", qty=21, actor=SYSTEM) == 0


def test_units_of_a_held_lot_come_into_the_bin_held(balanced: World) -> None:
    Sku.objects.filter(pk=balanced.sku("MUG").pk).update(tracks_lots=True)
    AnnouncedLine.objects.filter(announcement=announce(balanced, ("MUG", 24, ""))).update(lot="L-7")
    receive_pallet(balanced.tilleul.pk, sscc=PALLET, actor=SYSTEM)
    lot, plate = Lot.objects.get(code="L-7"), LicensePlate.objects.get(code=PALLET).pk
    set_lot_status(balanced.tilleul.pk, lot_ids=[lot.pk], status="quarantined", reason="glaze", actor=SYSTEM)
    page = reverse("put-away-plate", args=[plate])
    assert b"its lot is held back" in at_the_dock(balanced).get(page).content
    put(balanced, plate)
    assert StockCell.objects.get(lot=lot, place__code="C-01-1", qty__gt=0).condition == "held"
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 0)
    set_lot_status(balanced.tilleul.pk, lot_ids=[lot.pk], status="approved", reason="fine", actor=SYSTEM)
    assert stand(balanced.sku("MUG"), balanced.lyon) == (44, 0)


def test_inspection_comes_before_put_away_and_failed_units_come_off_the_plate(balanced: World) -> None:
    save_checklist(balanced.tilleul.pk, name="Glaze", questions=[Asked(text="Cracked?", kind="yes_no")], actor=SYSTEM)
    plate = pallet(balanced)
    with pytest.raises(InspectionDue):
        put(balanced, plate)
    phone = at_the_dock(balanced)
    shown = phone.get(reverse("put-away-plate", args=[plate])).content.decode()
    receipt = Receipt.objects.get()
    assert reverse("inspect", args=[receipt.pk]) in shown
    finding = Finding(answers={Question.objects.get().pk: "no"}, failed_units=4)
    inspect_receipt(balanced.tilleul.pk, receipt_id=receipt.pk, finding=finding, actor=SYSTEM)
    assert plated(balanced) == {(PALLET, "DOCK", "MUG"): 20}
    assert lying(balanced, "MUG") == {("dock", "sellable"): 20, ("quarantine", "quarantine"): 4}
    assert put(balanced, plate) == 20
    receipt.refresh_from_db()
    assert (receipt.rejected, receipt.put_away, receipt.plated) == (4, 20, 0)


def test_units_are_loaded_onto_a_plate_by_scan_and_the_same_tap_twice_loads_once(balanced: World) -> None:
    receipt = take_in(balanced)
    ((plate, code),) = make_plates(balanced.tilleul.pk, count=1, actor=SYSTEM)
    phone, page = at_the_dock(balanced), reverse("put-away-one", args=[receipt])
    told = {"code": code, "qty": "4", "document": phone.get(page).context["document"]}
    for _tap in range(2):
        assert phone.post(page, told).status_code == 200
    assert plated(balanced) == {(code, "DOCK", "MUG"): 4}
    assert load(balanced, receipt, 2, plate) == {receipt: 4}
    with pytest.raises(TooMany):
        load(balanced, receipt, 5, plate)
    with pytest.raises(TooMany):
        put_away(balanced.tilleul.pk, receipt_id=receipt, bin_code="C-01-1", qty=5, actor=SYSTEM)
    assert put_away(balanced.tilleul.pk, receipt_id=receipt, bin_code="C-01-1", qty=4, actor=SYSTEM) == 0
    assert put(balanced, plate, "C-02-1") == 6
    assert Receipt.objects.get().left == 0


def test_plates_that_cannot_be_loaded_are_refused(balanced: World) -> None:
    receipt = take_in(balanced)
    (closed, _c), (away, _a), (empty, _e) = make_plates(balanced.tilleul.pk, count=3, actor=SYSTEM)
    close_plates([balanced.tilleul.pk], plate_ids=[closed], actor=SYSTEM)
    other = take_in(balanced, "CARTE")
    load(balanced, other, 10, away)
    put(balanced, away)
    with pytest.raises(PlateUsedUp):
        load(balanced, receipt, 1, closed)
    with pytest.raises(PlateStandsElsewhere) as refused:
        load(balanced, receipt, 1, away)
    assert "C·01·1" in str(refused.value)
    with pytest.raises(PlateIsEmpty):
        put(balanced, empty)
    ((foreign, _code),) = make_plates(balanced.northwind.pk, count=1, actor=SYSTEM)
    with pytest.raises(NotThere):
        load(balanced, receipt, 1, foreign)
    assert lying(balanced, "MUG") == {("dock", "sellable"): 10}
    assert Receipt.objects.get(pk=receipt).plated == 0


def test_taking_a_receipt_back_takes_it_off_its_plate(balanced: World) -> None:
    receipt = take_in(balanced)
    ((plate, _code),) = make_plates(balanced.tilleul.pk, count=1, actor=SYSTEM)
    load(balanced, receipt, 6, plate)
    at_the_dock(balanced).post(reverse("receipt-undo", args=[receipt]))
    assert not lying(balanced, "MUG")
    assert not PlateLoad.objects.exists()
    assert Receipt.objects.get().undone_at is not None


def test_a_scan_on_the_list_finds_the_plate_the_item_or_says_so(balanced: World) -> None:
    plate = pallet(balanced)
    receipt = take_in(balanced, "CARTE")
    phone, page = at_the_dock(balanced), reverse("put-away")
    listed = phone.get(page).content.decode()
    assert PALLET in listed
    assert phone.post(page, {"code": f"00{PALLET}"}).headers["Location"] == reverse("put-away-plate", args=[plate])
    assert phone.post(page, {"code": "CARTE"}).headers["Location"] == reverse("put-away-one", args=[receipt])
    for code in ("MUG", "nonsense", "\0", "9" * 400):
        assert phone.post(page, {"code": code}).status_code == 422
    take_in(balanced, "CARTE", 3)
    several = phone.post(page, {"code": "CARTE"}, follow=True)
    assert (several.status_code, several.content.count(b"Carte postale")) == (200, 2)


def test_nobody_of_another_merchant_sees_or_moves_a_plate(balanced: World) -> None:
    plate = pallet(balanced)
    stranger = at_the_dock(balanced, balanced.dee)
    for name in ("put-away-plate", "put-away-unload"):
        assert stranger.post(reverse(name, args=[plate]), {"code": "C-01-1"}).status_code == 404
    assert stranger.get(reverse("put-away-plate", args=[2**70])).status_code == 404
    picker = desk(balanced)
    picker.force_login(balanced.bo)
    assert picker.post(reverse("put-away-plate", args=[plate]), {"code": "C-01-1"}).status_code == 403
    assert plated(balanced) == {(PALLET, "DOCK", "MUG"): 24}


def test_many_plates_are_listed_in_as_many_statements_as_few(balanced: World) -> None:
    phone = at_the_dock(balanced)

    def more(n: int) -> None:
        for _plate in range(n):
            receipt = take_in(balanced, good=2)
            ((plate, _code),) = make_plates(balanced.tilleul.pk, count=1, actor=SYSTEM)
            load(balanced, receipt, 2, plate)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert phone.get(reverse("put-away")).status_code == 200
        return len(queries)

    more(3)
    asked()
    few = asked()
    more(30)
    assert asked() == few
