"""Rows of files of SKUs, announced deliveries and safety stock that came back: corrected, sent again, set aside.

Each claim holds for every kind of file, on its screen and over the API. Orders: `tests/intake/test_send_rows.py`.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.catalog.actions.import_catalogue import import_catalogue
from colisage.catalog.actions.take_rows import SKUS
from colisage.catalog.models import Component, Sku
from colisage.desk.api.file_bodies import EXAMPLES
from colisage.inbound.actions.import_announcements import import_announcements
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.take_rows import ANNOUNCEMENTS
from colisage.inbound.models import AnnouncedLine, Announcement, PurchaseOrder, Supplier
from colisage.intake.actions.run_import import run_import
from colisage.inventory.actions.import_safety import import_safety
from colisage.inventory.actions.take_rows import SAFETY
from colisage.inventory.models import Availability
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.errors import NotThere
from colisage.kit.models import AuditEntry
from colisage.kit.sent_files import (
    Kind,
    RowsAside,
    RowsChanged,
    RowsCorrected,
    Sent,
    Typed,
    opened,
    refused_of,
    send_rows,
    send_rows_later,
    send_waiting_rows,
    sent_back,
    set_rows_aside,
)
from colisage.kit.tasks import read_rows_again
from colisage.ui.forms import field_of
from tests.books import balanced
from tests.cast import World
from tests.intake.test_run_import import row, start
from tests.program import Make, code_of, program, stranger
from tests.together import at_once, faults
from tests.workbooks import workbook

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
CHEN, BO = Actor("person", 3, "Chen"), Actor("person", 4, "Bo")


@dataclass(frozen=True)
class Case:
    """A kind of file: its head, a row with a cell that is wrong, and that cell right and wrong in another way."""

    kind: Kind
    take: Callable[[World, str], Any]
    head: str
    row: Callable[[str], str]  # with the cell that is wrong or right
    place: int
    wrong: str
    reason: str
    worse: str  # wrong in another way
    worse_reason: str
    right: str
    page: str
    api: str
    scopes: tuple[str, str]
    made: Callable[[], Any]  # what the right row became, and how much of it


def _skus(world: World, text: str) -> Any:
    source = io.BytesIO(text.encode())
    return import_catalogue(world.tilleul.pk, source=source, file_name="skus.csv", currency="EUR", actor=CHEN)


def _ordered(world: World) -> None:
    if not PurchaseOrder.objects.exists():
        order_goods(
            world.tilleul.pk, supplier="Poterie", node_id=world.lyon.pk, number="A-1",
            lines=[(world.sku("MUG").pk, 48, 700)], actor=SYSTEM,
        )  # fmt: skip


def _announced(world: World, text: str) -> Any:
    _ordered(world)
    return import_announcements(
        world.tilleul.pk, source=io.BytesIO(text.encode()), file_name="asn.csv", supplier="Poterie", reference="BL-1",
        day_first=True, actor=CHEN,
    )  # fmt: skip


def _safety(world: World, text: str) -> Any:
    return import_safety(world.tilleul.pk, source=io.BytesIO(text.encode()), file_name="safety.csv", actor=CHEN)


CASES = {
    "skus": Case(
        SKUS, _skus, "sku;name;weight_g;storage\n", lambda cell: f"BOL;Bol;{cell};\n", 2, "lourd", "bad_weight",
        "-3", "bad_weight", "380", "/catalog/import", "skus/files", ("products:read", "products:write"),
        lambda: Sku.objects.filter(code="BOL").values_list("pk", "grams").first(),
    ),
    "announcements": Case(
        ANNOUNCEMENTS, _announced, "sku;quantity;expiry\n", lambda cell: f"{cell};12;03/04/2028\n", 0, "NOPE",
        "no_such_sku", "COFFRET", "bundle", "MUG", "/inbound/announcements/import", "inbound/announcements/files",
        ("inbound:read", "inbound:write"),
        lambda: AnnouncedLine.objects.values_list("announcement", "qty").first(),
    ),
    "safety": Case(
        SAFETY, _safety, "sku;node;safety\n", lambda cell: f"{cell};LYON;4\n", 0, "ZZZ", "unknown_sku", "AAA",
        "unknown_sku", "MUG", "/stock/safety", "stock/safety/files", ("stock:read", "stock:write"),
        lambda: Availability.objects.filter(safety__gt=0).values_list("sku", "safety").first(),
    ),
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def run(world: World, case: Case) -> Any:
    return case.take(world, case.head + case.row(case.wrong))


def cells(case: Case, cell: str) -> list[str]:
    return case.row(cell).strip("\n").split(";")


def send(case: Case, run: Any, *, actor: Actor = CHEN, cell: str | None = None, seen: int | None = None) -> Any:
    typed = None if cell is None else {2: Typed({2: cells(case, cell)}, seen=seen)}
    answers = send_rows(case.kind, [2], merchant_id=run.merchant_id, run_id=run.pk, actor=actor, typed=typed)
    run.refresh_from_db()
    assert run.saved + run.refused_count + sum(run.ignored.values()) == case.kind.rows._default_manager.count()
    return answers[2]


def client_of(person: Any, *, language: str = "en") -> Client:
    made = Client(headers={"Accept-Language": language})
    made.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return made


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def test_a_corrected_row_is_taken_as_the_file_would_have_taken_it(world: World, case: Case, run: Any) -> None:
    assert run.refused == {case.reason: 1}
    assert not case.made() or case.kind is SKUS
    sent = send(case, run, cell=case.right)
    made_id, much = case.made()
    assert (sent, much) == (Sent("saved", made_id), {"skus": 380, "announcements": 12, "safety": 4}[case.kind.name])
    kept = case.kind.rows._default_manager.get()
    assert (kept.state, kept.made_id, kept.raw[case.place], kept.cells[case.place]) == (
        "corrected", made_id, case.wrong, case.right,
    )  # fmt: skip
    assert (run.saved, run.refused, run.corrected) == (1, {}, 1)
    said = AuditEntry.objects.get(verb="rows_corrected")
    assert (said.doc_kind, said.doc_id, said.actor_name, said.data["made"]) == (
        case.kind.document, run.pk, "Chen", made_id,
    )  # fmt: skip


def test_a_row_that_is_refused_again_keeps_what_was_typed_and_its_new_reason(case: Case, run: Any) -> None:
    assert send(case, run, cell=case.worse) == Sent("refused", reasons={2: case.worse_reason})
    [back] = refused_of(case.kind, run)
    assert (back.code, back.raw[case.place], back.tries) == (case.worse_reason, case.worse, 1)
    assert case.kind.rows._default_manager.get().raw[case.place] == case.wrong
    assert (run.refused, run.corrected) == ({case.worse_reason: 1}, 0)
    assert send(case, run).outcome == "refused"
    assert send(case, run, cell=case.right).outcome == "saved"


def test_the_cell_that_is_wrong_is_pointed_at(case: Case, run: Any) -> None:
    [one] = sent_back(case.kind, run)
    assert (one.first_row, one.rows[0].fault) == (2, case.wrong)
    found = opened(case.kind, run, first_row=2)
    assert found
    assert found.rows[0].faults == {case.place}


def test_who_comes_second_is_told_who_was_first(world: World, case: Case, run: Any) -> None:
    send(case, run, cell=case.worse, seen=0, actor=BO)
    late = send(case, run, cell=case.right, seen=0)
    assert isinstance(late, RowsChanged)
    assert "Bo" in str(late)
    assert send(case, run, cell=case.right, seen=1).outcome == "saved"
    later = send(case, run, cell=case.worse, actor=BO, seen=1)
    assert isinstance(later, RowsCorrected)
    assert "Chen" in str(later)


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_row_at_the_same_moment_settle_it_once(world: World, case: Case, run: Any) -> None:
    def sends(who: Actor) -> Any:
        typed = {2: Typed({2: cells(case, case.right)}, seen=0)}
        return send_rows(case.kind, [2], merchant_id=run.merchant_id, run_id=run.pk, actor=who, typed=typed)[2]

    answers = at_once(lambda: sends(CHEN), lambda: sends(BO))
    assert not faults([one for one in answers if not isinstance(one, RowsCorrected)])
    assert sorted(type(one).__name__ for one in answers) == ["RowsCorrected", "Sent"]
    run.refresh_from_db()
    assert (run.saved, run.refused, run.corrected) == (1, {}, 1)


def test_a_row_set_aside_is_not_sent_until_it_is_taken_up_again(case: Case, run: Any) -> None:
    told: dict[str, Any] = {"merchant_id": run.merchant_id, "run_id": run.pk, "actor": CHEN}
    assert set_rows_aside(case.kind, [2, 99], **told) == {2}
    run.refresh_from_db()
    assert (run.refused, run.ignored) == ({}, {"set_aside": 1})
    assert isinstance(send(case, run, cell=case.right), RowsAside)
    assert set_rows_aside(case.kind, [2], back=True, **told) == {2}
    assert send(case, run, cell=case.right).outcome == "saved"


def test_a_row_whose_cells_were_all_emptied_is_left_out(case: Case, run: Any) -> None:
    typed = {2: Typed({2: ["", "", ""]})}
    told: dict[str, Any] = {"merchant_id": run.merchant_id, "run_id": run.pk, "actor": CHEN}
    [answer] = send_rows(case.kind, [2], typed=typed, **told).values()
    assert (type(answer).__name__, case.kind.rows._default_manager.get().state) == ("NothingLeft", "open")


def test_all_are_sent_again_by_a_worker(world: World, case: Case, run: Any) -> None:
    told: dict[str, Any] = {"merchant_id": run.merchant_id, "run_id": run.pk, "actor": BO}
    assert send_rows_later(case.kind, reason=case.reason, **told) == 1
    if case.kind is not SKUS:
        Sku.objects.create(merchant=world.tilleul, code=case.wrong, name="There now")
    assert send_waiting_rows(case.kind, run.pk) == 1
    run.refresh_from_db()
    assert (run.resend, run.corrected) == ([], 0 if case.kind is SKUS else 1)


def test_rows_of_another_merchant_are_not_there(world: World, case: Case, run: Any) -> None:
    told: dict[str, Any] = {"merchant_id": world.northwind.pk, "run_id": run.pk, "actor": BO}
    for work in (send_rows, set_rows_aside):
        with pytest.raises(NotThere):
            work(case.kind, [2], **told)
    with pytest.raises(NotThere):
        send_rows_later(case.kind, **told)
    assert case.kind.rows._default_manager.get().state == "open"


def test_many_rows_are_sent_again_with_as_many_statements_as_few(world: World, case: Case) -> None:
    counts = []
    for size in (1, 3, 60):  # the first makes what the others add to
        wrong = [case.row(case.wrong).replace("BOL", f"BOL{size}-{n}") for n in range(size)]
        run = case.take(world, case.head + "".join(wrong))
        chosen = range(2, size + 2)
        right = {n: Typed({n: cells(case, case.right)}) for n in chosen}
        with CaptureQueriesContext(connection) as asked:
            answers = send_rows(case.kind, chosen, merchant_id=run.merchant_id, run_id=run.pk, actor=CHEN, typed=right)
        taken = [one for one in answers.values() if isinstance(one, Sent) and one.outcome == "saved"]
        assert len(taken) == (1 if case.kind is SKUS else size)  # the same SKU once: the others stand further down
        counts.append(len(asked))
    assert counts[1] == counts[2]


# What is said of one kind alone.


def test_a_row_that_repeats_a_sku_is_not_sent_again_unseen(world: World) -> None:
    run = _skus(world, "sku;name\nBOL;Bol\nBOL;Another\n")
    told: dict[str, Any] = {"merchant_id": run.merchant_id, "run_id": run.pk, "actor": CHEN}
    assert send_rows(SKUS, [3], **told)[3] == Sent("refused", reasons={3: "code_twice"})
    assert Sku.objects.get(code="BOL").name == "Bol"
    seen = {3: Typed({3: ["BOL", "Another"]})}
    assert isinstance(sent := send_rows(SKUS, [3], typed=seen, **told)[3], Sent)
    assert (sent.outcome, Sku.objects.get(code="BOL").name) == ("saved", "Another")


def test_a_bundle_and_what_is_in_it_are_corrected_together(world: World) -> None:
    run = _skus(world, "sku;name;kind;weight_g;recipe\nSET;Set;bundle;;BOL × 2\nBOL;Bol;;x;\n")
    assert run.refused == {"no_such_component": 1, "bad_weight": 1}
    typed = {3: Typed({3: ["BOL", "Bol", "", "380", ""]})}
    told: dict[str, Any] = {"merchant_id": run.merchant_id, "run_id": run.pk, "actor": CHEN}
    answers = send_rows(SKUS, [2, 3], typed=typed, **told)
    assert [one.outcome for one in answers.values() if isinstance(one, Sent)] == ["saved", "saved"]
    assert Component.objects.get(parent__code="SET").quantity == 2


def test_an_announced_row_is_read_with_what_was_said_with_its_file(world: World) -> None:
    case = CASES["announcements"]
    run = _announced(world, case.head + case.row("CARTE") + case.row("NOPE"))
    send_rows(
        ANNOUNCEMENTS, [3], merchant_id=run.merchant_id, run_id=run.pk, actor=CHEN,
        typed={3: Typed({3: cells(case, "MUG")})},
    )  # fmt: skip
    delivery = Announcement.objects.get()
    lines = AnnouncedLine.objects.filter(announcement=delivery).order_by("pk").values_list("sku__code", "expires_on")
    assert (delivery.reference, [(code, f"{day}") for code, day in lines]) == (
        "BL-1", [("CARTE", "2028-04-03"), ("MUG", "2028-04-03")],
    )  # fmt: skip


def test_units_of_a_corrected_row_come_beside_those_of_the_rows_that_were_right(world: World) -> None:
    run = _announced(world, "sku;quantity;serial\nMUG;5;\nMUG;x;\nMUG;1;S-1\nNOPE;1;S-1\n")
    typed = {3: Typed({3: ["MUG", "7", ""]}), 5: Typed({5: ["MUG", "1", "S-1"]})}
    send_rows(ANNOUNCEMENTS, [3, 5], merchant_id=run.merchant_id, run_id=run.pk, actor=CHEN, typed=typed)
    lines = AnnouncedLine.objects.order_by("serial").values_list("sku__code", "qty", "serial")
    assert list(lines) == [("MUG", 12, ""), ("MUG", 1, "S-1")]
    run.refresh_from_db()
    assert (run.saved, run.refused) == (4, {})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_row_corrected_in_the_downloaded_file_comes_beside_those_that_were_right_once(
    world: World, language: str
) -> None:
    run = _announced(world, "sku;quantity\nMUG;5\nMUG;x\nNOPE;1\nTAPIS;y\n")
    client = Client(headers={"Accept-Language": language})
    client.force_login(world.chen, backend="django.contrib.auth.backends.ModelBackend")
    back = client.get(f"/inbound/announcements/import/{run.pk}/refused.csv").content.decode("utf-8-sig")
    assert f"MUG;x;F{run.pk}R3;" in back
    corrected = back.replace("MUG;x;", "MUG;7;")

    def units() -> list[tuple[str, int]]:
        return list(AnnouncedLine.objects.order_by("pk").values_list("sku__code", "qty"))

    again = _announced(world, corrected)
    assert units() == [("MUG", 12)]
    assert (again.saved, again.ignored, again.refused) == (1, {"stays_there": 2}, {})
    run.refresh_from_db()
    assert (run.saved, run.corrected, run.refused) == (2, 1, {"no_such_sku": 1, "bad_quantity": 1})
    third = _announced(world, corrected)  # the same file once more
    assert units() == [("MUG", 12)]
    assert (third.saved, third.ignored) == (0, {"settled_before": 1, "stays_there": 2})
    page = client.get(f"/inbound/announcements/import/{third.pk}").content.decode()
    assert {"fr": "a déjà été prise ou écartée", "en": "was taken or set aside before"}[language] in page
    told: dict[str, Any] = {"merchant_id": run.merchant_id, "run_id": run.pk, "actor": CHEN}
    assert isinstance(send_rows(ANNOUNCEMENTS, [3], **told)[3], RowsCorrected)  # on the screen, after the file


def test_a_mark_counts_once_in_a_file_and_only_for_whose_file_it_names(world: World) -> None:
    run = _announced(world, "sku;quantity\nMUG;5\nMUG;x\n")
    mark = f"F{run.pk}R3"
    twice = _announced(world, f"sku;quantity;Colisage row\nMUG;7;{mark}\nCARTE;3;{mark.lower()}\nTAPIS;2;\n")
    assert (twice.saved, twice.refused) == (2, {"marked_twice": 1})
    lines = AnnouncedLine.objects.order_by("pk").values_list("sku__code", "qty")
    assert sorted(lines) == [("MUG", 12), ("TAPIS", 2)]
    for strange in (f"F{run.pk}R99", f"F{run.pk + 999}R3", "R3", "F9R"):
        assert _announced(world, f"sku;quantity;Ligne Colisage\nLAMPE;4;{strange}\n").saved == 1
    lost = _announced(world, "sku;quantity;lot\nMUG;x;L-1\n")
    assert _announced(world, f"sku;quantity;colisage row\nPLUME;4;F{lost.pk}R2\n").saved == 1  # its lot is not there
    lost.refresh_from_db()
    assert lost.refused == {"bad_quantity": 1}


def test_levels_that_corrected_rows_change_are_counted(world: World) -> None:
    case = CASES["safety"]
    run = _safety(world, case.head + case.row("CARTE") + case.row("ZZZ"))
    typed = {3: Typed({3: cells(case, "MUG")})}
    send_rows(SAFETY, [3], merchant_id=run.merchant_id, run_id=run.pk, actor=CHEN, typed=typed)
    run.refresh_from_db()
    assert (run.saved, run.changed) == (2, 2)


# On the screen.


def filled(client: Client, address: str) -> dict[str, str]:
    """Give what the form of a row would send as it is."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", client.get(address).content.decode()):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if re.fullmatch(r"c\d+_\d+|seen|page", told.get("name", "")):
            found[told["name"]] = unescape(told.get("value", ""))
    return found


