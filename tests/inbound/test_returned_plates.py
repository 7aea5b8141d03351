"""Goods in quarantine on plates go back to their supplier from there, some of them or the whole plate."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from colisage.inbound.actions.advance_supplier_return import NoLongerInQuarantine, Step, advance_supplier_return
from colisage.inbound.actions.draft_supplier_return import Back, NotInQuarantine, draft_supplier_return
from colisage.inbound.models import Supplier, SupplierReturn, SupplierReturnLine
from colisage.inbound.queries.supplier_return_pdf import supplier_return_pdf
from colisage.inbound.queries.supplier_returns import waiting_page
from colisage.inventory.models import LicensePlate, StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.network.models import Place
from tests.books import find, lose, spot_of
from tests.cast import World
from tests.inbound.dock import desk


def plate(world: World, code: str, on: LicensePlate | None = None) -> LicensePlate:
    return LicensePlate.objects.create(merchant=world.tilleul, code=code, parent=on)


def stand(world: World, code: str, units: int, on: LicensePlate | None = None, place: Place | None = None) -> int:
    """Let damaged units stand in quarantine; give their cell."""
    place = place or Place.objects.get(node=world.lyon, kind="quarantine")
    find(world.sku(code), units, at=spot_of(place, plate_id=on.pk if on else None, condition="damaged"))
    return StockCell.objects.get(sku=world.sku(code), place=place, plate=on, condition="damaged").pk


def supplier(world: World) -> int:
    return Supplier.objects.get_or_create(merchant=world.tilleul, code="POT", defaults={"name": "Poterie"})[0].pk


def draft(world: World, *lines: tuple[int, int], plates: tuple[int, ...] = ()) -> int:
    told = [Back(cell, units, "damaged") for cell, units in lines]
    return draft_supplier_return(world.tilleul.pk, told, supplier_id=supplier(world), plate_ids=plates, actor=SYSTEM)


def send(world: World, document: int) -> None:
    advance_supplier_return(world.tilleul.pk, return_id=document, step=Step(to="sent"), actor=SYSTEM)


def test_some_units_leave_the_plate_they_lie_on_and_the_plate_stays(balanced: World) -> None:
    pallet = plate(balanced, "P-1")
    cell, loose = stand(balanced, "MUG", 10, on=pallet), stand(balanced, "MUG", 4)
    send(balanced, draft(balanced, (cell, 3)))
    assert StockCell.objects.get(pk=cell).qty == 7
    assert StockCell.objects.get(pk=loose).qty == 4
    assert StockMovement.objects.get(doc_kind="supplier_return").from_cell_id == cell
    pallet.refresh_from_db()
    assert pallet.closed_at is None


def test_a_whole_plate_goes_with_the_plates_on_it_and_is_closed(balanced: World) -> None:
    pallet = plate(balanced, "P-1")
    carton = plate(balanced, "C-1", on=pallet)
    cells = [stand(balanced, "MUG", 10, on=pallet), stand(balanced, "CARTE", 50, on=carton)]
    document = draft(balanced, plates=(pallet.pk,))
    assert list(SupplierReturnLine.objects.order_by("pk").values_list("plate", "units")) == [
        (pallet.pk, 10),
        (carton.pk, 50),
    ]
    send(balanced, document)
    assert not StockCell.objects.filter(pk__in=cells, qty__gt=0).exists()
    assert not LicensePlate.objects.filter(closed_at=None).exists()
    _number, pdf = supplier_return_pdf([balanced.tilleul.pk], return_id=document)
    assert "P-1" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_a_carton_that_goes_whole_leaves_its_pallet_open(balanced: World) -> None:
    pallet = plate(balanced, "P-1")
    carton = plate(balanced, "C-1", on=pallet)
    stand(balanced, "MUG", 10, on=pallet)
    stand(balanced, "CARTE", 50, on=carton)
    send(balanced, draft(balanced, plates=(carton.pk,)))
    assert list(LicensePlate.objects.filter(closed_at=None).values_list("code", flat=True)) == ["P-1"]


def test_units_on_a_plate_are_on_one_return_only(balanced: World) -> None:
    pallet = plate(balanced, "P-1")
    cell, loose = stand(balanced, "MUG", 10, on=pallet), stand(balanced, "MUG", 4)
    draft(balanced, (cell, 8))
    with pytest.raises(NotInQuarantine):
        draft(balanced, (cell, 3))
    with pytest.raises(NotInQuarantine):
        draft(balanced, plates=(pallet.pk,))
    draft(balanced, (cell, 2), (loose, 4))  # those that lie by themselves are others
    assert SupplierReturn.objects.count() == 2


def test_units_alike_in_two_places_are_counted_together(balanced: World) -> None:
    first = Place.objects.get(node=balanced.lyon, kind="quarantine")
    second = Place.objects.create(node=balanced.lyon, zone=first.zone, kind="quarantine", code="QUARANTINE-2")
    here, there = stand(balanced, "MUG", 3, place=first), stand(balanced, "MUG", 3, place=second)
    draft(balanced, (here, 2))
    with pytest.raises(NotInQuarantine):
        draft(balanced, (here, 2), (there, 3))
    document = draft(balanced, (here, 1), (there, 3))
    send(balanced, document)
    assert sum(StockCell.objects.filter(pk__in=[here, there]).values_list("qty", flat=True)) == 2


def test_what_was_taken_off_the_plate_meanwhile_does_not_leave(balanced: World) -> None:
    pallet = plate(balanced, "P-1")
    cell = stand(balanced, "MUG", 10, on=pallet)
    document = draft(balanced, (cell, 10))
    place = Place.objects.get(node=balanced.lyon, kind="quarantine")
    lose(balanced.sku("MUG"), 1, at=spot_of(place, plate_id=pallet.pk, condition="damaged"))
    with pytest.raises(NoLongerInQuarantine):
        send(balanced, document)
    assert SupplierReturn.objects.get().state == "draft"
    assert not StockMovement.objects.filter(doc_kind="supplier_return").exists()


def test_a_plate_of_others_or_elsewhere_goes_nowhere(balanced: World) -> None:
    foreign = LicensePlate.objects.create(merchant=balanced.northwind, code="P-9")
    in_bin = plate(balanced, "P-2")
    find(balanced.sku("MUG"), 5, at=spot_of(balanced.bins()[5], plate_id=in_bin.pk))
    for pk in (foreign.pk, in_bin.pk, 2**40):
        with pytest.raises(NotThere):
            draft(balanced, plates=(pk,))
    assert not SupplierReturn.objects.exists()


def test_the_desk_ticks_a_whole_plate(balanced: World) -> None:
    pallet = plate(balanced, "P-1")
    cell, loose = stand(balanced, "MUG", 10, on=pallet), stand(balanced, "MUG", 4)
    office, url = desk(balanced), reverse("supplier-return-new")
    asked = office.get(url).content.decode()
    assert f'name="plate_{pallet.pk}"' in asked
    assert f'name="units_{cell}"' in asked
    told = {"supplier": supplier(balanced), f"plate_{pallet.pk}": "yes", f"units_{cell}": "0", f"units_{loose}": "0"}
    no_one = office.post(url, {**told, "supplier": ""})
    assert (no_one.status_code, "Choose the supplier" in no_one.content.decode()) == (422, True)
    gone = office.post(url, {**told, "plate_99999999": "yes", f"units_{2**60 // 10}": "1"})
    assert (gone.status_code, "any more" in gone.content.decode()) == (422, True)
    assert office.post(url, told).status_code == 302
    page = office.get(reverse("supplier-return", args=[SupplierReturn.objects.get().pk])).content.decode()
    assert "P-1" in page
    assert SupplierReturnLine.objects.get().units == 10


def test_all_that_lies_in_quarantine_is_reached_page_by_page(balanced: World) -> None:
    plates = [plate(balanced, f"P-{n}") for n in range(4)]
    cells = [stand(balanced, code, 2, on=one) for one in plates for code in ("MUG", "CARTE")]
    seen, after = [], ""
    while True:
        with CaptureQueriesContext(connection) as asked:
            page = waiting_page([balanced.tilleul.pk], after=after, size=3)
        assert len(asked) == 5
        seen += [w.held.cell_id for w in page.waiting]
        if not (after := page.next):
            break
    assert seen == sorted(cells)
    for nonsense in ("x", "-", "1-", "9" * 30 + "-1", "²-³"):
        assert [w.held.cell_id for w in waiting_page([balanced.tilleul.pk], after=nonsense).waiting] == sorted(cells)
