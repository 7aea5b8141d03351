"""What a customer sees, and what nobody else does."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from colisage.intake.actions.check_addresses import check_addresses
from colisage.intake.models import AddressCheck
from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.notices.models import Message
from colisage.notices.queries import token_of
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.events import OrderAccepted, OrderChanged
from colisage.orders.models import FulfillmentOrder, Hold, Order, OrderLine
from colisage.returns.models import ReturnRequest
from tests.cast import CAMILLE, World
from tests.returns.conftest import Delivered, asked, chen, delivered  # noqa: F401 -- fixtures


@pytest.fixture(autouse=True)
def _uncounted() -> None:
    cache.clear()


@pytest.fixture
def customer() -> Client:
    return Client(enforce_csrf_checks=False)


def page(name: str, world: World, order: int, **more: Any) -> str:
    return reverse(name, kwargs={"token": token_of(world.tilleul.pk, order_id=order), **more})


def accepted(world: World, **changes: Any) -> int:
    [made] = place_orders([world.order(("MUG", 1), **changes)], actor=SYSTEM)
    assert made.order_id is not None
    return made.order_id


def test_the_page_answers_in_the_orders_language_and_can_be_switched(world: World, customer: Client) -> None:
    order = accepted(world, language="en")
    english = customer.get(page("portal-order", world, order))
    assert "We have your order" in english.content.decode()
    assert 'lang="en"' in english.content.decode()
    customer.cookies["language"] = "fr"
    french = customer.get(page("portal-order", world, order))
    assert 'lang="fr"' in french.content.decode()
    assert (french["Cache-Control"], french["Referrer-Policy"]) == ("private, no-store", "same-origin")


def doubted(world: World, **changes: Any) -> int:
    """Accept an order to a town that its postcode does not know, and look at it as a worker does."""
    order = accepted(world, ship_to={**CAMILLE, "city": "Pariss"}, **changes)
    check_addresses([OrderAccepted(merchant_id=world.tilleul.pk, order_id=order)])
    assert Hold.objects.filter(order=order, released_at=None, kind="address").exists()
    return order


@pytest.mark.parametrize(("choice", "city", "state"), [("take", "Paris", "accepted"), ("keep", "Pariss", "kept")])
@time_machine.travel(timezone.now, tick=False)  # a link says when it was made, to the second
def test_a_customer_says_which_address_is_right_and_the_order_goes_on(
    world: World, customer: Client, choice: str, city: str, state: str
) -> None:
    order = doubted(world, language="fr")
    door = page("portal-address", world, order)
    assert door in customer.get(page("portal-order", world, order)).content.decode()
    question = customer.get(door).content.decode()
    assert "Pariss" in question
    assert "Quelle adresse est la bonne" in question
    assert customer.post(door, {choice: "1"})["Location"].endswith("said=address")
    here = Order.objects.get(pk=order)
    assert (here.ship_to or {})["city"] == city
    assert not Hold.objects.filter(order=order, released_at=None).exists()
    check = AddressCheck.objects.get(order=order)
    assert (check.state, check.settled_by) == (state, "Le client")
    again = customer.post(door, {choice: "1"}, follow=True)  # it counts once, and says so
    assert "Il n’y a plus rien à choisir" in again.content.decode()
    assert door not in customer.get(page("portal-order", world, order)).content.decode()


def test_a_customer_confirms_the_address_that_was_on_the_page_and_no_other(world: World, customer: Client) -> None:
    order = doubted(world, language="fr")
    door = page("portal-address", world, order)
    [seen] = re.findall(r'name="check" value="(\d+)"', customer.get(door).content.decode())
    there = {**CAMILLE, "postcode": "69002", "city": "Lyonn"}
    done = change_order(world.tilleul.pk, order_id=order, wish=Wish(ship_to=there), actor=SYSTEM)
    check_addresses(
        [OrderChanged(merchant_id=world.tilleul.pk, order_id=order, change_id=done.change_id or 0, kind="address")]
    )
    answer = customer.post(door, {"take": "1", "check": seen})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "L’adresse a été modifiée entre-temps" in text
    assert "Lyonn" in text
    assert (Order.objects.get(pk=order).ship_to or {})["city"] == "Lyonn"
    [seen] = re.findall(r'name="check" value="(\d+)"', text)
    assert customer.post(door, {"take": "1", "check": seen})["Location"].endswith("said=address")
    assert (Order.objects.get(pk=order).ship_to or {})["city"] == "Lyon"


def test_a_customer_is_asked_by_e_mail_once_with_a_link_to_the_question(world: World, customer: Client) -> None:
    order = doubted(world, language="en", email="camille@example.com")
    staff = Client()
    staff.force_login(world.chen)
    staff.cookies["language"] = "en"
    door = reverse("order-address-ask", args=[order])
    assert door in staff.get(reverse("order", args=[order])).content.decode()
    assert "asked by e-mail" in staff.post(door, follow=True).content.decode()
    assert "asked already" in staff.post(door, follow=True).content.decode()
    [message] = Message.objects.filter(kind="address")
    assert (message.to, message.language) == ("camille@example.com", "en")
    assert "Probably meant: Paris" in message.text
    [link] = re.findall(r"/portal/o/\S+/address", message.text)
    assert "Which address is right?" in customer.get(link).content.decode()
    staff.force_login(world.dee)
    assert staff.post(door).status_code == 404


HUGO = {"name": "Hugo Lefèvre", "line1": "2 rue Delgrès", "city": "Basse-Terre", "region": "", "country": "France"}


def unfinished(world: World, **changes: Any) -> int:
    """Accept an order without a postcode to a town whose name says none, and look at it as a worker does."""
    there = {**CAMILLE, **HUGO, "country": "FR", "postcode": "", **changes}
    order = accepted(world, ship_to=there, language="fr", email="hugo@example.com")
    looked_at(world, order)
    assert Hold.objects.filter(order=order, released_at=None, reason="no_postcode").exists()
    return order


def looked_at(world: World, order: int) -> None:
    """Look at an order's address as a worker does after it was accepted."""
    check_addresses([OrderAccepted(merchant_id=world.tilleul.pk, order_id=order)])