def test_a_row_is_corrected_on_the_screen(world: World, case: Case, run: Any) -> None:
    chen = client_of(world.chen)
    page, at = f"{case.page}/{run.pk}", f"{case.page}/{run.pk}/rows/2"
    listed = text_of(chen.get(page))
    assert f'href="{at}"' in listed
    assert ("Correct each row here or in the downloaded file" in listed) == (case.kind is ANNOUNCEMENTS)
    assert str(case.kind.reasons[case.reason]) in listed
    shown = text_of(chen.get(at))
    assert f'value="{case.wrong}"' in shown
    assert "Leave this row out" not in shown
    name = field_of(2, case.place)
    again = chen.post(at, {**filled(chen, at), name: case.worse})
    assert (again.status_code, "It came back again" in text_of(again)) == (422, True)
    late = chen.post(at, {**filled(chen, at), name: case.right, "seen": "0"})
    assert (late.status_code, f"Now it says: {case.worse}" in text_of(late)) == (409, True)
    taken = chen.post(at, {**filled(chen, at), name: case.right}, follow=True)
    assert "Row 2 is taken in." in text_of(taken)
    done = text_of(chen.get(page, {"state": "corrected"}))
    assert "Chen" in done
    assert (f'href="/catalog/{case.made()[0]}"' in done) == (case.kind is SKUS)
    assert f"What was wrong: {case.kind.reasons[case.worse_reason]}" in text_of(chen.get(at))


