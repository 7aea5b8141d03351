"""How a file separates its cells, and what its columns are called."""

import codecs
import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from colisage.kit.tabular.survey import Survey

DELIMITERS: Final = ",;\t|"
_SAMPLE_RECORDS: Final = 30
MOST_TITLES: Final = 20


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is written, kept so that refused rows go back the same way."""

    delimiter: str
    encoding: str
    announced: bool = False  # the first line is `sep=;`, as Excel writes it
    titles: int = 0  # rows that say something above the names of the columns


def fold(name: str) -> str:
    """Give the form in which two spellings of a column are equal: `Lineitem  SKU` is `lineitem sku`."""
    return " ".join(name.replace("\ufeff", "").split()).casefold()


def titles_above(rows: Sequence[Sequence[str]]) -> int:
    """Say how many of the first rows are titles, with a cell or two each, above the names of the columns.

    Exports made to be read begin with the name of the shop and the day. None, when the first row has two cells.
    """
    widths = [width for row in rows if (width := sum(bool(cell.strip()) for cell in row))]
    if not widths or widths[0] > 1:
        return 0
    return next((n for n, width in enumerate(widths[:MOST_TITLES]) if width > 2), 0)


def sniff(found: Survey, *, required: Collection[str]) -> Dialect:
    """Choose the separator that finds most required columns, then the evenest rows, then most columns."""
    text = _sample(found)
    encoding = found.encoding if found.whole else found.odd
    first = text.lstrip().split("\n", 1)[0].strip().strip('"').lower()
    if len(first) == 5 and first.startswith("sep=") and first[4] in DELIMITERS:
        return _below(text.lstrip().partition("\n")[2], Dialect(first[4], encoding, announced=True))
    if first == "sep=":  # the tab itself was stripped
        return _below(text.lstrip().partition("\n")[2], Dialect("\t", encoding, announced=True))
    mark = max(DELIMITERS, key=lambda mark: _score(text, mark, required))
    if not _score(text, mark, required)[1]:  # no columns in the first row: it may be a title
        titled = {one: titles for one in DELIMITERS if (titles := titles_above(_rows(text, one)))}
        scores = {one: _score(text, one, required, below_titles=True) for one in titled}
        mark = max(titled, key=lambda one: (scores[one][0], -titled[one], scores[one]), default=mark)
    return _below(text, Dialect(mark, encoding))


def _below(text: str, dialect: Dialect) -> Dialect:
    return replace(dialect, titles=titles_above(_rows(text, dialect.delimiter)))


def _score(
    text: str, delimiter: str, required: Collection[str], *, below_titles: bool = False
) -> tuple[int, bool, float, int]:
    rows = _rows(text, delimiter)
    if below_titles:
        rows = [row for row in rows if any(cell.strip() for cell in row)][titles_above(rows) :]
    if not rows:
        return (0, False, 0.0, 0)
    width = len(rows[0])
    even = sum(len(row) == width for row in rows) / len(rows)
    return (len({fold(cell) for cell in rows[0]} & set(required)), width > 1, even, width)


def _rows(text: str, delimiter: str) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) == _SAMPLE_RECORDS:
                break
    except csv.Error:  # a cell beyond the limit: what came before it is sample enough
        pass
    return rows


def _sample(found: Survey) -> str:
    """Decode the beginning of the file, without the line it cuts."""
    if found.encoding == "utf-16":
        text = found.head[: len(found.head) // 2 * 2].decode("utf-16", "ignore")
    else:
        text = found.head.removeprefix(codecs.BOM_UTF8).decode("utf-8" if found.whole else found.odd, "replace")
    if found.size_bytes > len(found.head) and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    return text
