"""Picks and hand-overs while units are lost, promises and lots expire: the books balance, no order is lost."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.expire_lots import expire_lots
from colisage.inventory.actions.expire_promises import expire_promises
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.actions.unbind_units import unbind_units
from colisage.inventory.checks import differences
from colisage.inventory.models import Lot, Reservation, StockCell
from colisage.kit.actors import SYSTEM
from colisage.kit.conflicts import again
from colisage.kit.models import Parked
from colisage.kit.outbox import drain
from colisage.network.queries import place_of
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.models import FulfillmentOrder
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.models import PickTask
from colisage.picking.queries import progress_of
from colisage.shipping.actions.hand_over import hand_over
from tests.books import find, lose, spot_of, where
from tests.cast import World
from tests.picking.conftest import Ready
from tests.shipping.conftest import Packed, boxes, chen, labelled, laposte, packed, picked
from tests.together import at_once, faults

__all__ = ["boxes", "chen", "labelled", "laposte", "packed", "picked"]

pytestmark = pytest.mark.django_db(transaction=True)


def units(world: World, kind: str) -> int:
    there = StockCell.objects.filter(place=place_of(world.lyon.pk, kind=kind))
    return sum(there.values_list("qty", flat=True))


def _pick(allocation: int, bench: int) -> Pick:
    return Pick(allocation_id=allocation, qty=1, place_id=bench, doc_kind="test", doc_id=allocation)


def test_a_promise_that_expires_while_it_is_picked_is_either_picked_or_over(world: World) -> None:
    mug, bench = world.sku("MUG"), place_of(world.lyon.pk, kind="bench").pk
    now = timezone.now()
    many = [
        Demand(mug.merchant_id, "hold_line", ((n, mug.pk, 1),), expires_at=now + timedelta(seconds=n))
        for n in range(20)
    ]
    reserve(many)
    bound = allocate(list(Reservation.objects.filter(sku=mug).values_list("pk", flat=True)))

    def pick() -> int:
        return sum(
            again(partial(pick_units, [_pick(one.allocation_id, bench)], actor=SYSTEM)) for one in reversed(bound)
        )

    def expire() -> int:
        return sum(again(partial(expire_promises, now=now + timedelta(seconds=n))) for n in range(20))

    results = at_once(pick, expire, expire)
    assert faults(results) == []
    states = Counter(Reservation.objects.filter(sku=mug).values_list("state", flat=True))
    assert set(states) <= {"picked", "expired"}
    assert states["picked"] == results[0] == units(world, "bench")
    assert states["expired"] == results[1] + results[2] == 20 - results[0]
    assert differences() == []


def test_units_lost_after_their_task_was_read_are_fetched_without_a_second_lock_of_availability(
    world: World, ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever locks availability twice in a transaction meets, sooner or later, somebody who locks it the other way."""
    [order] = ready((("CARTE", 1), ("MUG", 2)))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=SYSTEM)
    lost = PickTask.objects.get(sku=world.sku("MUG"))

    def claimed(orders: set[int], **how: Any) -> set[int]:
        """Lose the units of both lines while the picker is between reading the task and taking its units."""
        cells = {task.allocation.cell_id: 20 for task in PickTask.objects.select_related("allocation")}
        assert faults(at_once(partial(unbind_units, cells))) == []
        return claim_parts(orders, **how)

    monkeypatch.setattr("colisage.picking.actions.confirm_picks.claim_parts", claimed)
    with CaptureQueriesContext(connection) as seen:
        assert confirm_picks(world.nord.pk, picks=[Taken(lost.pk)], actor=SYSTEM) == 0
    locks = [q["sql"] for q in seen if "FROM inventory_availability" in q["sql"] and "FOR NO KEY" in q["sql"]]
    assert all(str(world.sku(code).pk) in locks[0] for code in ("CARTE", "MUG"))
    again = PickTask.objects.filter(state="open", fulfillment_order=order)
    assert {(task.sku.code, task.quantity) for task in again} == {("CARTE", 1), ("MUG", 2)}
    assert differences() == []


