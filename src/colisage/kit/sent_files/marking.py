"""The mark by which a row of a downloaded file says which row that came back it is: F12R7, of file 12 the row 7."""

import re
from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext

from colisage.kit.tabular.names import plain

_NAMES: Final = frozenset({"colisage row", "ligne colisage"})
_MARK: Final = re.compile(r"F(\d{1,18})R(\d{1,9})")  # nothing that a spreadsheet takes for a number or a day


def marked(run_id: int, number: int) -> str:
    """Write the mark of a row."""
    return f"F{run_id}R{number}"


def mark_read(cell: str) -> tuple[int, int] | None:
    """Read a mark: the file and its row; None where there is none."""
    found = _MARK.fullmatch(cell.strip().upper())
    return (int(found[1]), int(found[2])) if found else None


def mark_header() -> str:
    """Name the column of marks, in the active language."""
    return gettext("Colisage row")


def mark_column(headers: Sequence[str]) -> int | None:
    """Find the column of marks, in either language; None where there is none."""
    return next((place for place, name in enumerate(headers) if plain(name) in _NAMES), None)
