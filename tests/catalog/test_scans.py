"""What a scan stands for in a catalogue: the merchant's own codes first, GTINs however they are written."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.catalog.models import Barcode, Sku
from colisage.catalog.queries import Scanned, judged, scanned
from tests.cast import World

EAN = "9506000134352"
CASE = "19506000134359"
GS = "\x1d"
AZERTY = dict(zip("0123456789", "à&é\"'(-è_ç", strict=True))


@pytest.fixture
def mug(world: World) -> Sku:
    sku = world.sku("MUG")
    Barcode.objects.create(merchant=world.tilleul, sku=sku, code=EAN)
    Barcode.objects.create(merchant=world.tilleul, sku=sku, code=CASE, units=12)
    return sku


@pytest.mark.parametrize(
    "sent", [EAN, f"0{EAN}", f"]C1010{EAN}", f"(01){EAN}", f"https://x.example/01/{EAN}", f"]E0{EAN}"]
)
def test_every_spelling_of_a_gtin_finds_its_sku(world: World, mug: Sku, sent: str) -> None:
    assert scanned([world.tilleul.pk], code=sent) == [Scanned(mug.pk, 1)]


@pytest.mark.parametrize(
    ("kept", "sent"),
    [("614141123452", "0614141123452"), ("0614141123452", "614141123452"), ("00614141123452", "614141123452")],
)
def test_leading_zeros_do_not_matter_on_either_side(world: World, kept: str, sent: str) -> None:
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("PLUME"), code=kept)
    assert scanned([world.tilleul.pk], code=sent) == [Scanned(world.sku("PLUME").pk, 1)]


def test_a_case_counts_its_units_and_its_label_the_cases(world: World, mug: Sku) -> None:
    assert scanned([world.tilleul.pk], code=CASE) == [Scanned(mug.pk, 12)]
    assert scanned([world.tilleul.pk], code=f"]C100106141412345678908{GS}02{CASE}3720") == [Scanned(mug.pk, 240)]


def test_a_case_that_the_catalogue_does_not_count_is_not_guessed(world: World, mug: Sku) -> None:
    scan = judged([world.tilleul.pk], code="29506000134356")
    assert not scan.hits
    assert scan.problem is not None
    assert scan.problem.code == "unknown_case"
    assert "MUG" in scan.why


def test_a_label_tells_lot_expiry_and_serial(world: World, mug: Sku) -> None:
    sent = f"]d2010{EAN}1727013110L-7{GS}21S9"
    assert scanned([world.tilleul.pk], code=sent) == [
        Scanned(mug.pk, 1, lot="L-7", expires_on=date(2027, 1, 31), serial="S9")
    ]
    best_before = f"(01){EAN}(15)270131"
    assert scanned([world.tilleul.pk], code=best_before)[0].expires_on == date(2027, 1, 31)


def test_a_tag_stands_for_its_sku_and_serial(world: World) -> None:
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("PLUME"), code="80614141123458")
    for sent in ("3034257BF7194E4000003039", "urn:epc:id:sgtin:0614141.812345.12345"):
        assert scanned([world.tilleul.pk], code=sent) == [Scanned(world.sku("PLUME").pk, 1, serial="12345")]


def test_a_merchants_own_number_is_never_taken_for_one_of_gs1(world: World) -> None:
    own = f"010{EAN}"  # looks like an element string, and is what this merchant calls a card
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("CARTE"), code=own)
    assert scanned([world.tilleul.pk], code=own) == [Scanned(world.sku("CARTE").pk, 1)]
    assert scanned([world.tilleul.pk], code=" mug ") == [Scanned(world.sku("MUG").pk, 1)]


def test_a_number_of_somebody_else_finds_nothing(world: World, mug: Sku) -> None:
    assert scanned([world.northwind.pk], code=EAN) == []
    assert scanned([world.northwind.pk], code=f"(01){EAN}(10)L") == []
    assert EAN in judged([world.northwind.pk], code=f"(01){EAN}").why


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (EAN[:-1] + "3", "bad_check_digit"), (EAN * 2, "two_codes_in_one"), (f"]C1010{EAN[:6]}", "scan_cut_short"),
        ("\x00", "scan_noise"), ("A\x00B", "scan_noise"), ("X" * 5_000, "scan_too_long"), ("", "scan_noise"),
        ("".join(AZERTY[d] for d in "123456789"), "wrong_keyboard"), ("nobody's", "not_gs1"), ("\udc80", "scan_noise"),
    ],
)  # fmt: skip
def test_noise_finds_nothing_and_says_why(world: World, mug: Sku, sent: str, code: str) -> None:
    scan = judged([world.tilleul.pk], code=sent)
    assert scan.hits == ()
    assert scan.problem is not None
    assert scan.problem.code == code
    assert scan.why


def test_a_damaged_ean_is_still_the_mug(world: World, mug: Sku) -> None:
    assert scanned([world.tilleul.pk], code="".join(AZERTY[d] for d in EAN)) == [Scanned(mug.pk, 1)]


def test_a_scan_asks_the_database_twice_at_most(world: World, mug: Sku) -> None:
    for sent in (EAN, "MUG", f"(01){EAN}(10)L", "nothing"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            scanned([world.tilleul.pk], code=sent)
        assert len(asked) <= 2, sent
