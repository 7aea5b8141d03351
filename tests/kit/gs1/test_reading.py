"""What scanners send, read. Numbers are GS1's own examples (prefix 95, and those of the standards' documentation)."""

from contextlib import suppress
from datetime import date

import pytest
from biip.gs1_messages import GS1Message
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from colisage.kit.gs1 import Unreadable, read
from colisage.kit.gs1.digits import adds_up, check_digit, gtin14, printed_gtin, spellings
from colisage.kit.gs1.links import link

TODAY = date(2026, 11, 28)
GTIN = "09506000134352"
GS = "\x1d"


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("96385074", "00000096385074"),
        ("614141123452", "00614141123452"),
        ("9506000134352", GTIN),
        (GTIN, GTIN),
        ("]E09506000134352", GTIN),
        (" 9506000134352\r\n", GTIN),
        ("04252614", "00042100005264"),  # UPC-E, as some scanners leave it
    ],
)
def test_a_gtin_is_one_number_however_many_digits_were_sent(written: str, full: str) -> None:
    assert read(written).gtin == full


def test_leading_zeros_make_spellings_of_one_number() -> None:
    assert spellings("614141123452") == ["00614141123452", "0614141123452", "614141123452"]
    assert spellings("96385074")[-1] == "96385074"
    assert spellings("10614141123459") == ["10614141123459"]
    assert [printed_gtin(n) for n in ("96385074", "614141123452", "10614141123459")] == [
        "96385074", "0614141123452", "10614141123459",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sent", ["106141412345678908", "00106141412345678908", "]C100106141412345678908", "(00)106141412345678908"]
)
def test_an_sscc_is_read_with_and_without_its_identifier(sent: str) -> None:
    assert read(sent).sscc == "106141412345678908"


ALL = {"gtin": GTIN, "lot": "AB-1", "expires_on": date(2027, 1, 31), "serial": "S1"}


@pytest.mark.parametrize(
    ("sent", "form"),
    [
        (f"]C101{GTIN}1727013110AB-1{GS}21S1", "elements"),
        (f"]d201{GTIN}10AB-1{GS}1727013121S1", "elements"),
        (f"]Q301{GTIN}10AB-1{GS}1727013121S1{GS}", "elements"),
        (f"]e001{GTIN}10AB-1{GS}1727013121S1", "elements"),
        (f"{GS}01{GTIN}10AB-1{GS}1727013121S1", "elements"),
        (f"01{GTIN}{GS}10AB-1{GS}17270131{GS}21S1", "elements"),
        (f"01{GTIN}10AB-1|1727013121S1", "elements"),
        (f"01{GTIN}10AB-1<GS>1727013121S1", "elements"),
        (f"01{GTIN}10AB-1~1727013121S1", "elements"),
        (f"(01){GTIN}(10)AB-1(17)270131(21)S1", "elements"),
        ("(01)9506000134352 (10)AB-1 (17)270100 (21)S1", "elements"),
        (f"[)>\x1e05\x1d01{GTIN}10AB-1{GS}1727013121S1\x1e\x04", "elements"),
        (f"https://id.gs1.org/01/{GTIN}/10/AB-1/21/S1?17=270131", "digital_link"),
        ("HTTP://shop.example/p/q/01/9506000134352/10/AB-1/21/S1?17=270131&utm=x&11=", "digital_link"),
        ("https://example.com/gtin/9506000134352/lot/AB-1/ser/S1?exp=270131", "digital_link"),
    ],
)
def test_every_form_says_the_same(sent: str, form: str) -> None:
    if sent.endswith("11="):
        sent = sent.removesuffix("&11=")
    found = read(sent, today=TODAY)
    assert {name: getattr(found, name) for name in ALL} == ALL
    assert found.form == form
    assert not found.doubts


def test_a_configured_separator_is_taken_for_fnc1() -> None:
    sent = f"01{GTIN}10AB-1%1727013121S1"
    assert read(sent, separator="%", today=TODAY).lot == "AB-1"
    assert "lot" in read(sent, today=TODAY).doubts  # not guessed without


def test_without_separators_fixed_lengths_are_enough() -> None:
    found = read(f"01{GTIN}1727013110AB-9", today=TODAY)
    assert (found.gtin, found.lot, found.expires_on) == (GTIN, "AB-9", date(2027, 1, 31))
    assert not found.doubts


