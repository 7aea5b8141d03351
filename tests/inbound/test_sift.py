"""What is refused at the dock is known before anything is tried, and is what trying it would say."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.catalog.models import Sku
from colisage.inbound.actions import receive_each as receiving
from colisage.inbound.actions.find_dock import Where
from colisage.inbound.actions.receive_each import CameIn, receive_each
from colisage.inventory.models import Lot
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import Refused
from tests.cast import World
from tests.inbound.dock import order

pytestmark = pytest.mark.usefixtures("balanced")


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def kept(world: World) -> World:
    """Keep cards by lot with a date, and lamps by serial number; some lots are known."""
    Sku.objects.filter(pk=world.sku("CARTE").pk).update(tracks_lots=True, tracks_expiry=True)
    Sku.objects.filter(pk=world.sku("LAMPE").pk).update(tracks_serials=True)
    for code, on in (("OLD", day(-3)), ("GOOD", day(30)), ("BLANK", None)):
        Lot.objects.create(merchant=world.tilleul, sku=world.sku("CARTE"), code=code, expires_on=on)
    Lot.objects.create(merchant=world.tilleul, sku=world.sku("LAMPE"), code="GOOD")
    return world


def said(world: World, came: Sequence[CameIn], where: Where) -> list[Any]:
    """Take in, say what became of each, and undo it."""
    with transaction.atomic():
        became = receive_each(world.tilleul.pk, came, where=where, actor=SYSTEM).became
        told = [(type(one), str(one)) if isinstance(one, Refused) else "in" for one in became]
        transaction.set_rollback(True)
    return told


def any_units(chance: random.Random) -> CameIn:
    if chance.random() < 0.4:
        return CameIn(code="LAMPE", good=1, serial=chance.choice(["S1", "S2", "GOOD", " S1 ", "\x07", "", "x" * 90]))
    on = chance.choice([None, None, day(30), day(31), day(-3)])
    lot = chance.choice(["OLD", "GOOD", "BLANK", "NEW", " NEW ", ""])
    return CameIn(code=chance.choice(["CARTE", "CARTE", "MUG"]), good=chance.choice([0, 1, 2]), lot=lot, expires_on=on)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_known_before_is_what_trying_says_of_each(
    kept: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    where = Where(purchase_order_id=order(kept, ("CARTE", 10), ("LAMPE", 5)))
    came = [any_units(chance) for _ in range(6)]
    sifted = said(kept, came, where)
    one_by_one = []
    with transaction.atomic():
        monkeypatch.setattr(receiving, "sift_taken", lambda taken, **_facts: list(taken))
        for one in came:
            (became,) = receive_each(kept.tilleul.pk, [one], where=where, actor=SYSTEM).became
            one_by_one.append((type(became), str(became)) if isinstance(became, Refused) else "in")
        transaction.set_rollback(True)
    assert sifted == one_by_one


def test_every_tenth_label_with_another_date_costs_no_more_than_none(kept: World) -> None:
    where = Where(purchase_order_id=order(kept, ("CARTE", 500)))

    def asked(wrong: int) -> int:
        came = [CameIn(code="CARTE", good=1, lot="GOOD", expires_on=day(31 if n < wrong else 30)) for n in range(40)]
        with CaptureQueriesContext(connection) as queries:
            told = said(kept, came, where)
        assert sum(one != "in" for one in told) == wrong
        return len(queries)

    asked(0)
    assert asked(20) == asked(0)
