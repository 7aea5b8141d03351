"""Excel workbooks: read as tables, dates and numbers as they are meant, and never more than is bounded."""

import io
import resource
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from colisage.kit.tabular import BadRow, Row, TableRefused, open_table
from tests import workbooks
from tests.workbooks import Raw, packed, parts, workbook

HEAD = ("ref", "sku", "qty")


def read(data: bytes, **how: Any) -> list[Row | BadRow]:
    return list(open_table(io.BytesIO(data), **how))


def refusal(data: bytes, **how: Any) -> str:
    with pytest.raises(TableRefused) as refused:
        read(data, **how)
    return refused.value.code


def test_a_workbook_is_read_like_any_other_table() -> None:
    rows = read(workbook([HEAD, ("A1", "MUG", 2), (), ("A2", "Tapis « Œ »", 1.5), ("A3",)]))
    assert [(row.number, row.cells) for row in rows] == [
        (2, {"ref": "A1", "sku": "MUG", "qty": "2"}),
        (4, {"ref": "A2", "sku": "Tapis « Œ »", "qty": "1.5"}),
        (5, {"ref": "A3", "sku": "", "qty": ""}),
    ]


def test_it_is_read_again_from_its_first_row_and_from_a_path(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(workbook([HEAD, ("A1", "MUG", 2), ("A2", "MUG", 2)]))
    table = open_table(tmp_path / "orders.csv")
    assert list(table) == list(table)
    assert (table.lines, len(list(table))) == (3, 2)


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        (datetime(2026, 11, 20), "2026-11-20"),  # noqa: DTZ001 -- as a cell holds it
        (datetime(2026, 11, 20, 17, 5, 30), "2026-11-20 17:05:30"),  # noqa: DTZ001
        (19.9, "19.9"),
        (Raw('<c r="{r}"><v>19.899999999999999</v></c>'), "19.9"),
        (Raw('<c r="{r}"><v>1.2E+3</v></c>'), "1200"),
        (Raw('<c r="{r}"><v>3760123456789</v></c>'), "3760123456789"),
        (Raw('<c r="{r}"><v>1.234</v></c>'), "1.2340"),
        (Raw(f'<c r="{{r}}" s="{workbooks.POSTCODE}"><v>1000</v></c>'), "01000"),
        (Raw(f'<c r="{{r}}" s="{workbooks.AMOUNT}"><v>1234.5</v></c>'), "1234.5"),
        (Raw('<c r="{r}" t="b"><v>1</v></c>'), "TRUE"),
        (Raw('<c r="{r}" t="inlineStr"><is><r><t>Zo</t></r><r><t>é</t></r></is></c>'), "Zoé"),
        (Raw('<c r="{r}" t="str"><f>A1&amp;"x"</f><v>Ax</v></c>'), "Ax"),
        (Raw('<c r="{r}"><f>SUM(A1:A9)</f><v>12.5</v></c>'), "12.5"),
        (Raw('<c r="{r}" t="inlineStr"><is><t>a_x000D_b</t></is></c>'), "a\rb"),
        ("'=1+1", "=1+1"),
        ("0612345678", "0612345678"),
    ],
)
def test_a_cell_is_what_it_shows(cell: object, read_as: str) -> None:
    assert read(workbook([HEAD, ("A1", cell, 1)]))[0].cells["sku"] == read_as


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('<c r="{r}"><f>B1*2</f></c>', "formula_not_saved"),
        ('<c r="{r}"><f>B1*2</f><v></v></c>', "formula_not_saved"),
        ('<c r="{r}" t="e"><f>VLOOKUP(1;A:A;1)</f><v>#N/A</v></c>', "cell_error"),
        (f'<c r="{{r}}" t="inlineStr"><is><t>{"x" * 120_000}</t></is></c>', "cell_too_long"),
    ],
)
def test_a_cell_that_says_nothing_costs_its_row_alone(cell: str, reason: str) -> None:
    bad, good = read(workbook([HEAD, ("A1", "MUG", Raw(cell)), ("A2", "MUG", 1)]))
    assert isinstance(bad, BadRow)
    assert bad.reason == reason
    assert isinstance(good, Row)


def test_names_with_a_prefix_and_strict_names_are_read_too() -> None:
    made = parts([HEAD, ("A1", "MUG", 1)])
    sheet = "xl/worksheets/sheet1.xml"
    for name in ("worksheet", "sheetData", "row", "c", "v"):
        made[sheet] = made[sheet].replace(f"<{name}", f"<x:{name}").replace(f"</{name}>", f"</x:{name}>")
    made[sheet] = made[sheet].replace("xmlns=", "xmlns:x=")
    assert read(packed(made))[0].cells == {"ref": "A1", "sku": "MUG", "qty": "1"}