def test_without_separators_a_lot_that_may_end_in_two_places_is_not_guessed() -> None:
    found = read(f"01{GTIN}10AB117270131", today=TODAY)
    assert found.gtin == GTIN  # this is certain
    assert (found.lot, found.expires_on) == ("", None)
    assert found.doubts == {"lot", "expires_on"}
    assert found.could_be("lot", "AB1")
    assert found.could_be("lot", "AB117270131")
    assert not found.could_be("lot", "AB2")


def test_what_a_lot_cannot_hold_is_no_second_way_to_read() -> None:
    found = read(f"01{GTIN}10AB1720AB17270131XX17270131", today=TODAY)  # XX is no identifier
    assert not found.could_be("lot", "AB1720AB")
    long = read(f"01{GTIN}10ABCDEFGHIJKLMNOPQRST17270131", today=TODAY)  # twenty letters are the most
    assert (long.lot, long.expires_on, long.doubts) == ("ABCDEFGHIJKLMNOPQRST", date(2027, 1, 31), frozenset())


def test_a_logistic_label_says_what_is_inside() -> None:
    found = read(f"]C100106141412345678908{GS}02{GTIN}37240{GS}10L7", today=TODAY)
    assert (found.sscc, found.content, found.count, found.lot, found.gtin) == (
        "106141412345678908",
        GTIN,
        240,
        "L7",
        "",
    )


@pytest.mark.parametrize(
    ("element", "grams"),
    [("3103001750", 1750), ("3102001750", 17500), ("3100000002", 2000), ("3105000150", 2), ("3201000010", 454)],
)
def test_net_weights_become_grams(element: str, grams: int) -> None:
    assert read(f"01{GTIN}{element}", today=TODAY).grams == grams


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("260228", date(2026, 2, 28)),
        ("260200", date(2026, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("761231", date(2076, 12, 31)),  # fifty years ahead
        ("771231", date(1977, 12, 31)),  # forty-nine behind
    ],
)
def test_years_are_near_and_day_zero_is_the_last_of_the_month(sent: str, day: date) -> None:
    assert read(f"01{GTIN}17{sent}", today=TODAY).expires_on == day


