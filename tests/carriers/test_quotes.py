from datetime import date

import pytest

from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.carriers.actions.save_rate_card import CardRow, ZoneRow, save_rate_card
from colisage.carriers.models import RateBreak, RateCard
from colisage.carriers.queries import QuoteRequest, quotes
from colisage.carriers.rules import destination
from tests.cast import World

DAY = date(2026, 11, 23)


def ask(world: World, *, grams: int, country: str = "FR", postcode: str = "75018", key: int = 1) -> QuoteRequest:
    return QuoteRequest(key, world.nord.pk, "FR", country, postcode, grams)


@pytest.fixture
def tariffs(world: World) -> World:
    load_public_tariffs()
    return world


@pytest.mark.parametrize(
    ("grams", "country", "postcode", "cents"),
    [
        (250, "FR", "75018", 549),
        (251, "FR", "75018", 759),
        (1_000, "FR", "20000", 959),
        (500, "GP", "97100", 1_202),
        (500, "FR", "97410", 1_202),
        (500, "NC", "98800", 1_221),
        (500, "DE", "10115", 1_499),
        (500, "CH", "1201", 1_499),
        (500, "GB", "SW1A 1AA", 1_899),
        (30_000, "FR", "69004", 3_959),
    ],
)
def test_the_public_tariff_is_read_by_zone_and_weight(
    tariffs: World, grams: int, country: str, postcode: str, cents: int
) -> None:
    found = quotes([ask(tariffs, grams=grams, country=country, postcode=postcode)], on=DAY)[1]
    assert [q.cents for q in found if q.service_code == "colissimo-domicile"] == [cents]


def test_what_is_heavier_than_the_last_break_has_no_price(tariffs: World) -> None:
    assert quotes([ask(tariffs, grams=30_001)], on=DAY) == {1: []}


def test_quotes_come_cheapest_first(tariffs: World) -> None:
    found = quotes([ask(tariffs, grams=400)], on=DAY)[1]
    assert len(found) == 2
    assert [q.cents for q in found] == sorted(q.cents for q in found)


def test_an_operators_own_card_stands_before_the_public_one(tariffs: World) -> None:
    save_rate_card(
        CardRow(
            carrier_code="laposte",
            carrier_name="La Poste Colissimo",
            service_code="colissimo-domicile",
            service_name="Colissimo Domicile",
            from_country="FR",
            currency="EUR",
            valid_from=date(2026, 1, 1),
            source="negotiated",
            operator_id=tariffs.nord.pk,
            zones=[ZoneRow(code="FR", countries=("FR",), breaks=((30_000, 480, 2, 2),))],
        )
    )
    mine = quotes([ask(tariffs, grams=400)], on=DAY)[1]
    theirs = quotes([QuoteRequest(1, tariffs.boreal.pk, "FR", "FR", "75018", 400)], on=DAY)[1]
    assert [q.cents for q in mine if q.kind == "home"] == [480]
    assert [q.cents for q in theirs if q.kind == "home"] == [759]


def test_a_card_counts_only_between_its_days(tariffs: World) -> None:
    RateCard.objects.update(valid_to=date(2026, 6, 30))
    assert quotes([ask(tariffs, grams=400)], on=DAY) == {1: []}
    assert quotes([ask(tariffs, grams=400)], on=date(2026, 6, 30))[1]


def test_loading_the_tariff_twice_changes_nothing(tariffs: World) -> None:
    before = RateBreak.objects.count()
    assert load_public_tariffs() == 2
    assert RateBreak.objects.count() == before


@pytest.mark.parametrize(
    ("written", "read"),
    [(("RE", "97410"), ("FR", "97410")), (("RE", ""), ("FR", "974")), (("fr", " 75018 "), ("FR", "75018"))],
)
def test_a_destination_is_written_in_one_way(written: tuple[str, str], read: tuple[str, str]) -> None:
    assert destination(*written) == read


def test_many_parcels_cost_as_many_statements_as_one(tariffs: World, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        quotes([ask(tariffs, grams=300)], on=DAY)
    with django_assert_num_queries(3):  # type: ignore[operator]
        quotes([ask(tariffs, grams=300 + n, key=n) for n in range(200)], on=DAY)
