"""Refused rows go back in a file that opens anywhere and runs nothing."""

import io

import pytest
from django.utils.translation import override

from colisage.kit.tabular import ROW_REASONS, BadRow, Dialect, harmless, open_table, write_refused


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1", "=HYPERLINK(1)"])
def test_formulas_are_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-5", "-12.50", "-1 234,5", "+33 6 12 34 56 78", "MUG-1", "a=b", "'78100"])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_refused_rows_come_back_readable_with_a_reason() -> None:
    sent = "ref;sku;note\n1;=cmd;été\n2;MUG\n3;-5;x\n".encode("cp1252")
    table = open_table(io.BytesIO(sent))
    out = io.BytesIO()
    refused = [(row.raw, ROW_REASONS["too_few_cells"]) for row in table]
    assert write_refused(out, headers=table.headers, rows=refused, dialect=table.dialect, language="en") == 3
    assert out.getvalue().startswith(b"\xef\xbb\xbfref;sku;note;Reason for refusal\r\n1;'=cmd;")
    assert "3;-5;x;" in out.getvalue().decode("utf-8-sig")
    again = open_table(out)
    assert [row.cells["sku"] for row in again] == ["=cmd", "MUG", "-5"]
    assert {type(row) is BadRow for row in again} == {False}


def test_a_file_refused_twice_has_one_reason_column() -> None:
    table = open_table(io.BytesIO(b"ref,Motif du refus,sku\n1,avant,MUG\n"))
    out = io.BytesIO()
    rows = [(row.raw, "now") for row in table]
    write_refused(out, headers=table.headers, rows=rows, dialect=Dialect(",", "utf-8"), language="en")
    assert out.getvalue() == b"ref,sku,Reason for refusal\n1,MUG,now\n"


def test_a_cell_too_many_is_not_lost_however_often_the_file_is_refused() -> None:
    table = open_table(io.BytesIO(b"ref,address,city\n1,8,rue Lepic,Paris\n2,4 rue Foch,Lyon\n"))
    for _ in range(2):
        rows = list(table)
        assert [type(row) is BadRow for row in rows] == [True, False]
        out = io.BytesIO()
        told = [(row.raw, "why") for row in rows]
        write_refused(out, headers=table.headers, rows=told, dialect=table.dialect, language="en")
        assert out.getvalue().splitlines()[1:] == [b"1,8,rue Lepic,why,Paris", b"2,4 rue Foch,Lyon,why"]
        table = open_table(io.BytesIO(out.getvalue()))


def test_every_row_reason_is_a_sentence() -> None:
    with override("en"):
        assert all(str(sentence).endswith(".") for sentence in ROW_REASONS.values())
