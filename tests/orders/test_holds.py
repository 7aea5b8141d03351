from datetime import date

import pytest

from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.models import AuditEntry
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.models import FulfillmentOrder, Hold
from tests.books import told
from tests.cast import World
from tests.orders.parts import part_of

pytestmark = pytest.mark.usefixtures("balanced")
CHEN = Actor("person", 3, "Chen")


def _set(world: World, order_id: int, *, kind: str = "manual", merchant: int | None = None) -> int:
    return set_hold(merchant or world.tilleul.pk, order_ids=[order_id], kind=kind, reason="ask", actor=CHEN)


def test_a_held_order_is_not_worked_on_until_it_is_released(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    assert _set(world, part.order_id or 0) == 1
    assert advance_stage([part.pk], before=["ready"], after="released") == []
    hold = Hold.objects.get()
    assert release_hold(world.tilleul.pk, hold_ids=[hold.pk], actor=CHEN) == 1
    assert advance_stage([part.pk], before=["ready"], after="released") == [part.pk]
    assert [e["order_id"] for e in told("OrderHeld") + told("OrderFreed")] == [part.order_id] * 2
    assert {"hold_set", "hold_released"} <= set(AuditEntry.objects.values_list("verb", flat=True))


def test_an_equal_open_hold_is_not_set_twice(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    assert _set(world, part.order_id or 0) == 1
    assert _set(world, part.order_id or 0) == 0
    assert Hold.objects.count() == 1


def test_whoever_waits_for_something_else_has_a_hold_of_his_own(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    orders = [part.order_id or 0]
    wanted: list[tuple[str, date | None]] = [("ask", None), ("recall of lot L-1", None), ("ask", date(2099, 1, 1))]
    for reason, until in wanted:
        for expected in (1, 0):
            found = set_hold(world.tilleul.pk, order_ids=orders, kind="manual", reason=reason, until=until, actor=CHEN)
            assert found == expected
    asked = Hold.objects.get(reason="ask", until=None)
    release_hold(world.tilleul.pk, hold_ids=[asked.pk], actor=CHEN)
    assert FulfillmentOrder.objects.get().held
    assert Hold.objects.filter(released_at=None).count() == 2


def test_only_the_last_hold_that_goes_frees_the_order(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    for kind in ("manual", "address"):
        _set(world, part.order_id or 0, kind=kind)
    first, second = Hold.objects.order_by("pk")
    release_hold(world.tilleul.pk, hold_ids=[first.pk], actor=CHEN)
    assert FulfillmentOrder.objects.get().held
    assert told("OrderFreed") == []
    release_hold(world.tilleul.pk, hold_ids=[second.pk], actor=CHEN)
    assert not FulfillmentOrder.objects.get().held


def test_releasing_twice_is_harmless(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    _set(world, part.order_id or 0)
    ids = [Hold.objects.get().pk]
    assert release_hold(world.tilleul.pk, hold_ids=ids, actor=CHEN) == 1
    assert release_hold(world.tilleul.pk, hold_ids=ids, actor=CHEN) == 0
    assert len(told("OrderFreed")) == 1


def test_who_released_it_and_until_when_it_was_set_are_kept(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    set_hold(
        world.tilleul.pk,
        order_ids=[part.order_id or 0],
        kind="manual",
        reason="x",
        actor=CHEN,
        until=date(2026, 12, 1),
    )
    release_hold(world.tilleul.pk, hold_ids=[Hold.objects.get().pk], actor=CHEN)
    hold = Hold.objects.get()
    assert (hold.until, hold.released_by, hold.owner_id) == (date(2026, 12, 1), "Chen", 3)


def test_another_merchant_can_neither_hold_nor_release(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    assert _set(world, part.order_id or 0, merchant=world.northwind.pk) == 0
    _set(world, part.order_id or 0)
    assert release_hold(world.northwind.pk, hold_ids=[Hold.objects.get().pk], actor=SYSTEM) == 0
    assert FulfillmentOrder.objects.get().held


def test_a_part_made_of_a_held_order_is_held(world: World) -> None:
    part = part_of(world, ("MUG", 1), holds=(("address", "no_city"),))
    assert part.held
