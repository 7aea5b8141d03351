"""Excel workbooks as programs write them, for tests: the parts of one, packed."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="164" formatCode="00000"/>'
    '<numFmt numFmtId="165" formatCode="#,##0.00&quot; d&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/>'
    '</cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/></cellXfs></styleSheet>'
)
DATE, MOMENT, POSTCODE, AMOUNT = 1, 2, 3, 4


class Raw(str):
    """A cell as its XML; `{r}` stands for its name."""

    __slots__ = ()


def cell(value: object, name: str, shared: dict[str, int]) -> str:
    """Write a cell as Excel does."""
    if value is None or value == "":
        return ""
    if isinstance(value, Raw):
        return value.replace("{r}", name)
    if isinstance(value, datetime):
        days = (value - datetime(1899, 12, 30)).total_seconds() / 86_400  # noqa: DTZ001 -- a calendar, no place
        return f'<c r="{name}" s="{MOMENT if days % 1 else DATE}"><v>{days!r}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{name}"><v>{value!r}</v></c>'
    return f'<c r="{name}" t="s"><v>{shared.setdefault(str(value), len(shared))}</v></c>'


def sheet(rows: Iterable[Sequence[object]], shared: dict[str, int]) -> str:
    """Write a sheet."""
    written = []
    for n, row in enumerate(rows, 1):
        cells = "".join(cell(value, f"{letters(i)}{n}", shared) for i, value in enumerate(row))
        written.append(f'<row r="{n}">{cells}</row>' if cells else "")
    return f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{"".join(written)}</sheetData></worksheet>'


def letters(place: int) -> str:
    """Name a column."""
    name = ""
    while place >= 0:
        name, place = chr(65 + place % 26) + name, place // 26 - 1
    return name


def parts(*sheets: Iterable[Sequence[object]], hidden: Sequence[int] = ()) -> dict[str, str]:
    """Give the parts of a workbook with these sheets."""
    shared: dict[str, int] = {}
    written = [sheet(rows, shared) for rows in sheets]
    kinds = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(written) + 1)]
    kinds += [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATED}/{kind}" Target="{place}"/>'
        for n, (kind, place) in enumerate(kinds, 1)
    )
    listed = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"{" state=" + quoteattr("hidden") if n - 1 in hidden else ""}/>'
        for n in range(1, len(written) + 1)
    )
    texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{texts}</sst>',
        **{f"xl/{place}": text for (kind, place), text in zip(kinds, written, strict=False) if kind == "worksheet"},
    }


def packed(made: Mapping[str, str | bytes]) -> bytes:
    """Pack the parts of a workbook; the same parts are the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def workbook(*sheets: Iterable[Sequence[object]], hidden: Sequence[int] = ()) -> bytes:
    """Write a workbook."""
    return packed(parts(*sheets, hidden=hidden))
