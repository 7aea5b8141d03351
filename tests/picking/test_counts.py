"""A count while picking: the bin waits, and units bound to a picker that are not there are fetched elsewhere."""

from typing import Any

import pytest
from django.test import Client

from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.finish_count import finish_count
from colisage.inventory.actions.note_units import note_units
from colisage.inventory.actions.start_count import start_count
from colisage.inventory.events import ReservationDemoted, UnitsUnbound
from colisage.inventory.models import CountRule, CountTask
from colisage.kit.actors import Actor
from colisage.orders.queries import parts
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.actions.follow_demotions import follow_demotions
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.models import PickTask
from tests.books import balanced, find, spot_of, told, where
from tests.cast import World
from tests.picking.conftest import Ready

__all__ = ["balanced"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("balanced")]


def begin(world: World, ada: Actor) -> tuple[CountTask, int]:
    CountRule.objects.create(operator=world.nord, node=world.lyon, tolerance=50, limit_units=50, limit_cents=10**7)
    place = where(world.sku("MUG"), world.lyon).place_id
    made = count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(place, "hand")], actor=ada)
    task = CountTask.objects.get(count=made)
    return task, start_count(world.nord.pk, task_id=task.pk, actor=ada)


def finish(world: World, begun: int, units: int, *, ada: Actor) -> None:
    mug = world.sku("MUG").pk
    if units:
        note_units(world.nord.pk, round_id=begun, merchant_ids=[world.tilleul.pk], sku_id=mug, units=units, actor=ada)
    assert finish_count(world.nord.pk, round_id=begun, actor=ada, empty=not units) == "approved"


def heard() -> None:
    for kind in (ReservationDemoted, UnitsUnbound):
        follow_demotions([kind.read(payload) for payload in told(kind.__name__)])


def test_a_pick_in_a_bin_being_counted_waits_and_says_so(
    world: World, ready: Ready, ada: Actor, client: Client
) -> None:
    [pk] = ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    _task, begun = begin(world, ada)
    picked: Any = PickTask.objects.get()
    client.force_login(world.chen)
    client.cookies["language"] = "en"
    page = client.post(f"/picking/tasks/{picked.pk}/scan", {"code": "MUG"})
    assert page.status_code == 409
    assert b"is being counted. Come back when the count is finished." in page.content
    assert PickTask.objects.get().state == "open"
    finish(world, begun, 20, ada=ada)
    assert confirm_picks(world.nord.pk, picks=[Taken(picked.pk)], actor=ada) == 1
    assert parts([pk])[pk].stage == "picked"


def test_units_not_there_are_fetched_from_another_bin(world: World, ready: Ready, ada: Actor) -> None:
    [pk] = ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    _task, begun = begin(world, ada)
    find(world.sku("MUG"), 5, at=spot_of(world.bins()[9]))
    finish(world, begun, 0, ada=ada)
    heard()
    assert list(PickTask.objects.order_by("pk").values_list("state", "place_id")) == [
        ("cancelled", where(world.sku("MUG"), world.lyon).place_id),
        ("open", world.bins()[9].pk),
    ]
    assert confirm_picks(world.nord.pk, picks=[Taken(PickTask.objects.get(state="open").pk)], actor=ada) == 1
    assert parts([pk])[pk].stage == "picked"


def test_units_nowhere_to_be_found_are_owed(world: World, ready: Ready, ada: Actor) -> None:
    [pk] = ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    _task, begun = begin(world, ada)
    finish(world, begun, 0, ada=ada)
    heard()
    assert PickTask.objects.get().state == "cancelled"
    assert parts([pk])[pk].stage == "waiting"
