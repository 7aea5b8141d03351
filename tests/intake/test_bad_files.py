"""Files as people really send them, through the page and the command: an answer for a person, and nothing lost."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any, Final

import django
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.utils.translation import override

from colisage.config import manage
from colisage.intake.models import ImportRun, RefusedRow
from colisage.intake.ports import REASONS
from colisage.intake.queries.mappings import UnknownFormat
from colisage.intake.tasks import read_file
from colisage.kit import tabular
from colisage.kit.tabular.records import FORMULA_STARTS
from colisage.orders.models import Order, OrderLine
from tests.cast import World
from tests.intake.bad_files import BAD_FILES, HUGE_BYTES, HUGE_FILES, BadFile, HugeFile, data, row

pytestmark = pytest.mark.usefixtures("balanced")
LANGUAGES: Final = ("fr", "en")
EMPTY: Final = BadFile("empty", b"", "empty_file")
HUGE_MEGABYTES: Final = 100
LOCALES: Final = {"fr": "fr_FR.UTF-8", "en": "C.UTF-8"}
PROBLEMS: Final = {
    kind.code: kind
    for kind in (
        tabular.DamagedArchive, tabular.DamagedWorkbook, tabular.DuplicateColumns, tabular.EmptyFile,
        tabular.NotATable, tabular.OnlyHeader, tabular.FileTooLarge, tabular.SpreadsheetFile,
        tabular.UnknownEncoding, UnknownFormat,
    )
}  # fmt: skip
OF_THE_FILE: Final = frozenset({
    "intake_importrun", "intake_refusedrow", "kit_auditentry", "procrastinate_jobs", "procrastinate_events",
})  # fmt: skip
OF_ORDERS: Final = frozenset({
    "orders_order", "orders_orderline", "orders_hold", "inventory_reservation", "inventory_availability", "kit_event",
    "inventory_lacking",
})  # fmt: skip


@pytest.fixture
def client(world: World) -> Client:
    made = Client()
    made.force_login(world.chen, backend="django.contrib.auth.backends.ModelBackend")
    return made


@pytest.mark.parametrize("file", [file for file in BAD_FILES if file.data], ids=str)
def test_the_page_takes_what_is_right_and_gives_back_the_rest(world: World, client: Client, file: BadFile) -> None:
    before = contents()
    answer = send(world, client, file)
    run = read(answer)
    if file.problem == "unknown_format":  # a person is asked to point at its columns
        assert run.state == "columns"
        assert client.get(f"/intake/imports/{run.pk}/columns").status_code == 200
        assert changed(before) <= OF_THE_FILE
        return
    for language in LANGUAGES:
        page = shown(client.get(answer.headers["Location"], headers=spoken(language)))
        assert [said for said in sentences(file, language) if said not in page] == []
        rows = downloaded(client, run, language)
        assert [reason for *_, reason in rows] == reasons(file, language)
        assert [cell for cells in rows for cell in cells if runs(cell)] == []
    assert_settled(file, run, before)


@pytest.mark.parametrize("file", BAD_FILES, ids=str)
def test_the_command_says_the_same(
    world: World, file: BadFile, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents()
    path = tmp_path / file.file_name
    path.write_bytes(file.data)
    monkeypatch.setattr(connections, "close_all", lambda: None)  # the test’s transaction goes on
    monkeypatch.setattr(django, "setup", lambda: None)  # it would log to what pytest captures now
    for language in LANGUAGES:
        monkeypatch.setenv("LC_ALL", LOCALES[language])
        words = ["import_orders", str(path), "--merchant", "tilleul", "--channel", "shop"]
        status = manage.run([*words, *(["--dates", file.dates] if file.dates else [])])
        out, err = capfd.readouterr()
        assert status == (1 if file.problem else 0), err
        assert "Traceback" not in out + err
        if file.problem:
            assert err.count("\n") == 1
            assert err.startswith(sentence(file, language))
        else:
            assert [said for said in sentences(file, language) if said not in out] == []
    assert_settled(file, ImportRun.objects.earliest("pk"), before)


def test_the_same_file_twice_makes_no_second_order(world: World, client: Client) -> None:
    file = BadFile("good", data(row("A"), row("B")), accepted=("A", "B"))
    first = read(send(world, client, file))
    orders = contents()["orders_order"], contents()["inventory_reservation"]
    second = read(send(world, client, file))
    assert (first.orders, second.orders, second.ignored) == (2, 0, {"already_imported": 2})
    assert (contents()["orders_order"], contents()["inventory_reservation"]) == orders


def test_what_came_back_can_be_corrected_and_sent_again(world: World, client: Client) -> None:
    wrong = data(row("A", quantity="0"), row("B", name="=1+1", sku="NOPE"), row("C"))
    run = read(send(world, client, BadFile("wrong", wrong)))
    back = client.get(f"/intake/imports/{run.pk}/refused.csv", headers=spoken("fr")).content
    again = read(send(world, client, BadFile("again", back)))
    assert again.refused == run.refused
    corrected = back.replace(b",NOPE,", b",MUG,").replace(b",MUG,0,", b",MUG,1,")
    last = read(send(world, client, BadFile("corrected", corrected)))
    assert (last.orders, last.refused) == (2, {})
    assert Order.objects.get(external_ref="B").customer_name == "=1+1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_is_empty_or_too_large_is_refused_before_it_is_kept(
    world: World, client: Client, language: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr("colisage.intake.forms.MAX_BYTES", 1_000)
    before = contents()
    for content, said in ((b"", sentence(EMPTY, language)), (data(*[row("A")] * 99), "200 M")):
        answer = client.post(*form(world, BadFile("refused", content)), headers=spoken(language))
        assert answer.status_code == 422
        assert said in shown(answer)
        assert f'lang="{language}"' in shown(answer)
    assert changed(before) == set()
    assert not (settings.COLISAGE_DATA_DIR / "imports").exists()


@pytest.mark.parametrize(("said", "month"), [("day_first", 4), ("month_first", 3)])
def test_a_date_with_two_readings_is_read_as_the_sender_says(
    world: World, client: Client, said: str, month: int
) -> None:
    read(send(world, client, BadFile("dates", data(row("A", placed_at="03/04/2026")), dates=said)))
    assert Order.objects.get().placed_at.month == month


@pytest.mark.parametrize("huge", HUGE_FILES, ids=str)
def test_a_huge_file_is_read_or_refused_in_bounded_memory(
    world: World, client: Client, huge: HugeFile, tmp_path: Path
) -> None:
    before, body = contents(), tmp_path / "body"
    marks = written(body, world, huge)
    assert body.stat().st_size > HUGE_BYTES or huge.problem == "file_too_large"
    with body.open("rb") as sent, bounded(HUGE_MEGABYTES):
        form_of_its_own: dict[str, Any] = {"wsgi.input": sent, "CONTENT_TYPE": marks}
        answer = client.generic("POST", "/intake/imports", CONTENT_LENGTH=str(body.stat().st_size), **form_of_its_own)
        assert answer.status_code == 302
        run = read(answer)
    assert (run.orders, run.refused, run.ignored) == (huge.orders, huge.refused, huge.ignored)
    assert run.state == ("refused" if huge.problem else "done")
    if huge.problem:
        assert run.problems["fr"].startswith(sentence(huge, "fr"))
        assert run.problems["en"].startswith(sentence(huge, "en"))
    assert changed(before) <= OF_THE_FILE | (OF_ORDERS if huge.orders else set())


def written(body: Path, world: World, huge: HugeFile) -> str:
    """Write the page's form with a file into a file; give its content type."""
    mark = "-----a-file-of-orders"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="channel"\r\n\r\n{world.tilleul.pk}:shop\r\n'
    head += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{huge.file_name}"\r\n\r\n'
    with body.open("wb") as out:
        out.write(head.encode())
        huge.write(out)
        out.write(f"\r\n--{mark}--\r\n".encode())
    return f"multipart/form-data; boundary={mark}"


