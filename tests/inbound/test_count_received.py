from datetime import date
from typing import Any

import pytest

from colisage.inbound.actions.count_received import Came, NotExpected, NotSent, count_received
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.models import AnnouncedLine, Announcement, PurchaseLine, PurchaseOrder, Receipt, Supplier
from colisage.inbound.queries import incoming_of
from colisage.inventory.models import StockCell
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from tests.cast import World, day

pytestmark = pytest.mark.usefixtures("balanced")
SOON, LATER = day(1), day(20)


@pytest.fixture
def order(world: World) -> int:
    return order_goods(
        world.tilleul.pk,
        supplier="Poterie",
        node_id=world.lyon.pk,
        number="A-1",
        expected_on=LATER,
        lines=[(world.sku("MUG").pk, 48, 700), (world.sku("CARTE").pk, 100, 80)],
        actor=SYSTEM,
    )


def announce(world: World, *lines: tuple[str, int, int | None], **changes: Any) -> int:
    supplier, _new = Supplier.objects.get_or_create(
        merchant=world.tilleul, code="POTERIE", defaults={"name": "Poterie"}
    )
    facts = {"reference": "ASN-1", "came_by": "hand", "expected_on": SOON, **changes}
    made = Announcement.objects.create(merchant=world.tilleul, supplier=supplier, node=world.lyon, **facts)
    for code, qty, order in lines:
        AnnouncedLine.objects.create(
            merchant=world.tilleul, announcement=made, sku=world.sku(code), qty=qty, purchase_order_id=order
        )
    return made.pk


def came(world: World, code: str, units: int, **changes: Any) -> Came:
    return Came(sku_id=world.sku(code).pk, sku_code=code, units=units, **changes)


def coming(world: World, code: str) -> list[tuple[date | None, int, str]]:
    sku = world.sku(code).pk
    return [(i.on, i.qty, i.kind) for i in incoming_of([world.tilleul.pk], [sku])[sku]]


def received() -> tuple[list[int], list[int]]:
    ordered = PurchaseLine.objects.order_by("pk").values_list("received", flat=True)
    return list(ordered), list(AnnouncedLine.objects.order_by("pk").values_list("received", flat=True))


def test_an_announcement_and_its_order_are_counted_once(world: World, order: int) -> None:
    announce(world, ("MUG", 24, order), ("CARTE", 30, None))
    assert coming(world, "MUG") == [(SOON, 24, "announced"), (LATER, 24, "ordered")]
    assert coming(world, "CARTE") == [(SOON, 30, "announced"), (LATER, 100, "ordered")]


def test_what_comes_on_an_order_counts_on_what_was_announced_of_it(world: World, order: int) -> None:
    delivery = announce(world, ("MUG", 24, order))
    count_received(world.tilleul.pk, [came(world, "MUG", 30)], purchase_order_id=order)
    assert received() == ([30, 0], [24])
    assert coming(world, "MUG") == [(LATER, 18, "ordered")]
    assert Announcement.objects.get(pk=delivery).state == "received"
    assert PurchaseOrder.objects.get(pk=order).state == "partly"


def test_what_comes_on_an_announcement_counts_on_its_order(world: World, order: int) -> None:
    delivery = announce(world, ("MUG", 24, order), ("CARTE", 100, order))
    count_received(world.tilleul.pk, [came(world, "MUG", 26)], announcement_id=delivery)
    assert received() == ([26, 0], [26, 0])
    assert Announcement.objects.get(pk=delivery).state == "arriving"
    count_received(world.tilleul.pk, [came(world, "MUG", 22), came(world, "CARTE", 100)], announcement_id=delivery)
    assert (Announcement.objects.get(pk=delivery).state, PurchaseOrder.objects.get(pk=order).state) == (
        "received",
        "closed",
    )
    assert coming(world, "MUG") == coming(world, "CARTE") == []


def test_units_go_to_the_line_of_their_lot_first(world: World) -> None:
    delivery = announce(world, ("MUG", 5, None), ("MUG", 5, None))
    AnnouncedLine.objects.filter(pk=AnnouncedLine.objects.order_by("pk")[1].pk).update(lot="L-2")
    count_received(world.tilleul.pk, [came(world, "MUG", 7, lot="L-2")], announcement_id=delivery)
    assert received()[1] == [2, 5]


def test_a_sku_nobody_announced_is_refused(world: World, order: int) -> None:
    delivery = announce(world, ("MUG", 5, order))
    with pytest.raises(NotExpected):
        count_received(world.tilleul.pk, [came(world, "LAMPE", 1)], announcement_id=delivery)
    with pytest.raises(NotExpected):
        count_received(world.tilleul.pk, [came(world, "MUG", 1), came(world, "LAMPE", 1)], purchase_order_id=order)
    assert received() == ([0, 0], [0])


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_nothing_is_received_on_an_order_that_was_not_sent(world: World, order: int, state: str) -> None:
    PurchaseOrder.objects.filter(pk=order).update(state=state)
    with pytest.raises(NotSent):
        count_received(world.tilleul.pk, [came(world, "MUG", 1)], purchase_order_id=order)
    assert received()[0] == [0, 0]


def test_foreign_ids_are_not_there(world: World, order: int) -> None:
    delivery = announce(world, ("MUG", 5, None))
    for ids in ({"purchase_order_id": order}, {"announcement_id": delivery}, {"announcement_id": 10**12}):
        with pytest.raises(NotThere):
            count_received(world.northwind.pk, [came(world, "MUG", 1)], **ids)


def test_consigned_goods_stay_the_suppliers(world: World, order: int) -> None:
    PurchaseOrder.objects.filter(pk=order).update(consigned=True)
    delivery = announce(world, ("MUG", 5, order))
    receive_goods(
        world.tilleul.pk, node_id=world.lyon.pk, sku_id=world.sku("MUG").pk, sku_code="MUG", good=5,
        announcement_id=delivery, actor=SYSTEM,
    )  # fmt: skip
    supplier = Supplier.objects.get().pk
    assert Receipt.objects.get().owner_id == supplier
    assert list(StockCell.objects.filter(owner_id=supplier, kept=True).values_list("place__kind", "qty")) == [
        ("dock", 5)
    ]
