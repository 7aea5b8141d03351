"""Prices of a contract from a file: a card is whole, or not there at all."""

import io
from datetime import date
from typing import Any

import pytest

from colisage.carriers.actions.date_rate_card import date_rate_card
from colisage.carriers.actions.import_rate_cards import (
    CardsOverlap,
    CardStands,
    EndsBeforeItBegins,
    Imported,
    TariffRefused,
    UnnamedCarrier,
    import_rate_cards,
)
from colisage.carriers.actions.load_public_tariffs import FILE, load_public_tariffs
from colisage.carriers.models import Carrier, RateBreak, RateCard, RateZone, Service
from colisage.carriers.queries import QuoteRequest, quotes
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.kit.models import AuditEntry
from colisage.kit.tabular import MissingColumns, OnlyHeader
from tests.cast import World

HEADER = "service,zone,max_weight_kg,price,currency,tax_basis,announced_working_days\n"
ROWS = """Colissimo Domicile,FR,0.5,4.10,EUR,HT,2
Colissimo Domicile,FR,30,9.90,EUR,HT,2-3
Colissimo Domicile,BE+NL,5,11.00,EUR,HT,3-5
Colissimo Point Retrait,FR,20,3.30,EUR,HT,3
"""
CHEN = Actor(kind="person", id=1, name="Chen")
FIRST = date(2026, 11, 1)


@pytest.fixture
def tariffs(world: World) -> World:
    load_public_tariffs()
    return world


def send(world: World, rows: str = ROWS, *, header: str = HEADER, **changes: Any) -> Imported:
    facts: dict[str, Any] = {
        "carrier_id": Carrier.objects.get(code="laposte").pk,
        "from_country": "FR",
        "valid_from": FIRST,
        "valid_to": None,
        "source": "contract 4711",
        "replace": False,
        "actor": CHEN,
        **changes,
    }
    return import_rate_cards(world.nord.pk, file=io.BytesIO((header + rows).encode()), **facts)


def own(world: World) -> list[RateCard]:
    return list(RateCard.objects.filter(operator=world.nord).order_by("pk"))


def price(world: World, *, grams: int, on: date = date(2026, 11, 23), country: str = "FR") -> list[int]:
    found = quotes([QuoteRequest(1, world.nord.pk, "FR", country, "75018", grams)], on=on)[1]
    return [q.cents for q in found if q.service_code == "colissimo-domicile"]


def test_a_file_becomes_one_card_for_each_service(tariffs: World) -> None:
    made = send(tariffs)
    home, relay = own(tariffs)
    assert (made.cards, made.ended) == ((home.pk, relay.pk), ())
    assert (home.source, home.currency, home.valid_from) == ("contract 4711 · HT", "EUR", FIRST)
    france = RateZone.objects.get(card=home, code="FR")
    assert france.countries == ["FR", "MC", "AD"]  # what the carrier's public tariff means by it
    assert RateZone.objects.get(card=home, code="BE+NL").countries == ["BE", "NL"]
    breaks = RateBreak.objects.filter(zone=france).order_by("max_grams")
    assert list(breaks.values_list("max_grams", "cents", "days_min", "days_max")) == [
        (500, 410, 2, 2),
        (30_000, 990, 2, 3),
    ]
    assert (price(tariffs, grams=400), price(tariffs, grams=400, country="BE")) == ([410], [1100])
    deeds = AuditEntry.objects.order_by("pk").values_list("verb", "doc_id", "operator_id")
    assert list(deeds) == [("rate_card_imported", pk, tariffs.nord.pk) for pk in made.cards]


def test_the_public_file_itself_can_be_imported(tariffs: World) -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = "".join(line for line in lines[1:] if line.startswith(("Colissimo Domicile,", "Colissimo Point")))
    send(tariffs, rows, header=lines[0])
    for mine in own(tariffs):
        public = RateCard.objects.get(operator=None, service=mine.service)
        for field in ("code", "countries", "prefixes"):
            here = list(RateZone.objects.filter(card=mine).order_by("code").values_list(field, flat=True))
            assert here == list(RateZone.objects.filter(card=public).order_by("code").values_list(field, flat=True))


