from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from colisage.ui import words

NOW = datetime(2026, 11, 24, 13, 12, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("cents", "currency", "french", "english"),
    [
        (184200, "EUR", "1 842,00 €", "€1,842.00"),
        (-732, "EUR", "−7,32 €", "−€7.32"),
        (5, "EUR", "0,05 €", "€0.05"),
        (5000, "JPY", "5 000 JPY", "JP¥5,000"),
        (1234, "TND", "1,234 TND", "TND1.234"),
        (2995, "CAD", "29,95 $CA", "CA$29.95"),
        (None, "EUR", "—", "—"),
    ],
)
def test_money_has_the_decimals_of_its_currency(cents: int | None, currency: str, french: str, english: str) -> None:
    with translation.override("fr"):
        assert plain(words.money(cents, currency=currency)) == french
    with translation.override("en"):
        assert words.money(cents, currency=currency) == english


def test_an_amount_never_breaks_over_two_lines() -> None:
    with translation.override("fr"):
        assert words.money(184200, currency="EUR") == "1\u00a0842,00\u00a0€"


@pytest.mark.parametrize(
    ("grams", "french"),
    [
        (640, "640 g"),
        (1652, "1 652 g"),
        (9999, "9 999 g"),
        (10000, "10 kg"),
        (12340, "12,34 kg"),
        (None, "—"),
    ],
)
def test_a_weight_is_said_exactly(grams: int | None, french: str) -> None:
    with translation.override("fr"):
        assert plain(words.grams(grams)) == french


def test_counts_and_shares_follow_the_language() -> None:
    with translation.override("fr"):
        assert (plain(words.count(10478)), plain(words.percent(0.974))) == ("10 478", "97,4 %")
        assert plain(words.dimensions(300, 200, 120)) == "300 × 200 × 120 mm"
    with translation.override("en"):
        assert (words.count(10478), words.percent(0.974), words.percent(1)) == ("10,478", "97.4%", "100%")


@pytest.mark.parametrize(
    ("back", "french", "english"),
    [
        (timedelta(), "14 h 12", "14:12"),
        (timedelta(minutes=12), "14 h", "14:00"),
        (timedelta(days=1, hours=5), "hier 9 h 12", "yesterday 09:12"),
        (timedelta(days=-1), "demain 14 h 12", "tomorrow 14:12"),
        (timedelta(days=4), "ven. 14 h 12", "Fri 14:12"),
        (timedelta(days=23), "1er nov. 14 h 12", "1 Nov 14:12"),
        (timedelta(days=400), "20 oct. 2025 15 h 12", "20 Oct 2025 15:12"),
    ],
)
def test_a_moment_is_as_short_as_stays_clear(back: timedelta, french: str, english: str) -> None:
    with time_machine.travel(NOW, tick=False), timezone.override(ZoneInfo("Europe/Paris")):
        with translation.override("fr"):
            assert plain(words.when(NOW - back)) == french
        with translation.override("en"):
            assert plain(words.when(NOW - back)) == english


def test_the_day_is_the_one_on_the_wall_not_the_one_of_utc() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    with (
        time_machine.travel(late, tick=False),
        timezone.override(ZoneInfo("Europe/Paris")),
        translation.override("fr"),
    ):
        assert words.day(late, style="long") == "mercredi 25 novembre 2026"
        assert words.day(date(2026, 11, 24)) == "24 nov."
        assert words.day(date(2026, 11, 24), style="numeric") == "24/11/2026"
        assert plain(words.whole(late)) == "mercredi 25 novembre 2026, 0 h 30"
        assert plain(words.when(late)) == "0 h 30"
        assert words.whole(date(2026, 11, 1)) == "dimanche 1er novembre 2026"


@pytest.mark.parametrize(
    ("span", "french", "english"),
    [
        (timedelta(seconds=20), "0 min", "0 min"),
        (timedelta(minutes=12), "12 min", "12 min"),
        (timedelta(hours=2, minutes=5), "2 h 05", "2 h 05"),
        (timedelta(hours=6), "6 h", "6 h"),
        (timedelta(days=3, hours=4), "3 j 4 h", "3 d 4 h"),
        (timedelta(days=12, hours=4), "12 j", "12 d"),
    ],
)
def test_an_age_keeps_two_units_at_most(span: timedelta, french: str, english: str) -> None:
    with translation.override("fr"):
        assert plain(words.age(span)) == french
    with translation.override("en"):
        assert plain(words.age(span)) == english


def test_ago_knows_past_present_and_future() -> None:
    with time_machine.travel(NOW, tick=False), translation.override("fr"):
        assert plain(words.ago(NOW - timedelta(minutes=12))) == "il y a 12 min"
        assert plain(words.ago(NOW + timedelta(hours=2))) == "dans 2 h"
        assert words.ago(NOW) == "à l’instant"


def test_a_bin_reads_as_its_plate_whatever_separates_it() -> None:
    assert {words.plate(code) for code in ("B-07-3", "B.07.3", "B 07 3", "B·07·3")} == {"B·07·3"}


def test_nothing_is_said_as_a_dash() -> None:
    assert {
        words.when(None),
        words.day(None),
        words.ago(None),
        words.age(None),
        words.count(None),
        words.millimetres(None),
    } == {"—"}
