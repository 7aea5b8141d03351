from typing import Any

import pytest
from django.urls import reverse

from colisage.intake.actions.check_addresses import check_addresses
from colisage.intake.actions.settle_address import AddressChanged, NothingToSettle, settle_address
from colisage.intake.models import AddressCheck
from colisage.intake.queries.addresses import address_check, communes
from colisage.intake.rules.addresses import check, phone_of
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.events import OrderAccepted, OrderChanged
from colisage.orders.models import Hold, Order, OrderChange, OrderLine
from tests.cast import CAMILLE, World


def found(country: str, postcode: str, city: str, **changes: str) -> tuple[tuple[str, ...], tuple[str, str] | None]:
    address = {**CAMILLE, "country": country, "postcode": postcode, "city": city, **changes}
    finding = check(address, communes=communes())
    meant = finding.suggestion
    return finding.faults, (meant["postcode"], meant["city"]) if meant else None


@pytest.mark.parametrize(
    ("postcode", "city"),
    [
        ("75018", "Paris"), ("75018", "PARIS 18E"), ("69003", "Lyon 3ème arrondissement"), ("97410", "St Pierre"),
        ("13100", "Aix-en-Provence"), ("35400", "Saint Malo"), ("92055", "La Défense Cedex"), ("20000", "Ajaccio"),
        ("14470", "Courseulles s/ Mer"), ("59000", "LILLE"), ("67000", "Strasbourg"), ("97139", "Les Abymes"),
    ],
)  # fmt: skip
def test_what_is_right_in_france_is_left_alone(postcode: str, city: str) -> None:
    assert found("FR", postcode, city) == ((), None)


@pytest.mark.parametrize(
    ("postcode", "city", "fault", "meant"),
    [
        ("75018", "Pariss", "postcode_city", ("75018", "Paris")),
        ("44000", "Nates", "postcode_city", ("44000", "Nantes")),
        ("53400", "Saint-Malo", "postcode_city", ("35400", "Saint-Malo")),
        ("69100", "Lyon", "postcode_city", None),
        ("75000", "Paris", "bad_postcode", None),
        ("99999", "Nulle part", "bad_postcode", None),
    ],
)
def test_what_is_wrong_in_france_is_said_with_what_was_meant_where_that_is_sure(
    postcode: str, city: str, fault: str, meant: tuple[str, str] | None
) -> None:
    assert found("FR", postcode, city) == ((fault,), meant)


def test_a_lost_zero_and_spaces_are_mended_without_a_fault() -> None:
    assert found("FR", "1000", "Bourg-en-Bresse") == ((), ("01000", "Bourg-en-Bresse"))
    assert found("FR", "75 018", "Paris") == ((), ("75018", "Paris"))


@pytest.mark.parametrize(
    ("country", "postcode", "city", "region", "fault"),
    [
        ("US", "90210", "Los Angeles", "Kalifornien", "no_region"),
        ("US", "9021", "Beverly Hills", "CA", "bad_postcode"),
        ("AT", "123", "Wien", "", "bad_postcode"), ("IE", "", "Dublin", "", ""), ("GB", "SW1A 1AA", "London", "", ""),
        ("US", "09366", "APO", "AE", ""), ("HK", "", "Hong Kong", "Kowloon", ""), ("XX", "1", "Nowhere", "", ""),
    ],
)  # fmt: skip
def test_other_countries_are_judged_by_their_own_rules(
    country: str, postcode: str, city: str, region: str, fault: str
) -> None:
    assert found(country, postcode, city, region=region)[0] == ((fault,) if fault else ())


@pytest.mark.parametrize(
    ("country", "postcode", "region"),
    [
        ("US", "90210", "CA"),
        ("US", "00901", "PR"),
        ("US", "99501", "AK"),
        ("CA", "H1N 2H7", "QC"),
        ("CA", "X0A 0H0", ""),
    ],
)
def test_a_region_that_was_left_out_is_suggested_and_holds_nothing(country: str, postcode: str, region: str) -> None:
    address = {**CAMILLE, "country": country, "postcode": postcode, "city": "There", "region": ""}
    finding = check(address, communes=communes())
    assert finding.faults == ()
    assert (finding.suggestion or {}).get("region", "") == region


