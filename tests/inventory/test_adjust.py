"""Corrections by hand, at the desk: what cannot be is refused, and nothing is written."""

import pytest
from django.urls import reverse

from colisage.inventory.actions.adjust_stock import adjust_stock
from colisage.inventory.actions.post_movements import Spot, post_movements
from colisage.inventory.models import StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.people.models import Membership
from tests.books import move
from tests.cast import World
from tests.inbound.screens import client_of, text_of

MOST = 2_147_483_000  # nearly what an int4 of PostgreSQL holds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("balanced")]


def mugs(world: World) -> StockCell:
    return StockCell.objects.get(sku=world.sku("MUG"), node=world.lyon, kept=True)


def corrections() -> int:
    return StockMovement.objects.exclude(doc_kind="opening").count()


@pytest.mark.parametrize("counted", ["-1", "many", "²", "1" * 9, "9" * 5_000])
def test_a_number_that_cannot_be_is_refused(world: World, counted: str) -> None:
    form = {"cell": mugs(world).pk, "counted": counted, "reason": "lost"}
    address = reverse("stock-adjust", args=[world.sku("MUG").pk])
    assert "a whole number" in text_of(client_of(world.chen).post(address, form, follow=True))
    assert corrections() == 0


@pytest.mark.parametrize("cell", ["", "x", "0", "9" * 5_000])
def test_a_cell_that_cannot_be_is_not_there(world: World, cell: str) -> None:
    form = {"cell": cell, "counted": "3", "reason": "lost"}
    address = reverse("stock-adjust", args=[world.sku("MUG").pk])
    assert client_of(world.chen).post(address, form).status_code == 404


@pytest.mark.parametrize(("name", "field", "status"), [
    ("count-begin", "place", 404), ("holds-release", "hold", 302), ("switch-merchant", "merchant", 302),
])  # fmt: skip
def test_an_id_of_any_length_breaks_nothing(world: World, name: str, field: str, status: int) -> None:
    assert client_of(world.chen).post(reverse(name), {field: "9" * 5_000}).status_code == status


def test_a_node_of_any_length_has_no_labels(world: World) -> None:
    address = reverse("label-file", args=["bins"])
    assert client_of(world.chen).get(address, {"node": "9" * 5_000}).status_code == 404


def test_who_receives_at_another_operator_corrects_nothing_here(world: World) -> None:
    Membership.objects.filter(user=world.ada).update(operator=world.boreal, roles=["receiver"])
    form = {"cell": mugs(world).pk, "counted": "1", "reason": "lost"}
    assert client_of(world.ada).post(reverse("stock-adjust", args=[world.sku("MUG").pk]), form).status_code == 404
    assert (mugs(world).qty, corrections()) == (20, 0)


def test_more_than_the_books_can_count_is_refused_in_words(world: World) -> None:
    sku, here = world.sku("MUG"), mugs(world)
    adjust_stock(world.tilleul.pk, cell_id=here.pk, counted=MOST, reason="found", actor=SYSTEM)
    there = world.bins()[9].pk
    post_movements([move(sku, 100, source=Spot(place_id=here.place_id), target=Spot(place_id=there))], actor=SYSTEM)
    other = StockCell.objects.get(sku=sku, place=there, kept=True)
    form = {"cell": other.pk, "counted": "99999999", "reason": "found"}
    answer = client_of(world.chen).post(reverse("stock-adjust", args=[sku.pk]), form, follow=True)
    assert "more units of this SKU than the books can count" in text_of(answer)
    assert set(StockCell.objects.filter(sku=sku, kept=True, qty__gt=0).values_list("qty", flat=True)) == {
        100, MOST - 100,
    }  # fmt: skip
