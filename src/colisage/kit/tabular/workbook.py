"""Read the first sheet of an Excel workbook as the rows of a table.

A workbook is a ZIP of XML, read once from its beginning to its end with a bounded memory: its texts and its rows go to
files of their own. What it unpacks to is bounded too, and so is what it says, since a sheet may repeat one long text a
million times. Formulas are never computed: a cell is the value that was saved in it, and a row with a formula that has
none is told apart. Documents with a type of their own (DTD) are refused, so nothing expands.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import IO, Any, Final
from xml.parsers import expat

from colisage.kit.tabular.dialect import fold
from colisage.kit.tabular.refusals import DamagedWorkbook, SpreadsheetFile
from colisage.kit.tabular.sheets import Attributes, Budget, Enough, Rows, SheetReader, Texts
from colisage.kit.tabular.styles import Styles, styles_of

_CHUNK: Final = 1 << 16
_LONGEST: Final = 1 << 22  # bytes of one tag
_MOST_ELEMENTS: Final = 300_000  # of a part that is read whole
_MOST_SHEETS: Final = 50
_LOOKED_AT: Final = 100_000  # texts, and bytes, when only the beginning is asked for
_LOOKED_BYTES: Final = 40_000_000
_DIRECTORY: Final = 1 << 20  # bytes of the list of parts: a workbook has a few dozen


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
            looked = limit_bytes if most_rows is None else min(limit_bytes, _LOOKED_BYTES)
            return _Workbook(packed, Budget(looked)).rows(required, most_rows)
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

    def __init__(self, packed: zipfile.ZipFile, budget: Budget) -> None:
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
        places = [place for place in places if place.casefold() in self._names][:_MOST_SHEETS]
        if not places:
            raise DamagedWorkbook
        styles = styles_of(self._parse(parts["styles"]) if "styles" in parts else iter(()), since_1904=since_1904)
        texts = self._texts(parts.get("sharedStrings", ""), most=None if most_rows is None else _LOOKED_AT)
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

    def _chosen(self, places: list[str], required: Collection[str], texts: "Texts", styles: Styles) -> str:
        scores = []
        for n, place in enumerate(places):
            first = next(iter(self._sheet(place, texts, styles, 1)), None)
            names = {fold(cell) for cell in first.cells} - {""} if first else set()
            scores.append((len(names & set(required)), len(names) > 1, bool(names), -n))
        return places[-max(scores)[3]]

    def _sheet(self, place: str, texts: "Texts", styles: Styles, most_rows: int | None) -> Rows:
        reader = SheetReader(texts, styles, self._budget, most_rows)
        with suppress(Enough):
            self._walk(place, start=reader.start, end=reader.end, text=reader.text)
        return reader.rows

    def _texts(self, place: str, *, most: int | None) -> "Texts":
        texts = Texts(most=most)
        if place.casefold() in self._names:
            with suppress(Enough):
                self._walk(place, start=texts.start, end=texts.end, text=texts.text)
        return texts

    def _elements(self, place: str, name: str) -> list[Attributes]:
        return [attributes for found, attributes in self._parse(place) if found == name]

    def _parse(self, place: str) -> Iterator[tuple[str, Attributes]]:
        """Give every element of a part that is small, or no part of a workbook."""
        found: list[tuple[str, Attributes]] = []

        def take(name: str, attributes: Attributes) -> None:
            found.append((name, attributes))
            if len(found) > _MOST_ELEMENTS:
                raise DamagedWorkbook

        if place.casefold() in self._names:
            self._walk(place, start=take)
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
            fed = 0
            while chunk := stream.read(_CHUNK):
                self._budget.unpack(len(chunk))
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > _LONGEST:  # one tag or remark that never ends is kept whole
                    raise DamagedWorkbook
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
