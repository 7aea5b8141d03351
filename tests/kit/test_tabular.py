"""Files as people send them."""

import contextlib
import csv
import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import example, given
from hypothesis import strategies as st

from colisage.kit.tabular import BadRow, Row, Table, TableRefused, gather, open_table

HEADER = "ref,sku,note\n"


def opened(content: str | bytes, encoding: str = "utf-8", **options: object) -> Table:
    data = content.encode(encoding) if isinstance(content, str) else content
    return open_table(io.BytesIO(data), **options)  # type: ignore[arg-type]


def rows(content: str | bytes, encoding: str = "utf-8") -> list[Row | BadRow]:
    return list(opened(content, encoding))


def reasons(found: list[Row | BadRow]) -> list[tuple[int, str]]:
    return [(row.number, row.reason if isinstance(row, BadRow) else "") for row in found]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_every_separator_and_encoding_gives_the_same_rows(delimiter: str, encoding: str) -> None:
    text = "ref,sku,note\n1,MUG,Élodie à Nîmes\n2,TAPIS,“œuvre” – 3 €\n".replace(",", delimiter)
    table = opened(text, encoding)
    assert table.columns == ("ref", "sku", "note")
    assert [row.cells["note"] for row in table] == ["Élodie à Nîmes", "“œuvre” – 3 €"]
    assert table.dialect.delimiter == delimiter


WORDS = (
    "André", "Émilie Faÿ", "12 rue à droite", "Le Plessis-Pâté", "François", "Zoé Lefèvre", "Nîmes, près de l’église",
    "Crème brûlée", "CHÂTEAU D’EAU, Éric", "Hôtel du Cœur", "8 bis, allée des Érables", "Noël à Orléans", "garçon",
    "où", "– « Bientôt » …", "Ñandú à Málaga é", "MUSÉE", "BEAUTÉ",
)  # fmt: skip


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_accents_of_windows_and_of_the_mac_are_told_apart(encoding: str, ends: str, text: str) -> None:
    [row] = rows(f"ref;sku;note\n1;MUG;{text}\n".replace("\n", ends), encoding)
    assert row.cells["note"] == text


@pytest.mark.parametrize(
    "text", ["Škoda, gož", "Žižek 5‰", "l‘été", "Marque™", "“Bien”", "12 €", "Š", "Œuvre d’œil", "†"]
)
def test_what_only_windows_writes_is_read_as_windows_wrote_it(text: str) -> None:
    [row] = rows(f"ref;sku;note\n1;MUG;{text}\n", "cp1252")
    assert row.cells["note"] == text


def test_a_word_of_the_mac_at_the_end_of_a_large_file_is_enough() -> None:
    found = rows((HEADER + "1,MUG,x\n" * 200_000).encode() + "9,LAMPE,Zoé\n".encode("mac_roman"))
    assert found[-1].cells["note"] == "Zoé"


def test_separators_inside_cells_do_not_confuse() -> None:
    table = opened("ref;note\n1;a, b, c\n2;d, e, f\n")
    assert [row.cells["note"] for row in table] == ["a, b, c", "d, e, f"]


def test_required_columns_decide_between_separators() -> None:
    table = opened("ref,sku;a;b;c\n1,MUG;;;\n", required={"ref"})
    assert table.dialect.delimiter == ","


def test_excel_may_announce_the_separator() -> None:
    table = opened("sep=;\r\nref;sku\r\n1;MUG\r\n")
    assert [(row.number, row.cells) for row in table] == [(3, {"ref": "1", "sku": "MUG"})]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(ending: str) -> None:
    assert reasons(rows(ending.join(["ref,sku", "1,MUG", "2,TAPIS"]))) == [(2, ""), (3, "")]


def test_a_cell_may_hold_lines_and_numbers_stay_those_of_the_file() -> None:
    found = rows(HEADER + '1,MUG,"one\ntwo, three"\n2,TAPIS,\n')
    assert reasons(found) == [(2, ""), (4, "")]
    assert found[0].cells["note"] == "one\ntwo, three"


def test_a_table_is_read_as_often_as_asked_and_the_file_stays_open() -> None:
    file = io.BytesIO(b"ref,sku\n1,MUG\n")
    table = open_table(file)
    assert list(table) == list(table)
    assert not file.closed


