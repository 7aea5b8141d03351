"""Carriers and rate cards by the API, as their pages have them."""

from typing import Any, Final
from urllib.parse import urlencode

import pytest

from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.carriers.models import Carrier, RateCard
from colisage.kit.models import AuditEntry
from colisage.people.models import ServiceContract
from tests.books import balanced
from tests.carriers.test_import_rate_cards import HEADER, ROWS
from tests.cast import World
from tests.program import Make, Program, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY: Final = ("rates:read", "rates:write")
FILE: Final = (HEADER + ROWS).encode()
SAID: Final = {"carrier": "laposte", "from_country": "FR", "valid_from": "2026-11-01", "source": "contract 4711"}


@pytest.fixture
def tariffs(world: World) -> World:
    load_public_tariffs()
    return world


def load(ask: Program, body: bytes = FILE, *, headers: dict[str, str] | None = None, **changes: str) -> Any:
    path = f"/api/v1/rate-cards?{urlencode(SAID | changes)}"
    return ask.client.post(path, body, content_type="text/csv", headers=headers or {})


@pytest.mark.usefixtures("tariffs")
def test_a_file_becomes_one_card_for_each_service(program: Make) -> None:
    ask = program(*MAY)
    assert (load(ask, headers={"Dry-Run": "true"}).status_code, ask.every("rate-cards", public="false")) == (201, [])
    made = load(ask)
    assert made.status_code == 201, made.content
    assert [one["service"] for one in made.json()["cards"]] == ["colissimo-domicile", "colissimo-point-retrait"]
    assert made.json()["ended"] == []
    assert code_of(load(ask)) == (409, "card_stands")
    assert load(ask, replace="true").status_code == 201
    later = load(ask, valid_from="2027-01-01", valid_to="2027-12-31").json()
    assert later["ended"] == ["Colissimo Domicile", "Colissimo Point Retrait"]
    told = ask.read(f"rate-cards/{later['cards'][0]['id']}")
    france = next(zone for zone in told["zones"] if zone["code"] == "FR")
    assert (told["source"], told["valid_to"], france["countries"]) == (
        "contract 4711 · HT", "2027-12-31", ["FR", "MC", "AD"],
    )  # fmt: skip
    assert france["breaks"][0] == {"max_grams": 500, "cents": 410, "days_min": 2, "days_max": 2}
    assert {deed.actor_kind for deed in AuditEntry.objects.filter(verb="rate_card_imported")} == {"key"}


@pytest.mark.usefixtures("tariffs")
def test_a_card_is_taken_as_a_file_and_loaded_again(program: Make) -> None:
    ask = program(*MAY)
    [card, _other] = load(ask).json()["cards"]
    prices = ask.get(f"rate-cards/{card['id']}/prices.csv")
    assert prices.headers["Content-Type"] == "text/csv; charset=utf-8"
    before = ask.read(f"rate-cards/{card['id']}")
    [again] = load(ask, prices.content, replace="true").json()["cards"]
    assert ask.read(f"rate-cards/{again['id']}")["zones"] == before["zones"]


@pytest.mark.usefixtures("tariffs")
def test_rows_that_cannot_be_used_are_named_and_nothing_is_saved(program: Make) -> None:
    ask = program(*MAY)
    answer = load(ask, FILE + b"Colissimo Domicile,DE,heavy,5,EUR,HT,2\r\nColissimo Dommicile,FR,1,5,EUR,HT,2\r\n")
    assert code_of(answer) == (422, "tariff_refused")
    named = [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
    assert named == [("/rows/6", "bad_weight"), ("/rows/7", "unknown_service")]
    assert not RateCard.objects.exclude(operator=None).exists()


@pytest.mark.usefixtures("tariffs")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"carrier": "la-poste"}, "no_such_carrier"),
        ({"carrier": ""}, "unnamed_carrier"),
        ({"from_country": "XX"}, "unknown_country"),
        ({"valid_to": "2026-10-31"}, "ends_before_it_begins"),
        ({"source": " "}, "malformed"),
        ({"carier": "laposte"}, "unknown_parameter"),
        ({"operator": "nobody"}, "unknown_operator"),
    ],
)
def test_what_cannot_be_is_refused(program: Make, changes: dict[str, str], code: str) -> None:
    assert code_of(load(program(*MAY), **changes)) == (422, code)
    assert not RateCard.objects.exclude(operator=None).exists()