def test_a_customer_completes_an_address_for_which_nothing_is_suggested(world: World, customer: Client) -> None:
    order = unfinished(world)
    staff = Client()
    staff.force_login(world.chen)
    ask = reverse("order-address-ask", args=[order])
    assert ask in staff.get(reverse("order", args=[order])).content.decode()
    staff.post(ask)
    [message] = Message.objects.filter(kind="address")
    assert "2 rue Delgrès, Basse-Terre, FR" in message.text
    assert "Compléter l’adresse" in message.text
    assert "Sans doute" not in message.text
    door = page("portal-address", world, order)
    assert door in customer.get(page("portal-order", world, order)).content.decode()
    text = customer.get(door).content.decode()
    assert "Le code postal manque" in text
    [seen] = re.findall(r'name="check" value="(\d+)"', text)
    for wrong in ("", "971"):
        answer = customer.post(door, {**HUGO, "postcode": wrong, "check": seen})
        assert (answer.status_code, answer.content.decode().count("Le code postal manque")) == (422, 1 - bool(wrong))
    assert not (Order.objects.get(pk=order).ship_to or {})["postcode"]
    answer = customer.post(door, {**HUGO, "postcode": "97100", "check": seen}, follow=True)
    assert "votre adresse est notée" in answer.content.decode()
    kept = Order.objects.get(pk=order).ship_to or {}
    assert (kept["postcode"], kept["country"], kept["line1"]) == ("97100", "FR", "2 rue Delgrès")
    assert Hold.objects.filter(order=order, released_at=None).exists()  # until it is found good
    looked_at(world, order)
    assert not Hold.objects.filter(order=order, released_at=None).exists()


def test_a_customer_who_insists_is_believed_when_nothing_is_missing(world: World, customer: Client) -> None:
    order = accepted(world, ship_to={**CAMILLE, "postcode": "69100", "city": "Lyon"}, language="fr")
    looked_at(world, order)
    door = page("portal-address", world, order)
    [seen] = re.findall(r'name="check" value="(\d+)"', customer.get(door).content.decode())
    same = {"name": CAMILLE["name"], "line1": CAMILLE["line1"], "postcode": "69100", "city": "Lyon", "country": "FR"}
    assert customer.post(door, {**same, "check": seen}).status_code == 302
    assert AddressCheck.objects.get(order=order).state == "kept"
    assert not Hold.objects.filter(order=order, released_at=None).exists()


def test_a_phone_number_alone_is_no_answer_to_an_address_that_lacks_its_postcode(
    world: World, customer: Client
) -> None:
    order = unfinished(world, phone="06 12 34 56 78")
    text = customer.get(page("portal-address", world, order)).content.decode()
    assert "+33612345678" not in text
    assert 'name="take"' not in text


def test_a_link_that_is_wrong_or_old_looks_like_no_page(world: World, customer: Client) -> None:
    order = accepted(world)
    with time_machine.travel(timezone.now() - timedelta(days=181)):
        old = page("portal-order", world, order)
    addresses = [
        old,
        page("portal-order", world, order)[:-1],
        page("portal-order", world, order + 1000),
        reverse("portal-order", args=[token_of(world.northwind.pk, order_id=order)]),
        reverse("portal-order", args=["x"]),
        reverse("portal-find", args=["nobody"]),
    ]
    answers = [customer.get(address) for address in addresses]
    assert {answer.status_code for answer in answers} == {404}
    [told] = {answer.content.decode() for answer in answers}
    assert "Rouvrez-le depuis l’e-mail" in told
    assert "Open it once more from the e-mail" in told
    assert 'href="/"' not in told  # the first page is for staff: a customer would have to log in


