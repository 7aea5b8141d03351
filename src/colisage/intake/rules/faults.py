"""Which cell of a row a reason is about: looked for when the row is shown, by reading its cells once more.

The readers give a row one reason and go on: to note the column of each while files are read would cost every file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from colisage.intake.ports import Meaning, ReadingOptions
from colisage.kit.tabular import cells as read
from colisage.kit.tabular.names import country_code

Meanings = Mapping[Meaning, Sequence[str]]
_ABOUT: Final[Mapping[str, tuple[Meaning, ...]]] = {
    "missing_order_ref": ("ref",),
    "order_came_differently": ("ref",),
    "missing_sku": ("sku",),
    "unknown_sku": ("sku",),
    "huge_bundle": ("sku",),
    **dict.fromkeys(("bad_quantity", "zero_quantity", "negative_quantity", "huge_quantity"), ("quantity",)),
    **dict.fromkeys(("bad_amount", "negative_amount", "huge_amount"), ("amount",)),
    "discount_too_large": ("discount",),
    "amounts_do_not_balance": ("total",),
    "unknown_currency": ("currency",),
    "bad_date": ("date",),
    "ambiguous_date": ("date", "wanted"),
    "bad_wanted_date": ("wanted",),
    "unknown_country": ("country",),
}
_MOST_CENTS: Final = 10**12
_LONGEST: Final = 300


def faulty(reason: str, cells: Mapping[str, str], *, meanings: Meanings, options: ReadingOptions) -> list[str]:
    """Give the columns of a row that its reason is about; none where it is about the row as a whole."""
    if reason == "unreadable_characters":
        return [column for column, cell in cells.items() if "\0" in cell or "\ufffd" in cell]
    if reason == "cell_error":
        return [column for column, cell in cells.items() if cell.startswith("#")]
    if reason in {"cell_too_long", "cell_too_long_for_order"}:
        longest = max(cells, key=lambda column: len(cells[column]), default="")
        return [longest] if longest and (len(cells[longest]) > _LONGEST or reason == "cell_too_long") else []
    about = [column for meaning in _ABOUT.get(reason, ()) for column in meanings.get(meaning, ())]
    refuses = _refuses(reason, cells, meanings=meanings, options=options)
    if refuses is None:
        return about[:1]
    return [column for column in about if (cell := cells.get(column, "").strip()) and refuses(cell)] or about[:1]


def disagreeing(rows: Sequence[Mapping[str, str]], *, meanings: Meanings) -> set[str]:
    """Give the columns of the order as a whole in which its rows say different things."""
    return {column for column in meanings.get("order", ()) if len(_said(row.get(column, "") for row in rows)) > 1}


def _said(cells: Iterable[str]) -> set[str]:
    return {said for cell in cells if (said := cell.strip())}


def _refuses(
    reason: str, cells: Mapping[str, str], *, meanings: Meanings, options: ReadingOptions
) -> Callable[[str], bool] | None:
    """Give what tells whether one cell is at fault, where a reason may be about several columns."""
    if reason in {"bad_amount", "negative_amount", "huge_amount"}:
        told = next((cell for column in meanings.get("currency", ()) if (cell := cells.get(column, "").strip())), "")
        return lambda cell: _bad_amount(cell, currency=told.upper() or options.currency, mark=options.mark) == reason
    if reason in {"bad_date", "ambiguous_date"}:
        return lambda cell: not _reads(lambda: read.moment(cell, order=options.dates, zone=options.zone))
    if reason == "unknown_country":
        return lambda cell: not _reads(lambda: country_code(cell))
    return None


def _bad_amount(cell: str, *, currency: str, mark: read.DecimalMark) -> str:
    try:
        cents = read.amount(cell, currency=currency, mark=mark)
    except ValueError:
        return "bad_amount"
    if cents < 0:
        return "negative_amount"
    return "huge_amount" if cents > _MOST_CENTS else ""


def _reads(reader: Callable[[], object]) -> bool:
    try:
        reader()
    except ValueError:
        return False
    return True