def test_paths_gzip_and_uploads_are_read_alike(tmp_path: Path) -> None:
    data = b"ref,sku\n1,MUG\n"
    (tmp_path / "plain.csv").write_bytes(data)
    (tmp_path / "packed.csv").write_bytes(gzip.compress(data, mtime=0))
    sources: list[Any] = [
        tmp_path / "plain.csv",
        str(tmp_path / "packed.csv"),
        SimpleUploadedFile("x.csv", data),
    ]
    assert [[row.cells["sku"] for row in open_table(source)] for source in sources] == [["MUG"]] * 3


def test_an_odd_byte_at_the_end_of_a_utf8_file_loses_no_row() -> None:
    data = (HEADER + "1,MUG,Élodie\n" * 50_000).encode() + "9,LAMPE,Zoé\n".encode("cp1252")
    found = rows(data)
    assert len(found) == 50_001
    assert (found[0].cells["note"], found[-1].cells["note"]) == ("Élodie", "Zoé")


def test_rows_of_the_wrong_width_are_refused_alone() -> None:
    found = rows(HEADER + "1,MUG\n2,TAPIS,a,b\n3,LAMPE,\n4,PLUME,,,\n,,\n\n5,MUG,x\n")
    assert reasons(found) == [(2, "too_few_cells"), (3, "too_many_cells"), (4, ""), (5, ""), (8, "")]
    assert found[0].cells == {"ref": "1", "sku": "MUG"}


def test_an_unclosed_quote_costs_its_own_line_only() -> None:
    good = "".join(f"{n},MUG,\n" for n in range(20_000))
    found = rows(HEADER + '1,"MUG,\n' + good)
    assert reasons(found)[:2] == [(2, "unclosed_quote"), (3, "")]
    assert len(found) == 20_001
    assert found[0].raw == ["1", '"MUG', ""]


@pytest.mark.parametrize("end", ["", "\n", "\nand more", "\n4,MUG,"])
def test_a_file_cut_off_inside_its_last_quoted_cell_is_not_believed(end: str) -> None:
    found = reasons(rows(HEADER + f'1,MUG,\n2,MUG,"a note{end}'))
    assert found[:2] == [(2, ""), (3, "unclosed_quote")]


def test_an_unclosed_quote_on_the_last_line_is_named() -> None:
    assert reasons(rows(HEADER + '1,MUG,\n2,"MUG,\n3,MUG,\n')) == [(2, ""), (3, "unclosed_quote"), (4, "")]


def test_a_file_made_of_open_quotes_is_read_in_bounded_time() -> None:
    found = rows(HEADER + 'x","y\n' * 100_000)
    assert len(found) == 100_000
    assert all(isinstance(row, BadRow) for row in found)


def test_a_cell_of_a_megabyte_is_refused_and_the_next_row_read() -> None:
    found = rows(HEADER + f"1,MUG,{'x' * 1_000_000}\n2,MUG,{'y' * 3_000_000}\n3,MUG,z\n")
    assert reasons(found) == [(2, "cell_too_long"), (3, "cell_too_long"), (4, "")]
    assert all(len(cell) <= 1_000 for row in found for cell in row.raw)


def test_nul_bytes_and_unknown_bytes_are_refused_with_their_row() -> None:
    data = HEADER.encode() + b"1,MU\x00G,\n2,MU\x81G,\n3,MUG,caf\xe9\n"
    assert reasons(rows(data)) == [(2, "unreadable_characters"), (3, "unreadable_characters"), (4, "")]


def _zip(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "ref,sku\n1,MUG\n")  # of 1980, for all workers alike
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n  \n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b",,,\n,,,\n", "empty_file"),
        (gzip.compress(b"", mtime=0), "empty_file"),
        (b"ref,sku\n", "only_header"),
        (b"ref,sku\n,\n\n", "only_header"),
        (_zip("orders.csv"), "not_a_table"),
        (gzip.compress(_zip("orders.csv"), mtime=0), "not_a_table"),
        (_zip("xl/workbook.xml"), "damaged_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "spreadsheet"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not_a_table"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, "not_a_table"),
        (b"%PDF-1.7\n%\xe2\xe3", "not_a_table"),
        (b"<!DOCTYPE html><html>", "not_a_table"),
        (b'[{"ref": 1}]', "not_a_table"),
        (bytes(range(1, 32)) * 20, "not_a_table"),
        ("ref,sku\n1,MUG\n".encode("utf-16-le"), "unknown_encoding"),
        ("ref,sku\n1,MUG\n".encode("utf-32"), "unknown_encoding"),
        ("ref,sku\n1,MUG\n".encode("utf-16")[:-1], "unknown_encoding"),
        (gzip.compress(b"ref,sku\n" + b"1,MUG\n" * 999, mtime=0)[:-9], "damaged_archive"),
        (gzip.compress(b"ref,sku\n1,MUG\n", mtime=0)[:12], "damaged_archive"),
        (b"\x1f\x8b not really", "damaged_archive"),
        (b"ref,sku,REF \n1,MUG,2\n", "duplicate_columns"),
        (b"ref,quantity\n1,2\n", "missing_columns"),
        (b"ref sku\n1 MUG\n", "missing_columns"),
    ],
)
def test_a_file_of_no_use_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(TableRefused) as refused:
        opened(content, required={"sku"} if code == "missing_columns" else ())
    assert refused.value.code == code
    assert "%" not in str(refused.value)


