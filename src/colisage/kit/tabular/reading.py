"""Open a file somebody sent as a table of rows, in constant memory."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Final, NamedTuple

import msgspec

from colisage.kit.tabular.dialect import MOST_TITLES, Dialect, fold, sniff, titles_above
from colisage.kit.tabular.records import LINE_LIMIT, Record, fits, records
from colisage.kit.tabular.refusals import DuplicateColumns, EmptyFile, MissingColumns, OnlyHeader
from colisage.kit.tabular.sheets import Rows
from colisage.kit.tabular.survey import Survey, raw_bytes, survey
from colisage.kit.tabular.workbook import is_workbook, workbook_rows

LIMIT_BYTES: Final = 200_000_000


class Row(msgspec.Struct):
    """A row that can be used; `number` is the line of the file it starts on, the first line being 1."""

    number: int
    raw: Sequence[str]  # a cell for each of `columns`, which are folded names
    columns: Sequence[str]
    _by_name: dict[str, str] | None = None

    @property
    def cells(self) -> Mapping[str, str]:
        """Give the cells by the names of their columns. Who knows their places reads `raw`, which costs nothing."""
        if self._by_name is None:
            self._by_name = dict(zip(self.columns, self.raw, strict=True))
        return self._by_name


class BadRow(NamedTuple):
    """A row that cannot be used as it stands; `cells` are the ones that could be told apart."""

    number: int
    reason: str  # a code of ROW_REASONS
    raw: Sequence[str]
    cells: Mapping[str, str]


class Table:
    """A table in a file. Each iteration reads it from its first row; one iteration at a time."""

    def __init__(
        self, headers: Sequence[str], *, dialect: Dialect, lines: int, below: Callable[[int], Iterator[Record]]
    ) -> None:
        self.headers, self.dialect = headers, dialect
        self.lines = lines  # for progress; a row may span several
        self.columns = tuple(fold(name) for name in headers)
        self._below = below  # the records below the header, given its width

    def __iter__(self) -> Iterator[Row | BadRow]:
        columns, names, width = self.columns, list(self.headers), len(self.columns)
        for number, raw, reason in self._below(width):
            if not any(raw):
                continue  # spreadsheets leave rows of separators behind
            if raw[0].strip() == names[0] and [cell.strip() for cell in raw[:width]] == names:
                continue  # files put together from several repeat the names of their columns
            if not reason and fits(raw, width):
                yield Row(number, raw[:width], columns)
            else:
                width_wrong = "too_few_cells" if len(raw) < width else "too_many_cells"
                yield BadRow(number, reason or width_wrong, raw, dict(zip(columns, raw, strict=False)))

    def require(self, names: Iterable[str]) -> None:
        """Refuse the file when one of these columns is missing; they are named as they are written here."""
        if missing := [name for name in names if fold(name) not in self.columns]:
            raise MissingColumns(sorted(missing))


def open_table(
    source: Path | str | IO[bytes],
    *,
    required: Collection[str] = frozenset(),
    limit_bytes: int = LIMIT_BYTES,
    most_rows: int | None = None,
) -> Table:
    """Open a CSV file (plain or gzip) or an Excel workbook, given as a path or as an open, seekable binary file.

    Separator, encoding and quoting are found out. UTF-8 and UTF-16 are read as such; in a file that is not
    wholly UTF-8, a line that is not is read as cp1252, or as Mac Roman where its accents are those of a Mac, so no row
    is lost wherever the first odd byte stands.
    `required` are folded column names (`fold`). With `most_rows` only the beginning of the file is looked at, and so
    many rows are given at most. Raises a `TableRefused` before the first row when the file as a whole is of no use.
    """
    place = Path(source) if isinstance(source, str) else source
    if is_workbook(place):
        more = None if most_rows is None else most_rows + MOST_TITLES + 1
        rows = workbook_rows(place, required=required, limit_bytes=limit_bytes, most_rows=more)
        table = _in_workbook(rows, most_rows)
    else:
        table = _in_text(place, survey(place, limit_bytes=limit_bytes, whole=most_rows is None), required, most_rows)
    doubled = {name for name, times in Counter(filter(None, table.columns)).items() if times > 1}
    if doubled:
        told = zip(table.headers, table.columns, strict=True)
        raise DuplicateColumns(dict.fromkeys(written for written, name in told if name in doubled))
    table.require(required)
    if next(iter(table), None) is None:
        raise OnlyHeader
    return table


def table_of(headers: Sequence[str], *, rows: Sequence[tuple[int, Sequence[str], str]]) -> Table:
    """Make a table of rows at hand: the line each came from, its cells, and why it cannot be read (else empty).

    They are judged as those of a file are.
    """

    def below(_width: int) -> Iterator[Record]:
        for number, cells, reason in rows:
            yield Record(number, cells, reason or _unreadable(cells))

    return Table(headers, dialect=Dialect(";", "utf-8"), lines=len(rows), below=below)


def _unreadable(cells: Sequence[str]) -> str:
    if any(len(cell) > LINE_LIMIT for cell in cells):
        return "cell_too_long"
    return "unreadable_characters" if any("\0" in cell or "\ufffd" in cell for cell in cells) else ""


def _in_text(place: Path | IO[bytes], found: Survey, required: Collection[str], most_rows: int | None) -> Table:
    dialect = sniff(found, required=required)

    def below(width: int) -> Iterator[Record]:
        with raw_bytes(place) as stream:
            yield from islice(_below_header(_records(stream, found, dialect, width), dialect), most_rows)

    with raw_bytes(place) as stream:
        headers = _header(stream, found, dialect).cells
    return Table(headers, dialect=dialect, lines=found.lines, below=below)


def _in_workbook(rows: Rows, most_rows: int | None) -> Table:
    looked = [row.cells for row in islice(rows, MOST_TITLES + 10)]
    titles = titles_above(looked)
    names = _names(looked[titles] if looked else ())
    if not names:
        raise EmptyFile

    end = None if most_rows is None else titles + 1 + most_rows

    def below(width: int) -> Iterator[Record]:
        for row in islice(rows, titles + 1, end):  # they were filled up to the width of the first row, a title
            yield row._replace(cells=[*row.cells, *[""] * (width - len(row.cells))]) if titles else row

    return Table(names, dialect=Dialect(";", "utf-8", titles=titles), lines=rows.count, below=below)


def _records(stream: IO[bytes], found: Survey, dialect: Dialect, width: int = 0) -> Iterator[Record]:
    return records(
        stream, encoding=found.encoding, whole=found.whole, odd=found.odd, delimiter=dialect.delimiter, width=width
    )


def _below_header(rows: Iterator[Record], dialect: Dialect) -> Iterator[Record]:
    for _ in range(dialect.announced + dialect.titles + 1):
        _filled(rows)
    return rows


def _header(stream: IO[bytes], found: Survey, dialect: Dialect) -> Record:
    rows = _records(stream, found, dialect)
    for _ in range(dialect.announced + dialect.titles):
        _filled(rows)
    header = _filled(rows)
    names = _names(header.cells if header else ())
    if header is None or not names:
        raise EmptyFile
    return header._replace(cells=names)


def _names(cells: Sequence[str]) -> list[str]:
    names = [name.replace("\ufeff", "").strip() for name in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _filled(rows: Iterator[Record]) -> Record | None:
    return next((row for row in rows if any(cell.strip() for cell in row.cells)), None)
