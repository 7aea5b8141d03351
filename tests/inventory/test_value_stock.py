"""What lies at a node is valued every hour; who was never valued is reckoned as he looks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.catalog.models import Sku
from colisage.inventory.actions.value_stock import value_stock
from colisage.inventory.models import StockCell, StockValue
from colisage.inventory.queries.accuracy import shrinkage
from colisage.kit.walls import behind_the_wall
from tests.books import find, lose, spot_of, where
from tests.cast import World

pytestmark = pytest.mark.django_db


def _there(world: World) -> int:
    since = timezone.now() - timedelta(days=90)
    with CaptureQueriesContext(connection) as caught:
        found = shrinkage([world.lyon.pk], merchant_ids=[world.tilleul.pk], since=since)
    assert len(caught) == 3
    return sum(one.there_cents for one in found)


def test_the_value_of_the_hour_is_what_was_reckoned_by_looking(balanced: World) -> None:
    before = _there(balanced)
    assert before == sum(
        c.qty * (c.sku.cost_cents or c.sku.price_cents)
        for c in StockCell.objects.filter(merchant=balanced.tilleul, node=balanced.lyon)
    )
    value_stock()
    assert _there(balanced) == before
    Sku.objects.filter(code="MUG").update(cost_cents=1)
    find(balanced.sku("CARTE"), 2, at=spot_of(balanced.bins()[0]))
    assert _there(balanced) == before  # until the next hour
    StockValue.objects.all().delete()
    now = _there(balanced)
    value_stock()
    value_stock()
    assert (_there(balanced), now != before) == (now, True)


def test_a_node_that_was_emptied_is_worth_nothing(balanced: World) -> None:
    value_stock()
    for code in ("MUG", "TAPIS", "LAMPE", "PLUME", "CARTE"):
        lose(balanced.sku(code), 20, at=where(balanced.sku(code), balanced.lyon))
    value_stock()
    assert StockValue.objects.get(merchant=balanced.tilleul, node=balanced.lyon).cents == 0
    assert _there(balanced) == 0


def test_values_of_others_are_behind_the_wall(balanced: World) -> None:
    value_stock()
    with behind_the_wall(merchants=[balanced.northwind.pk], operators=[]):
        assert not StockValue.objects.filter(merchant=balanced.tilleul).exists()