def test_the_screen_speaks_french(world: World, case: Case, run: Any) -> None:
    world.chen.language = "fr"
    world.chen.save()
    chen = client_of(world.chen, language="fr")
    listed = text_of(chen.get(f"{case.page}/{run.pk}"))
    assert "Lignes revenues" in listed
    assert "Tout renvoyer" in listed
    shown = text_of(chen.get(f"{case.page}/{run.pk}/rows/2"))
    assert "à corriger" in shown
    assert "Mettre de côté" in shown


def test_ticked_rows_are_sent_again_set_aside_and_all_by_a_worker(world: World, case: Case, run: Any) -> None:
    chen = client_of(world.chen)
    page, settle = f"{case.page}/{run.pk}", f"{case.page}/{run.pk}/rows"
    assert "Tick the rows first." in text_of(chen.post(settle, {"action": "again"}, follow=True))
    assert "1 row came back again." in text_of(chen.post(settle, {"action": "again", "row": ["2"]}, follow=True))
    assert "not sent" in text_of(chen.post(settle, {"action": "aside", "row": ["2"]}, follow=True))
    assert "Not to be sent" in text_of(chen.get(page, {"state": "aside"}))
    chen.post(settle, {"action": "back", "row": ["2"]})
    assert "0 / 1" in text_of(chen.post(settle, {"action": "all"}, follow=True))
    read_rows_again(kind=case.kind.name, run_id=run.pk)
    assert chen.get(f"{page}/reading").headers["HX-Refresh"] == "true"


