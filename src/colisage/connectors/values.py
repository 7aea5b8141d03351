"""Single values of what shops say, in whatever form they say it; each refuses with a reason what cannot be meant."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from colisage.intake.ports import Unreadable
from colisage.kit.money import cents, exponent
from colisage.kit.tabular import cells
from colisage.kit.tabular.names import country_code

MOST_UNITS: Final = 1_000_000
_HALF: Final = re.compile("[\ud800-\udfff]")  # half a character: JSON can say it, nothing can store it


def text(item: Any, name: str, *, longest: int = 300) -> str:
    """Give a text of an object, or nothing: where there is none, or something else than one value."""
    value = item.get(name) if isinstance(item, Mapping) else None
    if value is None or isinstance(value, Mapping | list):
        return ""
    return _HALF.sub("\ufffd", str(value).replace("\x00", "")).strip()[:longest]


def items(item: Any, name: str) -> list[Mapping[str, Any]]:
    """Give the objects of a list; raises `Unreadable` when it holds anything else."""
    value = (item.get(name) if isinstance(item, Mapping) else None) or []
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise Unreadable("unreadable", name)
    return value


def amount(item: Any, name: str, currency: str) -> int:
    """Read an amount of an object in minor units; nothing said is 0. Raises `Unreadable`."""
    if isinstance(item, Mapping) and isinstance(item.get(name), Mapping | list):
        raise Unreadable("bad_amount", name)
    return rounded(exact(text(item, name), name), currency)


def count(item: Any, name: str) -> int:
    """Read a whole number of an object, of either sign; raises `Unreadable`, which gives the object's name."""
    return whole(text(item, name), text(item, "name"))


def moment(item: Any, name: str) -> datetime | None:
    """Read a moment of an object; one without an offset is UTC. Raises `Unreadable`."""
    said = text(item, name)
    return moment_of(said, name) if said else None


def exact(said: str, name: str) -> Decimal:
    """Read a decimal with a point; nothing is 0. Raises `Unreadable`."""
    try:
        amount = Decimal(said or "0")
    except InvalidOperation as error:
        raise Unreadable("bad_amount", f"{name}: {said}") from error
    if not amount.is_finite():
        raise Unreadable("bad_amount", f"{name}: {said}")
    if abs(amount) >= 10**13:
        raise Unreadable("huge_amount", f"{name}: {said}")
    return amount


def rounded(amount: Decimal, currency: str) -> int:
    """Give an amount in minor units; more decimals than the currency has are rounded, half up."""
    return cents(amount.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP), currency=currency)


def whole(said: str, name: str) -> int:
    """Read a whole number of at most a million, of either sign; raises `Unreadable`."""
    try:
        number = Decimal(said)
    except InvalidOperation as error:
        raise Unreadable("bad_quantity", f"{name}: {said}") from error
    if not number.is_finite() or number != number.to_integral_value():
        raise Unreadable("bad_quantity", f"{name}: {said}")
    if abs(number) > MOST_UNITS:
        raise Unreadable("huge_quantity", f"{name}: {said}")
    return int(number)


def units(said: str, name: str) -> int:
    """Read a number of units, from 0 to a million; raises `Unreadable`."""
    number = whole(said, name)
    if number < 0:
        raise Unreadable("negative_quantity", f"{name}: {said}")
    return number


def currency_of(said: str) -> str:
    """Read the code of a currency; raises `Unreadable`."""
    try:
        return cells.currency_code(said)
    except ValueError as error:
        raise Unreadable("unknown_currency", said) from error


def country_of(said: str) -> str:
    """Give the code of a country, or nothing: an order without one is held, not lost."""
    try:
        return country_code(said) if said else ""
    except ValueError:
        return ""


def moment_of(said: str, name: str, *, order: cells.DateOrder | None = None, zone: tzinfo = UTC) -> datetime:
    """Read a moment; raises `Unreadable`."""
    try:
        return cells.moment(said, order=order, zone=zone)
    except (ValueError, OverflowError) as error:
        raise Unreadable("bad_date", f"{name}: {said}") from error
