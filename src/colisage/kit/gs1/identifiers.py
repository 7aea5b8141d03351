"""Application identifiers: what follows each, from the tables of `biip`, and what a value must be to be believed."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from colisage.kit.gs1.digits import GLN_LENGTH, adds_up
from colisage.kit.gs1.refusals import BadCheckDigit, BadDate, BadValue, UnknownIdentifier

DATES: Final = frozenset({"11", "12", "13", "15", "16", "17", "7003", "7006", "7007"})
CHECKED: Final = frozenset({"00", "01", "02", "03", "410", "411", "412", "413", "414", "415", "416", "417"})
_DATE_DIGITS: Final = 6
_SIZES: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Identifier:
    """An application identifier: its value has `length` characters, or without one goes on to a separator."""

    code: str
    pattern: re.Pattern[str]
    length: int | None


@cache
def identifier(opening: str) -> Identifier | None:
    """Find the identifier that a text begins with; `opening` is its first four characters."""
    from biip import ParseError  # noqa: PLC0415 -- a third of a second, and only scans need it
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier  # noqa: PLC0415

    try:
        found = GS1ApplicationIdentifier.extract(opening)
    except ParseError:
        return None
    pattern = found.pattern.removeprefix(f"^{found.ai}").removesuffix("$")
    if found.ai == "30":  # the table lets a count be empty
        pattern = r"(\d{1,8})"
    sizes = [int(size) for size in _SIZES.findall(found.format)[1:]]  # the first is the identifier's own
    return Identifier(found.ai, re.compile(pattern, re.ASCII), None if found.separator_required else sum(sizes))


def known(text: str) -> Identifier:
    """Find the identifier that a text begins with, or refuse."""
    found = identifier(text[:4])
    if found is None:
        raise UnknownIdentifier(piece=text[:20])
    return found


def checked(found: Identifier, value: str, *, today: date) -> str:
    """Give a value back that is what its identifier asks for; refuse any other."""
    if found.code in CHECKED and value.isascii() and value.isdigit() and not adds_up(value):
        raise BadCheckDigit(number=value)
    if found.code in DATES:
        day(found.code, value, today=today)
    if not found.pattern.fullmatch(value):
        raise BadValue(identifier=found.code, value=value[:40])
    return value


def day(code: str, value: str, *, today: date) -> date:
    """Read YYMMDD; day 00 is the last of the month, and the year is at most 49 behind and 50 ahead of `today`."""
    digits = value[:_DATE_DIGITS]
    if len(digits) < _DATE_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise BadDate(identifier=code, value=value[:12])
    short, month, of_month = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    year = today.year - today.year % 100 + short
    if short - today.year % 100 >= 51:
        year -= 100
    elif short - today.year % 100 <= -50:
        year += 100
    try:
        return date(year, month, of_month or monthrange(year, month)[1])
    except ValueError as error:
        raise BadDate(identifier=code, value=value[:12]) from error


def is_gln(text: str) -> bool:
    """Say whether this is the number of a place or a company."""
    return len(text) == GLN_LENGTH and adds_up(text)