def test_who_may_not_write_sees_and_sends_nothing(world: World, case: Case, run: Any) -> None:
    dee, ada = client_of(world.dee), client_of(world.ada)
    page, at = f"{case.page}/{run.pk}", f"{case.page}/{run.pk}/rows/2"
    for address in (page, at, f"{page}/refused.csv", f"{page}/reading"):
        assert dee.get(address).status_code == 404
    assert dee.post(at, {}).status_code == 404
    for address in (at, f"{page}/rows"):
        assert ada.post(address, {"seen": "0", "page": "1", "action": "all"}).status_code in {403, 404}
    assert (case.kind.rows._default_manager.get().state, case.kind.files._default_manager.get().resend) == ("open", [])


def test_the_list_has_as_many_statements_for_three_hundred_rows_as_for_three(world: World, case: Case) -> None:
    chen, counts = client_of(world.chen), []
    for size in (3, 300):
        run = case.take(world, case.head + case.row(case.wrong) * size)
        chen.get(f"{case.page}/{run.pk}")
        with CaptureQueriesContext(connection) as asked:
            page = text_of(chen.get(f"{case.page}/{run.pk}"))
        counts.append(len(asked))
        assert page.count('name="row"') == min(size, 25)
    assert counts[0] == counts[1]


# On Today.


