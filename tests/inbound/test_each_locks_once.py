"""Many things that a program does at the dock at once lock the availability of all of them once, refused or not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from colisage.inbound.actions.aside_each import Aside, aside_each
from colisage.inbound.actions.find_dock import Where
from colisage.inbound.actions.put_away_each import ToPutAway, put_away_each
from colisage.inbound.actions.put_plates_away import put_plates_away
from colisage.inbound.actions.receive_each import CameIn, receive_each
from colisage.inbound.actions.receive_pallets import receive_pallets
from colisage.inbound.actions.undo_each import undo_each
from colisage.inbound.actions.unload_plates import unload_plates
from colisage.inventory.actions.move_plates_named import PlateMove, move_plates_named
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import Refused
from tests.cast import World
from tests.inbound.dock import order, take_in
from tests.inbound.test_plates_on_the_dock import BOXES, PALLET, announce
from tests.lock_order import Witness

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]


def watched(work: Callable[[], Any]) -> tuple[list[bool], list[str]]:
    """Say which of many were done, and where availability was locked a second time."""
    witness = Witness()
    with connection.execute_wrapper(witness):
        became = work()
    rows = became.values() if isinstance(became, dict) else getattr(became, "became", became)
    return [not isinstance(one, Refused) for one in rows], witness.seen


def test_receiving_and_setting_aside(world: World) -> None:
    purchase = order(world, ("MUG", 10), ("CARTE", 10), ("PLUME", 10))
    where = Where(purchase_order_id=purchase)
    came = [
        CameIn(code=code, good=n) for code, n in (("MUG", 5), ("PLUME", 99), ("TAPIS", 1), ("CARTE", 2), ("MUG", 1))
    ]
    done, seen = watched(lambda: receive_each(world.tilleul.pk, came, where=where, actor=SYSTEM))
    assert (done, seen) == ([True, False, False, True, True], [])
    asides = [Aside(units=1, code=code) for code in ("TAPIS", "NOPE", "LAMPE")]
    done, seen = watched(lambda: aside_each(world.tilleul.pk, asides, where=where, actor=SYSTEM))
    assert (done, seen) == ([True, False, True], [])


def test_putting_away_and_taking_back(world: World) -> None:
    receipts = [take_in(world, code) for code in ("PLUME", "MUG", "CARTE")]
    wanted = [
        ToPutAway(receipt_id=pk, bin=place) for pk, place in zip(receipts, ("C-04-1", "NOPE", "C-03-1"), strict=True)
    ]
    done, seen = watched(lambda: put_away_each(world.tilleul.pk, wanted, actor=SYSTEM))
    assert (done, seen) == ([True, False, True], [])
    more = [take_in(world, code) for code in ("PLUME", "CARTE")]
    done, seen = watched(lambda: undo_each(world.tilleul.pk, [*more, receipts[0]], actor=SYSTEM))
    assert (done, seen) == ([True, True, False], [])


def test_pallets_and_plates(world: World) -> None:
    announce(world, ("PLUME", 3, BOXES[0]), ("MUG", 4, BOXES[1]), ("CARTE", 5, ""))
    work = [BOXES[1], "0" * 18, PALLET]
    done, seen = watched(lambda: receive_pallets(world.tilleul.pk, work, actor=SYSTEM))
    assert (done, seen) == ([True, False, True], [])
    away = [(BOXES[0], "NOPE"), (BOXES[0], "C-04-1"), (BOXES[1], "C-03-1")]
    done, seen = watched(lambda: put_plates_away(world.tilleul.pk, away, actor=SYSTEM))
    assert (done, seen) == ([False, True, True], [])
    done, seen = watched(lambda: unload_plates(world.tilleul.pk, [BOXES[1], PALLET], actor=SYSTEM))
    assert (done, seen) == ([False, True], [])
    moves = [PlateMove(plate=BOXES[1], bin="C-04-1"), PlateMove(plate=BOXES[0], bin="C-03-1")]
    done, seen = watched(lambda: move_plates_named(world.tilleul.pk, moves, actor=SYSTEM))
    assert (done, seen) == ([True, True], [])
