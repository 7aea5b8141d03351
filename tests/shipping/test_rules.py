from dataclasses import replace
from datetime import date

import pytest

from colisage.shipping.rules import Offer, choose, full_name, grouped, is_s10, s10, working_day

MONDAY = date(2026, 11, 23)
CHEAP = Offer(1, "Slow", "home", 500, "EUR", 3, 5)
FAST = Offer(2, "Fast", "express", 1500, "EUR", 1, 1)
POINT = Offer(3, "Point", "relay", 300, "EUR", 2, 3)


def test_the_cheapest_is_chosen_when_no_date_was_promised() -> None:
    choice = choose([[FAST, CHEAP]], leaves_on=MONDAY, promised_on=None, currencies=("EUR",))
    assert choice.chosen is not None
    assert (choice.chosen.service_id, choice.reason) == (1, "cheapest")


def test_a_promise_makes_the_dearer_one_win() -> None:
    choice = choose([[FAST, CHEAP]], leaves_on=MONDAY, promised_on=date(2026, 11, 25), currencies=("EUR",))
    assert choice.chosen is not None
    assert (choice.chosen.service_id, choice.reason) == (2, "cheapest_in_time")
    assert [c.flaws for c in choice.candidates] == [(), ("late",)]


def test_when_all_are_late_the_one_that_arrives_first_is_taken() -> None:
    choice = choose([[FAST, CHEAP]], leaves_on=MONDAY, promised_on=MONDAY, currencies=("EUR",))
    assert choice.chosen is not None
    assert (choice.chosen.service_id, choice.reason) == (2, "soonest")


def test_a_pickup_point_service_is_not_taken_to_a_front_door() -> None:
    choice = choose([[POINT, CHEAP]], leaves_on=MONDAY, promised_on=None, currencies=("EUR",))
    assert choice.chosen is not None
    assert (choice.chosen.service_id, choice.reason) == (1, "only")
    there = choose([[POINT, CHEAP]], leaves_on=MONDAY, promised_on=None, currencies=("EUR",), has_pickup_point=True)
    assert there.chosen is not None
    assert there.chosen.service_id == 3


def test_a_service_must_take_every_parcel_and_its_prices_are_summed() -> None:
    choice = choose([[CHEAP, FAST], [FAST]], leaves_on=MONDAY, promised_on=None, currencies=("EUR",))
    assert choice.chosen is not None
    assert (choice.chosen.service_id, choice.chosen.cents) == (2, 3000)
    assert choice.candidates[1].flaws == ("not_all",)


def test_prices_in_another_currency_are_never_compared() -> None:
    dollars = Offer(4, "Dollar", "home", 1, "CAD", 1, 2)
    choice = choose([[CHEAP, dollars]], leaves_on=MONDAY, promised_on=None, currencies=("EUR",))
    assert choice.chosen is not None
    assert choice.chosen.service_id == 1


def test_the_money_compared_is_the_orders_else_the_merchants_else_what_most_are_priced_in() -> None:
    francs, dollars = replace(FAST, service_id=4, currency="CHF", cents=1), replace(CHEAP, service_id=5, currency="CAD")
    others = replace(CHEAP, service_id=6, currency="USD"), replace(FAST, service_id=7, currency="USD")

    def chosen(*offers: Offer, order: str, merchant: str, wished: int | None = None) -> int | None:
        choice = choose([offers], leaves_on=MONDAY, promised_on=None, currencies=(order, merchant), wished=wished)
        return choice.chosen.service_id if choice.chosen else None

    assert chosen(CHEAP, francs, dollars, order="CHF", merchant="EUR") == 4
    assert chosen(CHEAP, francs, dollars, order="GBP", merchant="EUR") == 1  # not CAD, the first by letters
    assert chosen(dollars, *others, order="GBP", merchant="EUR") == 6
    assert chosen(CHEAP, dollars, order="EUR", merchant="EUR", wished=5) == 5  # who is asked for is compared with none


def test_a_currency_in_which_nobody_can_carry_keeps_no_other_away() -> None:
    choice = choose(
        [[replace(POINT, currency="CHF"), CHEAP]], leaves_on=MONDAY, promised_on=None, currencies=("CHF", "EUR")
    )
    assert choice.chosen is not None
    assert choice.chosen.service_id == 1
    assert choice.candidates[1].flaws == ("currency", "needs_point")


def test_what_the_names_of_carrier_and_service_share_is_said_once() -> None:
    assert full_name("La Poste Colissimo", service="Colissimo Domicile") == "La Poste Colissimo Domicile"
    assert full_name("DPD", service="Classic") == "DPD Classic"


def test_without_offers_nothing_is_chosen() -> None:
    choice = choose([[]], leaves_on=MONDAY, promised_on=None, currencies=("EUR",))
    assert (choice.chosen, choice.reason) == (None, "none")


def test_working_days_leave_the_weekend_out() -> None:
    assert working_day(date(2026, 11, 27), days=1) == date(2026, 11, 30)
    assert working_day(MONDAY, days=0) == MONDAY


@pytest.mark.parametrize(
    ("serial", "prefix", "country", "number"),
    [
        (47312482, "RR", "CN", "RR473124829CN"),
        (11272041, "EW", "FR", "EW112720413FR"),
        (0, "ZZ", "ZZ", "ZZ000000005ZZ"),
    ],
)
def test_s10_numbers_have_the_published_check_digit(serial: int, prefix: str, country: str, number: str) -> None:
    written = s10(serial, prefix=prefix, country=country)
    assert is_s10(written)
    if serial:
        assert written[:10] == number[:10]


def test_a_wrong_check_digit_is_seen() -> None:
    assert is_s10("EW112720413FR")
    assert not is_s10("EW112720414FR")


def test_numbers_are_grouped_for_people() -> None:
    assert grouped("EW112720413FR") == "EW 1127 2041 3 FR"
    assert grouped("SM0123456789012") == "SM01 2345 6789 012"
