from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.boxing.models import BoxType
from colisage.orders.events import StageReached
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.actions.plan_parcels import plan_parcels
from colisage.packing.models import Parcel, ParcelLine
from colisage.packing.queries import parcels_of
from tests.cast import World
from tests.packing.conftest import Picked


def test_everything_picked_is_in_exactly_one_parcel(world: World, picked: Picked) -> None:
    [pk] = picked((("COFFRET", 1), ("MUG", 2), ("TAPIS", 1)))
    make_parcels([pk])
    facts = parcels_of([pk])
    assert [p.number for p in facts] == list(range(1, len(facts) + 1))
    units = dict.fromkeys(("MUG", "CARTE", "TAPIS"), 0)
    codes = {world.sku(code).pk: code for code in units}
    for parcel in facts:
        for _line, sku, quantity in parcel.lines:
            units[codes[sku]] += quantity
    assert units == {"MUG": 3, "CARTE": 2, "TAPIS": 1}
    assert all(p.grams > 0 and p.length_mm > 0 for p in facts)


def test_planning_twice_plans_once(world: World, picked: Picked) -> None:
    [pk] = picked((("MUG", 1),))
    assert len(make_parcels([pk])) == 1
    assert make_parcels([pk]) == []
    assert ParcelLine.objects.count() == 1


def test_the_event_of_a_picked_order_plans_its_parcels(world: World, picked: Picked) -> None:
    [pk] = picked((("MUG", 1),))
    event = StageReached(
        merchant_id=world.tilleul.pk, order_id=1, fulfillment_order_id=pk, node_id=world.lyon.pk, stage="picked",
        before="picking",
    )  # fmt: skip
    plan_parcels([event, event])
    assert Parcel.objects.count() == 1


def test_what_no_box_takes_gets_a_parcel_without_a_box(world: World, picked: Picked, boxes: dict[str, BoxType]) -> None:
    boxes["L1"].delete()
    [pk] = picked((("TAPIS", 1), ("CARTE", 1)))
    make_parcels([pk])
    assert sorted(Parcel.objects.values_list("box_type__code", flat=True), key=str) == ["E1", None]


def test_planning_takes_as_many_statements_for_three_orders_as_for_twelve(world: World, picked: Picked) -> None:
    counts = []
    for many in (3, 12):
        ids = picked(*[(("CARTE", 1), ("MUG", 1))] * many) if many == 3 else picked(*[(("CARTE", 1),)] * many)
        with CaptureQueriesContext(connection) as queries:
            make_parcels(ids)
        counts.append(len(queries))
    assert counts[0] == counts[1]