def test_a_phone_number_is_given_as_the_world_dials_it() -> None:
    assert phone_of("06 12 34 56 78", country="FR") == "+33612345678"
    assert phone_of("+44 20 7946 0018", country="FR") == "+442079460018"
    assert (
        phone_of("123", country="FR") == phone_of("appelez-moi", country="FR") == phone_of("1" * 400, country="") == ""
    )


def accepted(world: World, **changes: Any) -> Order:
    """Accept an order to an address, and look at it as a worker does."""
    order = world.order(("MUG", 1), ship_to={**CAMILLE, **changes})
    [answer] = place_orders([order], actor=SYSTEM)
    pk = answer.order_id or 0
    check_addresses([OrderAccepted(merchant_id=world.tilleul.pk, order_id=pk)])
    return Order.objects.get(pk=pk)


def heard(order: Order, change_id: int | None) -> OrderChanged:
    return OrderChanged(merchant_id=order.merchant_id, order_id=order.pk, change_id=change_id or 0, kind="lines")


def changed(order: Order, **wish: Any) -> None:
    """Change an order, and look at it as a worker does."""
    done = change_order(order.merchant_id, order_id=order.pk, wish=Wish(**wish), actor=SYSTEM)
    check_addresses([heard(order, done.change_id)])


def reasons(order: Order) -> list[str]:
    return list(Hold.objects.filter(order=order, released_at=None).values_list("reason", flat=True))


def test_an_order_that_cannot_be_delivered_waits_until_the_suggestion_is_taken(balanced: World, enter: Any) -> None:
    order = accepted(balanced, city="Pariss")
    assert reasons(order) == ["postcode_city"]
    page = enter(balanced.chen).get(reverse("order", args=[order.pk])).content.decode()
    assert "The postcode and the town do not belong together." in page
    assert f'href="{reverse("order-change", args=[order.pk])}">' in page.partition("It is right as written")[2][:200]
    door = reverse("order-address", args=[order.pk])
    assert enter(balanced.dee).post(door, {"take": "1"}).status_code == 404
    assert enter(balanced.chen).post(door, {"take": "1"}).status_code == 302
    order.refresh_from_db()
    assert (order.ship_to["city"], reasons(order)) == ("Paris", [])
    assert AddressCheck.objects.get().state == "accepted"
    check_addresses([heard(order, OrderChange.objects.get().pk)])
    assert reasons(order) == []
    with pytest.raises(NothingToSettle):
        settle_address(order.merchant_id, order_id=order.pk, take=True, actor=SYSTEM)


def test_a_person_who_knows_better_keeps_the_address(balanced: World) -> None:
    order = accepted(balanced, postcode="69100", city="Lyon")
    assert reasons(order) == ["postcode_city"]
    with pytest.raises(NothingToSettle):  # nothing is suggested
        settle_address(order.merchant_id, order_id=order.pk, take=True, actor=SYSTEM)
    settle_address(order.merchant_id, order_id=order.pk, take=False, actor=SYSTEM)
    assert reasons(order) == []
    changed(order, ship_to=CAMILLE)
    changed(order, ship_to={**CAMILLE, "postcode": "69100", "city": "Lyon"})
    assert reasons(order) == []


def test_an_address_that_is_corrected_by_hand_frees_the_order(balanced: World) -> None:
    order = accepted(balanced, postcode="99999", city="Nulle part")
    changed(order, ship_to=CAMILLE)
    assert reasons(order) == []
    assert AddressCheck.objects.get().state == "solved"


def test_an_address_that_is_corrected_is_free_though_its_phone_number_could_be_written_better(balanced: World) -> None:
    order = accepted(balanced, postcode="99999", city="Nulle part", phone="06 12 34 56 78")
    changed(order, ship_to={**CAMILLE, "phone": "06 12 34 56 78"})
    assert reasons(order) == []


