"""Read the first sheet of an Excel workbook as the rows of a table.

A workbook is a ZIP of XML, read once from its beginning to its end with a bounded memory: its texts and its rows go to
files of their own. What it unpacks to is bounded too, and so is what it says, since a sheet may repeat one long text a
million times. Formulas are never computed: a cell is the value that was saved in it, and a row with a formula that has
none is told apart. Documents with a type of their own (DTD) are refused, so nothing expands.
"""

import re
import struct
import tempfile
import weakref
import zipfile
import zlib
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import IO, Any, Final
from xml.parsers import expat

import msgspec

from colisage.kit.tabular.dialect import fold
from colisage.kit.tabular.numerals import number_text
from colisage.kit.tabular.records import SHOWN_LIMIT, Record, bare
from colisage.kit.tabular.refusals import DamagedWorkbook, FileTooLarge, SpreadsheetFile
from colisage.kit.tabular.styles import Styles, styles_of

UNPACKED: Final = 5  # XML says the same in so many more bytes than a plain table
_CHUNK: Final = 1 << 16
_DIRECTORY: Final = 1 << 20  # bytes of the list of parts: a workbook has a few dozen
_MOST_TEXTS: Final = 5_000_000
_MOST_COLUMNS: Final = 16_384  # what Excel itself can hold
_CELL: Final = 100_000
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
Attributes = Mapping[str, str]


class _Enough(Exception):  # noqa: N818 -- a signal through the parser
    """The rows that were asked for are read."""


@dataclass(slots=True)
class _Budget:
    """How many bytes may still be unpacked, and how many characters taken."""

    limit_bytes: int
    unpacked: int = 0
    said: int = 0

    def unpack(self, size: int) -> None:
        self.unpacked += size
        if self.unpacked > UNPACKED * self.limit_bytes:
            raise FileTooLarge(megabytes=self.limit_bytes // 1_000_000)

    def say(self, size: int) -> None:
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


def is_workbook(source: Path | IO[bytes]) -> bool:
    """Say by its first bytes whether a file is an Excel workbook of today."""
    head = _head(source)
    return head.startswith(b"PK\x03\x04") and (b"xl/" in head or b"[Content_Types].xml" in head)


def workbook_rows(
    source: Path | IO[bytes], *, required: Collection[str], limit_bytes: int, most_rows: int | None = None
) -> Rows:
    """Unpack the sheet that holds the table: the first with most of the `required` columns, else with two columns.

    Hidden sheets are left alone. Raises a `TableRefused`.
    """
    try:
        _refuse_crowds(source)
        if not isinstance(source, Path):
            source.seek(0)
        with zipfile.ZipFile(source) as packed:
            return _Workbook(packed, _Budget(limit_bytes)).rows(required, most_rows)
    except (zipfile.BadZipFile, expat.ExpatError, zlib.error, EOFError, KeyError, NotImplementedError) as error:
        raise DamagedWorkbook from error
    except RuntimeError as error:  # how a ZIP says that it wants a password
        raise SpreadsheetFile from error


def _head(source: Path | IO[bytes]) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as opened:
            return opened.read(4_096)
    source.seek(0)
    head = source.read(4_096)
    source.seek(0)
    return head


def _refuse_crowds(source: Path | IO[bytes]) -> None:
    """Refuse an archive of so many parts that their mere list would fill the memory."""
    if isinstance(source, Path):
        with source.open("rb") as opened:
            return _refuse_crowds(opened)
    size = source.seek(0, 2)
    source.seek(max(0, size - (1 << 16) - 100))
    tail = source.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise zipfile.BadZipFile
    listed = [struct.unpack_from("<I", tail, end + 12)[0]]
    if tail[max(0, end - 20) : end].startswith(b"PK\x06\x07") and end >= 76:  # the end of a ZIP beyond 4 GB
        listed = [struct.unpack_from("<Q", tail, end - 76 + 40)[0]]
    if max(listed) > _DIRECTORY:
        raise zipfile.BadZipFile
    return None


class _Workbook:
    """A workbook that is open."""

    def __init__(self, packed: zipfile.ZipFile, budget: _Budget) -> None:
        self._packed, self._budget = packed, budget
        self._names = {name.casefold(): name for name in packed.namelist()}

    def rows(self, required: Collection[str], most_rows: int | None) -> Rows:
        main = self._main()
        related = {found["Id"]: found for found in self._elements(_relations(main), "Relationship") if "Id" in found}
        parts = {found.get("Type", "").rsplit("/", 1)[-1]: _place(main, found) for found in related.values()}
        props, sheets = self._elements(main, "workbookPr"), self._elements(main, "sheet")
        since_1904 = any(found.get("date1904", "") in {"1", "true"} for found in props)
        places = [
            _place(main, related[link])
            for sheet in sheets
            if sheet.get("state", "visible") == "visible" and (link := _link(sheet)) in related
        ]
        places = [place for place in places if place.casefold() in self._names]
        if not places:
            raise DamagedWorkbook
        styles = styles_of(self._parse(parts["styles"]) if "styles" in parts else iter(()), since_1904=since_1904)
        texts = self._texts(parts.get("sharedStrings", ""))
        place = self._chosen(places, required, texts, styles) if len(places) > 1 else places[0]
        return self._sheet(place, texts, styles, most_rows)

    def _main(self) -> str:
        """Find the part that lists the sheets; a workbook in the binary format has none that can be read."""
        if "_rels/.rels" in self._names:
            for found in self._elements("_rels/.rels", "Relationship"):
                if found.get("Type", "").endswith("/officeDocument"):
                    main = _place("", found)
                    break
            else:
                raise DamagedWorkbook
        else:
            main = "xl/workbook.xml"
        if main.casefold() not in self._names:
            raise DamagedWorkbook
        if not main.casefold().endswith(".xml") or "xl/workbook.bin" in self._names:
            raise SpreadsheetFile
        return main

    def _chosen(self, places: list[str], required: Collection[str], texts: "_Texts", styles: Styles) -> str:
        scores = []
        for n, place in enumerate(places):
            first = next(iter(self._sheet(place, texts, styles, 1)), None)
            names = {fold(cell) for cell in first.cells} - {""} if first else set()
            scores.append((len(names & set(required)), len(names) > 1, bool(names), -n))
        return places[-max(scores)[3]]

    def _sheet(self, place: str, texts: "_Texts", styles: Styles, most_rows: int | None) -> Rows:
        reader = _SheetReader(texts, styles, self._budget, most_rows)
        with suppress(_Enough):
            self._walk(place, start=reader.start, end=reader.end, text=reader.text)
        return reader.rows

    def _texts(self, place: str) -> "_Texts":
        texts = _Texts()
        if place.casefold() in self._names:
            self._walk(place, start=texts.start, end=texts.end, text=texts.text)
        return texts

    def _elements(self, place: str, name: str) -> list[Attributes]:
        return [attributes for found, attributes in self._parse(place) if found == name]

    def _parse(self, place: str) -> Iterator[tuple[str, Attributes]]:
        """Give every element of a small part."""
        found: list[tuple[str, Attributes]] = []
        if place.casefold() in self._names:
            self._walk(place, start=lambda name, attributes: found.append((name, attributes)))
        return iter(found)

    def _walk(
        self,
        place: str,
        *,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_types
        _listen(parser, start, end)
        parser.CharacterDataHandler = text
        with self._packed.open(self._names[place.casefold()]) as stream:
            while chunk := stream.read(_CHUNK):
                self._budget.unpack(len(chunk))
                parser.Parse(chunk, False)
            parser.Parse(b"", True)


def _listen(
    parser: expat.XMLParserType, start: Callable[[str, Attributes], None], end: Callable[[str], None] | None
) -> None:
    """Hear the elements by their own names; few programs put a prefix before each, and all others need not pay."""

    def first(name: str, attributes: Attributes) -> None:
        if ":" in name:
            parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
            parser.EndElementHandler = (lambda name: end(name.rpartition(":")[2])) if end else None
            start(name.rpartition(":")[2], attributes)
        else:
            parser.StartElementHandler, parser.EndElementHandler = start, end
            start(name, attributes)

    parser.StartElementHandler = first


def _refuse_types(*_: Any) -> None:
    raise DamagedWorkbook


def _relations(part: str) -> str:
    return join(dirname(part), "_rels", f"{part.rpartition('/')[2]}.rels")


def _place(part: str, found: Attributes) -> str:
    target = found.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))