def test_a_cell_beside_the_columns_costs_its_row_alone() -> None:
    bad, good = read(workbook([HEAD, ("A1", "MUG", 1, "beside"), ("A2", "MUG", 1)]))
    assert isinstance(bad, BadRow)
    assert bad.reason == "too_many_cells"
    assert isinstance(good, Row)


def test_the_sheet_with_the_columns_is_taken_and_a_hidden_one_never() -> None:
    notes, orders = [("About this file",), ("Made on Monday",)], [HEAD, ("A1", "MUG", 1)]
    assert read(workbook(notes, orders))[0].cells["sku"] == "MUG"
    assert read(workbook([("a", "b"), (1, 2)], orders), required={"sku"})[0].cells["sku"] == "MUG"
    assert refusal(workbook(orders, [], hidden=[0])) == "empty_file"


def test_titles_above_the_columns_are_passed_over() -> None:
    rows = [("Commandes",), ("Édité le", "20/11/2026"), HEAD, ("A1", "MUG", 2), ("A2", "MUG")]
    assert [row.cells[HEAD[1]] for row in read(workbook(rows))] == ["MUG", "MUG"]
    assert [row.number for row in read(workbook(rows), most_rows=1)] == [4]


def test_the_beginning_alone_can_be_asked_for() -> None:
    rows = [HEAD, *((f"A{n}", "MUG", n) for n in range(500))]
    assert len(read(workbook(rows), most_rows=5)) == 5
    text = "\n".join(",".join(map(str, row)) for row in rows).encode()
    assert len(read(text, most_rows=5)) == 5


def test_what_is_no_good_workbook_is_refused_as_a_whole() -> None:
    good = parts([HEAD, ("A1", "MUG", 1)])
    sheet = "xl/worksheets/sheet1.xml"
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert refusal(packed(good)[:-40]) == "damaged_workbook"
    assert refusal(packed({**good, sheet: good[sheet][:-30]})) == "damaged_workbook"
    assert refusal(packed({**good, sheet: bomb})) == "damaged_workbook"
    assert refusal(packed({**good, sheet: good[sheet].replace("<v>0</v>", "<v>99</v>")})) == "damaged_workbook"
    assert refusal(packed({name: text for name, text in good.items() if name != sheet})) == "damaged_workbook"
    assert refusal(packed({**good, "xl/workbook.bin": b"\0"})) == "spreadsheet"
    assert refusal(workbook([HEAD])) == "only_header"
    assert refusal(workbook([])) == "empty_file"


def test_a_bomb_is_refused_before_it_fills_anything() -> None:
    long = parts([HEAD, *((f"A{n}", "x" * 9_000, 1) for n in range(300))])
    assert refusal(packed(long), limit_bytes=1_000_000) == "file_too_large"  # one text, told three hundred times
    sheet = "xl/worksheets/sheet1.xml"
    long[sheet] = long[sheet].replace("</sheetData>", " " * 6_000_000 + "</sheetData>")
    assert len(packed(long)) < 60_000
    assert refusal(packed(long), limit_bytes=1_000_000) == "file_too_large"
    crowd = io.BytesIO()
    with zipfile.ZipFile(crowd, "w") as archive:
        for name, text in parts([HEAD]).items():
            archive.writestr(name, text)
        for n in range(20_000):
            archive.writestr(f"xl/{n:050}", b"")
    assert refusal(crowd.getvalue()) == "damaged_workbook"


@pytest.mark.parametrize(
    ("part", "before", "inside"),
    [
        ("xl/styles.xml", "<numFmts>", "<numFmt " + "x" * 40_000_000 + "='1'/>"),
        ("xl/worksheets/sheet1.xml", "<sheetData>", "<!--" + "x" * 40_000_000 + "-->"),
        ("xl/styles.xml", "<numFmts>", "<a/>" * 400_000),
    ],
    ids=["a tag", "a remark", "elements"],
)
def test_what_xml_would_keep_whole_is_bounded_too(part: str, before: str, inside: str) -> None:
    made = parts([HEAD, ("A1", "MUG", 1)])
    wide = packed({**made, part: made[part].replace(before, inside + before, 1)})
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(wide) == "damaged_workbook"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < 120_000  # kilobytes


def test_memory_does_not_grow_with_the_workbook(tmp_path: Path) -> None:
    place = tmp_path / "large.xlsx"
    place.write_bytes(workbook([HEAD, *((f"Ref {n} with a text of its own {n * 7}", "MUG", n) for n in range(60_000))]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in open_table(place)) == 60_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000
