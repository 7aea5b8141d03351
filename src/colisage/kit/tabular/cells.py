"""What people mean by a cell: a number, an amount, a moment. Exact, and refusing rather than guessing."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final, Literal

from babel.core import get_global

from colisage.kit import money

DateOrder = Literal["dmy", "mdy"]
DecimalMark = Literal["", ",", "."]

_NUMBER: Final = re.compile(r"[+-]?\d[\d.,]*|[+-]?[.,]\d+", re.ASCII)
_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009'’]+")
_SIGNS: Final = "€$£¥"
_ISO: Final = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?P<rest>.*)", re.ASCII | re.DOTALL
)
_LOCAL: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?P<rest>.*)", re.ASCII | re.DOTALL)
_CLOCK: Final = re.compile(
    r"[T ,]*(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AP]M)?\s*"
    r"(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_YEARS: Final = range(2000, 2100)


class AmbiguousDate(ValueError):  # noqa: N818 -- what it is, not that it is wrong
    """The date has two readings, such as 03/04/2026, and nobody said which is meant."""


def number(text: str, *, decimals: int, mark: DecimalMark = "") -> Decimal:
    """Read a number with a decimal point or comma: `1 234,5`, `1,234.50`, `1.234,50`, `12`.

    `mark` says which of the two stands before decimals, where both could be meant: `1,234` is a thousand and more when
    it is the point. Raises `ValueError` for anything else, for more than `decimals` decimals other than zeros, and for
    `1,234`, which is two numbers, unless there are three decimals to have.
    """
    bare = _SPACES.sub("", text).strip(_SIGNS)
    if not _NUMBER.fullmatch(bare):
        raise ValueError(text)
    marks = [c for c in bare if c in ".,"]
    if mark and marks:
        if _grouped(bare, mark):
            return _scaled(bare.replace("." if mark == "," else ",", "").replace(",", "."), decimals, text)
        if marks == [mark]:
            return _scaled(bare.replace(",", "."), decimals, text)
    if len(set(marks)) == 2:
        decimal_mark = marks[-1]
        if marks.count(decimal_mark) > 1:
            raise ValueError(text)
        return _scaled(_ungrouped(bare, decimal_mark, text), decimals, text)
    if len(marks) > 1:
        return _scaled(_ungrouped(bare, "", text), decimals, text)
    if marks and decimals < 3 and re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", bare):
        raise ValueError(text)
    return _scaled(bare.replace(",", "."), decimals, text)


def _grouped(bare: str, mark: DecimalMark) -> bool:
    """Say whether the other mark stands between thousands, every three digits."""
    other = "." if mark == "," else ","
    return re.fullmatch(rf"[+-]?\d{{1,3}}(\{other}\d{{3}})+(\{mark}\d*)?", bare) is not None


def _ungrouped(bare: str, decimal_mark: str, text: str) -> str:
    """Drop the marks between thousands, which must stand every three digits."""
    whole, _, rest = bare.partition(decimal_mark) if decimal_mark else (bare, "", "")
    if not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{3})+", whole):
        raise ValueError(text)
    return f"{whole.replace('.', '').replace(',', '')}.{rest or '0'}"


def _scaled(digits: str, decimals: int, text: str) -> Decimal:
    value = Decimal(digits)
    if len(digits) > 25 or value != round(value, decimals):
        raise ValueError(text)
    return value


def whole(text: str) -> int:
    """Read a whole number: `2`, `2,0`, `1 000`; raise `ValueError` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else int(number(text, decimals=0))


def amount(text: str, *, currency: str, mark: DecimalMark = "") -> int:
    """Read an amount, with a point or a comma, in minor units; raise `ValueError` when it is not one.

    The currency's own code may stand before or after it: `19,00 EUR`.
    """
    if text[-1:].isalpha() or text[:1].isalpha():
        text = text.strip().upper().removeprefix(currency).removesuffix(currency)
    return money.cents(number(text, decimals=money.exponent(currency), mark=mark), currency=currency)


def currency_code(text: str) -> str:
    """Give the ISO 4217 code, upper case; raise `ValueError` when there is no such currency."""
    code = text.strip().upper()
    if code not in _currencies():
        raise ValueError(text)
    return code


@lru_cache(maxsize=4_096)  # many orders of one day
def moment(text: str, *, order: DateOrder | None = None, zone: tzinfo = UTC) -> datetime:
    """Read a date, with or without a time, as an aware UTC datetime.

    ISO shapes are read as they are. In `31/12/2026` and `12/31/2026` only one reading exists; where two exist
    and `order` does not say which, raises `AmbiguousDate`. With dots the day comes first. A time without
    offset, and a date without time (midnight), are taken in `zone`. Raises `ValueError` for anything else,
    and outside 2000 to 2099.
    """
    bare = text.strip()
    if iso := _ISO.fullmatch(bare):
        year, month, day = int(iso["year"]), int(iso["month"]), int(iso["day"])
        rest = iso["rest"]
    elif local := _LOCAL.fullmatch(bare):
        year, rest = int(local[4]), local["rest"]
        day, month = _day_and_month(int(local[1]), int(local[3]), "dmy" if local[2] == "." else order)
    else:
        raise ValueError(text)
    if year not in _YEARS:
        raise ValueError(text)
    return _at(datetime(year, month, day, tzinfo=zone), rest)


def _day_and_month(first: int, second: int, order: DateOrder | None) -> tuple[int, int]:
    if order == "dmy" or (order is None and first > 12):
        return first, second
    if order == "mdy" or second > 12 or first == second:
        return second, first
    raise AmbiguousDate


def _at(day: datetime, rest: str) -> datetime:
    """Add the time of day, and its offset when it has one."""
    if not rest.strip():
        return day.astimezone(UTC)
    clock = _CLOCK.fullmatch(rest.rstrip())
    if clock is None:
        raise ValueError(rest)
    hour = int(clock["hour"])
    if half := clock["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(rest)
        hour = hour % 12 + (12 if half.upper() == "PM" else 0)
    moment_ = day.replace(hour=hour, minute=int(clock["minute"]), second=int(clock["second"] or 0))
    if zone := clock["zone"]:
        moment_ = moment_.replace(tzinfo=_offset(zone))
    return moment_.astimezone(UTC)


def _offset(zone: str) -> tzinfo:
    if zone[0] not in "+-":
        return UTC
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))


def is_currency(code: str) -> bool:
    """Say whether there is a currency of this ISO 4217 code."""
    return code in _currencies()


# In ISO 4217 XXX says that there is no currency, and XTS is for trials.
_NO_CURRENCIES: Final = frozenset({"XTS", "XXX"})


@cache
def _currencies() -> frozenset[str]:
    return frozenset(get_global("all_currencies")) - _NO_CURRENCIES