def test_an_address_is_looked_at_though_units_change_in_the_same_breath(balanced: World) -> None:
    order = accepted(balanced)
    line = OrderLine.objects.get(order=order)
    changed(order, ship_to={**CAMILLE, "city": "Pariss"}, quantities={line.pk: 2})
    assert reasons(order) == ["postcode_city"]
    changed(order, ship_to=CAMILLE, quantities={line.pk: 1})
    assert reasons(order) == []


def test_every_fault_holds_and_what_is_true_no_more_is_released(balanced: World) -> None:
    order = accepted(balanced, name="", company="", postcode="")
    assert sorted(reasons(order)) == ["no_name", "no_postcode"]
    changed(order, ship_to={**CAMILLE, "name": "", "company": "", "city": "Pariss"})
    assert sorted(reasons(order)) == ["no_name", "postcode_city"]
    changed(order, ship_to={**CAMILLE, "city": "Pariss"})
    assert reasons(order) == ["postcode_city"]


def test_a_hold_that_a_person_set_about_the_address_is_that_person_s_to_release(balanced: World) -> None:
    order = accepted(balanced, city="Pariss")
    set_hold(order.merchant_id, order_ids=[order.pk], kind="address", reason="She moves in May", actor=SYSTEM)
    changed(order, ship_to=CAMILLE)
    assert reasons(order) == ["She moves in May"]


def test_a_suggestion_for_an_address_that_is_not_this_any_more_changes_nothing(balanced: World) -> None:
    order = accepted(balanced, city="Pariss")
    there = {**CAMILLE, "line1": "1 place Bellecour", "postcode": "69002", "city": "Lyon"}
    done = change_order(order.merchant_id, order_id=order.pk, wish=Wish(ship_to=there), actor=SYSTEM)
    for take in (True, False):  # the worker has not looked yet, and the customer clicks in the e-mail of before
        with pytest.raises(AddressChanged):
            settle_address(order.merchant_id, order_id=order.pk, take=take, actor=SYSTEM, source="customer")
    assert address_check(order.merchant_id, order_id=order.pk) is None
    order.refresh_from_db()
    assert (order.ship_to, OrderChange.objects.count()) == (there, 1)
    check_addresses([heard(order, done.change_id)])
    assert reasons(order) == []


def test_an_address_that_was_kept_is_not_questioned_again_because_a_phone_number_changes(balanced: World) -> None:
    order = accepted(balanced, city="Pariss")
    settle_address(order.merchant_id, order_id=order.pk, take=False, actor=SYSTEM)
    changed(order, phone="+33612345679")
    assert reasons(order) == []
    changed(order, ship_to={**CAMILLE, "city": "Parisss"})
    assert reasons(order) == ["postcode_city"]


def test_what_can_be_delivered_is_not_held_though_it_can_be_written_better(balanced: World) -> None:
    order = accepted(balanced, postcode="75 018", phone="06 12 34 56 78")
    assert reasons(order) == []
    row = AddressCheck.objects.get()
    assert (row.faults, row.suggestion["postcode"], row.phone) == ([], "75018", "+33612345678")
    settle_address(order.merchant_id, order_id=order.pk, take=True, actor=SYSTEM)
    order.refresh_from_db()
    assert (order.ship_to["postcode"], order.phone) == ("75018", "+33612345678")


def test_nobody_settles_the_address_of_another_merchant_s_order(balanced: World) -> None:
    order = accepted(balanced, city="Pariss")
    with pytest.raises((NothingToSettle, NotThere)):
        settle_address(balanced.northwind.pk, order_id=order.pk, take=True, actor=SYSTEM)
    assert reasons(order) == ["postcode_city"]


def test_many_orders_ask_as_much_as_few(balanced: World, django_assert_max_num_queries: Any) -> None:
    orders = [balanced.order(("MUG", 1), ship_to={**CAMILLE, "city": "Pariss"}, may_owe=True) for _ in range(60)]
    ids = [answer.order_id or 0 for answer in place_orders(orders, actor=SYSTEM)]
    with django_assert_max_num_queries(17):
        check_addresses([OrderAccepted(merchant_id=balanced.tilleul.pk, order_id=pk) for pk in ids])
    assert Hold.objects.filter(order__in=ids, reason="postcode_city").count() == 60
