"""The screen on which rows of a file are corrected: reasons beside fields, what was typed stays, any number of rows."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.catalog.models import Sku
from colisage.intake.actions.run_import import run_import
from colisage.intake.actions.take_rows import ORDERS
from colisage.intake.models import ImportRun, RefusedRow
from colisage.kit.sent_files import send_waiting_rows
from colisage.kit.sent_files.showing import FIELDS
from colisage.orders.models import Order, OrderLine
from colisage.ui.forms import LONG, field_of
from tests.cast import World
from tests.intake.test_columns import shown
from tests.intake.test_run_import import HEAD, row, start
from tests.intake.test_send_rows import cells

pytestmark = pytest.mark.usefixtures("balanced")


@pytest.fixture
def client(world: World) -> Client:
    made = Client(headers={"Accept-Language": "en"})
    made.force_login(world.chen, backend="django.contrib.auth.backends.ModelBackend")
    return made


def page_of(run: ImportRun, **query: Any) -> str:
    return f"/intake/imports/{run.pk}?" + "&".join(f"{name}={value}" for name, value in query.items())


def at(run: ImportRun, order_row: int = 2) -> str:
    return f"/intake/imports/{run.pk}/rows/{order_row}"


def filled(client: Client, run: ImportRun, order_row: int = 2, **query: Any) -> dict[str, str]:
    """Give what the form of an order would send as it is."""
    page = client.get(at(run, order_row), query).content.decode()
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("type") != "checkbox" and (name := told.get("name", "")):
            found[unescape(name)] = unescape(told.get("value", ""))
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        found[name] = unescape(text)
    return {name: value for name, value in found.items() if re.fullmatch(r"c\d+_\d+|seen|page", name)}


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "This SKU is not in the catalogue."), ("fr", "Cette référence (SKU) n’est pas dans le catalogue.")],
)
def test_the_reason_stands_beside_the_faulty_field_under_the_files_own_heading(
    world: World, client: Client, language: str, said: str
) -> None:
    run = run_import(start(world, row("A"), row("A", "NOPE"), row("B", "<i>NON</i>")))
    listed = shown(client.get(page_of(run), headers={"Accept-Language": language}))
    assert "NOPE" in listed
    assert said in listed
    assert "<i>NON" not in client.get(page_of(run)).content.decode()
    page = shown(client.get(at(run), headers={"Accept-Language": language}))
    field = re.search(r'<div class="field"><label for="id_c3_2">sku</label>.*?</div>', page, re.DOTALL)
    assert field
    assert 'value="NOPE"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert said in field[0]
    assert page.count(said) == 1


def test_a_corrected_order_is_taken_in_and_its_rows_lead_to_it(world: World, client: Client) -> None:
    run = run_import(start(world, row("A"), row("A", "NOPE")))
    answer = client.post(at(run), {**filled(client, run), field_of(3, 2): "TAPIS"}, follow=True)
    order = Order.objects.get()
    assert "Order A is taken in." in shown(answer)
    assert list(order_lines(order)) == ["MUG", "TAPIS"]
    corrected = shown(client.get(page_of(run, state="corrected")))
    assert f'href="/orders/{order.pk}"' in corrected
    assert "2 rows, 2 to 3" in corrected
    opened = shown(client.get(at(run)))
    assert f'href="/orders/{order.pk}"' in opened
    assert "<form method" not in opened.partition("<main")[2]
    assert client.get(f"/intake/imports/{run.pk}/refused.csv").content.decode().count("\n") == 1


def order_lines(order: Order) -> Sequence[str]:
    return list(OrderLine.objects.filter(order=order).order_by("pk").values_list("sku_code", flat=True))


def test_what_is_refused_again_shows_its_new_reason_and_keeps_what_was_typed(world: World, client: Client) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    typed = {**filled(client, run), field_of(2, 2): "TAPIS", field_of(2, 3): "deux", field_of(2, 6): "=cmd|' /C'!A0"}
    answer = client.post(at(run), typed)
    assert answer.status_code == 422
    page = shown(answer)
    assert "It came back again" in page
    assert 'value="deux"' in page
    assert "The quantity is not a whole number." in page
    assert "As it came: NOPE" in page
    assert filled(client, run)[field_of(2, 6)] == "=cmd|' /C'!A0"
    assert b"'=cmd" in client.get(f"/intake/imports/{run.pk}/refused.csv").content


def test_the_second_of_two_is_told_and_what_they_typed_stays(world: World, client: Client) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    mine, theirs = filled(client, run), filled(client, run)
    client.post(at(run), {**theirs, field_of(2, 2): "STILL-NOT"})
    answer = client.post(at(run), {**mine, field_of(2, 2): "TAPIS"})
    page = shown(answer)
    assert answer.status_code == 409
    assert "Chen has changed these rows since you opened them" in page
    assert 'value="TAPIS"' in page
    assert "Now it says: STILL-NOT" in page
    assert not Order.objects.exists()
    again = client.post(at(run), {**mine, field_of(2, 2): "TAPIS", "seen": "1"})
    assert again.status_code == 302
    late = client.post(at(run), {**mine, field_of(2, 2): "MUG"})
    assert late.status_code == 409
    assert "Chen has corrected these rows already" in shown(late)
    assert Order.objects.count() == 1


def test_ticked_orders_are_sent_again_or_set_aside_and_taken_up(world: World, client: Client) -> None:
    run = run_import(start(world, row("A", "NEW"), row("B", "NEW"), row("C", "NOPE")))
    Sku.objects.create(merchant=world.tilleul, code="NEW", name="New")
    settle = f"/intake/imports/{run.pk}/rows"
    told = shown(client.post(settle, {"action": "again", "row": ["2", "4"]}, follow=True))
    assert "1 order is taken in." in told
    assert "1 order came back again." in told
    assert "not sent" in shown(client.post(settle, {"action": "aside", "row": ["4"]}, follow=True))
    aside = shown(client.get(page_of(run, state="aside")))
    assert "Not to be sent" in aside
    assert "Chen" in aside
    client.post(settle, {"action": "back", "row": ["4"]})
    assert RefusedRow.objects.get(number=4).state == "open"
    assert "Tick the orders first" in shown(client.post(settle, {"action": "again"}, follow=True))


def test_all_of_one_reason_are_sent_again_by_a_worker_and_the_page_says_so(world: World, client: Client) -> None:
    run = run_import(start(world, row("A", "NEW"), row("B", "NEW"), row("C", quantity="x")))
    Sku.objects.create(merchant=world.tilleul, code="NEW", name="New")
    client.post(f"/intake/imports/{run.pk}/rows", {"action": "all", "reason": "unknown_sku"})
    page = shown(client.get(page_of(run)))
    assert "Rows are being sent again" in page
    assert "0 / 2" in page
    reading = f"/intake/imports/{run.pk}/reading"
    assert "HX-Refresh" not in client.get(reading).headers
    send_waiting_rows(ORDERS, run.pk)
    assert client.get(reading).headers["HX-Refresh"] == "true"
    assert Order.objects.count() == 2


def test_a_cell_too_long_to_be_shown_is_kept_unless_another_is_typed(world: World, client: Client) -> None:
    run = run_import(start(world, row("A", "NOPE").replace("Camille", "é" * 100_000)))
    page = client.get(at(run))
    assert len(page.content) < 60_000
    assert "100,000 characters, too many to be shown" in shown(page)
    assert len(client.get(page_of(run)).content) < 60_000
    name = field_of(2, 6)
    assert client.post(at(run), {**filled(client, run), field_of(2, 2): "TAPIS"}).status_code == 422
    assert len(RefusedRow.objects.get().cells[6]) == 100_000 > LONG
    assert client.post(at(run), {**filled(client, run), name: "Camille"}).status_code == 302
    assert Order.objects.get().customer_name == "Camille"


def test_a_character_that_no_text_holds_is_said_and_the_rest_stays(world: World, client: Client) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    answer = client.post(at(run), {**filled(client, run), field_of(2, 2): "TAP\0IS", field_of(2, 3): "7"})
    assert answer.status_code == 422
    assert 'value="7"' in shown(answer)
    assert not Order.objects.exists()


def test_an_order_of_many_rows_is_shown_page_by_page_those_to_correct_first(world: World, client: Client) -> None:
    run = run_import(start(world, *(row("A", "NOPE" if n == 199 else "CARTE", n + 1) for n in range(200))))
    page = shown(client.get(at(run)))
    assert 'value="NOPE"' in page
    assert page.count('name="c') <= FIELDS
    assert "1 of 200 rows to correct" in page
    assert 'name="c201_2"' in page
    second = shown(client.get(at(run), {"page": 2}))
    assert 'value="NOPE"' not in second
    assert client.post(at(run), {**filled(client, run), field_of(201, 2): "CARTE"}).status_code == 302
    assert len(order_lines(Order.objects.get())) == 200


def test_a_row_of_too_many_cells_can_be_put_right(world: World, client: Client) -> None:
    run = run_import(start(world, row("A").replace("8 rue Lepic", "8, rue Lepic"), row("B").replace(",FR,paid", "")))
    told = filled(client, run)
    assert told[field_of(2, 12)] == "paid"
    names = HEAD.strip().split(",")
    right = {field_of(2, place): cell for place, cell in enumerate([*cells(), ""])}
    assert len(right) == len(names) + 1
    assert client.post(at(run), {**told, **right}).status_code == 302
    short = filled(client, run, 3)
    assert client.post(at(run, 3), {**short, field_of(3, 10): "FR", field_of(3, 11): "paid"}).status_code == 302
    assert Order.objects.count() == 2


def test_who_may_not_write_sees_and_sends_nothing(world: World) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    stranger = Client()
    stranger.force_login(world.dee, backend="django.contrib.auth.backends.ModelBackend")
    for path in (page_of(run), at(run)):
        assert stranger.get(path).status_code == 404
    assert stranger.post(at(run), {}).status_code == 404
    assert stranger.post(f"/intake/imports/{run.pk}/rows", {"action": "all"}).status_code == 404
    picker = Client()
    picker.force_login(world.ada, backend="django.contrib.auth.backends.ModelBackend")
    assert picker.post(at(run), {"seen": "0", "page": "1"}).status_code in {403, 404}
    assert RefusedRow.objects.get().state == "open"


def test_the_list_has_as_many_statements_and_no_more_rows_for_three_hundred_as_for_three(
    world: World, client: Client
) -> None:
    counts = []
    for size in (3, 300):
        run = run_import(start(world, *(row(f"R{size}-{n}", "NOPE") for n in range(size))))
        client.get(page_of(run))
        with CaptureQueriesContext(connection) as asked:
            page = shown(client.get(page_of(run)))
        counts.append(len(asked))
        assert page.count('name="row"') == min(size, 25)
    assert counts[0] == counts[1]
    following = re.search(r'rel="next" href="[^"]*after=(\d+)', page)
    assert following
    assert "R300-25" in shown(client.get(page_of(run, after=following[1])))
