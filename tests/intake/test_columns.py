"""Files of columns nobody knows: pointed at once, seen before they are taken, known the next time."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from colisage.config import manage
from colisage.connectors.plain_csv.columns import places
from colisage.intake.models import ColumnMapping, ImportRun
from colisage.intake.tasks import read_file
from colisage.orders.models import Hold, Order
from tests.cast import World
from tests.screens import seen_of
from tests.workbooks import workbook

pytestmark = pytest.mark.usefixtures("balanced")
HEAD = "Bdc n°;Le;Art.;Nb;Tarif;Client livré;Voie;CP;Commune;Mail;Port TTC;Mot\n"
ROWS = (
    "B-1;03/04/2026;MUG;2;1.234,50;Zoé Lefèvre;8 rue Lepic;75018;Paris;zoe@exemple.fr;4,90;Bravo\n"
    "B-1;03/04/2026;CARTE;1;2,50;Zoé Lefèvre;8 rue Lepic;75018;Paris;zoe@exemple.fr;4,90;Bravo\n"
    "B-2;04/04/2026;NOPE;1;2,50;Léo;9 rue Lepic;75018;Paris;leo@exemple.fr;0;\n"
    "B-3;05/04/2026;MUG;x;2,50;Ana;9 rue Lepic;75018;Paris;ana@exemple.fr;0;\n"
)
POINTED = {
    "col_order_ref": "bdc n°", "col_placed_at": "le", "col_sku": "art.", "col_quantity": "nb",
    "col_unit_price": "tarif", "col_name": "client livré", "col_address1": "voie", "col_postcode": "cp",
    "col_city": "commune", "col_email": "mail", "col_shipping": "port ttc", "col_gift_note": "mot",
    "dates": "day_first", "mark": "comma", "payment": "paid", "country": "France",
}  # fmt: skip


@pytest.fixture
def client(world: World) -> Client:
    made = Client()
    made.force_login(world.chen, backend="django.contrib.auth.backends.ModelBackend")
    return made


def send(world: World, client: Client, data: bytes | str, *, name: str = "export.csv", **told: Any) -> ImportRun:
    file = SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())
    answer = client.post("/intake/imports", {"file": file, "channel": f"{world.tilleul.pk}:shop", **told})
    assert answer.status_code == 302, shown(answer)
    return ImportRun.objects.get(pk=int(re.findall(r"\d+", answer.headers["Location"])[-1]))


def shown(answer: Any) -> str:
    return unescape(answer.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def at(run: ImportRun) -> str:
    return f"/intake/imports/{run.pk}/columns"


def take(client: Client, run: ImportRun, **changes: Any) -> ImportRun:
    answer = client.post(at(run), {**POINTED, "name": "Grossiste", "take": "1", **changes})
    assert answer.status_code == 302, shown(answer)
    read_file(run_id=run.pk)
    run.refresh_from_db()
    return run


def test_an_unknown_file_shows_its_rows_and_waits_for_its_columns(world: World, client: Client) -> None:
    run = send(world, client, HEAD + ROWS)
    assert run.state == "columns"
    assert client.get(f"/intake/imports/{run.pk}").headers["Location"] == at(run)
    for language, said in (("fr", "Que contient chaque colonne ?"), ("en", "Which column holds what?")):
        page = shown(client.get(at(run), headers={"Accept-Language": language}))
        assert said in page
        assert "1.234,50" in page
        assert "Client livré" in page
    assert re.search(r'name="col_email".*?<option value="mail" selected>', page, re.DOTALL)  # found by what it holds
    assert re.search(r'name="col_postcode".*?<option value="cp" selected>', page, re.DOTALL)  # and by its name
    assert not Order.objects.exists()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_orders_are_seen_before_they_are_taken(world: World, client: Client, language: str) -> None:
    run = send(world, client, HEAD + ROWS)
    spoken = {"Accept-Language": language}
    for how in ({}, {"HX-Request": "true"}):
        page = shown(client.post(at(run), {**POINTED, "look": "1"}, headers={**spoken, **how}))
        assert ("2 476,40 €" if language == "fr" else "€2,476.40") in page
        assert "B-2" in page
        assert "NOPE" in page  # a SKU nobody knows
        assert ("n’est pas un nombre entier" if language == "fr" else "not a whole number") in page
        assert ("<html" in page) is not bool(how)
    run.refresh_from_db()
    assert run.state == "columns"
    assert not Order.objects.exists()
    assert not ColumnMapping.objects.exists()


def test_what_was_pointed_at_is_taken_and_known_the_next_time(world: World, client: Client) -> None:
    run = take(client, send(world, client, HEAD + ROWS))
    assert (run.state, run.orders, run.refused) == ("done", 1, {"unknown_sku": 1, "bad_quantity": 1})
    order = Order.objects.get()
    assert not Hold.objects.exists()
    assert (order.number, order.total_cents, order.shipping_cents, order.payment) == ("B-1", 247_640, 490, "paid")
    assert order.placed_at.astimezone(UTC) == datetime(2026, 4, 2, 22, tzinfo=UTC)
    assert (order.gift_note, order.email, order.ship_to["city"]) == ("Bravo", "zoe@exemple.fr", "Paris")
    back = client.get(f"/intake/imports/{run.pk}/refused.csv", headers={"Accept-Language": "fr"}).content
    assert back.decode("utf-8-sig").splitlines()[0] == HEAD.strip() + ";Motif du refus"
    again = send(world, client, back.replace(b"NOPE", b"CARTE").replace(b";MUG;x;", b";MUG;1;"), name="corrige.csv")
    assert again.state == "waiting"
    read_file(run_id=again.pk)
    again.refresh_from_db()
    assert (again.orders, again.refused, again.options["mapping"]) == (2, {}, "Grossiste")


def test_the_same_columns_in_a_workbook_are_known_too(world: World, client: Client) -> None:
    take(client, send(world, client, HEAD + ROWS))
    names = HEAD.strip().split(";")
    day = datetime(2026, 4, 3)  # noqa: DTZ001 -- as a cell holds it
    row = ("X-1", day, "MUG", 1, 1234.5, "Zoé", "8 rue Lepic", "75018", "Paris", "zoe@exemple.fr", 4.9, "")
    run = send(world, client, workbook([names, row]), name="export.xlsx")
    assert run.state == "waiting"
    read_file(run_id=run.pk)
    assert Order.objects.get(number="X-1").total_cents == 123_940


def test_columns_that_are_gone_are_named(world: World, client: Client) -> None:
    take(client, send(world, client, HEAD + ROWS))
    run = send(world, client, (HEAD + ROWS).replace("Tarif", "Prix net"))
    assert run.state == "columns"
    for language, said in (("fr", r"Tarif \(Prix d’une unité\)"), ("en", r"no longer there: Tarif \(Price of one\)")):
        assert re.search(said, shown(client.get(at(run), headers={"Accept-Language": language})))
    mapping = ColumnMapping.objects.get()
    asked = SimpleUploadedFile("other.csv", b"a;b\n1;2\n")
    told = {"file": asked, "channel": f"{world.tilleul.pk}:shop", "layout": mapping.pk}
    answer = client.post("/intake/imports", told, headers={"Accept-Language": "en"}, follow=True)
    assert "no longer there: Art. (SKU), " in shown(answer)


def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_lost(world: World, client: Client) -> None:
    run = send(world, client, HEAD + ROWS)
    answer = client.post(at(run), {**POINTED, "col_sku": "", "name": "Grossiste", "currency": "XXQ", "take": "1"})
    assert answer.status_code == 422
    page = shown(answer)
    assert 'value="Grossiste"' in page
    assert 'value="XXQ"' in page
    assert client.post(at(run), {**POINTED, "col_sku": "other", "take": "1"}).status_code == 422
    take(client, run)
    other = send(world, client, (HEAD + ROWS).replace("Bdc", "Cde").replace("Tarif", "P").replace("Art.", "Prod"),
                 layout="point")  # fmt: skip
    places = {"col_order_ref": "cde n°", "col_unit_price": "p", "col_sku": "prod"}
    taken = client.post(at(other), {**POINTED, **places, "name": "Grossiste", "take": "1"})
    assert taken.status_code == 422
    assert ColumnMapping.objects.get().places["sku"] == "art."
    assert client.post(at(other), {**POINTED, **places, "name": "Autre", "take": "1"}).status_code == 302
    assert client.post(at(other), {**POINTED, **places, "name": "Troisième", "take": "1"}).status_code == 302
    assert ColumnMapping.objects.count() == 2  # it was being read already


def test_a_known_file_is_pointed_at_on_request(world: World, client: Client) -> None:
    plain = "order_ref,sku,quantity,unit_price,currency\nA,MUG,1,18.00,EUR\n"
    assert send(world, client, plain).state == "waiting"
    assert send(world, client, plain, layout="point").state == "columns"


def test_of_two_who_change_a_mapping_the_second_sees_the_first_and_loses_nothing(world: World, client: Client) -> None:
    take(client, send(world, client, HEAD + ROWS))
    mapping = ColumnMapping.objects.get()
    client.cookies["language"] = "en"
    place, told = f"/intake/mappings/{mapping.pk}", {**POINTED, "name": "Grossiste"}
    seen = seen_of(client.get(place))
    first = {**told, "col_gift_note": "", "col_note": "mot", "dates": "", "seen": seen}
    assert client.post(place, first).status_code == 302
    page = client.post(place, {**told, "name": "Le grossiste", "seen": seen})
    text = shown(page)
    assert page.status_code == 422
    mapping.refresh_from_db()
    assert (mapping.name, mapping.places["note"]) == ("Grossiste", "mot")
    assert "Chen changed what stands here (" in text  # who, and what stands now
    assert "Customer’s note → <strong>Mot</strong>" in text
    assert "Gift note → <strong>no column</strong>" in text
    assert "Dates such as 03/04/2026 → <strong>refuse them</strong>" in text
    assert "Country → <strong>" not in text  # “France” was typed, FR is kept: the same
    assert 'value="Le grossiste"' in text  # and what was typed
    assert client.post(place, {**told, "name": "Le grossiste", "seen": seen_of(page)}).status_code == 302
    mapping.refresh_from_db()
    assert (mapping.name, "note" in mapping.places) == ("Le grossiste", False)


@pytest.mark.parametrize(("language", "said"), [("en", "was removed meanwhile"), ("fr", "a été supprimée entre-temps")])
def test_a_mapping_removed_while_it_is_changed_may_be_saved_anew_and_nothing_typed_is_lost(
    world: World, client: Client, language: str, said: str
) -> None:
    take(client, send(world, client, HEAD + ROWS))
    mapping = ColumnMapping.objects.get()
    client.cookies["language"] = language
    place, told = f"/intake/mappings/{mapping.pk}", {**POINTED, "name": "Le grossiste"}
    seen = seen_of(client.get(place))
    assert client.post(f"{place}/remove").status_code == 302
    page = client.post(place, {**told, "seen": seen})
    text = shown(page)
    assert page.status_code == 422
    assert said in text
    assert 'value="Le grossiste"' in text
    assert re.search(r'name="col_sku".*?<option value="art." selected>Art\.<', text, re.DOTALL)
    assert not ColumnMapping.objects.exists()
    assert client.post(place, {**told, "seen": seen_of(page)}).status_code == 302
    anew = ColumnMapping.objects.get()
    assert (anew.name, anew.channel_id, anew.headers) == ("Le grossiste", mapping.channel_id, mapping.headers)
    assert client.get(place).status_code == 404
    assert client.post(f"{place}/remove").status_code == 302  # twice is once
    assert ColumnMapping.objects.get() == anew


def test_a_mapping_is_renamed_changed_and_removed(world: World, client: Client) -> None:
    take(client, send(world, client, HEAD + ROWS))
    mapping = ColumnMapping.objects.get()
    assert "Grossiste" in shown(client.get("/intake/mappings"))
    assert "Bdc n°, Le, Art., Nb" in shown(client.get("/intake/mappings"))
    page = shown(client.get(f"/intake/mappings/{mapping.pk}"))
    assert "Grossiste" in page
    assert re.search(r'name="col_sku".*?<option value="art." selected>Art\.<', page, re.DOTALL)
    changed = {**POINTED, "name": "Le grossiste", "col_gift_note": "", "col_note": "mot"}
    assert client.post(f"/intake/mappings/{mapping.pk}", changed).status_code == 302
    mapping.refresh_from_db()
    assert (mapping.name, mapping.places["note"], "gift_note" in mapping.places) == ("Le grossiste", "mot", False)
    assert mapping.headers == HEAD.strip().split(";")  # as the file names them, after a change too
    assert client.post(f"/intake/mappings/{mapping.pk}", {**changed, "name": ""}).status_code == 422
    assert client.post(f"/intake/mappings/{mapping.pk}/remove").status_code == 302
    assert not ColumnMapping.objects.exists()
    assert send(world, client, HEAD + ROWS).state == "columns"


def test_another_merchants_files_and_mappings_are_not_there(world: World, client: Client) -> None:
    run = take(client, send(world, client, HEAD + ROWS))
    mapping, waiting = ColumnMapping.objects.get(), send(world, client, HEAD + ROWS, layout="point")
    dee = Client()
    dee.force_login(world.dee, backend="django.contrib.auth.backends.ModelBackend")
    for place in (at(waiting), f"/intake/mappings/{mapping.pk}", f"/intake/imports/{run.pk}"):
        assert dee.get(place).status_code == 404
    assert dee.post(f"/intake/mappings/{mapping.pk}/remove").status_code == 404
    assert "Grossiste" not in shown(dee.get("/intake/mappings"))


def test_orders_wait_for_what_neither_the_file_nor_the_mapping_says(world: World, client: Client) -> None:
    take(client, send(world, client, HEAD + ROWS), payment="", country="")
    assert set(Hold.objects.values_list("reason", flat=True)) == {"not_paid", "unknown_country"}


def test_money_balances_to_the_cent_with_tax_on_top(world: World, client: Client) -> None:
    head = "ref;art;nb;pu;tva;port;remise totale;pourboire;carte cadeau;total ttc\n"
    run = send(world, client, head + "A;MUG;2;10,00;4,00;5,00;-1,00;2,00;3,00;27,00\nB;MUG;1;9,99;2;0;0;0;0;12\n",
               layout="point")  # fmt: skip
    places = {
        "order_ref": "ref", "sku": "art", "quantity": "nb", "unit_price": "pu", "tax": "tva", "shipping": "port",
        "order_discount": "remise totale", "tip": "pourboire", "gift_card": "carte cadeau", "total": "total ttc",
    }  # fmt: skip
    told = {f"col_{ours}": column for ours, column in places.items()}
    assert client.post(at(run), {**told, "prices": "without_tax", "currency": "eur", "take": "1"}).status_code == 302
    read_file(run_id=run.pk)
    run.refresh_from_db()
    assert run.refused == {"amounts_do_not_balance": 1}  # 9.99 and 2.00 are not 12.00
    order = Order.objects.get()
    assert (order.total_cents, order.tax_cents, order.prices_include_tax) == (2_700, 400, False)
    assert {(c["kind"], c["cents"]) for c in order.charges} == {("tip", 200), ("gift_card", -300)}


def test_the_command_takes_a_mapping_by_name(
    world: World, client: Client, tmp_path: Any, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(client, send(world, client, HEAD + "B-0;03/04/2026;MUG;1;1,00;A;8 rue Lepic;75018;Paris;a@b.fr;0;\n"))
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    monkeypatch.setattr("django.setup", lambda: None)
    words = ["import_orders", str(tmp_path / "f.csv"), "--merchant", "tilleul", "--channel", "shop"]
    (tmp_path / "f.csv").write_text(HEAD + ROWS)
    assert manage.run([*words, "--mapping", "Grossiste"]) == 0
    assert Order.objects.filter(number="B-1").exists()
    assert manage.run([*words, "--mapping", "Personne"]) == 1
    assert "Personne" in capfd.readouterr().err
    (tmp_path / "f.csv").write_text((HEAD + ROWS).replace("Tarif", "Prix net"))
    assert manage.run([*words, "--mapping", "Grossiste"]) == 1
    assert "Tarif" in capfd.readouterr().err


def test_pages_ask_as_often_for_many_rows_as_for_few(
    world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    few, many = send(world, client, HEAD + ROWS), send(world, client, HEAD + ROWS * 500)
    client.get(at(few))
    for run in (few, many):
        with django_assert_max_num_queries(20):
            client.post(at(run), {**POINTED, "look": "1"})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_our_own_columns_are_named_in_the_language_of_the_page_and_a_file_of_them_is_read(
    world: World, enter: Any, language: str
) -> None:
    client = enter(world.chen)
    client.cookies["language"] = language
    page = client.get("/intake/imports").content.decode()
    [named] = re.findall(r'<p class="mono small">([^<]+)</p>', page)
    columns = named.split("; ")
    meant = "order_ref placed_at sku quantity unit_price currency name address1 postcode city country email"
    assert set(places(columns)) == set(meant.split())
    assert ("quantité" in columns) == (language == "fr")