@contextmanager
def bounded(megabytes: int) -> Iterator[None]:
    """Prove that this process does not grow by more than so much, not even for a moment."""
    Path("/proc/self/clear_refs").write_text("5")  # forgets the highest so far
    before = resident("VmRSS")
    yield
    assert resident("VmHWM") - before < megabytes


def resident(mark: str) -> float:
    """Give the memory of this process in megabytes: now (VmRSS), or at its highest (VmHWM)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{mark}:")[2].split()[0]) / 1_000


def form(world: World, file: BadFile) -> tuple[str, dict[str, Any]]:
    """Fill in the page."""
    upload = SimpleUploadedFile(file.file_name, file.data, content_type="text/csv")
    return "/intake/imports", {"file": upload, "channel": f"{world.tilleul.pk}:shop", "dates": file.dates}


def send(world: World, client: Client, file: BadFile) -> Any:
    answer = client.post(*form(world, file))
    assert answer.status_code in {302, 422}
    return answer


def read(answer: Any) -> ImportRun:
    """Do the worker's part."""
    run_id = int(re.findall(r"\d+", answer.headers["Location"])[-1])
    read_file(run_id=run_id)
    return ImportRun.objects.get(pk=run_id)


def spoken(language: str) -> dict[str, str]:
    return {"Accept-Language": language}