def _orders(world: World, text: str) -> Any:
    return run_import(start(world, text))


def test_today_tells_of_the_rows_of_every_kind_of_file_that_came_back(world: World) -> None:
    page = {"orders": f"/intake/imports/{_orders(world, row('A', 'NOPE') + row('B', 'NOPE')).pk}"}
    for name, case in CASES.items():
        page[name] = f"{case.page}/{case.take(world, case.head + case.row(case.wrong)).pk}"
        case.take(world, case.head + case.row(case.right))  # nothing came back of it
    told = {
        "en": {"orders": "2 rows of orders to correct", "skus": "1 row of SKUs to correct",
               "announcements": "1 row of announced deliveries to correct",
               "safety": "1 row of safety stock to correct"},
        "fr": {"orders": "2 lignes de commandes à corriger", "skus": "1 ligne du catalogue à corriger",
               "announcements": "1 ligne de livraisons annoncées à corriger",
               "safety": "1 ligne de stock de sécurité à corriger"},
    }  # fmt: skip
    for language, said in told.items():
        world.chen.language = language
        world.chen.save()
        shown = text_of(client_of(world.chen, language=language).get("/"))
        found = re.findall(r'<h3>([^<]*)</h3><p>[^<]*</p></div><a class="act" href="([^"]*)"', shown)
        assert sorted(found) == sorted((said[name], page[name]) for name in said)
    assert "rows of orders" not in text_of(client_of(world.dee).get("/"))
    set_rows_aside(SAFETY, [2], merchant_id=world.tilleul.pk, run_id=int(page["safety"].split("/")[-1]), actor=CHEN)
    assert "ligne de stock de sécurité" not in text_of(client_of(world.chen, language="fr").get("/"))


