"""SSCC and plates: numbers that nobody else has, and settings that GS1 allows."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.catalog.actions.draw_unit_numbers import NotThatManyNumbers, RangeUsedUp, draw_unit_numbers
from colisage.catalog.actions.save_numbering import (
    NoCompanyPrefix,
    NoPlatePrefix,
    NoSeparator,
    NoSuchSerials,
    NumberingTold,
    PrefixTaken,
    SerialsUsed,
    save_numbering,
)
from colisage.catalog.models import Barcode, Numbering
from colisage.catalog.queries import judged
from colisage.catalog.queries.numbering import company_prefixes
from colisage.inventory.actions.draw_plate_codes import draw_plate_codes
from colisage.inventory.models import LicensePlate
from colisage.kit.actors import SYSTEM
from colisage.kit.gs1.digits import adds_up, check_digit
from colisage.kit.gs1.units import is_specimen, most_serial, sscc
from colisage.kit.models import AuditEntry
from colisage.kit.walls import behind_the_wall
from tests.cast import World
from tests.catalog.test_catalogue import client_of

PREFIX = "3761234"
GS = "\x1d"


def own(world: World, **changes: Any) -> None:
    told = {"company_prefix": PREFIX, "extension": 1, "first": 0, "last": 999_999_999, **changes}
    save_numbering(NumberingTold(**told), actor=SYSTEM, merchant_id=world.tilleul.pk)


def test_the_example_of_the_standard_adds_up() -> None:
    assert sscc("0614141", extension=1, serial=234567890) == "106141412345678908"
    assert most_serial("0614141") == 999_999_999
    for wrong in ({"extension": 10, "serial": 0}, {"extension": 0, "serial": 10**9}, {"extension": 0, "serial": -1}):
        with pytest.raises(ValueError, match="no SSCC"):
            sscc("0614141", **wrong)


@pytest.mark.django_db
def test_without_a_range_every_sscc_is_a_specimen(world: World) -> None:
    drawn = draw_unit_numbers(world.tilleul.pk, count=3, kind="sscc", operator_id=world.nord.pk)
    assert len(set(drawn)) == 3
    assert all(is_specimen(one) and adds_up(one) and len(one) == 18 for one in drawn)


@pytest.mark.django_db
def test_numbers_follow_each_other_and_are_drawn_once(world: World) -> None:
    own(world)
    first = draw_unit_numbers(world.tilleul.pk, count=2, kind="sscc")
    second = draw_unit_numbers(world.tilleul.pk, count=1, kind="sscc")
    assert [one[:-1] for one in first + second] == [f"1{PREFIX}{n:09}" for n in range(3)]
    assert all(adds_up(one) and not is_specimen(one) for one in first + second)


@pytest.mark.django_db
def test_the_operators_range_serves_merchants_that_have_none(world: World) -> None:
    save_numbering(
        NumberingTold(company_prefix="370012", extension=9, first=5, last=10), actor=SYSTEM, operator_id=world.nord.pk
    )
    assert draw_unit_numbers(world.tilleul.pk, count=1, kind="sscc", operator_id=world.nord.pk)[0].startswith("9370012")
    assert is_specimen(draw_unit_numbers(world.tilleul.pk, count=1, kind="sscc", operator_id=world.boreal.pk)[0])
    own(world)
    assert draw_unit_numbers(world.tilleul.pk, count=1, kind="sscc", operator_id=world.nord.pk)[0].startswith(
        f"1{PREFIX}"
    )


@pytest.mark.django_db
def test_a_range_at_its_end_gives_nothing_rather_than_a_number_twice(world: World) -> None:
    own(world, first=0, last=4)
    draw_unit_numbers(world.tilleul.pk, count=3, kind="sscc")
    with pytest.raises(RangeUsedUp, match="2"):
        draw_unit_numbers(world.tilleul.pk, count=3, kind="sscc")
    assert len(draw_unit_numbers(world.tilleul.pk, count=2, kind="sscc")) == 2
    with pytest.raises(RangeUsedUp):
        draw_unit_numbers(world.tilleul.pk, count=1, kind="sscc")


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, -1, 10_001])
def test_only_sensible_numbers_are_drawn(world: World, count: int) -> None:
    with pytest.raises(NotThatManyNumbers):
        draw_unit_numbers(world.tilleul.pk, count=count, kind="plate")


@pytest.mark.django_db
def test_ten_thousand_numbers_take_as_many_questions_as_one(world: World) -> None:
    own(world)
    asked = []
    for count in (1, 10_000):
        with CaptureQueriesContext(connection) as queries:
            assert len(set(draw_unit_numbers(world.tilleul.pk, count=count, kind="sscc"))) == count
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.django_db(transaction=True)
def test_those_who_draw_at_once_never_get_the_same(world: World) -> None:
    own(world)
    drawn: list[str] = []
    gate = threading.Barrier(6)

    def draw() -> None:
        gate.wait()
        try:
            for _ in range(5):
                with transaction.atomic():
                    mine = draw_unit_numbers(world.tilleul.pk, count=7, kind="sscc")
                    mine += draw_unit_numbers(world.tilleul.pk, count=7, kind="plate")
                drawn.extend(mine)
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == len(set(drawn)) == 6 * 5 * 14


@pytest.mark.django_db
def test_plates_have_numbers_of_their_own_and_none_that_was_typed_before(world: World) -> None:
    following = draw_plate_codes(world.tilleul.pk, count=1)[0]
    assert following.startswith("LPN")
    assert adds_up(following[3:])
    typed = f"LPN{int(following[3:-1]) + 1:08}"

    LicensePlate.objects.create(merchant=world.tilleul, code=typed + check_digit(typed[3:]))
    drawn = draw_plate_codes(world.tilleul.pk, count=2)
    assert len(set(drawn)) == 2
    assert typed + check_digit(typed[3:]) not in drawn


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"company_prefix": "12345"}, NoCompanyPrefix),
        ({"company_prefix": "1234567890123"}, NoCompanyPrefix),
        ({"company_prefix": "37612E4"}, NoCompanyPrefix),
        ({"company_prefix": "9521234"}, NoCompanyPrefix),
        ({"company_prefix": "١٢٣٤٥٦٧"}, NoCompanyPrefix),
        ({"last": 10**9}, NoSuchSerials),
        ({"first": 5, "last": 4}, NoSuchSerials),
        ({"extension": 10}, NoSuchSerials),
        ({"plate_prefix": "L1"}, NoPlatePrefix),
        ({"plate_prefix": ""}, NoPlatePrefix),
        ({"separator": "A"}, NoSeparator),
        ({"separator": "("}, NoSeparator),
        ({"separator": "\x00"}, NoSeparator),
    ],
)
def test_what_gs1_does_not_allow_is_refused(world: World, changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        own(world, **changes)
    assert not Numbering.objects.exists()
    assert not AuditEntry.objects.filter(verb="numbering_set").exists()


@pytest.mark.django_db
def test_numbers_given_out_are_never_given_again(world: World) -> None:
    own(world)
    draw_unit_numbers(world.tilleul.pk, count=10, kind="sscc")
    with pytest.raises(SerialsUsed, match="9"):
        own(world, first=9)
    own(world, first=10)
    own(world, first=0, extension=2)  # other numbers
    with pytest.raises(PrefixTaken):
        save_numbering(
            NumberingTold(company_prefix=PREFIX, extension=2, last=5), actor=SYSTEM, merchant_id=world.northwind.pk
        )
    assert company_prefixes([world.tilleul.pk, world.northwind.pk]) == {world.tilleul.pk: PREFIX}
    assert AuditEntry.objects.filter(verb="numbering_set").count() == 3


@pytest.mark.django_db
def test_the_database_itself_refuses_half_a_numbering(world: World) -> None:
    for wrong in ({}, {"merchant": world.tilleul, "operator": world.nord}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Numbering.objects.create(**wrong)


@pytest.mark.django_db
def test_what_ones_scanners_send_is_understood_and_only_there(world: World) -> None:
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="9506000134352")
    sent = "010950600013435210AB1%21S1"
    assert judged([world.tilleul.pk], code=sent).hits[0].lot == ""
    save_numbering(NumberingTold(separator="%"), actor=SYSTEM, operator_id=world.nord.pk)
    hit = judged([world.tilleul.pk], code=sent).hits[0]
    assert (hit.lot, hit.serial) == ("AB1", "S1")


@pytest.mark.django_db
def test_the_numbering_of_others_is_behind_the_wall(world: World) -> None:
    own(world)
    with behind_the_wall(merchants=[world.northwind.pk], operators=[]):
        assert not Numbering.objects.exists()
    with behind_the_wall(merchants=[world.tilleul.pk], operators=[world.nord.pk]):
        assert not is_specimen(draw_unit_numbers(world.tilleul.pk, count=1, kind="sscc", operator_id=world.nord.pk)[0])


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_manager_sets_the_numbering_and_sees_examples_first(world: World, language: str) -> None:
    chen = client_of(world.chen, language=language)
    page = f"/catalog/numbering/merchant/{world.tilleul.pk}"
    said = {
        "company_prefix": PREFIX,
        "extension": "3",
        "first": "12",
        "last": "",
        "plate_prefix": "pal",
        "separator": "|",
    }
    answer = chen.post(page, {**said, "check": "1"})
    assert answer.status_code == 200
    assert sscc(PREFIX, extension=3, serial=12) in answer.content.decode()
    assert not Numbering.objects.exists()
    assert chen.post(page, said).status_code == 302
    row = Numbering.objects.get()
    assert (row.next_serial, row.last_serial, row.plate_prefix) == (12, 999_999_999, "PAL")
    assert sscc(PREFIX, extension=3, serial=12) in chen.get("/catalog/numbering").content.decode()
    assert chen.post(page, {**said, "company_prefix": "952123"}).status_code == 422
    assert chen.post(page, {**said, "extension": "x", "first": "-1", "last": "9" * 40}).status_code == 422


@pytest.mark.django_db
def test_only_managers_set_it_and_only_their_own(world: World) -> None:
    dee: Client = client_of(world.dee)
    assert dee.get(f"/catalog/numbering/merchant/{world.tilleul.pk}").status_code == 404
    assert dee.get(f"/catalog/numbering/operator/{world.boreal.pk}").status_code == 404
    assert dee.get("/catalog/numbering/nobody/1").status_code == 404
    assert client_of(world.ada).get("/catalog/numbering").status_code == 403
    assert client_of(world.ada).get(f"/catalog/numbering/operator/{world.nord.pk}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        (f"]C10109506000134352172701311 0AB{GS}21S1".replace(" ", ""), 200, "AB"),
        ("010950600013435210AB117270131", 200, "separators"),
        ("9506000134353", 422, "check digit"),
        ("\x00", 422, "noise"),
        ("MUG", 200, "Read without doubt"),
        ("&" * 9, 422, "keyboard"),
    ],
)
def test_a_scanner_can_be_tried_without_booking(world: World, sent: str, status: int, said: str) -> None:
    answer = client_of(world.chen).post("/catalog/numbering", {"code": sent})
    assert answer.status_code == status
    assert said in answer.content.decode()
