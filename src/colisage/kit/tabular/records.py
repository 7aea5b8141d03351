"""From characters to records, so that one bad line costs one line.

The csv module joins the lines of a quoted cell, so a quotation mark that is never closed swallows what
follows. Here the lines of the record being read are remembered (bounded), and when the record cannot be right
its first line alone is reported and the others are read again.
"""

import contextlib
import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO, Final, NamedTuple

LINE_LIMIT: Final = 1_000_000  # characters
RECORD_LIMIT: Final = 2 * LINE_LIMIT
FORMULA_STARTS: Final = "=+-@\t\r"
SHOWN_LIMIT: Final = 1_000  # characters of a cell that is given back
AGAIN_LIMIT: Final = 1_000_000  # lines: a file made to be read again and again is not


class Record(NamedTuple):
    """A record and the line it starts on; `reason` is empty when it can be used."""

    number: int
    cells: Sequence[str]
    reason: str


class _TooLong(Exception):  # noqa: N818 -- a signal through the csv reader
    """The record exceeds what is read into memory."""


class _Lines:
    """The lines of a text, with those of the current record remembered."""

    def __init__(self, text: io.TextIOBase, *, whole: bool, odd: str) -> None:
        self._text, self._whole, self._odd = text, whole, odd
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []
        self._held = 0
        self.unreadable = self.apostrophe = self.ended = False

    def begin(self) -> None:
        """Start a record."""
        self.taken.clear()
        self._held = 0
        self.unreadable = self.apostrophe = self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        self.number += 1
        if "\0" in line or "\ufffd" in line:
            self.unreadable = True
        if "'" in line:
            self.apostrophe = True
        self.taken.append(line)
        self._held += len(line)
        if len(line) > LINE_LIMIT or self._held > RECORD_LIMIT:
            raise _TooLong
        return line

    def give_back(self) -> None:
        """Have all lines of the record but the first read again."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1

    def _read(self) -> str:
        line = self._text.readline(LINE_LIMIT + 1)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) > LINE_LIMIT and not line.endswith(("\n", "\r")):
            while (rest := self._text.readline(LINE_LIMIT)) and not rest.endswith(("\n", "\r")):
                pass
        return line if self._whole or line.isascii() else _repaired(line, self._odd)


def _repaired(line: str, odd: str) -> str:
    """Read a line as UTF-8 if it is, else as `odd`; what neither knows becomes U+FFFD."""
    data = line.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(odd, "replace")


def records(
    stream: IO[bytes], *, encoding: str, whole: bool, delimiter: str, width: int = 0, odd: str = "cp1252"
) -> Iterator[Record]:
    """Give the records of a file; `width` is the number of cells a good one has (0: any), `odd` how odd lines are read.

    A record over several lines that is too long or has the wrong width is taken for an unclosed quotation
    mark.
    """
    text = io.TextIOWrapper(stream, encoding=encoding, errors="strict" if whole else "surrogateescape", newline="")
    try:
        yield from _records(_Lines(text, whole=whole, odd=odd), delimiter, width)
    finally:
        with contextlib.suppress(ValueError):  # the file was closed before its rows were all taken
            text.detach()


def _records(lines: _Lines, delimiter: str, width: int) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=delimiter)
    again = 0
    while True:
        lines.begin()
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_TooLong, csv.Error):
            cells = []
        cut_off = lines.ended  # only an open quotation mark makes the reader ask for more than there is
        if cells and not cut_off and (len(lines.taken) == 1 or not width or fits(cells, width)):
            if lines.apostrophe:
                cells = [bare(cell) for cell in cells]
            yield Record(start, cells, "unreadable_characters" if lines.unreadable else "")
        elif len(lines.taken) == 1:
            if lines.taken[0].strip():
                yield Record(start, _shown(lines.taken[0], delimiter), "unclosed_quote" if cut_off else "cell_too_long")
        elif again < AGAIN_LIMIT:
            again += len(lines.taken)
            lines.give_back()
            yield Record(start, _shown(lines.taken[0], delimiter), "unclosed_quote")
        else:
            for offset, line in enumerate(lines.taken):
                yield Record(start + offset, _shown(line, delimiter), "unclosed_quote")


def fits(cells: Sequence[str], width: int) -> bool:
    """Say whether there are `width` cells, not counting the empty ones some programs add at the end."""
    return len(cells) == width or (len(cells) > width and not any(cells[width:]))


def _shown(line: str, delimiter: str) -> list[str]:
    return [cell[:SHOWN_LIMIT] for cell in line[: RECORD_LIMIT // 20].rstrip("\r\n").split(delimiter)]


def bare(cell: str) -> str:
    """Undo the apostrophe that keeps a cell from being taken for a formula (see `writing.harmless`)."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in FORMULA_STARTS else cell