def test_the_century_turns_with_the_years() -> None:
    assert read(f"01{GTIN}17030405", today=date(2060, 1, 1)).expires_on == date(2103, 4, 5)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("9506000134353", "bad_check_digit"),
        (f"01{GTIN[:-1]}310A", "bad_check_digit"),
        ("00106141412345678907", "bad_check_digit"),
        (f"01{GTIN}17270231", "bad_date"),
        (f"]C101{GTIN}17271301", "bad_date"),
        (f"]C101{GTIN[:9]}", "scan_cut_short"),
        (f"01{GTIN}172701", "scan_cut_short"),
        (f"]C101{GTIN}10", "scan_cut_short"),
        (f"(01){GTIN}(10)", "scan_cut_short"),
        ("https://id.gs1.org/01/9506000134352/10", "scan_cut_short"),
        (f"]C101{GTIN}05123", "unknown_identifier"),
        (f"(01){GTIN}(10)é", "bad_gs1_value"),
        (f"]C101{GTIN}10ÀB", "bad_gs1_value"),
        ("95060001343529506000134352", "two_codes_in_one"),
        ("950600013435296385074", "two_codes_in_one"),
        (f"01{GTIN}01{gtin14('96385074')}", "two_codes_in_one"),
        (f"(01){GTIN}(10)A(10)B", "two_codes_in_one"),
        ("MUG", "not_gs1"),
        ("B-07-3", "not_gs1"),
        ("CL-12-1", "not_gs1"),
        ("10ABC", "not_gs1"),  # no number vouches for it: a merchant's own code, rather
        ("https://example.com/", "not_gs1"),
        ("", "scan_noise"),
        ("\x00\x00", "scan_noise"),
        ("MUG\x07\x1b[2J", "scan_noise"),
        ("\ufffd\ufffd9506", "scan_noise"),
        ("9" * 2_000, "scan_too_long"),
        ("(99", "not_gs1"),
        ("urn:epc:id:sgtin:1.2.3", "bad_tag"),
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_refused_with_a_reason(sent: str, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(sent, today=TODAY)
    assert refusal.value.code == code
    assert str(refusal.value)


AZERTY = dict(zip("0123456789", "à&é\"'(-è_ç", strict=True))


def _damaged(text: str) -> str:
    letters = {"A": "Q", "Q": "A", "Z": "W", "W": "Z", "M": ":", "a": "q", "-": ")", "]": "$"}
    return "".join(AZERTY.get(letter, letters.get(letter, letter)) for letter in text)


@pytest.mark.parametrize("sent", ["9506000134352", GTIN, f"01{GTIN}1727013110QA-ZB", "106141412345678908"])
def test_an_american_scanner_on_a_french_keyboard_is_understood_when_a_check_digit_proves_it(sent: str) -> None:
    found, plain = read(_damaged(sent), today=TODAY), read(sent, today=TODAY)
    assert found.repaired
    assert (found.gtin, found.sscc, found.lot, found.expires_on) == (
        plain.gtin, plain.sscc, plain.lot, plain.expires_on,
    )  # fmt: skip


def test_a_french_scanner_on_an_american_keyboard_is_understood_as_well() -> None:
    assert read("".join(dict(zip("1234567890", "!@#$%^&*()", strict=True))[d] for d in "9506000134352")).gtin == GTIN


def test_a_damaged_code_that_nothing_proves_is_explained() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(_damaged("123456789"))
    assert refusal.value.code == "wrong_keyboard"


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # beside a busy machine
digits = st.text("0123456789", min_size=7, max_size=13).filter(lambda d: len(d) in {7, 11, 12, 13})
lots = st.text("ABCDEFGHJKLMNPRSTUVWXYZabcxyz0123456789-./_", min_size=1, max_size=20)
days = st.dates(date(1990, 1, 1), date(2075, 12, 31))


@unhurried
@given(st.one_of(st.text(max_size=120), st.text("0123456789()]|\x1dAé&\"'-è_çà/:.", max_size=120)))
@example("]")
@example("]C1")
@example("(00)")
@example("https://[::1")
@example("https://x/01/%ff/10/%00")
@example("00" + "9" * 200)
@example("10" + "1021303710213037" * 6)
def test_nothing_that_is_typed_raises_anything_but_a_refusal(text: str) -> None:
    with suppress(Unreadable):
        found = read(text, today=TODAY)
        assert found.gtin or found.sscc or found.content or found.location or found.form != "gtin"
        assert not found.gtin or adds_up(found.gtin)
        assert not found.sscc or adds_up(found.sscc)


@unhurried
@given(digits, lots, days, lots)
def test_a_label_written_out_is_read_back(body: str, lot: str, day: date, serial: str) -> None:
    gtin = gtin14(body + check_digit(body))
    for sent in (
        f"]C101{gtin}17{day:%y%m%d}10{lot}{GS}21{serial}",
        f"(01){gtin}(10){lot}(17){day:%y%m%d}(21){serial}",
        link(gtin, lot=lot, serial=serial, expires_on=day),
    ):
        found = read(sent, today=TODAY)
        assert (found.gtin, found.lot, found.serial, found.expires_on) == (gtin, lot, serial, day)


@unhurried
@given(digits, lots, days)
def test_a_second_reader_agrees(body: str, lot: str, day: date) -> None:
    """The witness is biip's own reader, of which only the tables are used here."""
    sent = f"01{gtin14(body + check_digit(body))}17{day:%y%m%d}10{lot}"
    other = GS1Message.parse(sent).element_strings
    found = read(f"]C1{sent}", today=TODAY)
    assert [found.gtin, found.lot] == [other[0].value, other[2].value]
    assert found.expires_on == other[1].date


@unhurried
@given(digits, lots, st.integers(0, 40))
def test_a_label_cut_anywhere_is_never_read_as_another_item(body: str, lot: str, cut: int) -> None:
    gtin = gtin14(body + check_digit(body))
    sent = f"]C101{gtin}10{lot}"
    try:
        found = read(sent[: len("]C1") + cut], today=TODAY)
    except Unreadable:
        return
    assert found.gtin == gtin
