import pytest
from tests.cast import World
from tests.connectors.prestashop.conftest import put_order
from tests.connectors.shops import ask, due_now, fates, sent_off
from tests.tracking.conftest import OnTheRoad

from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.models import Connection, Errand
from colisage.connectors.prestashop.simulator import Presta
from colisage.inventory.events import PublishedChanged
from colisage.inventory.queries.channels import published_of
from colisage.network.queries import channel_facts


def left(world: World, presta: Presta, on_the_road: OnTheRoad) -> str:
    """Send an order and tell it; give its tracking number."""
    put_order(presta, 77, ("MUG", 1, "18.00"))
    return sent_off(world, on_the_road, ref="77")


def test_a_parcel_that_left_is_told_once_with_its_number(
    balanced: World, presta: Presta, connection: Connection, on_the_road: OnTheRoad
) -> None:
    number = left(balanced, presta, on_the_road)
    assert run_errands(connection.pk) == 1
    carrier = presta.tables["order_carriers"]["77"]
    assert (carrier["tracking_number"], carrier["weight"], carrier["id_carrier"]) == (number, "0.4", "7")
    assert (presta.tables["orders"]["77"]["current_state"], presta.mails) == ("4", 1)


@pytest.mark.parametrize("way", ["error_after_effect", "drop"])
def test_an_answer_that_is_lost_after_the_effect_does_not_tell_the_customer_twice(
    balanced: World, presta: Presta, connection: Connection, on_the_road: OnTheRoad, way: str
) -> None:
    number = left(balanced, presta, on_the_road)
    presta.behaviour.only = frozenset({("POST", "/api/order_histories")})
    presta.behaviour.ways = frozenset({way})
    assert run_errands(connection.pk) == 0
    assert (Errand.objects.get().state, presta.mails) == ("unknown", 1)
    presta.behaviour.ways = frozenset()
    due_now()
    assert run_errands(connection.pk) == 1
    assert (presta.mails, presta.tables["order_carriers"]["77"]["tracking_number"]) == (1, number)


def test_an_order_the_shop_does_not_know_waits_for_a_person(
    balanced: World, presta: Presta, connection: Connection, on_the_road: OnTheRoad
) -> None:
    left(balanced, presta, on_the_road)
    presta.tables["orders"].clear()
    assert run_errands(connection.pk) == 0
    assert Errand.objects.get().state == "refused"


def test_what_may_be_sold_is_told_for_products_and_combinations_and_only_if_it_differs(
    balanced: World, presta: Presta, connection: Connection
) -> None:
    mug, card, box = (balanced.sku(code).pk for code in ("MUG", "CARTE", "COFFRET"))
    presta.tables["products"] = {"1": {"id": "1", "reference": "mug"}, "2": {"id": "2", "reference": "CARTE"}}
    presta.tables["combinations"] = {"5": {"id": "5", "id_product": "2", "reference": "COFFRET"}}
    presta.tables["stock_availables"] = {
        pk: {"id": pk, "id_product": product, "id_product_attribute": variant, "quantity": "1", "out_of_stock": "2"}
        for pk, product, variant in (("11", "1", "0"), ("12", "2", "0"), ("13", "2", "5"))
    }
    tell_shops([PublishedChanged(merchant_id=balanced.tilleul.pk, sku_ids=(mug, card, box))])
    assert run_errands(connection.pk) == 2
    units = published_of(channel_facts([connection.channel_id])[connection.channel_id], sku_ids=[mug, box])
    stock = {pk: row["quantity"] for pk, row in presta.tables["stock_availables"].items()}
    assert stock == {"11": str(units[mug].units), "12": "1", "13": str(units[box].units)}
    assert presta.tables["stock_availables"]["11"]["out_of_stock"] == "2"
    assert dict(Errand.objects.values_list("key", "state")) == {
        str(mug): "done", str(card): "refused", str(box): "done",  # CARTE is the sum of its combinations there
    }  # fmt: skip
    for errand in Errand.objects.all():
        errand.payload = {}
        errand.save()
    due_now()
    Errand.objects.update(state="waiting")
    before = len(presta.behaviour.calls)
    run_errands(connection.pk)
    assert {method for method, _path in presta.behaviour.calls[before:]} == {"GET"}


def test_what_we_told_the_shop_comes_back_as_nothing_new(
    balanced: World, presta: Presta, connection: Connection
) -> None:
    order = put_order(presta, 6, ("MUG", 1, "18.00"))
    ask(connection)
    presta.tables["order_carriers"]["6"]["tracking_number"] = "8R123"
    order.update(current_state="4", date_upd="2026-11-20 12:00:00")
    connection.refresh_from_db()
    assert fates(ask(connection)) == [("done", "accepted"), ("ignored", "nothing_new")]