def test_today_has_as_many_statements_for_many_files_as_for_one(world: World) -> None:
    chen, counts = client_of(world.chen), []
    for size in (1, 4):
        for _ in range(size):
            _orders(world, row("A", "NOPE"))
            for case in CASES.values():
                case.take(world, case.head + case.row(case.wrong))
        chen.get("/")
        with CaptureQueriesContext(connection) as asked:
            shown = text_of(chen.get("/"))
        counts.append(len(asked))
        assert shown.count("to correct</h3>") == 4 * min(size, 3)
    assert counts[0] == counts[1]


# Over the API.


def test_rows_are_listed_corrected_and_set_aside_over_the_api(
    world: World, program: Make, stranger: Make, case: Case
) -> None:
    run = case.take(world, case.head + case.row(case.wrong) + case.row(case.wrong + "X"))
    ask, files = program(*case.scopes), case.api
    told = ask.read(f"{files}/{run.pk}")
    assert (told["saved"], told["refused"], told["corrected"]) == (0, {case.reason: 2}, 0)
    assert [one["id"] for one in ask.every(files, limit=1)] == [run.pk]
    rows = ask.every(f"{files}/{run.pk}/refused", limit=1)
    assert [(one["row"], one["code"], one["tries"]) for one in rows] == [(2, case.reason, 0), (3, case.reason, 0)]
    assert case.wrong in ask.get(f"{files}/{run.pk}/refused.csv").content.decode()
    refused = f"{files}/{run.pk}/refused"
    body = {
        "rows": [
            {"row": 2, "cells": cells(case, case.right), "seen": 0},
            {"row": 3, "cells": cells(case, case.worse)},
            {"row": 99, "cells": ["x"]},
        ]
    }
    assert stranger(*case.scopes).post(f"{refused}/correct", body).status_code == 404
    assert program(case.scopes[0]).post(f"{refused}/correct", body).status_code == 401
    answer = ask.post(f"{refused}/correct", body, Idempotency_Key="k").json()
    assert answer == ask.post(f"{refused}/correct", body, Idempotency_Key="k").json()
    assert [(one["outcome"], one.get("code", "")) for one in answer["results"]] == [
        ("saved", ""), ("refused", case.worse_reason), ("refused", "not_there"),
    ]  # fmt: skip
    assert answer["results"][0]["id"] == case.made()[0]
    [late] = ask.post(f"{refused}/correct", {"rows": body["rows"][:1]}).json()["results"]
    assert late["code"] == "rows_corrected"
    [again] = ask.post(f"{refused}/retry", {"rows": [3]}).json()["results"]
    assert (again["outcome"], again["code"]) == ("refused", case.worse_reason)
    put = ask.post(f"{refused}/set-aside", {"rows": [3, 2]}).json()["results"]
    assert [one["outcome"] for one in put] == ["set_aside", "refused"]
    back = ask.post(f"{refused}/take-up", {"rows": [3]}).json()["results"]
    assert [one["outcome"] for one in back] == ["taken_up"]
    assert code_of(ask.post(f"{refused}/retry-all", {"code": "nope"})) == (422, "unknown_reason")
    waits = ask.post(f"{refused}/retry-all", {"code": case.worse_reason})
    assert (waits.status_code, waits.json()["resending"]) == (202, 1)
    read_rows_again(kind=case.kind.name, run_id=run.pk)
    told = ask.read(f"{files}/{run.pk}")
    assert (told["resending"], told["refused"], told["corrected"]) == (0, {case.worse_reason: 1}, 1)