def test_a_semicolon_and_a_decimal_comma_are_read(tariffs: World) -> None:
    header = HEADER.replace(",", ";")
    send(tariffs, "Colissimo Domicile;FR;0,25;4,10;EUR;TTC;2\n", header=header)
    assert (price(tariffs, grams=250), price(tariffs, grams=251)) == ([410], [])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Colissimo Dommicile,FR,1,5,EUR,HT,2", "unknown_service"),
        (",FR,1,5,EUR,HT,2", "no_service"),
        ("Colissimo Domicile,Atlantis,1,5,EUR,HT,2", "unknown_zone"),
        ("Colissimo Domicile,,1,5,EUR,HT,2", "unknown_zone"),
        ("Colissimo Domicile,DE,0,5,EUR,HT,2", "bad_weight"),
        ("Colissimo Domicile,DE,0.0005,5,EUR,HT,2", "bad_weight"),
        ("Colissimo Domicile,DE,1000.001,5,EUR,HT,2", "bad_weight"),
        ("Colissimo Domicile,DE,heavy,5,EUR,HT,2", "bad_weight"),
        ("Colissimo Domicile,DE,1,-5,EUR,HT,2", "bad_price"),
        ("Colissimo Domicile,DE,1,5.001,EUR,HT,2", "bad_price"),
        ("Colissimo Domicile,DE,1,999999,EUR,HT,2", "bad_price"),
        ("Colissimo Domicile,DE,1,5,EURO,HT,2", "bad_currency"),
        ("Colissimo Domicile,DE,1,5,CAD,HT,2", "other_currency"),
        ("Colissimo Domicile,DE,1,5,EUR,VAT,2", "bad_tax_basis"),
        ("Colissimo Domicile,DE,1,5,EUR,TTC,2", "bad_tax_basis"),
        ("Colissimo Domicile,DE,1,5,EUR,HT,5-3", "bad_days"),
        ("Colissimo Domicile,DE,1,5,EUR,HT,soon", "bad_days"),
        ("Colissimo Domicile,FR,0.500,5,EUR,HT,2", "same_weight"),
        ("Colissimo Domicile,BE,1,5,EUR,HT,2", "country_twice"),
        ("Colissimo Domicile,DE,1,5", "too_few_cells"),
    ],
)
def test_one_wrong_row_refuses_the_file_and_says_which_and_why(tariffs: World, row: str, code: str) -> None:
    before = RateCard.objects.count()
    with pytest.raises(TariffRefused) as refused:
        send(tariffs, ROWS + row + "\n")
    assert [(wrong.number, wrong.code) for wrong in refused.value.rows] == [(6, code)]
    assert all(wrong.text and "%(" not in wrong.text for wrong in refused.value.rows)
    assert RateCard.objects.count() == before
    assert not AuditEntry.objects.exists()


def test_every_wrong_row_is_said_in_the_order_of_the_file(tariffs: World) -> None:
    rows = "Colis Rapide,FR,1,5,EUR,,2\nColissimo Domicile,FR,x,5,EUR,,2\nColissimo Domicile,FR,1,x,EUR,,2\n"
    with pytest.raises(TariffRefused) as refused:
        send(tariffs, rows)
    found = [(wrong.number, wrong.code) for wrong in refused.value.rows]
    assert found == [(2, "unknown_service"), (3, "bad_weight"), (4, "bad_price")]


def test_what_is_no_tariff_is_refused_as_a_whole(tariffs: World) -> None:
    with pytest.raises(OnlyHeader):
        send(tariffs, "")
    with pytest.raises(MissingColumns):
        send(tariffs, "1,2\n", header="service,price\n")


def test_a_new_carrier_and_its_services_are_made_when_their_kind_is_said(tariffs: World) -> None:
    rows = "Express 13,FR+BE,10,12.00,EUR,HT,1\n"
    with pytest.raises(TariffRefused):
        send(tariffs, rows, carrier_id=None, carrier_name="Vélo & Co")
    assert not Carrier.objects.filter(code="velo-co").exists()
    send(tariffs, rows, carrier_id=None, carrier_name="Vélo & Co", kind_of_new="express")
    made = Service.objects.get(carrier__code="velo-co")
    assert (made.code, made.name, made.kind) == ("velo-co-express-13", "Express 13", "express")
    with pytest.raises(UnnamedCarrier):
        send(tariffs, rows, carrier_id=None, carrier_name="—", kind_of_new="express")


