"""Own production: received as made, by lot, with what was used for it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.catalog.models import Sku
from colisage.inbound.actions.receive_production import (
    NoSerials,
    NotMade,
    SerialsDoNotFit,
    TooFewComponents,
    receive_production,
)
from colisage.inbound.actions.undo_receipt import NotFromSupplier, undo_receipt
from colisage.inbound.models import Production, Receipt
from colisage.inventory.actions.save_serials import SerialNamedTwice, SerialOnHand, SerialUnreadable
from colisage.inventory.models import StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere, Refused
from tests.cast import World
from tests.inbound.screens import client_of, text_of
from tests.lock_order import Witness

pytestmark = pytest.mark.usefixtures("balanced")


def make(world: World, *components: tuple[str, int], **changes: Any) -> int:
    facts = {
        "node_id": world.lyon.pk, "sku_id": world.sku("LAMPE").pk, "qty": 6, "once": uuid4().hex, "actor": SYSTEM,
        **changes,
    }  # fmt: skip
    return receive_production(world.tilleul.pk, [(world.sku(code).pk, n) for code, n in components], **facts)


def test_a_batch_stands_on_the_dock_and_what_was_used_has_left(world: World) -> None:
    make(world, ("MUG", 6), ("CARTE", 12), lot="B-7", batch="OF-12")
    on_dock = StockCell.objects.get(sku=world.sku("LAMPE"), place__kind="dock", qty__gt=0)
    assert (on_dock.qty, on_dock.lot and on_dock.lot.code) == (6, "B-7")
    moved = StockMovement.objects.filter(reason="produced").order_by("pk")
    assert list(moved.values_list("sku__code", "qty", "from_cell__place__kind", "to_cell__place__kind")) == [
        ("MUG", 6, "bin", "assembly"), ("CARTE", 12, "bin", "assembly"), ("LAMPE", 6, "assembly", "dock"),
    ]  # fmt: skip
    with pytest.raises(NotFromSupplier):
        undo_receipt(world.tilleul.pk, receipt_id=Receipt.objects.get().pk, actor=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_what_is_used_and_what_is_made_is_locked_at_once(world: World) -> None:
    witness = Witness()
    with connection.execute_wrapper(witness):
        make(world, ("MUG", 6), ("CARTE", 12))
    assert witness.seen == []


def test_the_same_form_sent_twice_is_one_batch(world: World) -> None:
    assert make(world, once="x") == make(world, once="x")
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("components", "changes", "refusal"),
    [
        ([], {"qty": 0}, Refused),
        ([], {"qty": -1}, Refused),
        ([], {"qty": 10**7}, Refused),
        ([("MUG", 0)], {}, NotMade),
        ([("LAMPE", 1)], {}, NotMade),
        ([("MUG", 21)], {}, TooFewComponents),
        ([], {"sku_id": 10**9}, NotThere),
        ([], {"node_id": 10**9}, NotThere),
    ],
)
def test_what_cannot_be_made_is_refused_and_changes_nothing(
    world: World, components: list[tuple[str, int]], changes: dict[str, Any], refusal: type[Refused]
) -> None:
    before = StockMovement.objects.count()
    with pytest.raises(refusal):
        make(world, *components, **changes)
    assert StockMovement.objects.count() == before
    assert not Production.objects.exists()


@pytest.fixture
def lamp(world: World) -> Sku:
    """Give a lamp with a number on its back."""
    Sku.objects.filter(pk=world.sku("LAMPE").pk).update(tracks_serials=True)
    return world.sku("LAMPE")


def test_units_with_serial_numbers_come_in_each_as_itself(world: World, lamp: Sku) -> None:
    day = timezone.localdate() + timedelta(days=700)
    made = make(world, ("MUG", 3), qty=3, serials=["N-1", "N-2", "N-3"], expires_on=day)
    on_dock = StockCell.objects.filter(sku=lamp, place__kind="dock", qty__gt=0).order_by("lot__code")
    assert list(on_dock.values_list("lot__code", "lot__is_serial", "lot__expires_on", "qty")) == [
        (f"N-{n}", True, day, 1) for n in (1, 2, 3)
    ]
    assert set(Receipt.objects.values_list("came_from", flat=True)) == {"assembly"}
    assert Production.objects.get(pk=made).serials == ["N-1", "N-2", "N-3"]
    assert make(world, qty=1, serials=["N-4"], once="z") == make(world, qty=1, serials=["N-4"], once="z")


@pytest.mark.parametrize(
    ("serials", "refusal"),
    [
        ([], SerialsDoNotFit),
        (["N-1"], SerialsDoNotFit),
        (["N-1", "N-2", "N-3"], SerialsDoNotFit),
        (["N-1", "N-1"], SerialNamedTwice),
        (["N-1", "N-9"], SerialOnHand),
        (["N-1", "x" * 81], SerialUnreadable),
        (["N-1", "N\x002"], SerialUnreadable),
    ],
)
def test_serial_numbers_that_cannot_be_are_refused_and_nothing_is_taken_in(
    world: World, lamp: Sku, serials: list[str], refusal: type[Refused]
) -> None:
    make(world, qty=1, serials=["N-9"])
    before = StockMovement.objects.count()
    with pytest.raises(refusal):
        make(world, ("MUG", 1), qty=2, serials=serials)
    assert (StockMovement.objects.count(), Production.objects.count()) == (before, 1)


def test_serial_numbers_of_what_has_none_are_refused(world: World) -> None:
    with pytest.raises(NoSerials):
        make(world, qty=1, serials=["N-1"])
    assert not Production.objects.exists()


def test_many_serial_numbers_take_as_many_statements_as_few(world: World, lamp: Sku) -> None:
    def made(first: int, units: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            make(world, qty=units, serials=[f"S-{n}" for n in range(first, first + units)])
        return len(asked)

    made(900, 1)  # places are read once
    assert made(0, 3) == made(10, 200)


def test_serial_numbers_are_scanned_on_the_desk(world: World, lamp: Sku) -> None:
    desk = client_of(world.chen)
    told = {"sku": "LAMPE", "qty": "2", "node": world.lyon.pk, "once": "s", "serials": "N-1\r\nN-2\r\n"}
    refused = desk.post("/inbound/production", {**told, "serials": "N-1"})
    assert refused.status_code == 422
    assert "Units of LAMPE: 2. Serial numbers: 1." in text_of(refused)
    assert desk.post("/inbound/production", told).status_code == 302
    assert "N-1, N-2" in text_of(desk.get("/inbound/production"))


def test_a_batch_is_taken_in_on_the_desk(world: World) -> None:
    desk = client_of(world.chen)
    told = {
        "sku": "LAMPE", "qty": "4", "node": world.lyon.pk, "lot": "B-8", "components": "MUG 4\nCARTE; 8", "once": "y",
        "batch": "OF-13",
    }  # fmt: skip
    for bad in ({"sku": "NOPE"}, {"qty": "0"}, {"components": "MUG"}, {"components": "MUG 400"}, {"once": ""}):
        assert desk.post("/inbound/production", {**told, **bad}).status_code == 422
    assert desk.post("/inbound/production", told).status_code == 302
    page = text_of(desk.get("/inbound/production"))
    assert "OF-13" in page
    assert "OF-13" not in text_of(client_of(world.dee).get("/inbound/production"))
    assert client_of(world.ada).post("/inbound/production", told).status_code == 403
