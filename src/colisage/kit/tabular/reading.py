"""Open a file somebody sent as a table of rows, in constant memory."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple

from colisage.kit.tabular.dialect import Dialect, fold, sniff
from colisage.kit.tabular.records import Record, fits, records
from colisage.kit.tabular.refusals import DuplicateColumns, EmptyFile, MissingColumns, OnlyHeader
from colisage.kit.tabular.survey import Survey, raw_bytes, survey

LIMIT_BYTES: Final = 200_000_000


class Row(NamedTuple):
    """A row that can be used; `number` is the line of the file it starts on, the first line being 1."""

    number: int
    cells: Mapping[str, str]  # by folded column name
    raw: Sequence[str]


class BadRow(NamedTuple):
    """A row that cannot be used as it stands; `cells` are the ones that could be told apart."""

    number: int
    reason: str  # a code of ROW_REASONS
    raw: Sequence[str]
    cells: Mapping[str, str]


class Table:
    """A table in a file. Each iteration reads it from its first row; one iteration at a time."""

    def __init__(self, source: Path | IO[bytes], *, found: Survey, dialect: Dialect) -> None:
        self._source, self._found = source, found
        self.dialect = dialect
        self.lines = found.lines  # for progress; a row may span several
        with raw_bytes(source) as stream:
            self.headers = _header(stream, found, dialect).cells
        self.columns = tuple(fold(name) for name in self.headers)

    def __iter__(self) -> Iterator[Row | BadRow]:
        columns, width = self.columns, len(self.columns)
        with raw_bytes(self._source) as stream:
            rows = _records(stream, self._found, self.dialect, width)
            for number, raw, reason in _below_header(rows, self.dialect):
                if not any(raw):
                    continue  # spreadsheets leave rows of separators behind
                cells = dict(zip(columns, raw, strict=False))
                if reason:
                    yield BadRow(number, reason, raw, cells)
                elif fits(raw, width):
                    yield Row(number, cells, raw[:width])
                else:
                    yield BadRow(number, "too_few_cells" if len(raw) < width else "too_many_cells", raw, cells)

    def require(self, names: Collection[str]) -> None:
        """Refuse the file when one of these folded column names is missing."""
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise MissingColumns(columns=", ".join(sorted(missing)))


def open_table(
    source: Path | str | IO[bytes], *, required: Collection[str] = frozenset(), limit_bytes: int = LIMIT_BYTES
) -> Table:
    """Open a CSV file (plain or gzip), given as a path or as an open, seekable binary file.

    Separator, encoding and quoting are found out. UTF-8 and UTF-16 are read as such; in a file that is not
    wholly UTF-8, a line that is not is read as cp1252, so no row is lost wherever the first odd byte stands.
    `required` are folded column names (`fold`). Raises a `TableRefused` before the first row when the file as
    a whole is of no use.
    """
    place = Path(source) if isinstance(source, str) else source
    found = survey(place, limit_bytes=limit_bytes)
    table = Table(place, found=found, dialect=sniff(found, required=required))
    doubled = [name for name, times in Counter(filter(None, table.columns)).items() if times > 1]
    if doubled:
        raise DuplicateColumns(columns=", ".join(doubled))
    table.require(required)
    if next(iter(table), None) is None:
        raise OnlyHeader
    return table


def _records(stream: IO[bytes], found: Survey, dialect: Dialect, width: int = 0) -> Iterator[Record]:
    return records(stream, encoding=found.encoding, whole=found.whole, delimiter=dialect.delimiter, width=width)


def _below_header(rows: Iterator[Record], dialect: Dialect) -> Iterator[Record]:
    for _ in range(2 if dialect.announced else 1):
        _filled(rows)
    return rows


def _header(stream: IO[bytes], found: Survey, dialect: Dialect) -> Record:
    rows = _records(stream, found, dialect)
    if dialect.announced:
        _filled(rows)
    header = _filled(rows)
    names = [name.replace("\ufeff", "").strip() for name in header.cells] if header else []
    while names and not names[-1]:
        names.pop()
    if header is None or not names:
        raise EmptyFile
    return header._replace(cells=names)


def _filled(rows: Iterator[Record]) -> Record | None:
    return next((row for row in rows if any(cell.strip() for cell in row.cells)), None)
