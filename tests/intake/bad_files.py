"""The files people really send: what each holds, and what must become of every row."""

import csv
import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Final

from tests.workbooks import Raw, workbook

COLUMNS: Final = (
    "order_ref", "placed_at", "sku", "quantity", "unit_price", "currency", "name", "address1", "postcode", "city",
    "country", "payment", "note",
)  # fmt: skip
GOOD: Final[Mapping[str, str]] = {
    "placed_at": "2026-11-20", "sku": "MUG", "quantity": "1", "unit_price": "18.00", "currency": "EUR",
    "name": "Zoé Lefèvre", "address1": "8 rue Lepic", "postcode": "75018", "city": "Paris", "country": "FR",
    "payment": "paid", "note": "",
}  # fmt: skip


@dataclass(frozen=True)
class BadFile:
    """A file, and what it comes to: refused as a whole for `problem`, or these fates of its rows.

    `accepted` are the references of its orders; `refused` are (line of the file, reason) of the rows that come back.
    """

    claim: str
    data: bytes
    problem: str = ""
    accepted: tuple[str, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # of customers, by reference
    file_name: str = "commandes.csv"
    dates: str = ""

    def __str__(self) -> str:
        return self.claim


def row(ref: str, **changes: object) -> list[str]:
    """Give the cells of a good row of an order, with changes."""
    cells: dict[str, Any] = {"order_ref": ref, **GOOD, **changes}
    return [str(cells[column]) for column in COLUMNS]


def text(*rows: Sequence[str], delimiter: str = ",", ends: str = "\r\n", columns: Sequence[str] = COLUMNS) -> str:
    """Write rows below their column names, as a spreadsheet does."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=ends).writerows([columns, *rows])
    return out.getvalue()


def data(*rows: Sequence[str], **how: Any) -> bytes:
    """Write rows as UTF-8."""
    return text(*rows, **how).encode()


def png() -> bytes:
    """Draw one white pixel."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\xff\xff\xff")),
        (b"IEND", b""),
    )
    chunks = [struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def archive(name: str, content: bytes) -> bytes:
    """Pack a file into a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, content)
    return out.getvalue()


def no_tables() -> Iterator[BadFile]:
    """Give files of which no row can be used."""
    good = data(row("A"), row("B"))
    noise = random.Random(7).randbytes(50_000)
    yield BadFile("empty", b"", "empty_file")
    yield BadFile("blank lines only", b"\r\n \r\n\r\n", "empty_file")
    yield BadFile("separators only", b";;;\r\n;;;\r\n", "empty_file")
    yield BadFile("only a header", data(), "only_header")
    yield BadFile("only a header and empty rows", data([""] * 13, [""] * 13), "only_header")
    yield BadFile("random bytes", noise, "not_a_table")
    yield BadFile("zeros, as after a full disk", bytes(10_000), "unknown_encoding")
    yield BadFile("a picture named csv", png(), "not_a_table")
    yield BadFile("a ZIP", archive("commandes.csv", good), "not_a_table")
    yield BadFile("a workbook named csv", archive("xl/workbook.xml", b"<workbook/>"), "damaged_workbook")
    yield BadFile("a PDF named csv", b"%PDF-1.7\n" + noise[:200], "not_a_table")
    yield BadFile("a web page: the log-in expired", b"<!DOCTYPE html><title>Log in</title>", "not_a_table")
    yield BadFile("a JSON document", b'{"orders": []}', "not_a_table")
    yield BadFile("an archive cut off", gzip.compress(good)[:-9], "damaged_archive", file_name="commandes.csv.gz")
    yield BadFile("UTF-16 without a mark", good.decode().encode("utf-16-le"), "unknown_encoding")
    yield BadFile(
        "UTF-16 cut off in the middle of a character", good.decode().encode("utf-16")[:-1], "unknown_encoding"
    )
    yield BadFile("UTF-32", good.decode().encode("utf-32"), "unknown_encoding")
    yield BadFile("a separator nobody uses", data(row("A"), delimiter="~"), "unknown_format")
    yield BadFile("other columns", b"colour,size\r\nred,4\r\n", "unknown_format")
    yield BadFile("no header", data(row("B"), columns=row("A")), "unknown_format")
    yield BadFile("the same header twice", data([*row("A"), "2"], columns=[*COLUMNS, "SKU"]), "duplicate_columns")
    yield BadFile("a NUL in a header", b"order\0ref,colour\r\nA,red\r\n", "unknown_format")
    yield BadFile("a NUL in two equal headers", b"colo\0ur,colo\0ur\r\n" + b"red,red\r\n" * 9, "duplicate_columns")


def cut_off() -> Iterator[BadFile]:
    """Give files that end too early, and quotes that never close."""
    whole = text(row("A"), row("B"), row("C", name="Rousseau, Camille", sku="CARTE", unit_price="2.50"))
    middle = whole[: whole.index("CARTE") + 5]
    quoted = whole[: whole.index("Rousseau") + 4]
    yield BadFile("cut off in a row", middle.encode(), accepted=("A", "B"), refused=((4, "too_few_cells"),))
    yield BadFile("cut off in a quoted cell", quoted.encode(), accepted=("A", "B"), refused=((4, "unclosed_quote"),))
    open_quote = text(row("A", name="A never ends"), row("B"), row("C")).replace("A never", '"A never').encode()
    yield BadFile("a quote that never closes", open_quote, accepted=("B", "C"), refused=((2, "unclosed_quote"),))
    yield BadFile("no line end at the end", data(row("A")).rstrip(), accepted=("A",))


def encodings() -> Iterator[BadFile]:
    """Give one file of two orders in the ways programs write it."""
    rows = row("A"), row("B", name="Noëlle Œuvrard")
    names = {"A": "Zoé Lefèvre", "B": "Noëlle Œuvrard"}
    for encoding in ("utf-16", "utf-8-sig", "cp1252"):
        yield BadFile(encoding, text(*rows).encode(encoding), accepted=("A", "B"), names=names)
    yield BadFile("an Excel workbook", workbook([COLUMNS, *rows]), accepted=("A", "B"), names=names)
    unsaved = row("C", unit_price=Raw('<c r="{r}"><f>9*2</f></c>'))
    yield BadFile(
        "an Excel workbook with a formula that was never computed",
        workbook([COLUMNS, rows[0], [Raw(unsaved[4]) if n == 4 else cell for n, cell in enumerate(unsaved)]]),
        accepted=("A",),
        refused=((3, "formula_not_saved"),),
    )
    odd = data(rows[0]) + text(rows[1]).partition("\r\n")[2].encode("cp1252")
    yield BadFile("two encodings in one file", odd, accepted=("A", "B"), names=names)
    yield BadFile("old line ends", data(*rows, ends="\r"), accepted=("A", "B"), names=names)
    for delimiter in ";\t|":
        written = data(*rows, delimiter=delimiter)
        yield BadFile(f"separated by {delimiter!r}", written, accepted=("A", "B"), names=names)
    mixed = data(delimiter=";") + data(*rows, delimiter=",").partition(b"\r\n")[2]
    few = ((2, "too_few_cells"), (3, "too_few_cells"))
    yield BadFile("a header and rows that separate differently", mixed, refused=few)


def cells() -> Iterator[BadFile]:
    """Give cells that mean nothing, too much, or harm."""
    quantities = {
        "0": "zero_quantity", "-1": "negative_quantity", str(10**12): "huge_quantity", str(10**40): "bad_quantity",
        "1.5": "bad_quantity", "deux": "bad_quantity", "": "bad_quantity", "1e3": "bad_quantity", "٣": "bad_quantity",
    }  # fmt: skip
    yield _each("quantities", "quantity", quantities)
    prices = {"-1": "negative_amount", str(10**13): "huge_amount", "1,234": "bad_amount", "gratuit": "bad_amount"}
    yield _each("prices", "unit_price", prices)
    yield _each("countries", "country", {"Atlantide": "unknown_country", "ZZ": "unknown_country"})
    yield _each("currencies", "currency", {"ECU!": "unknown_currency"})
    yield _each("SKUs", "sku", {"NOPE": "unknown_sku", "": "missing_sku", "X" * 101: "cell_too_long_for_order"})
    yield _each("long cells", "name", {"n" * 301: "cell_too_long_for_order", "n" * 200_000: "cell_too_long"})
    yield _each("long lines", "note", {"n" * 1_100_000: "cell_too_long"})
    yield _each("NUL bytes", "name", {"Zo\0é": "unreadable_characters", "\0": "unreadable_characters"})
    no_ref = ((2, "missing_order_ref"),)
    yield BadFile("no reference", data(row(""), row("B")), accepted=("B",), refused=no_ref)
    formulas = {"=1+1": "bad_quantity", "@SUM(A1)": "bad_quantity", "+cmd|' /C calc'!A0": "bad_quantity"}
    yield _each("formulas that come back", "quantity", formulas)
    for n, name in enumerate(NAMES):
        yield BadFile(f"name {n}: {name!a}", data(row("A", name=name)), accepted=("A",), names={"A": name})


NAMES: Final = (
    '=HYPERLINK("http://evil.example";"Zoé")',
    "שרה כהן",
    "محمد عبد الله",
    "Zoé 🎁👩‍👩‍👧 Lefèvre",
    "\u202egpj.exe",
    "Robert'); DROP TABLE orders_order;--",
    "<script>alert(1)</script>",
    "Zoé\nLefèvre",
)


def _each(claim: str, column: str, wrong: Mapping[str, str]) -> BadFile:
    """Put each wrong cell in an order of its own, between two good ones."""
    bad = [row(f"W{n}", **{column: value}) for n, value in enumerate(wrong)]
    reasons = tuple((line, reason) for line, reason in enumerate(wrong.values(), 3))
    return BadFile(claim, data(row("A"), *bad, row("Z")), accepted=("A", "Z"), refused=reasons)


def dates() -> Iterator[BadFile]:
    """Give dates of every shape."""
    right = (
        "2026-11-20", "2026/11/20", "2026-11-20 14:03", "2026-11-20T14:03:59Z", "2026-11-20T14:03:59.123+01:00",
        "2026-11-20 14:03:59 UTC", "20/11/2026", "11/20/2026", "20-11-2026", "03.04.2026", "04/04/2026",
        "20/11/2026 14h03", "11/20/2026 02:03 PM", "",
    )  # fmt: skip
    wrong = (
        "yesterday", "hier", "45981", "20/11/26", "2026-02-30", "31/04/2026", "2026-13-13", "1970-01-01", "0000-00-00",
        "2098-01-01", "2026-11-20 25:00", "2026-11-20T10:00:00+99:99", "20 novembre 2026", "٢٠٢٦-١١-٢٠",
    )  # fmt: skip
    fine = [row(f"R{n}", placed_at=value) for n, value in enumerate(right)]
    bad = [row(f"W{n}", placed_at=value) for n, value in enumerate(wrong)]
    refused = tuple((line, "bad_date") for line in range(len(fine) + 2, len(fine) + len(bad) + 2))
    accepted = tuple(cells[0] for cells in fine)
    yield BadFile("dates of every shape", data(*fine, *bad), accepted=accepted, refused=refused)
    both_ways = data(row("A", placed_at="03/04/2026"))
    yield BadFile("a date with two readings", both_ways, refused=((2, "ambiguous_date"),))
    for said in ("day_first", "month_first"):
        yield BadFile(f"a date with two readings, {said}", both_ways, accepted=("A",), dates=said)


def again() -> Iterator[BadFile]:
    """Give orders that come twice in one file."""
    far = [row(f"R{n}", sku="CARTE", unit_price="2.50") for n in range(70)]
    between = tuple(cells[0] for cells in far)
    elsewhere = row("A", address1="9 rue Lepic")
    yield BadFile("a row twice", data(row("A"), row("A")), accepted=("A",), ignored={"duplicate": 1})
    yield BadFile(
        "an order twice, far apart",
        data(row("A"), *far, row("A")),
        accepted=("A", *between),
        ignored={"already_imported": 1},
    )
    yield BadFile(
        "an order twice, to two addresses",
        data(row("A"), elsewhere, row("B")),
        accepted=("B",),
        refused=((2, "order_rows_disagree"), (3, "order_incomplete")),
    )
    yield BadFile(
        "an order twice, far apart, to two addresses",
        data(row("A"), *far, elsewhere),
        accepted=("A", *between),
        refused=((73, "order_came_differently"),),
    )
    half = data(row("A"), row("A", sku="NOPE"), row("B"))
    incomplete = ((2, "order_incomplete"), (3, "unknown_sku"))
    yield BadFile("half an order", half, accepted=("B",), refused=incomplete)


BAD_FILES: Final = (*no_tables(), *cut_off(), *encodings(), *cells(), *dates(), *again())


HUGE_BYTES: Final = 100_000_000


@dataclass(frozen=True)
class HugeFile:
    """A file too large to be held: what writes it, and what it comes to."""

    claim: str
    write: Callable[[IO[bytes]], None]
    problem: str = ""
    orders: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    ignored: Mapping[str, int] = field(default_factory=dict)
    file_name: str = "commandes.csv"

    def __str__(self) -> str:
        return self.claim


def _many_rows(out: IO[bytes]) -> None:
    out.write(data())
    for n in range(1_000):
        out.write(
            text(row(f"R{n}", sku="CARTE", note=f"{n} " * (9_000 // len(f"{n} ")))).partition("\r\n")[2].encode() * 12
        )


def _wide_rows(out: IO[bytes]) -> None:
    out.write(data())
    wide = dict.fromkeys(("name", "address1", "postcode", "city", "payment", "note"), "x" * 130_000)
    for n in range(130):
        out.write(text(row(f"R{n}", **wide)).partition("\r\n")[2].encode())


def _one_line(out: IO[bytes]) -> None:
    for _ in range(100):
        out.write(b"order_ref," * 100_000)


def _bomb(out: IO[bytes]) -> None:
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as packed:
        packed.write(data())
        for n in range(300):
            packed.write(data(row(f"R{n}")).partition(b"\r\n")[2] * 12_000)


HUGE_FILES: Final = (
    HugeFile("many rows", _many_rows, orders=1_000, ignored={"duplicate": 11_000}),
    HugeFile("wide rows", _wide_rows, refused={"cell_too_long_for_order": 130}),
    HugeFile("one line", _one_line, "duplicate_columns"),
    HugeFile("a small archive of 300 MB", _bomb, "file_too_large", file_name="commandes.csv.gz"),
)
