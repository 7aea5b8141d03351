"""Bars read back by readers written from the standards' tables, which share nothing with the writers."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colisage.kit.code128 import FNC1, code128, gs1_128, zpl_data
from colisage.kit.ean import ean
from colisage.kit.gs1 import read
from colisage.kit.gs1.digits import check_digit
from colisage.kit.gs1.elements import message
from tests.kit.scanner import read_128, read_ean, read_zpl_128

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
values = st.text("ABCXYZabcxyz0123456789-./<>_!", min_size=1, max_size=20)


def test_an_sscc_is_written_in_pairs_of_digits() -> None:
    widths = gs1_128("00106141412345678908")
    assert sum(widths) == 11 * 13 + 13  # start, FNC1, ten pairs, check, and the stop
    assert read_128(widths) == FNC1 + "00106141412345678908"


@unhurried
@given(values, values)
def test_a_gs1_message_is_read_back_from_its_bars_and_from_the_printers_command(lot: str, serial: str) -> None:
    told = message([("01", "09506000134352"), ("17", "270131"), ("10", lot), ("21", serial)])
    assert told.count(FNC1) == 1
    for found in (read_128(gs1_128(told)), read_zpl_128(zpl_data(told))):
        assert found == FNC1 + told
        said = read("]C1" + found)
        assert (said.gtin, said.lot, said.serial) == ("09506000134352", lot, serial)


@unhurried
@given(st.text([chr(n) for n in range(32, 127)], min_size=1, max_size=40))
def test_plain_text_is_read_back(text: str) -> None:
    assert read_128(code128(text)) == text


@pytest.mark.parametrize("text", ["", "é", "\x00", "a\x1d"])
def test_what_code_128_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        code128(text)


@unhurried
@given(st.text("0123456789", min_size=7, max_size=12).filter(lambda digits: len(digits) in {7, 12}))
def test_an_ean_is_read_back(body: str) -> None:
    number = body + check_digit(body)
    widths = ean(number)
    assert sum(widths) == (95 if len(number) == 13 else 67)
    assert read_ean(widths) == number


@pytest.mark.parametrize("number", ["", "9506000134353", "950600013435", "950600013435X", "1234567890123456"])
def test_no_other_number_becomes_an_ean(number: str) -> None:
    with pytest.raises(ValueError, match="EAN"):
        ean(number)