def _link(sheet: Attributes) -> str:
    return next((value for name, value in sheet.items() if name.rpartition(":")[2] == "id" and ":" in name), "")


class _Texts:
    """The texts that cells share, kept in a file: memory holds only where each begins."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=1 << 23)  # noqa: SIM115 -- it ends with the texts
        weakref.finalize(self, self._file.close)
        self._ends = array("Q", [0])
        self._parts: list[str] = []
        self._length = 0
        self._open = self._spoken = False  # spoken: inside how a text is pronounced, which is no part of it

    def start(self, name: str, _attributes: Attributes) -> None:
        if name == "si":
            self._parts, self._length = [], 0
        elif name == "rPh":
            self._spoken = True
        elif name == "t":
            self._open = not self._spoken

    def text(self, said: str) -> None:
        if self._open and self._length <= _CELL:
            self._parts.append(said)
            self._length += len(said)

    def end(self, name: str) -> None:
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

    def at(self, place: int) -> str:
        """Give a text; raises `IndexError`."""
        if not 0 <= place < len(self._ends) - 1:
            raise IndexError
        self._file.seek(self._ends[place])
        return self._file.read(self._ends[place + 1] - self._ends[place]).decode()


class _SheetReader:
    """Takes the elements of a sheet and makes rows of them."""

    def __init__(self, texts: _Texts, styles: Styles, budget: _Budget, most_rows: int | None) -> None:
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
        if self._taking and self._length <= _CELL:
            self._parts.append(said)
            self._length += len(said)

    def end(self, name: str) -> None:
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
            raise _Enough


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