def test_a_lot_that_expires_while_it_is_picked_leaves_each_order_picked_or_waiting(world: World, ready: Ready) -> None:
    mug, spot = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    yesterday = timezone.localdate() - timedelta(days=2)
    lot = Lot.objects.create(merchant=world.tilleul, sku=mug, code="OLD", expires_on=yesterday)
    lose(mug, 20, at=spot)
    find(mug, 16, at=spot_of(world.bins()[9], lot_id=lot.pk))
    find(mug, 4, at=spot)  # some can be fetched elsewhere
    ids = ready(*[(("MUG", 1), ("CARTE", 1)) for _ in range(16)])
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=SYSTEM)

    def pick(part: int) -> None:
        for task in PickTask.objects.filter(fulfillment_order__in=ids[part::2], state="open").order_by("pk"):
            again(partial(confirm_picks, world.nord.pk, picks=[Taken(task.pk)], actor=SYSTEM))

    results = at_once(lambda: pick(0), lambda: pick(1), lambda: again(expire_lots))
    assert faults(results) == []
    drain()
    confirm_picks(world.nord.pk, picks=[Taken(t.pk) for t in PickTask.objects.filter(state="open")], actor=SYSTEM)
    drain()
    assert not Parked.objects.exists()
    assert not PickTask.objects.filter(state="open").exists()
    settled(ids)
    assert differences() == []


def settled(part_ids: list[int]) -> None:
    """Every order is picked with all its units, or waits for what it is owed, or is ready with what it lacks held."""
    lacking: dict[int, int] = Counter()
    owners: dict[int, set[int]] = {}
    for line in progress_of(part_ids):
        lacking[line.fulfillment_order_id] += line.lacking
        owners.setdefault(line.fulfillment_order_id, set()).add(line.order_line_id or 0)
    for part in FulfillmentOrder.objects.filter(pk__in=part_ids):
        promises = Reservation.objects.filter(owner_kind="order_line", owner_id__in=owners[part.pk])
        states: dict[str, int] = Counter()
        for state, qty in promises.values_list("state", "qty"):
            states[state] += qty
        lacks = lacking[part.pk]
        assert (part.stage, states["picked"], states["held"] + states["waiting"]) in {
            ("picked", 2, 0), ("waiting", 2 - lacks, lacks), ("ready", 2 - lacks, lacks),
        }, (part.pk, part.stage, states, lacks)  # fmt: skip
        assert (states["waiting"] > 0) == (part.stage == "waiting")


def test_a_hand_over_while_promises_and_lots_expire_sends_each_unit_once(
    world: World, labelled: Packed, laposte: Any, chen: Any
) -> None:
    mug = world.sku("MUG")
    lot = Lot.objects.create(
        merchant=world.tilleul, sku=mug, code="OLD", expires_on=timezone.localdate() - timedelta(days=2)
    )
    lose(mug, 20, at=where(mug, world.lyon))
    find(mug, 12, at=spot_of(world.bins()[9], lot_id=lot.pk))
    ids = labelled(*[(("MUG", 1),) for _ in range(8)])
    Reservation.objects.filter(sku=mug).update(expires_at=timezone.now() - timedelta(hours=1))
    results = at_once(
        lambda: again(lambda: hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)),
        lambda: again(expire_lots),
        lambda: again(lambda: expire_promises(now=timezone.now())),
    )
    assert faults(results) == []
    assert results[2] == 0, "what was picked does not expire"
    assert set(FulfillmentOrder.objects.filter(pk__in=ids).values_list("stage", flat=True)) == {"handed_over"}
    assert set(Reservation.objects.filter(sku=mug).values_list("state", flat=True)) == {"consumed"}
    assert units(world, "handover") == 0
    assert StockCell.objects.get(lot=lot, kept=True, qty__gt=0).condition == "expired"
    assert differences() == []
