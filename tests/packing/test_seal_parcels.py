import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.inventory.checks import differences
from colisage.kit.actors import Actor
from colisage.kit.models import AuditEntry, Event
from colisage.network.queries import place_of
from colisage.orders.queries import parts
from colisage.packing.actions.count_line import count_line
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.actions.seal_all import seal_all
from colisage.packing.actions.seal_parcels import NotAllScanned, Seal, WrongWeight, seal_parcels
from colisage.packing.models import Parcel, ParcelLine
from tests.cast import World
from tests.packing.conftest import Picked
from tests.picking.test_confirm_picks import units_at


def checked(world: World, order: int, bo: Actor) -> list[Parcel]:
    """Plan an order's parcels and check everything into them."""
    make_parcels([order])
    for line in ParcelLine.objects.all():
        count_line([world.tilleul.pk], parcel_id=line.parcel_id, line_id=line.pk, actor=bo)
    return list(Parcel.objects.filter(fulfillment_order=order).order_by("number"))


def test_the_last_parcel_closed_makes_the_order_packed(world: World, picked: Picked, bo: Actor) -> None:
    [pk] = picked((("TAPIS", 1), ("MUG", 2)))
    first, second = checked(world, pk, bo)
    merchants = [world.tilleul.pk]
    assert seal_parcels(merchants, seals=[Seal(first.pk, first.expected_grams + 10)], actor=bo) == [first.pk]
    assert parts([pk])[pk].stage == "picked"
    seal_parcels(merchants, seals=[Seal(second.pk, second.expected_grams)], actor=bo)
    assert parts([pk])[pk].stage == "packed"
    assert units_at(place_of(world.lyon.pk, kind="bench").pk) == 0
    assert units_at(place_of(world.lyon.pk, kind="handover").pk) == 3
    assert Event.objects.filter(kind="ParcelSealed").count() == 2
    assert AuditEntry.objects.filter(verb="parcel_sealed").count() == 2
    assert differences() == []


def test_sealing_twice_is_harmless(world: World, picked: Picked, bo: Actor) -> None:
    [pk] = picked((("MUG", 1),))
    [parcel] = checked(world, pk, bo)
    seal = Seal(parcel.pk, parcel.expected_grams)
    assert seal_parcels([world.tilleul.pk], seals=[seal], actor=bo) == [parcel.pk]
    assert seal_parcels([world.tilleul.pk], seals=[seal], actor=bo) == []
    assert units_at(place_of(world.lyon.pk, kind="handover").pk) == 1


def test_a_weight_the_contents_do_not_explain_is_refused_until_the_packer_is_sure(
    world: World, picked: Picked, bo: Actor
) -> None:
    [pk] = picked((("MUG", 2),))
    [parcel] = checked(world, pk, bo)
    with pytest.raises(WrongWeight):
        seal_parcels([world.tilleul.pk], seals=[Seal(parcel.pk, parcel.expected_grams - 380)], actor=bo)
    assert Parcel.objects.get().state == "open"
    assert not Event.objects.filter(kind="ParcelSealed").exists()
    sure = Seal(parcel.pk, parcel.expected_grams - 380, sure=True)
    assert seal_parcels([world.tilleul.pk], seals=[sure], actor=bo) == [parcel.pk]


def test_a_parcel_with_items_left_to_scan_stays_open(world: World, picked: Picked, bo: Actor) -> None:
    [parcel] = make_parcels(picked((("MUG", 2),)))
    with pytest.raises(NotAllScanned):
        seal_parcels([world.tilleul.pk], seals=[Seal(parcel, 900)], actor=bo)
    assert Parcel.objects.get().state == "open"


def test_another_merchant_closes_nothing_here(world: World, picked: Picked, bo: Actor) -> None:
    [pk] = picked((("MUG", 1),))
    [parcel] = checked(world, pk, bo)
    assert seal_parcels([world.northwind.pk], seals=[Seal(parcel.pk, parcel.expected_grams)], actor=bo) == []


def test_a_machine_packs_many_orders_in_as_many_statements_as_one(world: World, picked: Picked, bo: Actor) -> None:
    counts = []
    for many in (1, 9):
        ids = picked(*[(("CARTE", 1), ("MUG", 1))] * many)
        with CaptureQueriesContext(connection) as queries:
            seal_all([world.tilleul.pk], fulfillment_order_ids=ids, actor=bo)
        counts.append(len(queries))
        assert {p.stage for p in parts(ids).values()} == {"packed"}
    assert counts[0] == counts[1]
    assert differences() == []
