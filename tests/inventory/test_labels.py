"""Labels: what they encode is read back from the printer's commands and from the PDF."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from colisage.catalog.actions.save_numbering import NumberingTold, save_numbering
from colisage.catalog.models import Barcode, Sku
from colisage.inventory.models import LicensePlate, Lot
from colisage.inventory.queries.labels import (
    TooManyLabels,
    faces_of_bins,
    faces_of_lots,
    faces_of_plates,
    faces_of_skus,
    labels_file,
)
from colisage.inventory.queries.plates import plates_by_code
from colisage.inventory.rules.labels import Bars, Face, drawn, of_goods, of_lot, of_plate, plain, zpl
from colisage.kit.actors import SYSTEM
from colisage.kit.gs1 import read
from colisage.kit.gs1.units import sscc
from tests.books import find, spot_of
from tests.cast import World
from tests.catalog.test_catalogue import client_of
from tests.kit.scanner import read_128, read_ean, read_zpl_128

EAN = "9506000134352"
SSCC = sscc("3761234", extension=1, serial=42)


@pytest.fixture
def tea(world: World) -> Sku:
    """A mug with a GTIN and a lot, twelve of which stand on a pallet within another."""
    mug = world.sku("MUG")
    Barcode.objects.filter(sku=mug).delete()
    Barcode.objects.create(merchant=world.tilleul, sku=mug, code=EAN)
    lot = Lot.objects.create(merchant=world.tilleul, sku=mug, code="L-7", expires_on=date(2027, 1, 31))
    outer = LicensePlate.objects.create(merchant=world.tilleul, code=SSCC)
    inner = LicensePlate.objects.create(merchant=world.tilleul, code="LPN000000017", parent=outer)
    find(mug, 12, at=spot_of(world.bins()[9], lot_id=lot.pk, plate_id=inner.pk))
    return mug


def fields(label: str) -> list[str]:
    return [
        re.sub(r"\\([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), field)
        for field in re.findall(r"\^FH\\\^FD(.*?)\^FS", label, re.DOTALL)
    ]


def scanned_from(label: str) -> list[str]:
    """Read every Code 128 of a ZPL label as a scanner does."""
    return [
        read_zpl_128(re.sub(r"\\([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), data))
        for data in re.findall(r"\^BCN,\d+,N,N,N,N\^FH\\\^FD(.*?)\^FS", label)
    ]


@pytest.mark.django_db
def test_a_pallet_says_what_stands_on_it_in_bars_and_in_words(world: World, tea: Sku) -> None:
    outer = LicensePlate.objects.get(code=SSCC)
    [face] = faces_of_plates([world.tilleul.pk], plate_ids=[outer.pk])
    assert not face.specimen
    contents, unit = (read("]C1" + code) for code in scanned_from(zpl([face])))
    assert (contents.content, contents.count, contents.lot, contents.expires_on) == (
        f"0{EAN}", 12, "L-7", date(2027, 1, 31),
    )  # fmt: skip
    assert unit.sscc == SSCC
    assert f"(00){SSCC}" in fields(zpl([face]))
    for code, widths in zip(face.codes, (code.widths() for code in face.codes), strict=True):
        assert read("]C1" + read_128(widths)).is_proven, code
    text = PdfReader(BytesIO(labels_file([face], paper="roll")[0])).pages[0].extract_text()
    for word in ("12 × MUG", "L-7", f"(00){SSCC}", "Maison Tilleul"):
        assert word in text
    assert "SPECIMEN" not in text


@pytest.mark.django_db
def test_a_specimen_says_so_on_paper_and_on_the_printer(world: World) -> None:
    plate = LicensePlate.objects.create(merchant=world.tilleul, code=sscc("9520000", extension=0, serial=7))
    faces = faces_of_plates([world.tilleul.pk], plate_ids=[plate.pk])
    assert "SPECIMEN" in fields(zpl(faces)) or "^FDSPECIMEN^FS" in zpl(faces)
    assert "SPECIMEN" in PdfReader(BytesIO(labels_file(faces, paper="sheet")[0])).pages[0].extract_text()


@pytest.mark.django_db
def test_a_lot_carries_number_expiry_and_lot_in_one_code(world: World, tea: Sku) -> None:
    [face] = faces_of_lots([world.tilleul.pk], lot_ids=[Lot.objects.get().pk])
    said = read("]C1" + read_128(face.codes[0].widths()))
    assert (said.gtin, said.lot, said.expires_on) == (f"0{EAN}", "L-7", date(2027, 1, 31))


@pytest.mark.django_db
def test_goods_carry_their_ean_and_own_codes_as_they_are(world: World, tea: Sku) -> None:
    own = Barcode.objects.get(sku=world.sku("PLUME")).code[:-1] + "X"  # a number of the merchant's, and no EAN
    Barcode.objects.filter(sku=world.sku("PLUME")).update(code=own)
    faces = faces_of_skus([world.tilleul.pk], sku_ids=[tea.pk, world.sku("PLUME").pk], copies=2)
    assert [face.title for face in faces] == ["MUG", "MUG", "PLUME", "PLUME"]
    assert read_ean(faces[0].codes[0].widths()) == EAN
    assert read_128(faces[2].codes[0].widths()) == own
    assert f"^FD{EAN[:12]}^FS" in zpl(faces)


@pytest.mark.parametrize(
    ("code", "symbology"),
    [
        (EAN, "ean"),
        ("96385074", "ean"),
        ("614141123452", "ean"),
        ("19506000134359", "gs1"),
        ("MUG", "plain"),
        (EAN[:-1] + "3", "plain"),
    ],
)
def test_each_number_gets_the_bars_it_has_in_the_world(code: str, symbology: str) -> None:
    assert of_goods(code).symbology == symbology
    assert of_goods(code).widths()


@pytest.mark.parametrize("lot", ["", "é", "a b", "x" * 21])
def test_a_lot_that_gs1_cannot_carry_is_printed_as_it_is(lot: str) -> None:
    assert of_lot(EAN, lot=lot, expires_on=None).symbology == "plain"


def test_what_people_write_never_becomes_a_command() -> None:
    evil = Face(title="^XZ^XA", lines=("~JA\\", "a^FDx^FS"), codes=(plain("^FS>;>8é"), Bars("gs1", (("10", "A>B"),))))
    label = zpl([evil])
    assert label.count("^XA") == label.count("^XZ") == 1
    assert "~" not in label
    assert scanned_from(label) == ["^FS>;>8", "\x1d10A>B"]


def test_every_bar_of_a_drawing_lies_within_its_modules() -> None:
    face = drawn(Face(title="x", codes=(of_goods(EAN), of_plate(SSCC, sscc=True))))
    for code in face["codes"]:
        assert all(at + width <= code["modules"] for at, width, _guard in code["bars"])
    assert sum(guard for _at, _width, guard in face["codes"][0]["bars"]) == 6


@pytest.mark.django_db
def test_bins_are_labelled_one_an_aisle_or_all_with_arrows(world: World) -> None:
    assert [face.title for face in faces_of_bins(world.lyon.pk, beginning="b-0")] == [
        "B-01-1", "B-02-1", "B-03-1", "B-04-1",
    ]  # fmt: skip
    [one] = faces_of_bins(world.lyon.pk, beginning="A-01-1", arrows="level")
    assert (one.arrow, one.corner, read_128(one.codes[0].widths())) == ("down", "1", "A-01-1")
    content, kind = labels_file(faces_of_bins(world.lyon.pk, arrows="up"), paper="sheet")
    pages = PdfReader(BytesIO(content)).pages
    assert kind == "pdf"
    assert len(pages) == 2  # ten a sheet
    assert "A-01-1" in pages[0].extract_text()
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]


@pytest.mark.django_db
def test_a_hundred_plates_are_as_many_questions_as_one(world: World, tea: Sku) -> None:
    more = LicensePlate.objects.bulk_create(
        LicensePlate(merchant=world.tilleul, code=f"P{n}") for n in range(100)
    )  # fmt: skip
    asked = []
    for plates in (more[:1], more):
        with CaptureQueriesContext(connection) as queries:
            faces_of_plates([world.tilleul.pk], plate_ids=[plate.pk for plate in plates])
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 3


def test_more_labels_than_a_roll_holds_are_refused() -> None:
    with pytest.raises(TooManyLabels):
        labels_file([Face(title="x")] * 2_001, paper="zpl")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_desk_prints_and_the_floor_prints_again(world: World, tea: Sku, language: str) -> None:
    chen = client_of(world.chen, language=language)
    assert chen.get("/stock/labels").status_code == 200
    for what, query in (
        ("bins", {"node": world.lyon.pk, "bins": "A-01"}), ("skus", {"skus": f"MUG, {EAN}", "copies": "3"}),
        ("lots", {"lots": "L-7"}), ("plates", {"plates": f"(00) {SSCC}\nLPN000000017"}),
    ):  # fmt: skip
        for paper, kind in (("roll", b"%PDF"), ("zpl", b"^XA")):
            answer = chen.get(f"/stock/labels/{what}/file", {**query, "as": paper})
            assert answer.status_code == 200, (what, answer.content[:300])
            assert answer.content.startswith(kind)
    for code, title in (
        (SSCC, SSCC),
        (f"]C100{SSCC}", SSCC),
        ("a-01-1", "A-01-1"),
        (EAN, "Mug"),
        (f"(01){EAN}(10)L-7", "L-7"),
    ):
        answer = chen.post("/stock/labels/find", {"code": code})
        assert answer.status_code == 200, code
        assert title in answer.content.decode()
    noise = chen.post("/stock/labels/find", {"code": EAN[:-1] + "3"})
    assert noise.status_code == 422
    assert 'data-verdict="bad"' in noise.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "query", "status"),
    [
        ("bins", {}, 404), ("bins", {"node": "9" * 30}, 404), ("bins", {"node": "1", "as": "paper"}, 404),
        ("skus", {"skus": ""}, 422), ("skus", {"skus": "\x00"}, 422), ("skus", {"skus": "nobody"}, 404),
        ("skus", {"skus": "MUG", "copies": "-5"}, 200), ("skus", {"skus": "MUG", "copies": "9" * 30}, 200),
        ("plates", {"plates": "x" * 9_000}, 404), ("nothing", {}, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_said(world: World, what: str, query: dict[str, Any], status: int) -> None:
    assert client_of(world.chen).get(f"/stock/labels/{what}/file", query).status_code == status


@pytest.mark.django_db
def test_labels_of_others_are_not_there(world: World, tea: Sku) -> None:
    dee = client_of(world.dee)
    for what, query in (
        ("plates", {"plates": SSCC}), ("lots", {"lots": "L-7"}), ("skus", {"skus": EAN}),
        ("bins", {"node": world.lyon.pk}),
    ):  # fmt: skip
        assert dee.get(f"/stock/labels/{what}/file", {**query, "as": "zpl"}).status_code == 404
    assert client_of(world.ada).get("/stock/labels").status_code == 403


@pytest.mark.django_db
def test_plates_that_leave_the_house_get_an_sscc_and_their_labels_at_once(world: World) -> None:
    save_numbering(
        NumberingTold(company_prefix="3761234", extension=2, last=99), actor=SYSTEM, operator_id=world.nord.pk
    )
    chen = client_of(world.chen)
    answer = chen.post("/stock/plates/new", {"count": "3", "kind": "sscc", "code": ""})
    assert answer.status_code == 302
    made = list(LicensePlate.objects.order_by("pk").values_list("code", flat=True))
    assert made == [sscc("3761234", extension=2, serial=n) for n in range(3)]
    page = chen.get(answer["Location"])
    assert all(code in page.content.decode() for code in made)
    labels = chen.get("/stock/labels/plates/file", {"plates": "\n".join(made), "as": "zpl"}).content.decode()
    assert [read("]C1" + code).sscc for code in scanned_from(labels)] == made
    assert "SPECIMEN" not in labels


@pytest.mark.django_db
def test_a_plate_is_found_by_its_sscc_in_any_form(world: World) -> None:
    plate = LicensePlate.objects.create(merchant=world.tilleul, code=SSCC)
    for code in (SSCC, f"00{SSCC}", f"(00){SSCC}", f"]C100{SSCC}", f" {SSCC} "):
        assert [one.id for one in plates_by_code([world.tilleul.pk], code=code)] == [plate.pk], code
    for code in ("", "\x00", "x" * 5_000, SSCC[:-1] + "0"):
        assert plates_by_code([world.tilleul.pk], code=code) == []
    assert plates_by_code([world.northwind.pk], code=SSCC) == []


@pytest.mark.django_db
def test_the_search_box_and_the_floor_know_plates_and_say_what_is_wrong_with_a_scan(world: World, tea: Sku) -> None:
    plate = LicensePlate.objects.get(code=SSCC)
    chen = client_of(world.chen)
    for code in (SSCC, f"]C100{SSCC}", "lpn000000017"):
        assert "/stock/plates/" in chen.get("/search", {"q": code})["Location"]
    assert chen.post("/floor", {"code": f"(00){SSCC}"})["Location"].endswith(f"/stock/plates/{plate.pk}")
    noise = chen.post("/floor", {"code": EAN * 2})
    assert noise.status_code == 422
    assert "one code at a time" in noise.content.decode()
