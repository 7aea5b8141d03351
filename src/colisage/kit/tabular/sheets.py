"""The cells of a sheet as rows: the texts they share, what each is worth, and how much of it may be said."""

import re
import tempfile
import weakref
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Final

import msgspec

from colisage.kit.tabular.numerals import number_text
from colisage.kit.tabular.records import SHOWN_LIMIT, Record, bare
from colisage.kit.tabular.refusals import DamagedWorkbook, FileTooLarge
from colisage.kit.tabular.styles import Styles

UNPACKED: Final = 5  # XML says the same in so many more bytes than a plain table
_MOST_TEXTS: Final = 5_000_000
_MOST_COLUMNS: Final = 16_384  # what Excel itself can hold
_CELL: Final = 100_000
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
Attributes = Mapping[str, str]


class Enough(Exception):  # noqa: N818 -- a signal through the parser
    """What was asked for is read."""


@dataclass(slots=True)
class Budget:
    """How many bytes may still be unpacked, and how many characters taken."""

    limit_bytes: int
    unpacked: int = 0
    said: int = 0

    def unpack(self, size: int) -> None:
        """Count bytes that came out of the archive; raises `FileTooLarge`."""
        self.unpacked += size
        if self.unpacked > UNPACKED * self.limit_bytes:
            raise FileTooLarge(megabytes=self.limit_bytes // 1_000_000)

    def say(self, size: int) -> None:
        """Count characters of cells; raises `FileTooLarge`."""
        self.said += size
        if self.said > self.limit_bytes:
            raise FileTooLarge(megabytes=self.limit_bytes // 1_000_000)


class Rows:
    """The rows of a sheet, unpacked to a file of its own that ends with this object."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 -- it ends with the rows
        weakref.finalize(self, self._file.close)
        self.count = 0

    def add(self, record: Record) -> None:
        """Add a row."""
        self._file.write(msgspec.json.encode(record) + b"\n")
        self.count += 1

    def __iter__(self) -> Iterator[Record]:
        self._file.flush()
        self._file.seek(0)
        for line in self._file:
            number, cells, reason = msgspec.json.decode(line)
            yield Record(number, cells, reason)


class Texts:
    """The texts that cells share, kept in a file: memory holds only where each begins."""

    def __init__(self, *, most: int | None = None) -> None:
        self._most = most  # the beginning alone is asked for: what it says stands among the first
        self._file = tempfile.SpooledTemporaryFile(max_size=1 << 23)  # noqa: SIM115 -- it ends with the texts
        weakref.finalize(self, self._file.close)
        self._ends = array("Q", [0])
        self._parts: list[str] = []
        self._length = 0
        self._open = self._spoken = False  # spoken: inside how a text is pronounced, which is no part of it

    def start(self, name: str, _attributes: Attributes) -> None:
        """Hear an element begin."""
        if name == "si":
            self._parts, self._length = [], 0
        elif name == "rPh":
            self._spoken = True
        elif name == "t":
            self._open = not self._spoken

    def text(self, said: str) -> None:
        """Hear characters."""
        if self._open and self._length <= _CELL:
            self._parts.append(said)
            self._length += len(said)

    def end(self, name: str) -> None:
        """Hear an element end."""
        if name == "t":
            self._open = False
        elif name == "rPh":
            self._spoken = False
        elif name == "si":
            if len(self._ends) > _MOST_TEXTS:
                raise DamagedWorkbook
            told = "".join(self._parts).encode()
            self._file.write(told)
            self._ends.append(self._ends[-1] + len(told))
            if self._most is not None and len(self._ends) > self._most:
                raise Enough

    def at(self, place: int) -> str:
        """Give a text; raises `IndexError`."""
        if not 0 <= place < len(self._ends) - 1:
            raise IndexError
        self._file.seek(self._ends[place])
        return self._file.read(self._ends[place + 1] - self._ends[place]).decode()


class SheetReader:
    """Takes the elements of a sheet and makes rows of them."""

    def __init__(self, texts: Texts, styles: Styles, budget: Budget, most_rows: int | None) -> None:
        self.rows = Rows()
        self._text_at = lru_cache(maxsize=20_000)(texts.at)
        self._styles, self._budget, self._most = styles, budget, most_rows
        self._number = self._column = self._width = 0
        self._cells: list[str] = []
        self._reason = ""
        self._kind = self._style = ""
        self._formula = self._saved = self._taking = self._spoken = False
        self._parts: list[str] = []
        self._length = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Hear an element begin."""
        if name == "c":
            self._begin_cell(attributes)
        elif name == "v" or (name == "t" and self._kind == "inlineStr" and not self._spoken):
            self._taking = self._saved = True
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._spoken = True
        elif name == "row":
            told = attributes.get("r", "")
            self._number = int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else self._number + 1
            self._cells, self._reason, self._column = [], "", -1

    def text(self, said: str) -> None:
        """Hear characters."""
        if self._taking and self._length <= _CELL:
            self._parts.append(said)
            self._length += len(said)

    def end(self, name: str) -> None:
        """Hear an element end."""
        if name in {"v", "t"}:
            self._taking = False
        elif name == "rPh":
            self._spoken = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()

    def _begin_cell(self, attributes: Attributes) -> None:
        self._column = _column(attributes.get("r", "")) if "r" in attributes else self._column + 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._formula = self._saved = False
        self._parts, self._length = [], 0

    def _end_cell(self) -> None:
        value = self._value("".join(self._parts))
        unsaved = self._formula and not value and not (self._saved and self._kind == "str")
        if not value and not unsaved:
            return
        if unsaved:
            self._reason = self._reason or "formula_not_saved"
        if self._length > _CELL:
            self._reason, value = self._reason or "cell_too_long", value[:SHOWN_LIMIT]
        self._budget.say(len(value) + 1)
        if not 0 <= self._column < _MOST_COLUMNS:
            raise DamagedWorkbook
        self._cells.extend([""] * (self._column + 1 - len(self._cells)))
        self._cells[self._column] = value

    def _value(self, said: str) -> str:
        if self._kind == "s":
            try:
                said = self._text_at(int(said)) if said else ""
            except (ValueError, IndexError) as error:
                raise DamagedWorkbook from error
        if self._kind == "e" and said:
            self._reason = self._reason or "cell_error"
        elif self._kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(said, said)
        elif self._kind == "n":
            return self._styles.told(said, style=self._style) or number_text(said)
        return bare(_ESCAPED.sub(_unescaped, said) if "_x" in said else said)

    def _end_row(self) -> None:
        if not any(self._cells):
            return
        self._width = self._width or len(self._cells)
        self._cells.extend([""] * (self._width - len(self._cells)))  # empty cells at the end are not written
        self.rows.add(Record(self._number, self._cells, self._reason))
        if self._most is not None and self.rows.count >= self._most:
            raise Enough


def _column(reference: str) -> int:
    """Give the column of a cell's name, from 0: that of `AB12` is 27."""
    place = 0
    for letter in reference[:4]:
        if not ("A" <= letter.upper() <= "Z"):
            break
        place = place * 26 + ord(letter.upper()) - 64
    return place - 1


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code and not 0xD800 <= code <= 0xDFFF else found[0]