@pytest.mark.usefixtures("tariffs")
def test_a_card_may_begin_on_the_first_of_all_days(program: Make) -> None:
    assert load(program(*MAY), valid_from="0001-01-01").status_code == 201


@pytest.mark.usefixtures("tariffs")
def test_a_new_carrier_is_named_as_such(program: Make) -> None:
    ask = program(*MAY)
    rows = (HEADER + "Standard,FR,30,7.90,EUR,HT,1-2\n").encode()
    assert code_of(load(ask, rows, carrier="", new_carrier="Vélo & Co")) == (422, "tariff_refused")
    made = load(ask, rows, carrier="", new_carrier="Vélo & Co", new_services="express")
    assert made.status_code == 201, made.content
    told = {one["code"]: one for one in ask.read("carriers")["items"]}
    assert told["velo-co"]["services"][0]["kind"] == "express"
    assert [one["carrier"] for one in ask.every("rate-cards", carrier="velo-co")] == ["velo-co"]
    assert Carrier.objects.get(code="velo-co").country == "FR"


@pytest.mark.usefixtures("tariffs")
def test_the_days_of_an_own_card_are_set_as_it_was_read(program: Make) -> None:
    ask = program(*MAY)
    [card, _other] = load(ask).json()["cards"]
    path = f"rate-cards/{card['id']}"
    before, wanted = ask.get(path), {"valid_from": "2026-11-15", "valid_to": "2026-12-31"}
    assert code_of(ask.send("PUT", path, wanted)) == (428, "etag_needed")
    after = ask.send("PUT", path, wanted, If_Match=before.headers["ETag"])
    assert (after.status_code, after.json()["valid_to"]) == (200, "2026-12-31")
    assert code_of(ask.send("PUT", path, wanted, If_Match=before.headers["ETag"])) == (412, "etag_differs")
    load(ask, valid_from="2027-01-01")
    refused = ask.send("PUT", path, {"valid_from": "2026-11-15"}, If_Match="*")
    assert code_of(refused) == (409, "cards_overlap")
    assert [one["valid_from"] for one in ask.every("rate-cards", public="false", on="2026-12-01", limit=1)] == [
        "2026-11-15", "2026-11-01",
    ]  # fmt: skip
    public = ask.every("rate-cards", public="true")[0]["id"]
    assert code_of(ask.send("PUT", f"rate-cards/{public}", wanted, If_Match="*")) == (403, "not_allowed")


def test_what_others_use_too_its_operator_prices(tariffs: World, program: Make, stranger: Make) -> None:
    [card, _other] = load(program(*MAY)).json()["cards"]
    path, days = f"rate-cards/{card['id']}", {"valid_from": "2026-11-15"}
    assert code_of(load(program("rates:read"))) == (401, "unauthorized")
    ServiceContract.objects.create(operator=tariffs.nord, merchant=tariffs.northwind)
    assert code_of(load(program(*MAY))) == (403, "not_your_floor")
    for ask in (program(*MAY), stranger(*MAY)):
        assert {one["operator"] for one in ask.every("rate-cards")} == {""}
        assert code_of(ask.get(path)) == (404, "not_there")
        assert code_of(ask.get(f"{path}/prices.csv")) == (404, "not_there")
        assert code_of(ask.send("PUT", path, days, If_Match="*")) == (404, "not_there")


@pytest.mark.usefixtures("tariffs")
def test_a_list_costs_as_many_statements_for_many_rows(program: Make) -> None:
    ask = program(*MAY)
    paths = ("carriers", "rate-cards")
    for path in paths:
        ask.read(path)
    before = [statements(lambda path=path: ask.read(path)) for path in paths]  # type: ignore[misc]
    rows = "".join(f"S{n},FR,30,7.90,EUR,HT,1-2\n" for n in range(30))
    load(ask, (HEADER + rows).encode(), new_services="home")
    assert [statements(lambda path=path: ask.read(path)) for path in paths] == before  # type: ignore[misc]
