"""The dock on a phone, and what the desk sees of it."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.catalog.models import Barcode, Sku
from colisage.inbound.models import AnnouncedLine, Announcement, Delivery, PurchaseOrder, Receipt, SetAside, Supplier
from colisage.inventory.models import StockCell, StockMovement
from colisage.kit.models import Photo
from colisage.people.models import Membership
from tests.cast import World
from tests.inbound.dock import at_the_dock, desk, lying, order, photo, take_in


def movements() -> int:
    return StockMovement.objects.exclude(doc_kind="opening").count()


def test_a_delivery_from_the_first_scan_to_the_last(balanced: World) -> None:
    phone = at_the_dock(balanced)
    purchase = order(balanced, ("MUG", 10), ("CARTE", 50))
    here = reverse("receive-order", args=[purchase])
    assert b"0 / 10" in phone.get(here).content
    asked = phone.post(here, {"code": "MUG"})
    assert b'name="good"' in asked.content
    taken = phone.post(here, {"code": "MUG", "good": "8", "damaged": "1"})
    assert (taken.status_code, b'data-verdict="ok"' in taken.content) == (200, True)
    assert b"Take a photo of the damage" in taken.content
    assert b"9 / 10" in taken.content
    receipt = Receipt.objects.get()
    camera = reverse("receipt-photos", args=[receipt.pk])
    assert f'href="{camera}?back=dock"'.encode() in taken.content
    kept = phone.post(f"{camera}?back=dock", {"photo": photo()})
    delivery = Delivery.objects.get()
    assert kept.headers["Location"] == here  # who receives goes on receiving
    assert phone.post(camera).headers["Location"] == reverse("delivery", args=[delivery.pk])
    assert b"51 " not in phone.get(reverse("delivery-finish", args=[delivery.pk])).content
    phone.post(reverse("delivery-papers", args=[delivery.pk]), {"carrier": "Geodis", "note_number": "BL-77"})
    finished = phone.post(reverse("delivery-finish", args=[delivery.pk]), {"rest": "wait"})
    assert finished.headers["Location"] == reverse("put-away")
    page = desk(balanced).get(reverse("delivery", args=[delivery.pk])).content.decode()
    for word in ("BL-77", "Ada", "Poterie du Rhône", f"/photos/{Photo.objects.get().pk}", "50"):
        assert word in page
    assert PurchaseOrder.objects.get().state == "partly"
    assert reverse("delivery", args=[delivery.pk]) in desk(balanced).get(reverse("deliveries")).content.decode()


def test_only_a_manager_gives_up_what_is_missing(balanced: World) -> None:
    purchase = order(balanced, ("MUG", 10))
    phone = at_the_dock(balanced)
    phone.post(reverse("receive-order", args=[purchase]), {"code": "MUG", "good": "4"})
    finish = reverse("delivery-finish", args=[Delivery.objects.get().pk])
    assert phone.post(finish, {"rest": "close"}).status_code == 403
    assert PurchaseOrder.objects.get().state == "partly"
    assert desk(balanced).post(finish, {"rest": "close"}).status_code == 302
    assert PurchaseOrder.objects.get().state == "short"


def test_too_many_are_counted_again_and_confirmed_with_the_photo_kept(balanced: World) -> None:
    phone = at_the_dock(balanced)
    here = reverse("receive-order", args=[order(balanced, ("MUG", 10))])
    asked = phone.post(here, {"code": "MUG", "good": "30", "photo": photo()})
    text = asked.content.decode()
    assert asked.status_code == 422
    assert "20 too many of MUG" in text
    assert 'value="30"' in text
    assert movements() == 0
    kept = re.search(r'name="kept" value="(\d+)"', text)
    assert kept is not None
    taken = phone.post(here, {"code": "MUG", "good": "30", "over": "yes", "kept": kept[1]})
    assert b"20 more than ordered." in taken.content
    receipt = Receipt.objects.get()
    assert receipt.over == 20
    assert (Photo.objects.get().doc_kind, Photo.objects.get().doc_id) == ("receipt", receipt.pk)


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("photo.jpg", b"not a photo at all", content_type="image/jpeg"),
        SimpleUploadedFile("photo.jpg", b"<svg onload=alert(1)>", content_type="image/svg+xml"),
    ],
    ids=["text", "svg"],
)
def test_a_false_photo_is_said_and_nothing_typed_is_lost(balanced: World, file: SimpleUploadedFile) -> None:
    phone = at_the_dock(balanced)
    file.seek(0)
    answer = phone.post(reverse("receive"), {"code": "MUG", "good": "3", "damaged": "2", "photo": file})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "not a photo" in text
    assert 'value="3"' in text
    assert 'value="2"' in text
    assert movements() == 0
    assert not Photo.objects.exists()


@pytest.mark.parametrize("good", ["-1", "0", "99999999999999999999", "1e3", "six", "1.5", "\x00", "²"])
def test_a_number_that_is_none_is_refused(balanced: World, good: str) -> None:
    phone = at_the_dock(balanced)
    answer = phone.post(reverse("receive"), {"code": "MUG", "good": good})
    assert (answer.status_code, b'data-verdict="bad"' in answer.content) == (422, True)
    assert movements() == 0


def test_a_case_counts_its_units(balanced: World) -> None:
    Barcode.objects.create(merchant=balanced.tilleul, sku=balanced.sku("MUG"), code="CASE-6", units=6)
    asked = at_the_dock(balanced).post(reverse("receive"), {"code": "CASE-6"})
    assert b"A case of 6 units was scanned." in asked.content
    assert b'name="good" inputmode="numeric" autofocus required value="6"' in asked.content


def test_what_is_not_on_the_order_is_a_choice(balanced: World) -> None:
    phone = at_the_dock(balanced)
    here = reverse("receive-order", args=[order(balanced, ("MUG", 10))])
    asked = phone.post(here, {"code": "CARTE"}).content.decode()
    assert "Take it in all the same" in asked
    assert 'name="good"' not in asked
    set_aside = re.search(r'href="([^"]*aside/new[^"]*)"', asked)
    assert set_aside is not None
    taken = phone.post(here, {"code": "CARTE", "unexpected": "yes", "good": "2"})
    assert b'data-verdict="ok"' in taken.content
    assert Receipt.objects.get().unexpected
    form = set_aside[1].replace("&amp;", "&")
    assert b"Carte postale" in phone.get(form).content
    made = phone.post(form, {"code": "CARTE", "kind": "wrong", "units": "4", "photo": photo()})
    kept = SetAside.objects.get()
    assert made.headers["Location"] == reverse("exception-label", args=[kept.pk])
    assert kept.delivery_id == Receipt.objects.get().delivery_id
    assert Photo.objects.get().doc_kind == "set_aside"
    assert lying(balanced, "CARTE") == {("dock", "sellable"): 2, ("quarantine", "quarantine"): 4}


def test_what_nobody_knows_gets_a_number_and_is_named_at_the_desk(balanced: World) -> None:
    phone = at_the_dock(balanced)
    asked = phone.post(reverse("receive"), {"code": "4006381333931"})
    assert asked.status_code == 422
    form = re.search(r'href="([^"]*aside/new[^"]*)"', asked.content.decode())
    assert form is not None
    told = {"code": "4006381333931", "kind": "unidentified", "units": "2", "merchant": balanced.tilleul.pk}
    silent = phone.post(form[1].replace("&amp;", "&"), {**told, "description": ""})
    assert (silent.status_code, b"Describe what came" in silent.content) == (422, True)
    phone.post(form[1].replace("&amp;", "&"), {**told, "description": "Boîtes rouges"})
    kept = SetAside.objects.get()
    label = phone.get(reverse("exception-label-pdf", args=[kept.pk]))
    assert (label.headers["Content-Type"], label.content[:5]) == ("application/pdf", b"%PDF-")
    number = phone.get(reverse("exception-label", args=[kept.pk])).content.decode()
    assert f'<p class="code whole">{kept.number}</p>' in number  # not read as a bin: its aisle and its bay
    office = desk(balanced)
    assert kept.number in office.get(reverse("exceptions")).content.decode()
    page = reverse("exception", args=[kept.pk])
    assert "Boîtes rouges" in office.get(page).content.decode()
    unknown = office.post(reverse("exception-settle", args=[kept.pk]), {"verdict": "take", "code": "NOPE"})
    assert (unknown.status_code, SetAside.objects.get().state) == (422, "open")
    office.post(reverse("exception-settle", args=[kept.pk]), {"verdict": "take", "code": "MUG"})
    assert SetAside.objects.get().state == "taken"
    assert lying(balanced, "MUG") == {("dock", "sellable"): 2}


def test_a_lot_past_its_date_can_be_set_aside_from_the_refusal(balanced: World) -> None:
    Sku.objects.filter(pk=balanced.sku("MUG").pk).update(tracks_lots=True)
    phone = at_the_dock(balanced)
    answer = phone.post(reverse("receive"), {"code": "MUG", "good": "5", "lot": "L-1", "expires_on": "2020-01-01"})
    assert (answer.status_code, b"expired on 01/01/2020" in answer.content) == (422, True)
    form = re.search(r'href="([^"]*aside/new[^"]*)"', answer.content.decode())
    assert form is not None
    facts = {"code": "MUG", "kind": "expired", "units": "5", "lot": "L-1", "expires_on": "2020-01-01"}
    phone.post(form[1].replace("&amp;", "&"), facts)
    assert lying(balanced, "MUG") == {("quarantine", "expired"): 5}


def test_serial_numbers_are_scanned_one_by_one(balanced: World) -> None:
    Sku.objects.filter(pk=balanced.sku("LAMPE").pk).update(tracks_serials=True)
    phone = at_the_dock(balanced)
    asked = phone.post(reverse("receive"), {"code": "LAMPE"})
    assert b'name="serial"' in asked.content
    none = phone.post(reverse("receive"), {"code": "LAMPE", "serial": ""})
    assert (none.status_code, none.context["text"]) == (422, "Scan the serial number")
    first = phone.post(reverse("receive"), {"code": "LAMPE", "serial": "SN-1"})
    assert (b'data-verdict="ok"' in first.content, b'name="serial"' in first.content) == (True, True)
    again = phone.post(reverse("receive"), {"code": "LAMPE", "serial": "SN-1"})
    assert (again.status_code, b"In the house already: SN-1" in again.content) == (422, True)
    assert lying(balanced, "LAMPE") == {("dock", "sellable"): 1}


def test_a_receipt_is_taken_back_from_the_phone(balanced: World) -> None:
    phone = at_the_dock(balanced)
    purchase = order(balanced, ("MUG", 10))
    phone.post(reverse("receive-order", args=[purchase]), {"code": "MUG", "good": "9"})
    undone = phone.post(reverse("receipt-undo", args=[Receipt.objects.get().pk]), {"back": "dock"})
    assert undone.headers["Location"] == reverse("receive-order", args=[purchase])
    assert not lying(balanced, "MUG")


def drawn(page: bytes) -> str:
    """Give what names the form of a page."""
    (found,) = set(re.findall(rb'name="once" value="(\w+)"', page))
    return found.decode()


def test_a_form_that_is_sent_twice_is_taken_in_once(balanced: World) -> None:
    phone, here = at_the_dock(balanced), reverse("receive")
    form = {"code": "MUG", "good": "6", "damaged": "1", "once": drawn(phone.post(here, {"code": "MUG"}).content)}
    assert phone.post(here, {**form, "good": "-1"}).status_code == 422  # what is refused may be corrected
    assert b"6 \xc3\x97 Mug" in phone.post(here, {**form, "photo": photo()}).content
    again = phone.post(here, {**form, "photo": photo()})
    assert (again.status_code, b"taken in already: 7" in again.content) == (200, True)
    assert Receipt.objects.values_list("good", "damaged").get() == (6, 1)
    assert Photo.objects.filter(doc_kind="receipt").count() == 1
    phone.post(here, {**form, "once": drawn(phone.post(here, {"code": "MUG"}).content)})
    assert Receipt.objects.count() == 2


def test_what_is_set_aside_by_a_form_sent_twice_gets_one_number(balanced: World) -> None:
    phone, here = at_the_dock(balanced), reverse("exception-new")
    form = {"kind": "unidentified", "units": "2", "description": "Blue box", "once": drawn(phone.get(here).content)}
    first, second = phone.post(here, form), phone.post(here, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert SetAside.objects.get().units == 2


def test_a_form_without_a_name_of_ours_is_done_each_time(balanced: World) -> None:
    phone = at_the_dock(balanced)
    for _turn in range(2):
        phone.post(reverse("receive"), {"code": "MUG", "good": "1", "once": "x\x00"})
    assert Receipt.objects.count() == 2


def test_goods_with_a_number_and_a_date_are_asked_for_both(balanced: World) -> None:
    Sku.objects.filter(pk=balanced.sku("LAMPE").pk).update(tracks_serials=True, tracks_expiry=True)
    phone, here = at_the_dock(balanced), reverse("receive")
    assert b'name="expires_on"' in phone.post(here, {"code": "LAMPE"}).content
    refused = phone.post(here, {"code": "LAMPE", "serial": "S-1"})
    assert (refused.status_code, b"has an expiry date" in refused.content) == (422, True)
    assert phone.post(here, {"code": "LAMPE", "serial": "S-1", "expires_on": "2099-01-31"}).status_code == 200
    form = {"kind": "wrong", "units": "1", "code": "LAMPE"}
    assert b'name="serial"' in phone.get(reverse("exception-new"), form).content
    assert phone.post(reverse("exception-new"), form).status_code == 422
    assert phone.post(reverse("exception-new"), {**form, "serial": "S-2"}).status_code == 302
    unknown = phone.post(reverse("exception-new"), {"kind": "unidentified", "units": "1", "description": "Box"})
    assert unknown.status_code == 302
    settle = reverse("exception-settle", args=[SetAside.objects.latest("pk").pk])
    told = {"verdict": "take", "code": "LAMPE", "lot": "S-3", "expires_on": "2099-01-31"}
    assert desk(balanced).post(settle, told).status_code == 302
    numbers = StockCell.objects.filter(sku=balanced.sku("LAMPE"), lot__isnull=False, qty=1)
    assert dict(numbers.values_list("lot__code", "place__kind")) == {"S-1": "dock", "S-2": "quarantine", "S-3": "dock"}


def test_who_works_elsewhere_receives_nothing_here(balanced: World) -> None:
    purchase = order(balanced, ("MUG", 10))
    Membership.objects.filter(user=balanced.ada).update(operator=balanced.boreal)  # which works for the merchant too
    phone = at_the_dock(balanced)
    for address in (reverse("receive-order", args=[purchase]), f"{reverse('exception-new')}?purchase={purchase}"):
        assert phone.post(address, {"code": "MUG", "good": "1", "units": "1", "kind": "wrong"}).status_code == 404
    assert not Receipt.objects.exists()
    assert not SetAside.objects.exists()


def test_without_an_order_nothing_is_too_many(balanced: World) -> None:
    phone = at_the_dock(balanced)
    for _turn in range(2):
        page = phone.post(reverse("receive"), {"code": "MUG", "good": "7"}).content
        assert b"more than ordered" not in page
    assert b"Still to come" not in phone.post(reverse("receive"), {"code": "MUG"}).content


@pytest.mark.parametrize(("field", "typed", "said"), [
    ("lot", "x" * 81, b"at most 80 characters"), ("expires_on", "31/31/2026", b"This is no date"),
    ("good", "many", b"a whole number"),
])  # fmt: skip
def test_what_cannot_be_read_is_named(balanced: World, field: str, typed: str, said: bytes) -> None:
    page = at_the_dock(balanced).post(reverse("receive"), {"code": "MUG", "good": "7", field: typed})
    assert (page.status_code, said in page.content) == (422, True)
    assert not Receipt.objects.exists()


def test_others_see_and_do_nothing(balanced: World) -> None:
    purchase = order(balanced, ("MUG", 10))
    at_the_dock(balanced).post(reverse("receive-order", args=[purchase]), {"code": "MUG", "good": "9"})
    receipt, delivery = Receipt.objects.get().pk, Delivery.objects.get().pk
    stranger = at_the_dock(balanced, balanced.dee)
    for name, key in (("receive-order", purchase), ("delivery", delivery), ("delivery-finish", delivery)):
        assert stranger.get(reverse(name, args=[key])).status_code == 404
    for name in ("receipt-undo", "receipt-photos"):
        assert stranger.post(reverse(name, args=[receipt])).status_code == 404
    stranger.force_login(balanced.bo)  # packs, and receives nothing
    for name, key in (("receipt-undo", receipt), ("delivery-finish", delivery)):
        assert stranger.post(reverse(name, args=[key])).status_code == 403
    assert stranger.get(reverse("receive")).status_code == 403


@pytest.mark.parametrize("name", ["deliveries", "exceptions"])
def test_lists_ask_as_much_for_many_as_for_few(balanced: World, name: str) -> None:
    office = desk(balanced)

    def more(count: int) -> None:
        for _n in range(count):
            made = Delivery.objects.create(
                merchant=balanced.tilleul, node=balanced.lyon, started_by="Ada", state="finished"
            )
            take_in(balanced, good=1, delivery_id=made.pk)
            SetAside.objects.create(
                merchant=balanced.tilleul, node=balanced.lyon, delivery=made, kind="unidentified", by_name="Ada"
            )

    more(3)
    office.get(reverse(name))
    with CaptureQueriesContext(
        connection,
    ) as few:
        office.get(reverse(name))
    more(60)
    with CaptureQueriesContext(connection) as many:
        page = office.get(reverse(name))
    assert len(many) == len(few)
    assert "after=" in page.content.decode()
    assert office.get(reverse(name), {"after": "x" * 50}).status_code == 200


def test_the_lots_that_were_announced_stand_beside_what_is_asked(balanced: World) -> None:
    supplier = Supplier.objects.create(merchant=balanced.tilleul, code="POT", name="Poterie du Rhône")
    announced = Announcement.objects.create(
        merchant=balanced.tilleul, supplier=supplier, node=balanced.lyon, reference="ASN-1", came_by="hand"
    )
    facts: dict[str, Any] = {"merchant": balanced.tilleul, "announcement": announced, "qty": 5}
    for code, lot in (("MUG", "L-7"), ("MUG", "L-8"), ("MUG", "L-8"), ("CARTE", "")):
        AnnouncedLine.objects.create(sku=balanced.sku(code), lot=lot, expires_on=date(2027, 8, 1), **facts)
    phone, here = at_the_dock(balanced), reverse("receive-announcement", args=[announced.pk])
    text = phone.post(here, {"code": "MUG"}).content.decode()
    assert (text.count("L-7"), text.count("L-8"), text.count("01/08/2027")) == (1, 1, 2)
    assert "Lots announced" not in phone.post(here, {"code": "CARTE"}).content.decode()


def test_a_whole_announced_pallet_is_taken_in_with_one_scan_and_only_once(balanced: World) -> None:
    sscc = "376000190000000011"
    supplier = Supplier.objects.create(merchant=balanced.tilleul, code="POT", name="Poterie du Rhône")
    announced = Announcement.objects.create(
        merchant=balanced.tilleul, supplier=supplier, node=balanced.lyon, reference="ASN-1", came_by="hand"
    )
    for code, units in (("MUG", 24), ("CARTE", 100)):
        AnnouncedLine.objects.create(
            merchant=balanced.tilleul, announcement=announced, sku=balanced.sku(code), qty=units, pallet_sscc=sscc
        )
    phone = at_the_dock(balanced)
    here = reverse("receive-announcement", args=[announced.pk])
    assert b"0 / 24" in phone.get(here).content
    taken = phone.post(here, {"code": f"00{sscc}"})
    assert b"taken in whole: 124 units" in taken.content
    assert lying(balanced, "MUG") == {("dock", "sellable"): 24}
    announced.refresh_from_db()
    assert announced.state == "received"
    again = phone.post(here, {"code": f"00{sscc}"})
    assert (again.status_code, b"it was taken in already" in again.content) == (422, True)
    assert sum(lying(balanced, "CARTE").values()) == 100
    phone.post(reverse("receipt-undo", args=[Receipt.objects.get(sku=balanced.sku("MUG")).pk]))
    announced.refresh_from_db()
    assert announced.state == "arriving"
    assert AnnouncedLine.objects.get(sku=balanced.sku("MUG")).received == 0


def test_what_a_label_says_is_not_asked_again(balanced: World) -> None:
    Sku.objects.filter(pk=balanced.sku("MUG").pk).update(tracks_lots=True, tracks_expiry=True)
    Barcode.objects.create(merchant=balanced.tilleul, sku=balanced.sku("MUG"), code="3012345678902")
    asked = at_the_dock(balanced).post(reverse("receive"), {"code": "(01)03012345678902(17)301231(10)L-7"})
    assert 'value="L-7"' in asked.content.decode()
    assert 'value="2030-12-31"' in asked.content.decode()


def test_a_refused_scan_begins_no_delivery(balanced: World) -> None:
    at_the_dock(balanced).post(reverse("receive"), {"code": "MUG", "good": "0"})
    assert not Delivery.objects.exists()


def test_a_bundle_is_neither_taken_in_nor_set_aside(world: World) -> None:
    phone = at_the_dock(world)
    for page, told in (("receive", {"good": "2"}), ("exception-new", {"units": "2", "kind": "wrong"})):
        answer = phone.post(reverse(page), {"code": "COFFRET", **told})
        assert answer.status_code == 422
        assert "A bundle is never delivered: its parts are." in answer.content.decode()
    assert not StockCell.objects.filter(sku=world.sku("COFFRET")).exists()
