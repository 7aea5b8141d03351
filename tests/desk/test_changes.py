"""Changing an order on its page: who may, what is shown before and after, and what a stale page may not undo."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM
from colisage.notices.queries import token_of
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.tidy_doorsteps import tidy_doorsteps
from colisage.orders.models import FulfillmentOrder, Order, OrderChange, OrderLine
from tests.books import stand
from tests.cast import World
from tests.desk.test_pages import client_of
from tests.orders.parts import part_of

pytestmark = pytest.mark.django_db


def form_of(world: World, order: Order, **changes: Any) -> dict[str, Any]:
    """Give what the page would send when nothing was touched, changed."""
    address = {f"to_{part}": value for part, value in (order.ship_to or {}).items()}
    units = {f"units_{line.pk}": line.quantity - line.cancelled for line in OrderLine.objects.filter(order=order)}
    return {
        "seen": 0, "email": order.email, "shipping_method": "", "promised_on": "", "wanted_on": "", "gift_note": "",
        "customer_note": "", "reason": "customer_asked", **address, **units, **changes,
    }  # fmt: skip


@pytest.fixture
def order(world: World) -> Order:
    return Order.objects.get(pk=part_of(world, ("MUG", 3), ("CARTE", 2)).order_id or 0)


def send(client: Client, order: Order, data: dict[str, Any]) -> Any:
    return client.post(f"/orders/{order.pk}/change", data)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_line_cancelled_in_part_shows_before_and_after_and_what_to_pay_back(
    world: World, order: Order, language: str
) -> None:
    client = client_of(world.chen, language=language)
    assert client.get(f"/orders/{order.pk}/change").status_code == 200
    mug = OrderLine.objects.get(order=order, sku_code="MUG")
    answer = send(client, order, form_of(world, order, **{f"units_{mug.pk}": 1}))
    assert answer.headers["Location"] == f"/orders/{order.pk}"
    text = client.get(f"/orders/{order.pk}").content.decode()
    assert "3 → 1" in text
    assert {"fr": "−36,00 €", "en": "−€36.00"}[language] in text.replace("\xa0", " ").replace("\u202f", " ")
    assert {"fr": "sur 3 commandées", "en": "of 3 ordered"}[language] in text
    # What it comes to now is no sum that anybody paid before.
    assert {"fr": " · payée avant les", "en": " · paid before the"}[language].casefold() in text.casefold()
    assert stand(world.sku("MUG"), world.lyon) == (20, 1)


@pytest.mark.parametrize(("language", "name"), [("fr", "Allemagne"), ("en", "Germany")])
def test_where_it_goes_is_a_country_and_not_a_code(world: World, order: Order, language: str, name: str) -> None:
    Order.objects.update(ship_to={**(order.ship_to or {}), "country": "DE"})
    text = client_of(world.chen, language=language).get(f"/orders/{order.pk}").content.decode()
    assert f"{name}</p>" in text or f"{name}<" in text


def test_the_customers_page_shows_what_is_still_wanted(world: World, order: Order) -> None:
    mug, card = OrderLine.objects.filter(order=order).order_by("position")
    wish = Wish(quantities={mug.pk: 1, card.pk: 0})
    change_order(world.tilleul.pk, order_id=order.pk, wish=wish, actor=SYSTEM)
    token = token_of(world.tilleul.pk, order_id=order.pk)
    text = Client().get(reverse("portal-order", args=[token])).content.decode()
    assert '<td class="end num">1</td>' in text
    assert "Carte postale" not in text


def test_an_address_a_note_and_an_article_change_in_one_go(world: World, order: Order) -> None:
    data = form_of(
        world, order, to_city="Lyon", to_postcode="69002", to_country="France", gift_note="Bravo", add_sku="plume",
        add_units=1, add_price="80,00", email="autre@example.org",
    )  # fmt: skip
    assert send(client_of(world.chen), order, data).status_code == 302
    order.refresh_from_db()
    change = OrderChange.objects.get()
    assert (order.ship_to or {})["city"] == "Lyon"
    assert (order.gift_note, order.email, change.price_cents) == ("Bravo", "autre@example.org", 8_000)
    assert set(change.after) == {"ship_to", "email", "gift_note", "lines"}


def test_what_was_not_touched_is_not_asked_for(world: World, order: Order) -> None:
    assert send(client_of(world.chen), order, form_of(world, order)).status_code == 302
    assert not OrderChange.objects.exists()


def test_a_page_that_is_out_of_date_undoes_nothing(world: World, order: Order) -> None:
    mug = OrderLine.objects.get(order=order, sku_code="MUG")
    stale = form_of(world, order, gift_note="Bravo")
    change_order(world.tilleul.pk, order_id=order.pk, wish=Wish(quantities={mug.pk: 1}), actor=SYSTEM)
    answer = send(client_of(world.chen, language="en"), order, stale)
    assert (answer.status_code, "meanwhile" in answer.content.decode()) == (422, True)
    mug.refresh_from_db()
    assert (mug.cancelled, OrderChange.objects.count()) == (2, 1)


def test_units_on_the_floor_cannot_be_typed_away(world: World, order: Order) -> None:
    FulfillmentOrder.objects.update(stage="picking")
    mug = OrderLine.objects.get(order=order, sku_code="MUG")
    send(client_of(world.chen), order, form_of(world, order, **{f"units_{mug.pk}": 1}))
    assert not OrderChange.objects.exists()
    FulfillmentOrder.objects.update(stage="labelled")
    text = client_of(world.chen, language="en").get(f"/orders/{order.pk}/change").content.decode()
    assert "Put the order on hold: the label is stopped." in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"add_sku": "NOWHERE", "add_units": 1}, {"add_sku": "MUG"}, {"add_sku": "MUG", "add_units": "9" * 30},
        {"to_country": "Atlantis"}, {"email": "nobody"}, {"reason": "because"}, {"seen": "x"}, {"gift_note": "a\x00b"},
        {"add_sku": "MUG", "add_units": 1, "add_price": "-1"}, {"promised_on": "soon"},
        {"wanted_on": "soon"}, {"wanted_on": "2026-11-19"}, {"wanted_on": "2036-11-19"},
        {"add_sku": "a\x00b", "add_units": 1},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_nothing_changes(world: World, order: Order, wrong: dict[str, Any]) -> None:
    answer = send(client_of(world.chen), order, form_of(world, order, **wrong))
    assert answer.status_code == 422
    assert not OrderChange.objects.exists()


def test_who_only_packs_may_not_and_a_stranger_finds_nothing(world: World, order: Order) -> None:
    assert send(client_of(world.dee), order, form_of(world, order)).status_code == 404
    assert client_of(world.dee).get(f"/orders/{order.pk}/change").status_code == 404
    assert client_of(world.bo).get(f"/orders/{order.pk}/change").status_code in {403, 404}


def test_what_is_here_is_sent_ahead_from_the_page(world: World) -> None:
    part = part_of(world, ("MUG", 25))
    FulfillmentOrder.objects.update(stage="waiting")
    chen = client_of(world.chen, language="en")
    assert "Send now what is here" in chen.get(f"/orders/{part.order_id}").content.decode()
    address = f"/orders/{part.order_id}/parts/{part.pk}/split"
    assert client_of(world.dee).post(address).status_code == 404
    assert client_of(world.ada).post(address).status_code == 403
    assert chen.post(f"/orders/{part.order_id}/parts/{part.pk + 999}/split").status_code == 404
    assert not OrderChange.objects.exists()
    assert chen.post(address).status_code == 302
    assert sorted(FulfillmentOrder.objects.values_list("stage", flat=True)) == ["ready", "waiting"]
    assert "Lyon × 20, Lyon × 5" in chen.get(f"/orders/{part.order_id}").content.decode()
    assert chen.post(address).status_code == 302  # nothing is left to send ahead: said, and nothing done
    assert OrderChange.objects.count() == 1


def test_the_pages_say_what_is_owed_since_when_and_who_is_served_next(world: World) -> None:
    first, second = part_of(world, ("MUG", 22)), part_of(world, ("COFFRET", 1))
    part_of(world, ("TAPIS", 25))
    Reservation.objects.filter(owner_id__in=OrderLine.objects.filter(order=first.order_id)).update(priority=0)
    Reservation.objects.filter(owner_id__in=OrderLine.objects.filter(order=second.order_id)).update(priority=5)
    Order.objects.filter(pk=first.order_id).update(promised_on="2026-12-18")
    chen = client_of(world.chen, language="en")
    assert "2 owed since" in chen.get(f"/orders/{first.order_id}").content.decode()
    assert "1 owed since" in chen.get(f"/orders/{second.order_id}").content.decode()
    queue = chen.get(f"/stock/{world.sku('MUG').pk}").context["waiting"]
    assert [(row["order"].pk, row["waiting"].units, row["node"]) for row in queue] == [
        (second.order_id, 1, "Lyon"), (first.order_id, 2, "Lyon"),
    ]  # fmt: skip
    assert "18 Dec" in chen.get(f"/stock/{world.sku('MUG').pk}").content.decode()


def test_a_long_queue_says_that_more_wait_in_as_many_queries(world: World) -> None:
    chen, sku = client_of(world.chen, language="en"), world.sku("MUG").pk
    part_of(world, ("MUG", 21))
    chen.get(f"/stock/{sku}")
    with CaptureQueriesContext(connection) as few:
        assert "More wait behind" not in chen.get(f"/stock/{sku}").content.decode()
    place_orders([world.order(("MUG", 1)) for _ in range(30)], actor=SYSTEM)
    with CaptureQueriesContext(connection) as many:
        answer = chen.get(f"/stock/{sku}")
    assert (len(answer.context["waiting"]), "More wait behind" in answer.content.decode()) == (10, True)
    assert len(many) == len(few)


def test_a_change_upwards_says_what_to_ask_for_and_nothing_of_paying_back(world: World, order: Order) -> None:
    mug = OrderLine.objects.get(order=order, sku_code="MUG")
    chen = client_of(world.chen, language="en")
    send(chen, order, form_of(world, order, **{f"units_{mug.pk}": 2, "add_sku": "TAPIS", "add_units": 1}))
    text = chen.get(f"/orders/{order.pk}").content.decode()
    assert "To ask for in your shop" in text
    assert "€71.00" in text  # a rug more, a mug less
    assert "pay back" not in text


def test_what_is_owed_after_a_split_offers_nothing_to_send_now(world: World) -> None:
    part = part_of(world, ("MUG", 25))
    FulfillmentOrder.objects.filter(pk=part.pk).update(stage="waiting")
    chen = client_of(world.chen, language="en")
    assert "Send now what is here" in chen.get(f"/orders/{part.order_id}").content.decode()
    chen.post(f"/orders/{part.order_id}/parts/{part.pk}/split")
    assert "Send now what is here" not in chen.get(f"/orders/{part.order_id}").content.decode()


def test_orders_of_one_customer_are_sent_in_one_parcel_from_the_page_and_undone(world: World) -> None:
    one, two = part_of(world, ("MUG", 1)), part_of(world, ("CARTE", 1))
    tidy_doorsteps()
    chen = client_of(world.chen, language="en")
    page, other = f"/orders/{one.order_id}", Order.objects.get(pk=two.order_id)
    text = chen.get(page).content.decode()
    assert "Same customer, same address" in text
    assert other.number in text
    assert client_of(world.dee).post(f"{page}/together", {"order": two.order_id}).status_code == 404
    assert client_of(world.ada).post(f"{page}/together", {"order": two.order_id}).status_code == 403
    assert chen.post(f"{page}/together", {"order": two.order_id}).status_code == 302
    text = chen.get(page).content.decode()
    assert "In one parcel with" in text
    assert "In one parcel<" in text  # what was changed, in the words of it
    assert "Same customer, same address" not in text
    assert chen.post(f"{page}/apart").status_code == 302
    assert "In one parcel with" not in chen.get(page).content.decode()
    FulfillmentOrder.objects.filter(pk=two.pk).update(stage="picking")
    assert (
        "is being prepared already"
        in chen.post(f"{page}/together", {"order": two.order_id}, follow=True).content.decode()
    )


def test_ticked_orders_are_sent_together_each_with_its_own_customer(world: World) -> None:
    ours = [part_of(world, ("MUG", 1)) for _ in range(3)]
    theirs = [part_of(world, ("CARTE", 1), email="lea@example.com") for _ in range(2)]
    alone = part_of(world, ("PLUME", 1), email="zoe@example.com")
    tidy_doorsteps()
    chen = client_of(world.chen, language="en")
    text = chen.get("/orders/?stage=together").content.decode()
    assert text.count('name="order"') == 5
    ids = [part.order_id for part in (*ours, *theirs, alone)]
    ask = chen.post("/orders/bulk", {"action": "together", "order": ids, "stage": "together"})
    assert "Send 6 orders in fewer parcels" in ask.content.decode()
    done = chen.post("/orders/bulk", {"action": "together", "order": ids, "sure": "1"}, follow=True).content.decode()
    assert "5 orders go with others." in done
    assert "none of the others is of the same customer" in done
    numbers = [FulfillmentOrder.objects.get(pk=part.pk).together for part in (*ours, *theirs, alone)]
    assert numbers[5] is None
    assert [numbers.index(number) for number in numbers] == [0, 0, 0, 3, 3, 5]
