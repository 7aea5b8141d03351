"""Own production: received as made, by lot, with what was used for it."""

from typing import Any
from uuid import uuid4

import pytest

from colisage.inbound.actions.receive_production import MadeBySerial, NotMade, TooFewComponents, receive_production
from colisage.inbound.actions.undo_receipt import NotFromSupplier, undo_receipt
from colisage.inbound.models import Production, Receipt
from colisage.inventory.models import StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere, Refused
from tests.cast import World
from tests.inbound.screens import client_of, text_of

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


def test_units_with_serial_numbers_are_received_one_by_one(world: World) -> None:
    sku = world.sku("LAMPE")
    sku.tracks_serials = True
    sku.save()
    with pytest.raises(MadeBySerial):
        make(world)


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
