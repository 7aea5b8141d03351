"""What the readers of order files have in common: cells with bounds, and orders refused as a whole.

An order with one bad row is refused with all its rows. Accepting the others would send the customer half of
what was paid for, and the corrected row would come back under a number that is already taken.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from colisage.intake.ports import DraftLine, Fate, ReadingOptions, RowFate
from colisage.kit.tabular import BadRow, Group, Row
from colisage.kit.tabular import cells as read
from colisage.kit.tabular.names import country_code

MAX_QUANTITY: Final = 1_000_000
MAX_CENTS: Final = 10**12


class RowRefused(Exception):  # noqa: N818 -- a refusal is an answer, not an error
    """A row that cannot be a line, with the code of the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(cells: Mapping[str, str], column: str, *, longest: int = 300) -> str:
    """Give a cell without the spaces around it; an absent one is empty."""
    value = cells.get(column, "").strip()
    if len(value) > longest:
        raise RowRefused("cell_too_long_for_order")
    return value


def quantity(cell: str) -> int:
    """Read a quantity of at least one and at most a million."""
    try:
        value = read.whole(cell.strip())
    except ValueError as error:
        raise RowRefused("bad_quantity") from error
    if value == 0:
        raise RowRefused("zero_quantity")
    if value < 0:
        raise RowRefused("negative_quantity")
    if value > MAX_QUANTITY:
        raise RowRefused("huge_quantity")
    return value


@lru_cache(maxsize=4_096)  # prices come again and again
def amount(cell: str, *, currency: str, mark: read.DecimalMark = "") -> int:
    """Read an amount that is not negative, in minor units; an empty cell is nothing."""
    if not cell.strip():
        return 0
    try:
        value = read.amount(cell, currency=currency, mark=mark)
    except ValueError as error:
        raise RowRefused("bad_amount") from error
    if value < 0:
        raise RowRefused("negative_amount")
    if value > MAX_CENTS:
        raise RowRefused("huge_amount")
    return value


def sound(line: DraftLine) -> DraftLine:
    """Give the line back, unless its discount exceeds its price."""
    if line.total_cents < 0:
        raise RowRefused("discount_too_large")
    return line


def currency(cell: str, *, options: ReadingOptions) -> str:
    """Read a currency, or take the one the options name."""
    try:
        return read.currency_code(cell or options.currency)
    except ValueError as error:
        raise RowRefused("unknown_currency") from error


def moment(cell: str, *, options: ReadingOptions) -> datetime:
    """Read when an order was placed; without a date it is when we received it."""
    if not cell.strip() and options.received_at:
        return options.received_at
    try:
        return read.moment(cell, order=options.dates, zone=options.zone)
    except read.AmbiguousDate as error:
        raise RowRefused("ambiguous_date") from error
    except ValueError as error:
        raise RowRefused("bad_date") from error


def day(cell: str, *, options: ReadingOptions) -> date | None:
    """Read the day on which delivery is wanted; an empty cell is none."""
    try:
        return read.moment(cell, order=options.dates).date() if cell.strip() else None
    except read.AmbiguousDate as error:
        raise RowRefused("ambiguous_date") from error
    except ValueError as error:
        raise RowRefused("bad_wanted_date") from error


def country(cell: str) -> str:
    """Read a country; an empty cell is no country."""
    try:
        return country_code(cell) if cell.strip() else ""
    except ValueError as error:
        raise RowRefused("unknown_country") from error


def distinct(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Split rows into the first of each content and the repetitions: a line pasted twice is sent once."""
    kept: dict[tuple[str, ...], Row] = {}
    repeated = [row for row in rows if kept.setdefault(tuple(row.raw), row) is not row]
    return list(kept.values()), repeated


def nameless(group: Group) -> Iterator[RowFate] | None:
    """Refuse rows that name no order, or far too many that name one; None where they may be read."""
    if not group.overfull and group.key:
        return None
    return refuse(group, because={}, otherwise="too_many_lines" if group.key else "missing_order_ref")


def refuse(group: Group, *, because: Mapping[int, str], otherwise: str = "order_incomplete") -> Iterator[RowFate]:
    """Refuse every row of an order: by row number for its own reason, else for the common one."""
    first = group.rows[0].number if group.key else 0
    for row in group.rows:
        own = row.reason if isinstance(row, BadRow) else because.get(row.number, otherwise)
        yield RowFate(row.number, "refused", own, row.raw, first)


def settle(rows: Iterable[Row | BadRow], *, fate: Fate, reason: str) -> Iterator[RowFate]:
    """Give rows one fate; a row that could not even be read is refused for that."""
    for row in rows:
        if isinstance(row, BadRow):
            yield RowFate(row.number, "refused", row.reason, row.raw)
        else:
            yield RowFate(row.number, fate, reason, row.raw)
