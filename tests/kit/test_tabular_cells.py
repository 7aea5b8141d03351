"""What a cell means, exactly, or nothing."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colisage.kit.tabular import cells
from colisage.kit.tabular.names import country_code, plain


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12", "EUR", 1_200),
        ("12.5", "EUR", 1_250),
        ("12,50", "EUR", 1_250),
        ("1 234,50 €", "EUR", 123_450),
        ("1\u202f234,50", "EUR", 123_450),
        ("1,234.50", "USD", 123_450),
        ("1.234,50", "EUR", 123_450),
        ("1'234.50", "CHF", 123_450),
        ("1,234,567", "USD", 123_456_700),
        ("-3,20", "EUR", -320),
        ("$5", "USD", 500),
        (".5", "EUR", 50),
        ("0.30", "EUR", 30),
        ("1000", "JPY", 1_000),
        ("1000.00", "JPY", 1_000),
        ("1.234", "TND", 1_234),
        ("12.500", "KWD", 12_500),
        ("12.5000", "EUR", 1_250),
        ("¥1980", "JPY", 1_980),
        ("19,00 EUR", "EUR", 1_900),
        ("chf 19.00", "CHF", 1_900),
        ("1 234,500 KWD", "KWD", 1_234_500),
    ],
)
def test_amounts_are_exact(text: str, currency: str, minor: int) -> None:
    assert cells.amount(text, currency=currency) == minor


@pytest.mark.parametrize(
    "text", ["", "abc", "1,234", "1.234", "12.345", "1.2.3", "1,23,456", "1e5", "NaN", "--1", "١٢", "19.00 USD", "EUR"]
)
def test_amounts_that_could_be_two_are_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message is the cell
        cells.amount(text, currency="EUR")


@given(st.integers(-(10**12), 10**12), st.sampled_from([".", ","]))
def test_any_amount_written_plainly_is_read_back(minor: int, mark: str) -> None:
    text = str(Decimal(minor).scaleb(-2)).replace(".", mark)
    assert cells.amount(text, currency="EUR") == minor


@pytest.mark.parametrize(("text", "value"), [("2", 2), ("2,0", 2), ("2.00", 2), ("1 000", 1_000), ("-3", -3), ("0", 0)])
def test_whole_numbers(text: str, value: int) -> None:
    assert cells.whole(text) == value


@pytest.mark.parametrize("text", ["", "2.5", "two", "1,000", "²", "9" * 40])
def test_other_numbers_are_not_whole(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message is the cell
        cells.whole(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-12-31", "2026-12-31T00:00:00"),
        ("2026-12-31T10:30:05Z", "2026-12-31T10:30:05"),
        ("2026-09-01 09:59:00 +0200", "2026-09-01T07:59:00"),
        ("2026-12-31 10:30:05.123+01:00", "2026-12-31T09:30:05"),
        ("2026/1/2", "2026-01-02T00:00:00"),
        ("31/12/2026", "2026-12-31T00:00:00"),
        ("12/31/2026 2:05 PM", "2026-12-31T14:05:00"),
        ("12/31/2026 12:05 AM", "2026-12-31T00:05:00"),
        ("04.03.2026 14h05", "2026-03-04T14:05:00"),
        ("05/05/2026", "2026-05-05T00:00:00"),
        ("2018-01-04 15:51:23 -0800", "2018-01-04T23:51:23"),
        ("2026-12-31 10:00 UTC", "2026-12-31T10:00:00"),
    ],
)
def test_dates_with_one_reading(text: str, iso: str) -> None:
    assert cells.moment(text) == datetime.fromisoformat(iso).replace(tzinfo=UTC)


def test_a_date_with_two_readings_needs_to_be_told() -> None:
    with pytest.raises(cells.AmbiguousDate):
        cells.moment("03/04/2026")
    assert cells.moment("03/04/2026", order="dmy").month == 4
    assert cells.moment("03/04/2026", order="mdy").month == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "31/12/26",
        "46387",
        "2026-13-01",
        "2026-02-30",
        "1899-12-31",
        "2026-12-31 25:00",
        "31-12/2026",
    ],
)
def test_other_dates_are_none(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message is the cell
        cells.moment(text)


def test_a_told_order_is_kept_to() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message is the cell
        cells.moment("12/31/2026", order="dmy")


def test_times_without_offset_are_local() -> None:
    assert cells.moment("2026-07-01 12:00", zone=ZoneInfo("Europe/Paris")).hour == 10


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FR", "FR"),
        ("fr", "FR"),
        ("FRA", "FR"),
        ("France", "FR"),
        ("États-Unis", "US"),
        ("Etats Unis", "US"),
        ("USA", "US"),
        ("Allemagne", "DE"),
        ("Germany", "DE"),
        ("EIRE", "IE"),
        ("RSA", "ZA"),
        ("Channel Islands", "JE"),
        ("Czech Republic", "CZ"),
        ("Côte d’Ivoire", "CI"),
        ("cote d'ivoire", "CI"),
        ("La Réunion", "RE"),
        ("UK", "GB"),
        ("United Kingdom", "GB"),
        ("Royaume-Uni", "GB"),
        ("Hong Kong", "HK"),
        ("GBR", "GB"),
    ],
)
def test_countries_by_any_name(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text", ["", "Unspecified", "European Community", "EU", "ZZ", "XX", "QQ", "AAA", "Canaada", "F"]
)
def test_other_places_are_no_country(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message is the cell
        country_code(text)


def test_plain_names_forget_accents_case_and_marks() -> None:
    assert plain("  N° de Commande (réf.) ŒUVRE ") == "n de commande ref oeuvre"


def test_currencies_exist() -> None:
    assert cells.currency_code(" eur ") == "EUR"
    with pytest.raises(ValueError):  # noqa: PT011 -- the message is the cell
        cells.currency_code("EURO")


@pytest.mark.parametrize("code", ["XXX", "XTS", "ZZZ"])
def test_codes_that_stand_for_no_currency_are_none(code: str) -> None:
    assert not cells.is_currency(code)
    with pytest.raises(ValueError, match=code):
        cells.currency_code(code)
