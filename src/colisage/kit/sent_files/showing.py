"""Rows of files that came back: listed by what belongs together, and opened to be corrected."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import TextField
from django.db.models.functions import Cast, Coalesce, Length
from django.utils.functional import Promise

from colisage.kit.sent_files.keeping import rows_in
from colisage.kit.sent_files.sending import asked
from colisage.kit.sent_files.tables import Kind, Reading, RefusedRow
from colisage.kit.statements import statement

SHOWN: Final = 3  # rows that belong together, in a list
FIELDS: Final = 500  # cells on a page
CHARACTERS: Final = 500_000
NAME: Final = 60  # characters


@dataclass(frozen=True, slots=True)
class SentBackRow:
    """A row as a list shows it: its line in the file, what is wrong, in which cell, and its cells, cut."""

    number: int
    reason: str | Promise
    fault: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class SentBack:
    """Rows that belong together and came back, as a list shows them."""

    first_row: int
    last_row: int
    name: str
    count: int
    rows: Sequence[SentBackRow]
    made_id: int | None
    by: str
    at: datetime | None


def sent_back(
    kind: Kind, run: Any, *, state: str = "open", reason: str = "", after: int = 0, size: int = 25
) -> list[SentBack]:
    """Give one page of what came back of a file, and one more when there are more; three statements."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    said = {
        "merchant": run.merchant_id, "run": run.pk, "state": state, "reason": reason, "after": after, "size": size + 1,
        "shown": SHOWN, "beside": kind.beside,
    }  # fmt: skip
    for row in asked(kind, statement("kit", "rows_sent_back"), said):
        found[row[0]].append(row)
    reading = kind.reading(run) if found else None
    return [_listed(kind, reading, rows) for rows in found.values()] if reading else []


def _listed(kind: Kind, reading: Reading, rows: Sequence[tuple[Any, ...]]) -> SentBack:
    first_row, at, made_id, count, last, *_rest, by, _cells = rows[0]
    own = [one for one in rows if one[6] != kind.beside] or rows
    listed = []
    for _first, _at, _made, _count, _last, number, code, _by, raw in own:
        cells = _by_column(reading, raw or ())
        faults = reading.faults(code, cells, ())
        fault = next((cell for column in reading.columns if column in faults and (cell := cells[column].strip())), "")
        listed.append(SentBackRow(number, kind.reasons.get(code, code), fault, raw or ()))
    name = _name(reading, [_by_column(reading, one[8] or ()) for one in rows])
    return SentBack(first_row, last, name, count, listed, made_id, by or "", at)


def _by_column(reading: Reading, cells: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(reading.columns, "") | dict(zip(reading.columns, cells, strict=False))


def _name(reading: Reading, rows: Sequence[Mapping[str, str]]) -> str:
    names = (cell for cells in rows for name in reading.names if (cell := cells.get(name, "").strip()))
    return next(names, "")[:NAME]


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """A row as the page to correct it shows it: `faults` are the places of the cells its reason is about."""

    number: int
    cells: Sequence[str]
    reason: str | Promise
    own: bool  # the reason is its own, not that of another row
    faults: Collection[int]
    came: Sequence[str]


@dataclass(frozen=True, slots=True)
class Opened:
    """Rows that belong together, opened: those of one page, and how often these were sent again so far."""

    first_row: int
    name: str
    state: str
    state_said: str
    rows: Sequence[OpenedRow]
    count: int
    wrong: int
    page: int
    pages: int
    seen: int
    by: str
    at: datetime | None
    made_id: int | None


def opened(kind: Kind, run: Any, *, first_row: int, page: int = 1) -> Opened | None:
    """Open rows that came back and belong together, those first that have a reason of their own.

    As many as a page can hold: an order may have 10,000. None when there is none. Constant number of statements.
    """
    now = Coalesce("cells", "raw")
    together = rows_in(kind.rows, merchant_id=run.merchant_id, run=run, first_row=first_row)
    sizes = together.annotate(size=Length(Cast(now, TextField()))).order_by("number")
    known = list(sizes.values_list("number", "reason", "size", "state", "tries", "made_id"))
    states = {row[3] for row in known}
    state = next((one for one in ("open", "aside", "corrected") if one in states), "")
    known = sorted((row for row in known if row[3] == state), key=lambda row: (row[1] == kind.beside, row[0]))
    if not known:
        return None
    pages = _pages([(row[0], row[2]) for row in known], width=len(run.columns))
    page = min(max(page, 1), len(pages))
    rows = sorted(together.filter(number__in=pages[page - 1]), key=lambda row: row.number)
    return _opened(kind, kind.reading(run), rows, known, page=page, pages=len(pages))


def first_row_of(kind: Kind, run: Any, *, number: int) -> int:
    """Give the row with which begins what a row belongs to."""
    rows = rows_in(kind.rows, merchant_id=run.merchant_id, run=run, number=number)
    return int(rows.values_list("first_row", flat=True).get())


def _pages(rows: Sequence[tuple[int, int]], *, width: int) -> list[list[int]]:
    """Share rows (number, characters) out over pages that a browser and a form can hold."""
    pages: list[list[int]] = [[]]
    held = 0
    for number, size in rows:
        full = len(pages[-1]) * max(width, 1) >= FIELDS - width or held + size > CHARACTERS
        if pages[-1] and full:
            pages.append([])
            held = 0
        pages[-1].append(number)
        held += size
    return pages


def _opened(
    kind: Kind, reading: Reading, rows: Sequence[RefusedRow], known: Sequence[tuple[Any, ...]], *, page: int, pages: int
) -> Opened:
    by_column = [_by_column(reading, row.cells or row.raw) for row in rows]

    def shown(row: RefusedRow, cells: Mapping[str, str]) -> OpenedRow:
        blamed = reading.faults(row.reason, cells, by_column)
        places = {place for place, column in enumerate(reading.columns) if column in blamed}
        why = kind.reasons.get(row.reason, row.reason)
        return OpenedRow(row.number, row.cells or row.raw, why, row.reason != kind.beside, places, row.raw)

    return Opened(
        first_row=rows[0].first_row,
        name=_name(reading, by_column),
        state=rows[0].state,
        state_said=rows[0].get_state_display(),
        rows=[shown(row, cells) for row, cells in zip(rows, by_column, strict=True)],
        count=len(known),
        wrong=sum(row[1] != kind.beside for row in known),
        page=page,
        pages=pages,
        seen=sum(row[4] for row in known),
        by=(rows[0].done_by or {}).get("name", ""),
        at=rows[0].settled_at,
        made_id=next((row[5] for row in known if row[5]), None),
    )
