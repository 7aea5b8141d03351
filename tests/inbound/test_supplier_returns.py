"""Goods that go back to a supplier: from quarantine to the credit."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from colisage.inbound.actions.advance_supplier_return import (
    CreditUnclear,
    NoLongerInQuarantine,
    NotThatStep,
    Step,
    advance_supplier_return,
)
from colisage.inbound.actions.draft_supplier_return import (
    Back,
    NothingGoesBack,
    NotInQuarantine,
    draft_supplier_return,
)
from colisage.inbound.actions.open_delivery import open_delivery
from colisage.inbound.actions.set_aside import Found, set_aside
from colisage.inbound.models import SetAside, Supplier, SupplierReturn, SupplierReturnLine
from colisage.inbound.queries.supplier_return_pdf import supplier_return_pdf
from colisage.inbound.queries.supplier_returns import overdue_count, waiting_in_quarantine
from colisage.inventory.models import StockMovement
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.models import AuditEntry, Photo
from tests.cast import World
from tests.inbound.dock import at_the_dock, desk, lying, order, photo, take_in

BROKEN = ("quarantine", "damaged")


@pytest.fixture
def broken(balanced: World) -> World:
    """Give the world with four mugs that came broken, on an order at 7.00 each."""
    purchase = order(balanced, ("MUG", 20))
    delivery = open_delivery(balanced.tilleul.pk, node_id=balanced.lyon.pk, purchase_order_id=purchase, actor=SYSTEM)
    take_in(balanced, good=16, damaged=4, purchase_order_id=purchase, delivery_id=delivery)
    return balanced


def draft(world: World, units: int = 4, reason: str = "damaged", **changes: object) -> int:
    (waiting,) = waiting_in_quarantine([world.tilleul.pk])
    facts = {"supplier_id": waiting.supplier_id, "actor": SYSTEM, **changes}
    return draft_supplier_return(world.tilleul.pk, [Back(waiting.held.cell_id, units, reason)], **facts)  # type: ignore[arg-type]


def step(world: World, made: int, to: str, **facts: object) -> None:
    advance_supplier_return(world.tilleul.pk, return_id=made, step=Step(to=to, **facts), actor=SYSTEM)  # type: ignore[arg-type]


def test_what_came_broken_knows_its_supplier_its_cost_and_its_day(broken: World) -> None:
    made = draft(broken)
    document, line = SupplierReturn.objects.get(pk=made), SupplierReturnLine.objects.get()
    assert document.supplier.name == "Poterie du Rhône"
    assert document.claim_until == timezone.localdate() + timedelta(days=document.supplier.claim_days)
    assert (line.units, line.unit_credit_cents, line.reason) == (4, 700, "damaged")
    assert lying(broken, "MUG")[BROKEN] == 4  # nothing moves yet


def test_sent_goods_leave_quarantine_and_are_credited(broken: World) -> None:
    made = draft(broken)
    for to in ("announced", "sent"):
        step(broken, made, to)
    assert BROKEN not in lying(broken, "MUG")
    moved = StockMovement.objects.get(doc_kind="supplier_return", doc_id=made)
    assert (moved.reason, moved.qty, moved.to_cell.place.kind) == ("back_to_supplier", 4, "supplier")
    for amount, day in ((-1, timezone.localdate()), (2800, timezone.localdate() + timedelta(days=2)), (None, None)):
        with pytest.raises(CreditUnclear):
            step(broken, made, "credited", credited_cents=amount, credited_on=day)
    step(broken, made, "credited", credited_cents=2800, credited_on=timezone.localdate(), reference="AV-9")
    document = SupplierReturn.objects.get(pk=made)
    assert (document.state, document.credited_cents, document.reference) == ("credited", 2800, "AV-9")
    verbs = AuditEntry.objects.filter(doc_kind="supplier_return").order_by("pk").values_list("verb", flat=True)
    assert [verb.removeprefix("supplier_return_") for verb in verbs] == ["drafted", "announced", "sent", "credited"]


@pytest.mark.parametrize(("first", "then"), [("cancelled", "sent"), ("sent", "cancelled"), ("sent", "sent")])
def test_a_step_is_taken_where_it_begins(broken: World, first: str, then: str) -> None:
    made = draft(broken)
    step(broken, made, first)
    with pytest.raises(NotThatStep):
        step(broken, made, then)
    assert StockMovement.objects.filter(reason="back_to_supplier").count() == int(first == "sent")


def test_no_two_returns_have_the_same_units(broken: World) -> None:
    first = draft(broken, 3)
    with pytest.raises(NotInQuarantine) as refused:
        draft(broken, 2)
    assert str(refused.value).endswith(": 1.")
    step(broken, first, "cancelled")
    draft(broken, 4)


def test_what_left_quarantine_otherwise_is_not_sent(broken: World) -> None:
    first = draft(broken, 4)
    SupplierReturn.objects.filter(pk=first).update(state="credited")
    second = draft(broken, 4)
    step(broken, second, "sent")
    SupplierReturn.objects.filter(pk=first).update(state="announced")
    with pytest.raises(NoLongerInQuarantine):
        step(broken, first, "sent")
    assert SupplierReturn.objects.get(pk=first).state == "announced"


@pytest.mark.parametrize(("units", "reason"), [(0, "damaged"), (-1, "damaged"), (1, "nonsense")])
def test_a_return_is_of_units_and_has_a_reason(broken: World, units: int, reason: str) -> None:
    with pytest.raises(NothingGoesBack):
        draft(broken, units, reason)
    assert not SupplierReturn.objects.exists()


def test_foreign_suppliers_returns_and_cells_are_not_there(broken: World) -> None:
    foreign = Supplier.objects.create(merchant=broken.northwind, code="X", name="X")
    with pytest.raises(NotThere):
        draft(broken, supplier_id=foreign.pk)
    made = draft(broken)
    with pytest.raises(NotThere):
        advance_supplier_return(broken.northwind.pk, return_id=made, step=Step(to="sent"), actor=SYSTEM)
    with pytest.raises(NotThere):
        draft_supplier_return(broken.northwind.pk, [Back(1, 1, "wrong")], supplier_id=foreign.pk, actor=SYSTEM)


def test_what_was_set_aside_is_settled_when_it_leaves(balanced: World) -> None:
    supplier = Supplier.objects.create(merchant=balanced.tilleul, code="POT", name="Poterie")
    found = Found(kind="expired", units=2, sku_id=balanced.sku("CARTE").pk, lot="L-1", expires_on=date(2020, 1, 1))
    set_aside(balanced.tilleul.pk, node_id=balanced.lyon.pk, found=found, actor=SYSTEM)
    made = draft(balanced, 2, "expired", supplier_id=supplier.pk)
    step(balanced, made, "sent")
    assert SetAside.objects.get().state == "sent_back"
    assert not lying(balanced, "CARTE")


def test_what_is_late_is_seen(broken: World) -> None:
    made = draft(broken)
    assert overdue_count([broken.tilleul.pk]) == 0
    SupplierReturn.objects.filter(pk=made).update(claim_until=timezone.localdate() - timedelta(days=1))
    assert overdue_count([broken.tilleul.pk]) == 1
    step(broken, made, "sent")
    assert overdue_count([broken.tilleul.pk]) == 0
    SupplierReturn.objects.filter(pk=made).update(sent_at=timezone.now() - timedelta(days=40))
    text = desk(broken).get(reverse("supplier-returns"), {"view": "overdue"}).content.decode()
    assert "1 supplier return is overdue" in text


@pytest.mark.parametrize(("language", "title"), [("fr", "Retour"), ("en", "Return")])
def test_the_document_speaks_the_supplier_s_language(broken: World, language: str, title: str) -> None:
    Supplier.objects.update(language=language)
    made = draft(broken, note="Carton 3 écrasé")
    number, document = supplier_return_pdf([broken.tilleul.pk], return_id=made)
    text = PdfReader(io.BytesIO(document)).pages[0].extract_text()
    for word in (title, number, "MUG", "Carton 3", "28"):
        assert word in text
    with pytest.raises(NotThere):
        supplier_return_pdf([broken.northwind.pk], return_id=made)


def test_a_document_says_which_language_it_is_in_and_can_be_read_in_the_reader_s(broken: World) -> None:
    Supplier.objects.update(language="fr")
    made = draft(broken)
    office = desk(broken)
    page = office.get(f"/inbound/supplier-returns/{made}").content.decode()
    assert "Document, in French" in page
    paper = f"/inbound/supplier-returns/{made}/document.pdf"
    assert f"{paper}?language=en" in page
    said = {asked: _words(office.get(paper + asked).content) for asked in ("", "?language=en", "?language=xx")}
    assert "Retour" in said[""] == said["?language=xx"]
    assert "Return" in said["?language=en"]
    Supplier.objects.update(language="en")
    assert "?language=" not in office.get(f"/inbound/supplier-returns/{made}").content.decode()


def _words(document: bytes) -> str:
    return str(PdfReader(io.BytesIO(document)).pages[0].extract_text())


def test_the_desk_sends_goods_back_with_photos(broken: World) -> None:
    office = desk(broken)
    (waiting,) = waiting_in_quarantine([broken.tilleul.pk])
    cell = waiting.held.cell_id
    asked = office.get(reverse("supplier-return-new")).content.decode()
    assert f'name="units_{cell}"' in asked
    nothing = office.post(reverse("supplier-return-new"), {"supplier": waiting.supplier_id, f"units_{cell}": "0"})
    assert (nothing.status_code, SupplierReturn.objects.exists()) == (422, False)
    told = {"supplier": waiting.supplier_id, f"units_{cell}": "4", f"reason_{cell}": "damaged"}
    for wrong in ("99999999999999999999", "5"):
        assert office.post(reverse("supplier-return-new"), {**told, f"units_{cell}": wrong}).status_code == 422
    made = office.post(reverse("supplier-return-new"), told)
    document = SupplierReturn.objects.get()
    assert made.headers["Location"] == reverse("supplier-return", args=[document.pk])
    office.post(reverse("supplier-return-photos", args=[document.pk]), {"photo": photo()})
    assert Photo.objects.get().doc_kind == "supplier_return"
    pdf = office.get(reverse("supplier-return-pdf", args=[document.pk]))
    assert PdfReader(io.BytesIO(pdf.content)).pages[0].images
    url = reverse("supplier-return-step", args=[document.pk])
    office.post(url, {"to": "sent", "carrier": "Geodis", "tracking_number": "G1"})
    for amount in ("", "x", "1e9999999", "-3", "NaN"):
        assert office.post(url, {"to": "credited", "amount": amount, "credited_on": "2026-11-01"}).status_code == 422
    office.post(url, {"to": "credited", "amount": "27,50", "credited_on": timezone.localdate().isoformat()})
    document.refresh_from_db()
    assert (document.state, document.credited_cents) == ("credited", 2750)
    for page in (reverse("supplier-return", args=[document.pk]), reverse("supplier-returns")):
        text = office.get(page).content.decode()
        assert "€27.50" in text
        assert "€0.50 less than expected" in text


def test_others_neither_see_nor_send(broken: World) -> None:
    made = draft(broken)
    stranger = at_the_dock(broken, broken.dee)
    for name in ("supplier-return", "supplier-return-pdf"):
        assert stranger.get(reverse(name, args=[made])).status_code == 404
    stranger.force_login(broken.bo)
    assert stranger.post(reverse("supplier-return-step", args=[made]), {"to": "sent"}).status_code == 403
    assert SupplierReturn.objects.get().state == "draft"


def test_the_list_asks_as_much_for_many_as_for_few(broken: World) -> None:
    office = desk(broken)
    draft(broken, 1)
    office.get(reverse("supplier-returns"))
    with CaptureQueriesContext(connection) as few:
        office.get(reverse("supplier-returns"))
    supplier = Supplier.objects.get()
    SupplierReturn.objects.bulk_create(
        SupplierReturn(
            merchant=broken.tilleul, supplier=supplier, node=broken.lyon, currency="EUR", by_name="Ada",
            claim_until=timezone.localdate(),
        )
        for _n in range(60)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        assert "after=" in office.get(reverse("supplier-returns")).content.decode()
    assert len(many) == len(few)
