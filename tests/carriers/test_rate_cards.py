"""The doors of rate cards: who sees which, what a page and a file say."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.carriers.actions.save_rate_card import CardRow, ZoneRow, save_rate_card
from colisage.carriers.models import Carrier, RateBreak, RateCard
from colisage.carriers.rules import meet, standing
from tests.cast import World


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def card(operator_id: int, name: str = "Boréale Home", **changes: Any) -> int:
    facts = {
        "carrier_code": "boreale",
        "carrier_name": "Poste Boréale",
        "service_code": name.lower().replace(" ", "-"),
        "service_name": name,
        "from_country": "CA",
        "currency": "CAD",
        "valid_from": date(2026, 1, 1),
        "source": "contract",
        "operator_id": operator_id,
        "zones": [ZoneRow(code="CA", countries=("CA",), breaks=((500, 890, 2, 4),))],
    }
    return save_rate_card(CardRow(**{**facts, **changes}))


@pytest.fixture
def tariffs(world: World) -> World:
    load_public_tariffs()
    return world


@pytest.fixture
def chen(tariffs: World) -> Client:
    return client_of(tariffs.chen)


def typed(world: World, rows: str, **changes: Any) -> dict[str, Any]:
    text = "service,zone,max_weight_kg,price,currency,tax_basis,announced_working_days\n" + rows
    return {
        "operator": world.nord.pk,
        "file": SimpleUploadedFile("tarif.csv", text.encode()),
        "carrier": Carrier.objects.get(code="laposte").pk,
        "from_country": "France",
        "valid_from": "2026-11-01",
        "source": "contract 4711",
        **changes,
    }


def test_public_tariffs_are_seen_by_all_and_a_contract_by_its_operators_staff_only(
    tariffs: World, chen: Client
) -> None:
    pk = card(tariffs.boreal.pk)
    for client in (chen, client_of(tariffs.dee), client_of(tariffs.ada)):
        page = text_of(client.get(reverse("rate-cards")))
        assert "Colissimo Domicile" in page
        assert "Boréale" not in page
        for name in ("rate-card", "rate-card-file"):
            assert client.get(reverse(name, args=[pk])).status_code == 404
        assert client.post(reverse("rate-card", args=[pk]), {"valid_from": "2026-01-01"}).status_code == 404


def test_a_card_shows_its_zones_with_their_countries_and_every_price(tariffs: World, chen: Client) -> None:
    public = RateCard.objects.get(service__code="colissimo-domicile")
    page = text_of(chen.get(reverse("rate-card", args=[public.pk])))
    assert "Andorra, France, Monaco" in page
    assert "postcodes that begin with 971, 972" in page
    assert "all other countries" in page
    for cents in RateBreak.objects.filter(zone__card=public).values_list("cents", flat=True):
        assert f"€{cents / 100:.2f}" in page


def test_a_public_card_has_no_other_days(tariffs: World, chen: Client) -> None:
    public = RateCard.objects.filter(operator=None)[0]
    assert "Other days" not in text_of(chen.get(reverse("rate-card", args=[public.pk])))
    assert chen.post(reverse("rate-card", args=[public.pk]), {"valid_from": "2026-02-01"}).status_code == 403


def test_prices_are_imported_and_their_days_changed(tariffs: World, chen: Client) -> None:
    answer = chen.post(reverse("rate-card-import"), typed(tariffs, "Colissimo Domicile,FR,30,4.10,EUR,HT,2\n"))
    made = RateCard.objects.get(operator=tariffs.nord)
    assert answer.headers["Location"] == reverse("rate-card", args=[made.pk])
    page = text_of(chen.get(answer.headers["Location"]))
    assert "€4.10" in page
    assert "contract 4711 · HT" in page
    chen.post(answer.headers["Location"], {"valid_from": "2026-11-01", "valid_to": "2026-12-31"})
    made.refresh_from_db()
    assert made.valid_to == date(2026, 12, 31)
    refused = chen.post(answer.headers["Location"], {"valid_from": "2026-11-01", "valid_to": "2026-10-31"})
    assert (refused.status_code, "The last day comes before" in text_of(refused)) == (422, True)


def test_wrong_rows_are_listed_by_line_and_what_was_typed_is_kept(tariffs: World, chen: Client) -> None:
    rows = "Colissimo Domicile,FR,30,4.10,EUR,HT,2\n<b>Colissimo</b>,FR,x,4.10,EUR,HT,2\n"
    answer = chen.post(reverse("rate-card-import"), typed(tariffs, rows))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Nothing is saved. Rows that cannot be used: 1." in page
    assert "Line 3" in page
    assert "“x” is not a weight in kilograms" in page
    assert 'value="contract 4711"' in page
    assert not RateCard.objects.filter(operator=tariffs.nord).exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"from_country": "Ruritania"}, "There is no country “Ruritania”."),
        ({"valid_from": "soon"}, "Enter a valid date."),
        ({"carrier": "999999"}, "not one of the available choices"),
        ({"carrier": ""}, "Choose a carrier, or write the name of a new one."),
        ({"file": ""}, "This field is required."),
        ({"file": SimpleUploadedFile("x.csv", b"%PDF-1.7 not rows")}, "not a table"),
        ({"source": ""}, "This field is required."),
    ],
)
def test_an_import_that_says_too_little_is_refused(
    tariffs: World, chen: Client, changes: dict[str, Any], said: str
) -> None:
    answer = chen.post(reverse("rate-card-import"), typed(tariffs, "Colissimo Domicile,FR,1,4,EUR,,2\n", **changes))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not RateCard.objects.filter(operator=tariffs.nord).exists()


def test_a_card_taken_as_a_file_can_be_imported_again(tariffs: World, chen: Client) -> None:
    public = RateCard.objects.get(service__code="colissimo-domicile")
    answer = chen.get(reverse("rate-card-file", args=[public.pk]))
    assert 'filename="colissimo-domicile-2026-01-01.csv"' in answer["Content-Disposition"]
    rows = answer.content.decode().split("\n", 1)[1]
    assert chen.post(reverse("rate-card-import"), typed(tariffs, rows)).status_code == 302
    mine = RateCard.objects.get(operator=tariffs.nord)
    names = ("zone__code", "max_grams", "cents", "days_min", "days_max")
    here = RateBreak.objects.filter(zone__card=mine).order_by("zone__code", "max_grams").values_list(*names)
    there = RateBreak.objects.filter(zone__card=public).order_by("zone__code", "max_grams").values_list(*names)
    assert list(here) == list(there)


def test_only_managers_import_and_only_for_their_operator(tariffs: World, chen: Client) -> None:
    rows = "Colissimo Domicile,FR,30,4.10,EUR,HT,2\n"
    for person in (tariffs.ada, tariffs.dee):
        client = client_of(person)
        assert client.get(reverse("rate-card-import")).status_code == 403
        assert client.post(reverse("rate-card-import"), typed(tariffs, rows)).status_code == 403
    foreign = chen.post(reverse("rate-card-import"), typed(tariffs, rows, operator=tariffs.boreal.pk))
    assert foreign.status_code == 422
    assert not RateCard.objects.exclude(operator=None).exists()


def test_a_picker_reads_his_operators_card_and_cannot_date_it(tariffs: World) -> None:
    pk = card(tariffs.nord.pk)
    ada = client_of(tariffs.ada)
    assert "Other days" not in text_of(ada.get(reverse("rate-card", args=[pk])))
    assert ada.post(reverse("rate-card", args=[pk]), {"valid_from": "2026-02-01"}).status_code == 403


def test_lists_and_cards_cost_as_many_statements_whatever_their_length(tariffs: World, chen: Client) -> None:
    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert chen.get(address).status_code == 200
        return len(seen)

    small = card(tariffs.nord.pk, "Small")
    addresses = (reverse("rate-cards"), reverse("rate-card", args=[small]))
    for address in addresses:
        count(address)
    before = [count(address) for address in addresses]
    for n in range(60):
        card(tariffs.nord.pk, f"Service {n:02}")
    zones = [ZoneRow(code=f"Z{n}", countries=("CA",), breaks=((500, 1, 1, 1), (900, 2, 1, 1))) for n in range(30)]
    card(tariffs.nord.pk, "Small", zones=zones)
    assert [count(address) for address in addresses] == before
    first = chen.get(addresses[0])
    second = chen.get(addresses[0], {"after": first.context["next"]})
    seen = [row["card"].pk for page in (first, second) for row in page.context["rows"]]
    assert (len(seen), len(set(seen)), second.context["next"]) == (63, 63, None)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 1, 1), None, "valid"),
        (date(2026, 1, 1), date(2026, 11, 23), "valid"),
        (date(2026, 1, 1), date(2026, 11, 22), "over"),
        (date(2026, 11, 24), None, "to_come"),
    ],
)
def test_a_card_counts_from_its_first_day_to_its_last(first: date, last: date | None, said: str) -> None:
    assert standing(first, valid_to=last, on=date(2026, 11, 23)) == said


@pytest.mark.parametrize(
    ("other", "met"),
    [
        ((date(2026, 1, 1), date(2026, 1, 31)), False),
        ((date(2026, 1, 1), date(2026, 2, 1)), True),
        ((date(2026, 2, 28), None), True),
        ((date(2026, 3, 1), None), False),
    ],
)
def test_spans_meet_when_they_share_a_day(other: tuple[date, date | None], met: bool) -> None:  # noqa: FBT001 -- a column of the table
    february = (date(2026, 2, 1), date(2026, 2, 28))
    assert meet(february, other=other) is meet(other, other=february) is met