def body_of(case: Case, *wanted: str) -> str:
    return case.head + "".join(case.row(cell) for cell in wanted)


@pytest.mark.parametrize("written", ["csv", "xlsx"])
def test_a_file_is_sent_over_the_api_and_followed(
    world: World, program: Make, stranger: Make, case: Case, written: str
) -> None:
    _ordered(world)
    asked = {"name": f"a.{written}"} | ({"supplier": "Poterie", "reference": "BL-2", "day_first": "true"}
                                        if case.kind is ANNOUNCEMENTS else {})  # fmt: skip
    text, address = body_of(case, case.right, case.wrong + "X"), f"{case.api}?{urlencode(asked)}"
    body = text.encode() if written == "csv" else workbook([line.split(";") for line in text.splitlines()])
    ask = program(*case.scopes)
    answer = ask.post(address, body, Idempotency_Key="k")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["file_name"], told["saved"], told["refused"]) == (f"a.{written}", 1, {case.reason: 1})
    assert case.made()[1] == {"skus": 380, "announcements": 12, "safety": 4}[case.kind.name]
    assert ask.read(f"{case.api}/{told['id']}") == told
    assert ask.post(address, body, Idempotency_Key="k").json() == told
    assert case.kind.files._default_manager.count() == 1
    assert code_of(ask.post(address, body + b"\n", Idempotency_Key="k")) == (422, "idempotency_key_reused")
    assert case.kind.files._default_manager.get(pk=told["id"]).by_name == "Program"
    [row] = ask.read(f"{case.api}/{told['id']}/refused")["items"]
    assert (row["row"], row["cells"][case.place]) == (3, case.wrong + "X")
    assert stranger(*case.scopes).get(f"{case.api}/{told['id']}").status_code == 404