def shown(answer: Any) -> str:
    assert answer.status_code in {200, 422}
    return unescape(answer.content.decode())


def sentence(file: BadFile | HugeFile, language: str) -> str:
    """Give the beginning of what is said of the file as a whole."""
    with override(language):
        return str(PROBLEMS[file.problem].text).partition("%(")[0]


def reasons(file: BadFile, language: str) -> list[str]:
    """Give what is said of each row that comes back."""
    with override(language):
        return [str(REASONS[reason]) for _, reason in file.refused]


def sentences(file: BadFile, language: str) -> list[str]:
    """Give everything that is said of a file."""
    with override(language):
        left_out = [str(REASONS[reason]) for reason in file.ignored]
    return [*reasons(file, language), *left_out, *([sentence(file, language)] if file.problem else [])]


def downloaded(client: Client, run: ImportRun, language: str) -> list[list[str]]:
    """Give the rows that came back, as the page gives them."""
    answer = client.get(f"/intake/imports/{run.pk}/refused.csv", headers=spoken(language))
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=run.delimiter))
    return rows[1:]


def runs(cell: str) -> bool:
    """Say whether a spreadsheet takes a cell for a formula."""
    return bool(cell) and cell[0] in FORMULA_STARTS and not re.fullmatch(r"-?\d+", cell)


def assert_settled(file: BadFile, run: ImportRun, before: Mapping[str, Any]) -> None:
    """Prove that the right rows, and only these, have become orders, and that nothing else has changed."""
    assert run.state == ("refused" if file.problem else "done")
    assert set(Order.objects.values_list("external_ref", flat=True)) == set(file.accepted)
    back = RefusedRow.objects.filter(run_id=run.pk).order_by("number")
    assert tuple(back.values_list("number", "reason")) == file.refused
    assert run.refused == Counter(reason for _, reason in file.refused)
    assert run.ignored == file.ignored
    assert run.lines == OrderLine.objects.count()
    assert run.rows == run.lines + len(file.refused) + sum(file.ignored.values())
    names = dict(Order.objects.filter(external_ref__in=file.names).values_list("external_ref", "customer_name"))
    assert names == file.names
    assert changed(before) <= OF_THE_FILE | (OF_ORDERS if file.accepted else set())


def contents() -> dict[str, Any]:
    """Give the number of rows of every table and a sum over all they hold."""
    with connection.cursor() as db:
        tables = connection.introspection.table_names(db)
        db.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM \"{table}\" t"
                for table in tables
            )
        )
        return {table: (count, total) for table, count, total in db.fetchall()}


def changed(before: Mapping[str, Any]) -> set[str]:
    """Name the tables that have changed."""
    return {table for table, held in contents().items() if held != before[table]}
