from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from colisage.catalog.models import Sku
from colisage.inbound.actions.count_received import NotExpected
from colisage.inbound.actions.order_goods import NothingOrdered, NumberTaken, order_goods
from colisage.inbound.actions.put_away import NoSuchBin, NoUnits, TooMany, put_away
from colisage.inbound.actions.receive_goods import (
    LotMissing,
    NotThatMany,
    receive_goods,
)
from colisage.inbound.actions.refuse_lots import ExpiryMissing, LotExpired, OtherDate
from colisage.inbound.models import PurchaseLine, PurchaseOrder, Receipt
from colisage.inventory.checks import differences
from colisage.inventory.models import Lot, StockCell, StockMovement
from colisage.inventory.queries import figures_of
from colisage.kit.actors import SYSTEM
from tests.cast import World


def take_in(world: World, **changes: Any) -> int:
    facts: dict[str, Any] = {
        "node_id": world.lyon.pk,
        "sku_id": world.sku("MUG").pk,
        "sku_code": "MUG",
        "good": 10,
        "actor": SYSTEM,
    }
    return receive_goods(world.tilleul.pk, **{**facts, **changes})


@pytest.fixture
def order(world: World) -> int:
    return order_goods(
        world.tilleul.pk,
        supplier="Poterie du Rhône",
        node_id=world.lyon.pk,
        number="A-1",
        lines=[(world.sku("MUG").pk, 12, 700), (world.sku("CARTE").pk, 100, 80)],
        actor=SYSTEM,
    )


def free(world: World, code: str) -> int:
    sku = world.sku(code).pk
    return figures_of([world.tilleul.pk], sku_ids=[sku])[sku].free


def test_received_goods_stand_on_the_dock_and_cannot_be_sold_yet(world: World) -> None:
    take_in(world, damaged=2)
    lying = dict(StockCell.objects.filter(qty__in=[10, 2]).values_list("place__kind", "condition"))
    assert lying == {"dock": "sellable", "quarantine": "damaged"}
    assert free(world, "MUG") == 20
    assert differences() == []


def test_goods_put_away_can_be_sold(world: World) -> None:
    receipt = take_in(world)
    assert put_away(world.tilleul.pk, receipt_id=receipt, bin_code="c-04-1", qty=4, actor=SYSTEM) == 6
    assert put_away(world.tilleul.pk, receipt_id=receipt, bin_code="C-04-1", qty=6, actor=SYSTEM) == 0
    assert free(world, "MUG") == 30
    assert differences() == []


def test_an_order_closes_when_everything_has_come(world: World, order: int) -> None:
    take_in(world, purchase_order_id=order, good=11, damaged=1)
    assert PurchaseOrder.objects.get(pk=order).state == "partly"
    take_in(
        world, purchase_order_id=order, sku_id=world.sku("CARTE").pk, sku_code="CARTE", good=130, over_confirmed=True
    )
    assert PurchaseOrder.objects.get(pk=order).state == "closed"
    assert list(PurchaseLine.objects.order_by("pk").values_list("ordered", "received")) == [(12, 12), (100, 130)]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"good": 0}, NotThatMany),
        ({"good": -1, "damaged": 2}, NotThatMany),
        ({"good": 1_000_001}, NotThatMany),
        ({"tracks_lots": True}, LotMissing),
        ({"lot": "L1", "expires_on": date(2020, 1, 1)}, LotExpired),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    world: World, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    before = StockMovement.objects.count()
    with pytest.raises(refusal):
        take_in(world, **changes)
    assert StockMovement.objects.count() == before
    assert not Receipt.objects.exists()


def test_a_sku_that_is_not_on_the_order_is_refused(world: World, order: int) -> None:
    with pytest.raises(NotExpected):
        take_in(world, purchase_order_id=order, sku_id=world.sku("LAMPE").pk, sku_code="LAMPE")
    assert not Receipt.objects.exists()


def test_a_lot_is_known_by_its_code(world: World) -> None:
    day = timezone.localdate() + timedelta(days=90)
    take_in(world, lot="L-7", expires_on=day)
    take_in(world, lot="L-7")
    assert list(Lot.objects.values_list("code", "expires_on")) == [("L-7", day)]


def test_what_the_books_know_of_a_lot_counts_as_much_as_its_label(world: World) -> None:
    today = timezone.localdate()
    Sku.objects.filter(pk=world.sku("MUG").pk).update(tracks_lots=True, tracks_expiry=True)
    take_in(world, lot="L-7", expires_on=today + timedelta(days=90))
    for told, refusal in (
        ({"lot": "L-7", "expires_on": today + timedelta(days=120)}, OtherDate), ({"lot": "L-8"}, ExpiryMissing),
    ):  # fmt: skip
        with pytest.raises(refusal):
            take_in(world, **told)
    assert list(Lot.objects.values_list("code", flat=True)) == ["L-7"]
    Lot.objects.update(expires_on=today - timedelta(days=1))
    with pytest.raises(LotExpired):
        take_in(world, lot="L-7")
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "qty", "refusal"),
    [("Z-99-9", 1, NoSuchBin), ("A-01-1", 11, TooMany), ("A-01-1", 0, NoUnits), ("A-01-1", -1, NoUnits)],
)
def test_goods_go_only_where_they_can(world: World, code: str, qty: int, refusal: type[Exception]) -> None:
    receipt = take_in(world)
    with pytest.raises(refusal):
        put_away(world.tilleul.pk, receipt_id=receipt, bin_code=code, qty=qty, actor=SYSTEM)
    assert Receipt.objects.get(pk=receipt).put_away == 0


def test_a_number_is_given_once_and_an_order_has_a_line(world: World, order: int) -> None:
    again = {"supplier": "X", "node_id": world.lyon.pk, "actor": SYSTEM}
    with pytest.raises(NumberTaken):
        order_goods(world.tilleul.pk, number="A-1", lines=[(world.sku("MUG").pk, 1, 1)], **again)
    with pytest.raises(NothingOrdered):
        order_goods(world.tilleul.pk, number="A-2", lines=[(world.sku("MUG").pk, 0, 1)], **again)