def test_what_cannot_be_a_file_is_said_and_leaves_nothing(program: Make, case: Case) -> None:
    ask, good = program(*case.scopes), body_of(case, case.right)
    for body, query, code in (
        (" \n", "name=a.csv", (422, "malformed")),
        (good, "", (422, "malformed")),
        (good, "name=a.csv&surprise=1", (422, "unknown_parameter")),
        (good, "name=a%00.csv", (422, "malformed")),
        (b"x" * 20_000_001, "name=a.csv", (413, "too_large")),
    ):
        assert code_of(ask.post(f"{case.api}?{query}", body)) == code
    refused = ask.post(f"{case.api}?name=a.csv", "colour;shape\nred;round\n")
    assert (refused.status_code, refused.json()["code"] in {"no_sku_column", "columns_missing", "missing_columns"}) == (
        422, True,
    )  # fmt: skip
    for language, names in (("fr", "sku, site, stock de sécurité"), ("en", "sku, node, safety stock")):
        told = ask.post(f"{case.api}?name=a.csv", "colour;shape\nred;round\n", Accept_Language=language).json()
        assert told["code"] != "missing_columns" or f": {names}." in told["detail"]
    assert code_of(program(case.scopes[0]).post(f"{case.api}?name=a.csv", good)) == (401, "unauthorized")
    rehearsed = ask.post(f"{case.api}?name=a.csv", good, Dry_Run="true")
    assert (rehearsed.status_code, case.kind.files._default_manager.exists()) == (201, False)


def test_what_the_document_gives_as_a_file_is_read_whole(world: World, program: Make, case: Case) -> None:
    _ordered(world)
    Supplier.objects.update(code="POT")
    called = {"skus": "sku", "announcements": "announcement"}.get(case.kind.name, case.kind.name)
    told = program(*case.scopes).post(f"{case.api}?name=example.csv", EXAMPLES[called]).json()
    assert (told["saved"], told["refused"]) == (EXAMPLES[called].count("\n") - 1, {})


def test_days_of_a_file_sent_over_the_api_are_read_in_one_way_only_when_it_says_so(world: World, program: Make) -> None:
    case = CASES["announcements"]
    _ordered(world)
    ask = program(*case.scopes)
    address = f"{case.api}?name=a.csv&supplier=Poterie&reference=BL-9"
    assert ask.post(address, body_of(case, "MUG")).json()["refused"] == {"date_two_ways": 1}
    assert ask.post(f"{address}&day_first=true&expected_on=2030-01-02", body_of(case, "MUG")).json()["saved"] == 1
    delivery = Announcement.objects.get(reference="BL-9")
    assert (f"{delivery.expected_on}", f"{AnnouncedLine.objects.get().expires_on}") == ("2030-01-02", "2028-04-03")