def test_carriers_and_services_that_are_known_stay_as_they_are(tariffs: World) -> None:
    before = list(Carrier.objects.values()), list(Service.objects.values())
    send(tariffs, ROWS, carrier_id=None, carrier_name="LaPoste", from_country="BE", kind_of_new="express")
    assert (list(Carrier.objects.values()), list(Service.objects.values())) == before


def test_an_earlier_card_ends_the_day_before_the_new_one_begins(tariffs: World) -> None:
    send(tariffs)
    made = send(tariffs, ROWS.replace("4.10", "4.60"), valid_from=date(2027, 1, 1))
    assert made.ended == ("Colissimo Domicile", "Colissimo Point Retrait")
    assert price(tariffs, grams=400, on=date(2026, 12, 31)) == [410]
    assert price(tariffs, grams=400, on=date(2027, 1, 1)) == [460]
    assert AuditEntry.objects.filter(verb="rate_card_ended").count() == 2


def test_a_card_of_the_same_day_is_replaced_only_when_asked(tariffs: World) -> None:
    send(tariffs)
    with pytest.raises(CardStands):
        send(tariffs, ROWS.replace("4.10", "4.60"))
    assert price(tariffs, grams=400) == [410]
    send(tariffs, ROWS.replace("4.10", "4.60"), replace=True)
    assert price(tariffs, grams=400) == [460]
    assert len(own(tariffs)) == 2


def test_two_cards_never_count_on_one_day(tariffs: World) -> None:
    send(tariffs, valid_from=date(2027, 1, 1))
    with pytest.raises(CardsOverlap):
        send(tariffs)
    send(tariffs, valid_to=date(2026, 12, 31))
    early = own(tariffs)[2]
    with pytest.raises(CardsOverlap):
        date_rate_card(tariffs.nord.pk, card_id=early.pk, valid_from=FIRST, valid_to=None, actor=CHEN)
    early.refresh_from_db()
    assert early.valid_to == date(2026, 12, 31)


def test_the_days_of_a_card_are_changed_and_audited(tariffs: World) -> None:
    [card] = send(tariffs, ROWS.splitlines(keepends=True)[0]).cards
    days = {"valid_from": FIRST, "valid_to": date(2026, 11, 30)}
    assert date_rate_card(tariffs.nord.pk, card_id=card, actor=CHEN, **days)
    assert not date_rate_card(tariffs.nord.pk, card_id=card, actor=CHEN, **days)
    assert price(tariffs, grams=400, on=date(2026, 12, 1)) == [759]  # the public tariff again
    assert [deed.verb for deed in AuditEntry.objects.order_by("pk")] == ["rate_card_imported", "rate_card_dated"]


@pytest.mark.parametrize("refusal", [EndsBeforeItBegins, NotThere])
def test_days_that_make_no_sense_and_cards_of_others_are_refused(tariffs: World, refusal: type[Refused]) -> None:
    [card] = send(tariffs, ROWS.splitlines(keepends=True)[0]).cards
    backwards = refusal is EndsBeforeItBegins
    with pytest.raises(refusal):
        date_rate_card(
            tariffs.nord.pk if backwards else tariffs.boreal.pk,
            card_id=card,
            valid_from=FIRST,
            valid_to=date(2026, 10, 1) if backwards else None,
            actor=CHEN,
        )
    public = RateCard.objects.filter(operator=None)[0]
    with pytest.raises(NotThere):
        date_rate_card(tariffs.nord.pk, card_id=public.pk, valid_from=FIRST, valid_to=None, actor=CHEN)


def test_a_zone_of_many_countries_keeps_them_all(tariffs: World) -> None:
    many = "AT+BE+BG+CY+CZ+DE+DK+EE+ES"
    send(tariffs, f"Colissimo Domicile,{many},1,5,EUR,,2\n")
    zone = RateZone.objects.get(card=own(tariffs)[0])
    assert zone.countries == many.split("+")
    assert len(zone.code) <= 20
    send(tariffs, f"Colissimo Domicile,{zone.code},1,6,EUR,,2\n", replace=True)
    assert RateZone.objects.get(card=own(tariffs)[0]).countries == many.split("+")
