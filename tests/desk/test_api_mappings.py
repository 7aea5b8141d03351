"""Columns by the API: saved for a channel's files, and said of a file that waits for them."""

from typing import Any

import pytest

from colisage.intake.forms import COLUMNS
from colisage.intake.models import ColumnMapping, ImportRun
from colisage.intake.rules.columns import FIELDS
from colisage.intake.tasks import read_file
from colisage.orders.models import Order
from tests.books import balanced
from tests.cast import World
from tests.program import Make, Program, code_of, program, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("orders:read", "orders:write", "customers:read")
HEAD = "Bdc n°;Le;Art.;Nb;Tarif;Client livré;Voie;CP;Commune;Pays"
ROWS = "B-1;03/04/2026;MUG;2;2,50;Zoé Lefèvre;8 rue Lepic;75018;Paris;France"
READING: dict[str, Any] = {
    "columns": {
        "order_ref": "Bdc n°", "placed_at": "Le", "sku": "ART.", "quantity": "Nb", "unit_price": "Tarif",
        "name": "Client livré", "address1": "Voie", "postcode": "CP", "city": "Commune", "country": "Pays",
    },
    "dates": "day_first", "mark": "comma", "payment": "paid",
}  # fmt: skip


def sent(program: Program, **more: str) -> Any:
    query = "&".join(f"{name}={value}" for name, value in {"channel": "shop", "name": "x.csv", **more}.items())
    return program.post(f"imports?{query}", f"{HEAD}\n{ROWS}\n")


def made(ask: Program, **changes: Any) -> Any:
    return ask.post("mappings", {"channel": "shop", "name": "Grossiste", **READING, **changes})


def test_a_page_and_a_program_may_point_at_the_same_columns() -> None:
    assert {ours for _title, columns in COLUMNS for ours in columns} == FIELDS


def test_a_saved_mapping_reads_the_next_file(program: Make) -> None:
    ask = program(*MAY)
    answer = made(ask, country="france")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["columns"]["sku"], told["country"], told["channel"]) == ("ART.", "FR", "shop")
    assert ask.read("mappings")["items"] == [told]
    run = sent(ask)
    assert run.status_code == 202
    assert run.json()["state"] == "waiting"
    read_file(run_id=run.json()["id"])
    assert Order.objects.get().external_ref == "B-1"


def test_everything_that_is_wrong_with_columns_is_said_member_by_member(program: Make) -> None:
    ask = program(*MAY)
    wrong = {
        "columns": {"order_ref": "Bdc n°", "moon": "Le", "sku": "Nowhere"},
        "headers": HEAD.split(";"),
        "country": "Xanadu",
    }
    answer = ask.post("mappings", {"channel": "shop", "name": "M", **wrong}, Accept_Language="fr")
    assert code_of(answer) == (422, "bad_columns")
    faults = {one["pointer"]: one["detail"] for one in answer.json()["errors"]}
    assert set(faults) == {"/columns/moon", "/columns/quantity", "/columns/sku", "/country"}
    assert "nowhere" in faults["/columns/sku"]
    assert code_of(made(ask, channel="moon")) == (422, "unknown_channel")
    assert code_of(made(ask, name="  "))[0] == 422
    assert not ColumnMapping.objects.exists()


def test_a_mapping_is_replaced_as_it_was_read_and_forgotten(program: Make, stranger: Make) -> None:
    ask = program(*MAY)
    pk = made(ask).json()["id"]
    assert code_of(made(ask)) == (409, "mapping_name_taken")
    tag = ask.get(f"mappings/{pk}").headers["ETag"]
    wanted = {"name": "Autre", **READING, "dates": "month_first"}
    assert code_of(ask.send("PUT", f"mappings/{pk}", wanted)) == (428, "etag_needed")
    assert ask.send("PUT", f"mappings/{pk}", wanted, If_Match=tag).json()["dates"] == "month_first"
    assert code_of(ask.send("PUT", f"mappings/{pk}", wanted, If_Match=tag)) == (412, "etag_differs")
    other = stranger(*MAY)
    assert other.read("mappings")["items"] == []
    assert code_of(other.get(f"mappings/{pk}")) == (404, "not_there")
    assert code_of(other.send("PUT", f"mappings/{pk}", wanted, If_Match="*")) == (404, "not_there")
    assert code_of(other.send("DELETE", f"mappings/{pk}")) == (404, "not_there")
    assert code_of(program("orders:read").send("DELETE", f"mappings/{pk}")) == (401, "unauthorized")
    assert ask.send("DELETE", f"mappings/{pk}").json()["outcome"] == "removed"
    assert code_of(ask.get(f"mappings/{pk}")) == (404, "not_there")


def test_a_file_of_unknown_columns_waits_and_is_read_by_what_is_said(world: World, program: Make) -> None:
    ask = program(*MAY)
    pk = sent(ask, ask="true").json()["id"]
    assert ImportRun.objects.get().state == "columns"
    told = ask.read(f"imports/{pk}/columns")
    assert told["columns"][0] == "bdc n°"
    assert told["rows"][0][2] == "MUG"
    assert told["probably"]["postcode"] == "cp"
    assert code_of(program("orders:read").get(f"imports/{pk}/columns")) == (401, "unauthorized")
    assert code_of(ask.post(f"imports/{pk}/columns", {}))[0] == 422
    bad = {"reading": {**READING, "columns": {**READING["columns"], "sku": "Nowhere"}}}
    assert code_of(ask.post(f"imports/{pk}/columns", bad)) == (422, "bad_columns")
    assert code_of(ask.post(f"imports/{pk}/columns", {"mapping": "Grossiste"})) == (422, "unknown_mapping")
    made(ask)
    assert ask.post(f"imports/{pk}/columns", {"mapping": "Grossiste"}).json()["state"] == "waiting"
    assert code_of(ask.post(f"imports/{pk}/columns", {"reading": READING})) == (409, "file_already_read")
    assert code_of(ask.get(f"imports/{pk}/columns")) == (409, "file_already_read")
    read_file(run_id=pk)
    assert Order.objects.get().external_ref == "B-1"


def test_a_stranger_says_nothing_of_a_file(program: Make, stranger: Make) -> None:
    pk = sent(program(*MAY), ask="true").json()["id"]
    assert code_of(stranger(*MAY).post(f"imports/{pk}/columns", {"reading": READING})) == (404, "not_there")
    assert code_of(stranger(*MAY).get(f"imports/{pk}/columns")) == (404, "not_there")
    assert ImportRun.objects.get().state == "columns"