def test_columns_of_one_name_are_named_as_the_file_writes_them() -> None:
    with pytest.raises(TableRefused, match="Réf, RÉF, Total TTC") as refused:
        opened("Réf,sku,RÉF ,Total TTC,Total TTC\n1,MUG,2,3,3\n".encode())
    assert refused.value.code == "duplicate_columns"


def test_a_file_beyond_the_limit_is_refused_even_when_packed_small() -> None:
    bomb = gzip.compress(b"ref,sku\n" + b"1,MUG\n" * 2_000_000, mtime=0)
    assert len(bomb) < 100_000
    with pytest.raises(TableRefused) as refused:
        opened(bomb, limit_bytes=10_000_000)
    assert (refused.value.code, refused.value.places) == ("file_too_large", {"megabytes": 10})


letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\ufffd")
cells = st.text(letters | st.sampled_from("\t\n\r\"',;=-+@"), max_size=20)


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from(",;\t|"),
    st.booleans(),
)
@example([["'=x", "a\r", "\"'+"]], ",", True)
def test_what_csv_writes_is_what_we_read(content: list[list[str]], delimiter: str, quote_all: bool) -> None:  # noqa: FBT001
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL)
    writer.writerows([["ref", "sku", "note"], *content, ["1", "2", "3"]])
    found = [list(row.raw) for row in opened(buffer.getvalue(), required={"ref", "sku", "note"})]
    kept = [[_bare(cell) for cell in row] for row in content if any(_bare(cell) for cell in row)]
    assert found == [*kept, ["1", "2", "3"]]


def _bare(cell: str) -> str:
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell


@given(st.binary(max_size=2_000))
@example(b'"')
@example(b'a,b\n"')
@example(b"\xff\xfe\x00\xd8\n\x00")
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    with contextlib.suppress(TableRefused):
        assert all(row.number >= 2 for row in opened(data))


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for count in (5_000, 50_000):
        path = tmp_path / f"{count}.csv"
        path.write_text(HEADER + "".join(f"{n},MUG,une note\n" for n in range(count)))
        tracemalloc.start()
        assert sum(1 for _ in gather(open_table(path), key=lambda row: row.cells["ref"])) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2_000_000  # the first pass reads by the megabyte


@pytest.mark.parametrize(
    "above",
    [
        "Commandes du 20 novembre\n",
        "Commandes du 20 novembre;;\n;;\n",
        "Maison Tilleul\n\nÉdité le;20/11/2026\n",
        "sep=;\nCommandes, du 20 novembre\n",
    ],
)
@pytest.mark.parametrize("required", [(), {"sku"}])
def test_titles_above_the_columns_are_passed_over(above: str, required: Collection[str]) -> None:
    table = opened(f"{above}ref;sku;note\n1;MUG;a, b, c, d\n", required=required)
    assert table.columns == ("ref", "sku", "note")
    assert [(row.number, row.cells["note"]) for row in table] == [(above.count("\n") + 2, "a, b, c, d")]


def test_one_column_is_no_title() -> None:
    assert opened("ref\n1\n2\n").columns == ("ref",)
    assert opened("ref;\n1;\n2;MUG\n").columns == ("ref",)


def test_names_of_columns_that_are_repeated_are_no_row() -> None:
    found = rows("ref,sku\n1,MUG\nref,sku\nref , sku\n2,ref\n")
    assert [row.raw for row in found] == [["1", "MUG"], ["2", "ref"]]
