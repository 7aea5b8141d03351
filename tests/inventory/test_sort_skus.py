"""SKUs are sorted by their picks every hour: four fifths of the picks are class A."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.inventory.actions.post_movements import post_movements
from colisage.inventory.actions.sort_skus import sort_skus
from colisage.inventory.models import SkuSpeed
from colisage.inventory.queries.bins import storing_of
from colisage.kit.actors import SYSTEM
from colisage.kit.walls import behind_the_wall
from colisage.network.models import Place
from tests.books import move, spot_of, where
from tests.cast import World

pytestmark = pytest.mark.django_db


def pick(world: World, code: str, times: int) -> None:
    sku, bench = world.sku(code), Place.objects.get(node=world.lyon, kind="bench")
    moves = [move(sku, 1, source=where(sku, world.lyon), target=spot_of(bench), reason="pick") for _ in range(times)]
    post_movements(moves, actor=SYSTEM)


def speeds(world: World) -> dict[str, str]:
    found = storing_of([world.tilleul.pk], sku_ids=[sku.pk for sku in world.skus.values()])
    return {
        code: found[sku.pk].speed for code, sku in world.skus.items() if sku.pk in found and found[sku.pk].speed != "C"
    }


def test_four_fifths_of_the_picks_are_class_a(balanced: World) -> None:
    for code, times in (("MUG", 16), ("TAPIS", 3), ("LAMPE", 1)):
        pick(balanced, code, times)
    assert speeds(balanced) == {}  # until the hour is over
    sort_skus(now=timezone.now())
    assert speeds(balanced) == {"MUG": "A", "TAPIS": "B"}


def test_who_is_picked_no_more_gets_slow(balanced: World) -> None:
    pick(balanced, "MUG", 16)
    sort_skus(now=timezone.now())
    pick(balanced, "TAPIS", 3)
    pick(balanced, "LAMPE", 20)
    with CaptureQueriesContext(connection) as caught:
        sort_skus(now=timezone.now())
        sort_skus(now=timezone.now())
    assert len(caught) == 2 * 3  # with its savepoint
    assert speeds(balanced) == {"LAMPE": "A", "MUG": "A", "TAPIS": "B"}
    sort_skus(now=timezone.now() + timedelta(days=31))
    assert not SkuSpeed.objects.exists()


def test_how_fast_goods_go_is_behind_the_wall(balanced: World) -> None:
    pick(balanced, "MUG", 1)
    sort_skus(now=timezone.now())
    with behind_the_wall(merchants=[balanced.northwind.pk], operators=[]):
        assert speeds(balanced) == {}
    with behind_the_wall(merchants=[balanced.tilleul.pk], operators=[]):
        assert speeds(balanced) == {"MUG": "A"}
