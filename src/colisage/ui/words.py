"""Say amounts, weights and moments as a reader of the current language writes them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext

from colisage.kit.money import decimal, exponent
from colisage.kit.narrowing import RowCount

NOTHING: Final = "—"
HARD_SPACE: Final = "\u00a0"
_NARROW_SPACE: Final = "\u202f"
_LOCALES: Final = {"fr": Locale("fr"), "en": Locale("en", "GB")}
_KILOGRAMS_FROM = 10_000


def locale() -> Locale:
    """Give the conventions of the current language: those of France, or British ones."""
    return _LOCALES.get((get_language() or "fr")[:2], _LOCALES["en"])


def is_french() -> bool:
    """Say whether the current language is French."""
    return bool(locale().language == "fr")


def money(cents: int | None, *, currency: str = "EUR", rounded: bool = False) -> str:
    """Say an amount of minor units: `1 842,00 €`, `€1,842.00`; `rounded` leaves the decimals out."""
    if cents is None:
        return NOTHING
    decimals = 0 if rounded else exponent(currency)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    pattern = f"{pattern}{HARD_SPACE}¤" if is_french() else f"¤{pattern}"
    return _priced(decimal(cents, currency=currency), currency, pattern, locale())


def count(number: float | Decimal | None) -> str:
    """Say a number with its groups: `10 478`, `10,478`; of rows that were not counted to the end, `1,000+`."""
    if number is None:
        return NOTHING
    return _grouped(int(number) if isinstance(number, RowCount) else number, locale()) + (
        "+" if isinstance(number, RowCount) and number.more else ""
    )


def percent(share: float | Decimal | None) -> str:
    """Say a share of one with at most one decimal: `97,4 %`, `97.4%`."""
    if share is None:
        return NOTHING
    number = _legible(format_decimal(share * 100, "#,##0.#", locale=locale()))
    return f"{number}{HARD_SPACE}%" if is_french() else f"{number}%"


def grams(weight: int | None) -> str:
    """Say a weight exactly: in grams as the scale does, in kilograms from ten of them."""
    if weight is None:
        return NOTHING
    if abs(weight) < _KILOGRAMS_FROM:
        return f"{count(weight)}{HARD_SPACE}g"
    return f"{count(Decimal(weight) / 1000)}{HARD_SPACE}kg"


def millimetres(length: int | None) -> str:
    """Say a length."""
    return NOTHING if length is None else f"{count(length)}{HARD_SPACE}mm"


def dimensions(*lengths: int) -> str:
    """Say the sides of a box: `300 × 200 × 120 mm`."""
    return f"{HARD_SPACE}×{HARD_SPACE}".join(count(side) for side in lengths) + f"{HARD_SPACE}mm"


def clock(moment: datetime) -> str:
    """Say the time of day in the current time zone: `14 h 12`, `16 h`, `14:12`."""
    return _clock(timezone.localtime(moment), locale())


_PATTERNS: Final = {"short": "d MMM", "weekday": "EEE d MMM", "long": "EEEE d MMMM y", "numeric": "dd/MM/y"}


def day(moment: date | None, *, style: str = "short") -> str:
    """Say a date; styles: `short`, `weekday`, `long`, `numeric`. The year shows when it is not this one."""
    if moment is None:
        return NOTHING
    return _day(timezone.localtime(moment) if isinstance(moment, datetime) else moment, style, locale())


def when(moment: datetime | None) -> str:
    """Say a moment as briefly as stays clear: the hour, with the weekday or the date when not today."""
    if moment is None:
        return NOTHING
    local, said_in = timezone.localtime(moment), locale()
    days = (local.date() - timezone.localdate()).days
    if days == 0:
        return _clock(local, said_in)
    if days in (-1, 1):
        name = gettext("yesterday") if days < 0 else gettext("tomorrow")
    elif abs(days) < 7:
        name = _dated(local.date(), "EEE", said_in)
    else:
        name = _day(local, "short", said_in)
    return f"{name} {_clock(local, said_in)}"


def whole(moment: date) -> str:
    """Say all of a date, and the time of day of a moment: what stands behind one that is said briefly."""
    said_in = locale()
    if not isinstance(moment, datetime):
        return _day(moment, "long", said_in)
    local = timezone.localtime(moment)
    return f"{_day(local, 'long', said_in)}, {_clock(local, said_in)}"


def _clock(local: datetime, said_in: Locale) -> str:
    if said_in.language != "fr":
        return f"{local.hour:02}:{local.minute:02}"
    minutes = f"{HARD_SPACE}{local.minute:02}" if local.minute else ""
    return f"{local.hour}{HARD_SPACE}h{minutes}"


def _day(local: date, style: str, said_in: Locale) -> str:
    pattern = _PATTERNS[style]
    if not pattern.endswith("y") and local.year != timezone.localdate().year:
        pattern += " y"
    said = _dated(local.date() if isinstance(local, datetime) else local, pattern, said_in)
    if said_in.language == "fr" and local.day == 1 and style != "numeric":
        said = said.replace("1 ", "1er ", 1)
    return said


def age(span: timedelta | datetime | None) -> str:
    """Say how long something lasts, or has lasted since a moment: `12 min`, `2 h 10`, `3 j 4 h`."""
    if span is None:
        return NOTHING
    lasted = timezone.now() - span if isinstance(span, datetime) else span
    minutes = abs(int(lasted.total_seconds())) // 60
    hours, days = minutes // 60, minutes // 1440
    if hours == 0:
        return f"{minutes}{HARD_SPACE}min"
    if days == 0:
        rest = f"{HARD_SPACE}{minutes % 60:02}" if minutes % 60 else ""
        return f"{hours}{HARD_SPACE}h{rest}"
    unit = pgettext("days", "d")
    if days < 10 and hours % 24:
        return f"{days}{HARD_SPACE}{unit}{HARD_SPACE}{hours % 24}{HARD_SPACE}h"
    return f"{count(days)}{HARD_SPACE}{unit}"


def ago(moment: datetime | None) -> str:
    """Say how far a moment is, in the past or to come."""
    if moment is None:
        return NOTHING
    span = timezone.now() - moment
    if abs(span) < timedelta(minutes=1):
        return gettext("just now")
    if span > timedelta():
        return gettext("%(age)s ago") % {"age": age(span)}
    return gettext("in %(age)s") % {"age": age(span)}


def bin_parts(code: str) -> list[str]:
    """Split the code of a bin into aisle, bay, level…, whatever separates them."""
    for mark in "·.-_/":
        code = code.replace(mark, " ")
    return code.split()


def plate(code: str) -> str:
    """Write the code of a bin as on the rack: `B·07·3`."""
    return "·".join(bin_parts(code))


# A list says the same days, counts and prices in many rows, and the library takes long over each.
@lru_cache(4_096)
def _dated(moment: date, pattern: str, said_in: Locale) -> str:
    return format_date(moment, pattern, locale=said_in)


@lru_cache(4_096)
def _grouped(number: float | Decimal, said_in: Locale) -> str:
    return _legible(format_decimal(number, locale=said_in))


@lru_cache(4_096)
def _priced(amount: Decimal, currency: str, pattern: str, said_in: Locale) -> str:
    return _legible(format_currency(amount, currency, pattern, locale=said_in, currency_digits=False))


def _legible(number: str) -> str:
    """Use a true minus, and a whole hard space: the narrow one vanishes in many a handheld's font."""
    return number.replace("-", "−").replace(_NARROW_SPACE, HARD_SPACE)
