"""Rows of files that came back: listed by order, opened to be corrected, and read again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import TextField
from django.db.models.functions import Cast, Coalesce, Length
from django.utils.functional import Promise

from colisage.intake.models import ImportRun, RefusedRow
from colisage.intake.ports import REASONS, OrderDraft, OrderFormat, RowFate
from colisage.intake.queries.mappings import format_of, reading_options
from colisage.intake.rules.faults import disagreeing, faulty
from colisage.kit.statements import ask
from colisage.kit.tabular import table_of

SHOWN: Final = 3  # rows of an order in a list
FIELDS: Final = 500  # cells on a page
CHARACTERS: Final = 500_000


@dataclass(frozen=True, slots=True)
class SentBackRow:
    """A row as a list shows it: its line in the file, what is wrong, in which cell, and its cells, cut."""

    number: int
    reason: str | Promise
    fault: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class SentBack:
    """An order that came back, as a list shows it."""

    order_row: int
    last_row: int
    name: str
    count: int
    rows: Sequence[SentBackRow]
    order_id: int | None
    by: str
    at: datetime | None


def format_of_run(run: ImportRun) -> OrderFormat:
    """Give the format a file was read by."""
    return format_of(table_of(run.columns, rows=()), name=run.format)


def sent_back(
    run: ImportRun, *, state: str = "open", reason: str = "", after: int = 0, size: int = 25
) -> list[SentBack]:
    """Give one page of the orders of a file that came back, and one more when there are more; three statements."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    said = {"merchant": run.merchant_id, "run": run.pk, "state": state, "reason": reason}
    for row in ask("intake", "orders_sent_back", {**said, "after": after, "size": size + 1, "shown": SHOWN}):
        found[row[0]].append(row)
    if not found:
        return []
    options = reading_options(run)
    columns = table_of(run.columns, rows=()).columns
    meanings = format_of_run(run).meanings(columns, options=options)

    def cells_of(raw: Sequence[str]) -> dict[str, str]:
        return dict(zip(columns, raw, strict=False))

    def shown(number: int, code: str, raw: Sequence[str]) -> SentBackRow:
        cells = cells_of(raw)
        faults = faulty(code, cells, meanings=meanings, options=options)
        fault = next((cell for column in faults if (cell := cells.get(column, "").strip())), "")
        return SentBackRow(number, REASONS.get(code, code), fault, raw)

    def order(rows: Sequence[tuple[Any, ...]]) -> SentBack:
        order_row, at, order_id, count, last, *_rest, by, _raw = rows[0]
        name = next(
            (name for *_, one in rows for ref in meanings.get("ref", ()) if (name := cells_of(one or ()).get(ref, ""))),
            "",
        )
        own = [one for one in rows if one[6] != "order_incomplete"] or rows
        listed = [shown(one[5], one[6], one[8] or ()) for one in own]
        return SentBack(order_row, last, name, count, listed, order_id, by or "", at)

    return [order(rows) for rows in found.values()]


def waiting_rows(run: ImportRun) -> int:
    """Count the rows of a file that are being read again."""
    return RefusedRow.objects.filter(merchant_id=run.merchant_id, run=run, state="waiting").count()


def runs_with_waiting_rows() -> list[int]:
    """Give the files of which rows are to be read again, of every merchant: a question of the workers."""
    return sorted(RefusedRow.objects.filter(state="waiting").values_list("run_id", flat=True).distinct())


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
    """An order that came back, opened: its rows of one page, and how often these were sent again so far."""

    order_row: int
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
    order_id: int | None


def opened(run: ImportRun, *, order_row: int, page: int = 1) -> Opened | None:
    """Open an order that came back, those of its rows first that have a reason of their own.

    As many rows as a page can hold: an order may have 10,000. None when there is none. Constant number of statements.
    """
    now = Coalesce("cells", "raw")
    of_order = RefusedRow.objects.filter(merchant_id=run.merchant_id, run=run, order_row=order_row)
    sizes = of_order.annotate(size=Length(Cast(now, TextField()))).order_by("number")
    known = list(sizes.values_list("number", "reason", "size", "state", "tries", "order_id"))
    states = {row[3] for row in known}
    state = next((one for one in ("open", "waiting", "aside", "corrected") if one in states), "")
    known = sorted((row for row in known if row[3] == state), key=lambda row: (row[1] == "order_incomplete", row[0]))
    if not known:
        return None
    pages = _pages([(row[0], row[2]) for row in known], width=len(run.columns))
    page = min(max(page, 1), len(pages))
    rows = sorted(of_order.filter(number__in=pages[page - 1]), key=lambda row: row.number)
    return _opened(run, rows, known, page=page, pages=len(pages))


def order_row_of(run: ImportRun, *, number: int) -> int:
    """Give the row with which the order of a row begins."""
    rows = RefusedRow.objects.filter(merchant_id=run.merchant_id, run=run, number=number)
    return rows.values_list("order_row", flat=True).get()


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
    run: ImportRun, rows: Sequence[RefusedRow], known: Sequence[tuple[Any, ...]], *, page: int, pages: int
) -> Opened:
    options = reading_options(run)
    columns = table_of(run.columns, rows=()).columns
    meanings = format_of_run(run).meanings(columns, options=options)
    by_column = [dict(zip(columns, row.cells or row.raw, strict=False)) for row in rows]
    differ = disagreeing(by_column, meanings=meanings)

    def shown(row: RefusedRow, cells: Mapping[str, str]) -> OpenedRow:
        blamed = (
            differ
            if row.reason == "order_rows_disagree"
            else faulty(row.reason, cells, meanings=meanings, options=options)
        )
        places = {place for place, column in enumerate(columns) if column in blamed}
        own = row.reason != "order_incomplete"
        return OpenedRow(row.number, row.cells or row.raw, REASONS.get(row.reason, row.reason), own, places, row.raw)

    names = (cell for cells in by_column for ref in meanings.get("ref", ()) if (cell := cells.get(ref, "").strip()))
    return Opened(
        order_row=rows[0].order_row,
        name=next(names, "")[:60],
        state=rows[0].state,
        state_said=rows[0].get_state_display(),
        rows=[shown(row, cells) for row, cells in zip(rows, by_column, strict=True)],
        count=len(known),
        wrong=sum(row[1] != "order_incomplete" for row in known),
        page=page,
        pages=pages,
        seen=sum(row[4] for row in known),
        by=(rows[0].done_by or {}).get("name", ""),
        at=rows[0].settled_at,
        order_id=next((row[5] for row in known if row[5]), None),
    )


def read_again(
    run: ImportRun, *, orders: Sequence[Sequence[tuple[int, Sequence[str], str]]]
) -> list[list[OrderDraft | RowFate]]:
    """Read orders again, each from its rows alone: their lines in the file, their cells, and why one is unreadable.

    By the format, the columns and the options by which the file was read; the file itself is not needed.
    """
    order_format, options = format_of_run(run), reading_options(run)
    return [list(order_format.orders(table_of(run.columns, rows=rows), options=options)) for rows in orders]
