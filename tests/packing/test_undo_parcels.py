"""A parcel of an order that is cancelled is given up; its units lie on the bench again and go back to their bins."""

from typing import Any

import pytest

from colisage.inventory.checks import differences
from colisage.inventory.models import StockCell
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.models import AuditEntry
from colisage.network.models import Place
from colisage.network.queries import place_of
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.events import StageReached
from colisage.orders.models import Order
from colisage.orders.queries import parts
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.actions.seal_all import seal_all
from colisage.packing.actions.seal_parcels import OrderIsCancelled, Seal, seal_parcels
from colisage.packing.actions.undo_parcels import undo_parcels
from colisage.packing.models import Parcel
from colisage.picking.actions.ask_put_backs import ask_put_backs
from colisage.picking.actions.put_units_back import put_units_back
from colisage.picking.models import PickTask, PutBack
from tests.books import balanced, stand, told
from tests.cast import World
from tests.desk.test_pages import client_of
from tests.packing.conftest import Picked
from tests.packing.test_seal_parcels import checked
from tests.picking.test_confirm_picks import units_at

__all__ = ["balanced"]


def cancel(world: World, part: int) -> list[StageReached]:
    order = parts([part])[part].order_id or 0
    cancel_orders(world.tilleul.pk, order_ids=[order], actor=SYSTEM, on_floor=True)
    return [StageReached(**e) for e in told("StageReached") if e["stage"] == "cancelled"]


def where(world: World, kind: str) -> int:
    return units_at(place_of(world.lyon.pk, kind=kind).pk)


def test_what_was_packed_goes_back_to_its_bin_and_can_be_sold_again(balanced: World, picked: Picked, bo: Actor) -> None:
    [part] = picked((("MUG", 2),))
    seal_all([balanced.tilleul.pk], fulfillment_order_ids=[part], actor=bo)
    assert (where(balanced, "bench"), where(balanced, "handover")) == (0, 2)
    heard = cancel(balanced, part)
    undo_parcels(heard)
    undo_parcels(heard)
    assert Parcel.objects.get().state == "void"
    assert (where(balanced, "bench"), where(balanced, "handover")) == (2, 0)
    assert AuditEntry.objects.filter(verb="parcel_undone").count() == 1
    ask_put_backs(heard)
    one = PutBack.objects.get()
    put_units_back(
        balanced.nord.pk, merchant_id=balanced.tilleul.pk, put_back_id=one.pk, item="MUG", units=2, document=1,
        bin_code=Place.objects.get(pk=one.task.place_id).code, actor=bo,
    )  # fmt: skip
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 0)
    assert not StockCell.objects.filter(place__kind__in=["bench", "handover"], qty__gt=0).exists()
    assert differences() == []


def test_the_open_and_the_closed_parcel_of_an_order_are_given_up(balanced: World, picked: Picked, bo: Actor) -> None:
    [part] = picked((("TAPIS", 1), ("MUG", 2)))
    first, _second = checked(balanced, part, bo)
    seal_parcels([balanced.tilleul.pk], seals=[Seal(first.pk, first.expected_grams, sure=True)], actor=bo)
    undo_parcels(cancel(balanced, part))
    assert set(Parcel.objects.values_list("state", flat=True)) == {"void"}
    assert (where(balanced, "bench"), where(balanced, "handover")) == (3, 0)


def test_a_parcel_of_a_cancelled_order_is_not_closed_any_more(world: World, picked: Picked, bo: Actor) -> None:
    [part] = picked((("MUG", 1),))
    [parcel] = checked(world, part, bo)
    cancel(world, part)
    with pytest.raises(OrderIsCancelled):
        seal_parcels([world.tilleul.pk], seals=[Seal(parcel.pk, parcel.expected_grams)], actor=bo)
    assert (Parcel.objects.get().state, where(world, "handover")) == ("open", 0)


@pytest.mark.parametrize("heard_of", ["not yet", "by now"])
def test_the_packer_reads_that_the_order_is_cancelled(world: World, picked: Picked, heard_of: str) -> None:
    [part] = picked((("MUG", 1),))
    [pk] = make_parcels([part])
    heard = cancel(world, part)
    if heard_of == "by now":
        undo_parcels(heard)
    client: Any = client_of(world.bo)
    page = client.get(f"/packing/parcels/{pk}").content.decode()
    assert "La commande est annulée." in page
    assert "colis 1 sur 1" in page
    assert "/picking/put-back" not in page  # a packer may not go there
    assert "/picking/put-back" in client_of(world.chen).get(f"/packing/parcels/{pk}").content.decode()
    assert f"/packing/parcels/{pk}/seal" not in page
    order, task = parts([part])[part].order_id, task_of(part)
    for code in (f"CL-{part}-1", f"B{task.batch_id}-{task.tote}", number_of(order)):
        answer = client.post("/packing/station", {"code": code})
        if answer.status_code == 302:  # its parcel is still there: that page says it
            assert heard_of == "not yet"
            continue
        assert answer.status_code == 422
        assert "La commande est annulée." in answer.content.decode(), code


def task_of(part: int) -> PickTask:
    return PickTask.objects.get(fulfillment_order=part)


def number_of(order: int | None) -> str:
    return Order.objects.get(pk=order).number
