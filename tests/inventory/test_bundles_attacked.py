"""What a hostile or hasty person may try with bundles and kits: each is refused in words, or harms nothing."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from colisage.catalog.models import Component, Sku
from colisage.inventory.actions.assemble_kits import ComponentsMissing, assemble_kits
from colisage.inventory.actions.save_lot import save_lot
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.models import Assembly, Reservation
from colisage.kit.actors import SYSTEM
from colisage.network.models import Channel
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Order
from colisage.people.actions.make_api_key import make_api_key
from tests.books import find, lose, stand, where
from tests.cast import World
from tests.catalog.test_catalogue import client_of

CAMILLE_AT_HOME = {"name": "Camille", "line1": "8 rue Lepic", "postcode": "75018", "city": "Paris", "country": "FR"}


def told(sku: Sku, recipe: str) -> dict[str, Any]:
    return {"name": sku.name, "rotation": "fifo", "active": "on", "recipe": recipe}


def recipe_of(sku: Sku) -> dict[str, int]:
    return dict(Component.objects.filter(parent=sku).values_list("sku__code", "quantity"))


@pytest.mark.parametrize(
    "recipe",
    [
        "COFFRET",  # itself
        "DUO",  # another bundle, which would close a circle
        "PANIER",  # a kit
        "SECRET",  # another merchant's
        "MUG × 0",
        "MUG × -1",
        "MUG × 1.5",
        "MUG × 1000001",
        "MUG × 99999999999999999999999999",
        "MUG × ٣",
        "MUG\nMUG",
        "MUG\nmug × 2",
        "\0",
        "MUG\0",
        "",
        "x" * 300,
        "\n".join(["MUG"] * 2_000),
    ],
)
def test_no_recipe_is_of_itself_of_bundles_of_others_or_of_no_number(balanced: World, recipe: str) -> None:
    bundle = balanced.sku("COFFRET")
    for code, kind in (("DUO", "bundle"), ("PANIER", "kit")):
        made = Sku.objects.create(merchant=balanced.tilleul, code=code, name=code, kind=kind)
        Component.objects.create(merchant=balanced.tilleul, parent=made, sku=balanced.sku("MUG"), quantity=1)
    Sku.objects.create(merchant=balanced.northwind, code="SECRET", name="Secret")
    answer = client_of(balanced.chen).post(f"/catalog/{bundle.pk}", told(bundle, recipe))
    assert answer.status_code == 422
    assert recipe_of(bundle) == {"MUG": 1, "CARTE": 2}


def test_a_promise_keeps_the_recipe_of_its_day(balanced: World) -> None:
    bundle = balanced.sku("COFFRET")
    placed = place_orders([balanced.order(("COFFRET", 2))], actor=SYSTEM)[0]
    answer = client_of(balanced.chen).post(f"/catalog/{bundle.pk}", told(bundle, "MUG × 3\nPLUME"))
    assert answer.status_code == 302
    assert recipe_of(bundle) == {"MUG": 3, "PLUME": 1}
    held = dict(Reservation.objects.filter(state="held").values_list("sku__code", "qty"))
    assert held == {"MUG": 2, "CARTE": 4}
    cancel_orders(balanced.tilleul.pk, order_ids=[placed.order_id or 0], actor=SYSTEM)
    assert [stand(balanced.sku(code), balanced.lyon)[1] for code in ("MUG", "CARTE", "PLUME")] == [0, 0, 0]


@pytest.mark.parametrize("quantity", [3_000, 100_000, 2_147_483_647, 10**12])
def test_more_units_than_can_be_counted_are_refused_in_words(balanced: World, quantity: int) -> None:
    Channel.objects.get_or_create(merchant=balanced.tilleul, code="api", defaults={"kind": "api", "name": "API"})
    Component.objects.filter(parent=balanced.sku("COFFRET"), sku=balanced.sku("MUG")).update(quantity=1_000_000)
    token = make_api_key(balanced.tilleul.pk, name="Shop", scopes=["orders:write"], actor=SYSTEM)
    line = {"sku": "COFFRET", "quantity": quantity, "unit_price_cents": 100}
    order = {"reference": "A-1", "currency": "EUR", "ship_to": CAMILLE_AT_HOME, "lines": [line]}
    answer = Client().post(
        "/api/v1/orders", order, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code in {400, 422}, answer.content
    assert not Reservation.objects.exists()
    assert not Order.objects.exists()


def test_a_component_that_is_no_longer_in_use_is_sold_while_there_is_some(balanced: World) -> None:
    Sku.objects.filter(pk=balanced.sku("MUG").pk).update(active=False)
    place_orders([balanced.order(("COFFRET", 2)), balanced.order(("COFFRET", 19))], actor=SYSTEM)
    states = Reservation.objects.filter(sku=balanced.sku("MUG")).order_by("pk").values_list("state", "qty")
    assert list(states) == [("held", 2), ("held", 8), ("waiting", 11)]  # the cards are for ten


def test_no_kit_is_made_of_a_lot_that_is_held(balanced: World) -> None:
    kit = Sku.objects.create(merchant=balanced.tilleul, code="PANIER", name="Panier", kind="kit")
    Component.objects.create(merchant=balanced.tilleul, parent=kit, sku=balanced.sku("PLUME"), quantity=1)
    plume, here = balanced.sku("PLUME"), where(balanced.sku("PLUME"), balanced.lyon)
    lose(plume, 20, at=here)
    lot = save_lot(balanced.tilleul.pk, sku_id=plume.pk, code="P-1", expires_on=None)
    find(plume, 5, at=replace(here, lot_id=lot))
    set_lot_status(balanced.tilleul.pk, lot_ids=[lot], status="quarantined", reason="moths", actor=SYSTEM)
    facts = {"node_id": balanced.lyon.pk, "sku_id": kit.pk, "place_id": balanced.bins()[11].pk, "once": uuid4()}
    with pytest.raises(ComponentsMissing):
        assemble_kits(balanced.tilleul.pk, qty=1, actor=SYSTEM, **facts)
    assert not Assembly.objects.exists()