def test_a_customer_returns_an_item_and_gets_the_label(
    world: World,
    customer: Client,
    delivered: Delivered,  # noqa: F811
) -> None:
    order = delivered(("MUG", 2))
    line = OrderLine.objects.get(order_id=order)
    form = page("portal-return", world, order)
    assert customer.get(form).status_code == 200
    assert customer.post(form, {}).status_code == 422
    sent = customer.post(form, {f"units_{line.pk}": "1", f"reason_{line.pk}": "too_small", "note": "<b>x</b>"})
    assert sent.headers["Location"].endswith("?said=return")
    made = ReturnRequest.objects.get()
    assert (made.state, made.asked_by, made.note) == ("label_sent", "customer", "<b>x</b>")
    shown = customer.get(sent.headers["Location"]).content.decode()
    assert made.number in shown
    label = customer.get(page("portal-label", world, order, return_id=made.pk))
    assert label.content.startswith(b"%PDF")
    other = accepted(world)
    assert customer.get(page("portal-label", world, other, return_id=made.pk)).status_code == 404


def test_a_return_too_late_is_refused_with_the_day(
    world: World,
    customer: Client,
    delivered: Delivered,  # noqa: F811
) -> None:
    order = delivered(("MUG", 1), days_ago=60, language="en")
    line = OrderLine.objects.get(order_id=order)
    answer = customer.post(
        page("portal-return", world, order), {f"units_{line.pk}": "1", f"reason_{line.pk}": "too_small"}
    )
    assert answer.status_code == 422
    assert "This could be returned until" in answer.content.decode()
    assert not ReturnRequest.objects.exists()


def test_a_problem_reaches_the_shop_and_stops_what_has_not_left(world: World, customer: Client) -> None:
    order = accepted(world)
    told = {"what": "address", "words": "Au 12, pas au 8"}
    for _ in range(2):
        assert customer.post(page("portal-problem", world, order), told).status_code == 302
    assert customer.post(page("portal-problem", world, order), {"what": "nonsense"}).status_code == 422
    message = Message.objects.get(kind="problem")
    assert message.to == "bonjour@tilleul.example"
    assert message.reply_to == "camille@example.com"
    assert "Au 12, pas au 8" in message.text
    assert Hold.objects.get().kind == "manual"
    assert AuditEntry.objects.filter(doc_id=order, verb="problem_address", actor_kind="customer").count() == 2


def test_an_order_that_has_come_is_not_held(
    world: World,
    customer: Client,
    delivered: Delivered,  # noqa: F811
) -> None:
    customer.post(page("portal-problem", world, delivered(("MUG", 1))), {"what": "damaged"})
    assert not Hold.objects.exists()
    assert Message.objects.filter(kind="problem").exists()


def test_a_customer_cancels_as_long_as_nobody_works_on_it(world: World, customer: Client) -> None:
    order = accepted(world)
    assert customer.get(page("portal-cancel", world, order)).status_code == 200
    assert Order.objects.get(pk=order).state == "open"
    assert customer.post(page("portal-cancel", world, order)).status_code == 302
    assert Order.objects.get(pk=order).state == "cancelled"
    assert set(Reservation.objects.values_list("state", flat=True)) == {"released"}


def test_a_cancellation_that_comes_too_late_is_refused(world: World, customer: Client) -> None:
    order = accepted(world)
    FulfillmentOrder.objects.create(merchant=world.tilleul, order_id=order, node=world.lyon, stage="picked")
    assert customer.post(page("portal-cancel", world, order)).status_code == 409
    assert Order.objects.get(pk=order).state == "open"


def test_number_and_postcode_show_the_status_and_nothing_else(world: World, customer: Client) -> None:
    order = Order.objects.get(pk=accepted(world))
    address = reverse("portal-find", args=["tilleul"])
    assert customer.get(address).status_code == 200
    found = customer.post(address, {"number": order.number.lstrip("#"), "postcode": "75018"})
    text = found.content.decode()
    assert found.status_code == 200
    assert order.number in text
    for private in ("Camille", "Mug", "Lepic", "camille@", "/portal/o/"):
        assert private not in text
    wrong = customer.post(address, {"number": order.number, "postcode": "75019"})
    unknown = customer.post(address, {"number": "no such", "postcode": "75018"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    errors = [re.findall(r'<div class="notice".*?</div>', a.content.decode(), re.DOTALL) for a in (wrong, unknown)]
    assert errors[0] == errors[1]


def test_who_tries_too_often_has_to_wait(world: World, customer: Client) -> None:
    order = Order.objects.get(pk=accepted(world))
    address = reverse("portal-find", args=["tilleul"])
    codes = [
        customer.post(address, {"number": order.number, "postcode": str(n)}, REMOTE_ADDR=f"10.0.0.{n}").status_code
        for n in range(12)
    ]
    assert codes == [422] * 10 + [429] * 2
    cache.clear()
    pages = [customer.get(page("portal-order", world, order.pk)).status_code for _ in range(61)]
    assert pages == [200] * 60 + [429]
