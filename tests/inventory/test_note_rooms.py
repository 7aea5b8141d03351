"""What kind of bin each bin is follows what is done to it at once, and what moves in it within seconds."""

import pytest
from django.db import connection

from colisage.inventory.actions.note_rooms import note_rooms
from colisage.inventory.models import BinRoom, RoomMark
from colisage.inventory.queries.kinds import first_bins, kinds_at
from colisage.kit.actors import SYSTEM
from colisage.kit.walls import behind_the_wall
from colisage.network.actions.equip_node import equip_node
from colisage.network.models import Place, StorageType, Zone
from tests.books import find, spot_of
from tests.cast import World

MUG_MM3 = 120 * 95 * 100


def room(place: Place) -> tuple[object, ...]:
    return BinRoom.objects.values_list("skus", "free_mm3", "mm3_size", "free_grams", "grams_size").get(pk=place.pk)


def touched(world: World) -> set[int]:
    return set(first_bins([], node_ids=[world.lyon.pk], sku_ids=[], lot_ids=[]))


@pytest.mark.django_db(transaction=True)
def test_rooms_are_noted_after_units_moved_and_until_then_the_bin_is_looked_at(balanced: World) -> None:
    first, last = balanced.bins()[0], balanced.bins()[-1]
    Place.objects.filter(pk=last.pk).update(volume_mm3=4 * MUG_MM3, max_grams=1_000)
    assert note_rooms() > 0  # the first look is at all of them
    assert (note_rooms(), touched(balanced)) == (0, set())
    assert room(first) == (1, None, 99, None, 99)
    assert room(last) == (0, 4 * MUG_MM3, 12, 1_000, 5)
    find(balanced.sku("MUG"), 2, at=spot_of(last))
    assert room(last)[0] == 0
    assert touched(balanced) == {last.pk}
    assert (note_rooms(), note_rooms()) == (1, 0)
    assert room(last) == (1, 2 * MUG_MM3, 11, 1_000 - 2 * 380, 4)
    assert touched(balanced) == set()
    find(balanced.sku("MUG"), 3, at=spot_of(last))
    note_rooms()
    assert room(last) == (1, 0, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_another_server_numbers_its_transactions_anew_and_all_rooms_are_noted(balanced: World) -> None:
    note_rooms()
    RoomMark.objects.update(system=1, upto=2**60)
    BinRoom.objects.filter(pk=balanced.bins()[0].pk).update(skus=7)
    assert note_rooms() == 1
    assert room(balanced.bins()[0])[0] == 1
    assert int(RoomMark.objects.get().upto) < 2**60


@pytest.mark.django_db
def test_sizes_that_changed_are_seen_when_all_rooms_are_noted(balanced: World) -> None:
    place = balanced.bins()[0]  # twenty mugs lie here
    Place.objects.filter(pk=place.pk).update(volume_mm3=100 * MUG_MM3)
    assert room(place)[1] == 80 * MUG_MM3
    balanced.sku("MUG").__class__.objects.filter(code="MUG").update(height_mm=200)
    note_rooms(whole=True)
    assert room(place)[1] == 60 * MUG_MM3


@pytest.mark.django_db
def test_what_is_done_to_bins_and_zones_is_noted_at_once(balanced: World) -> None:
    place, cold = balanced.bins()[5], StorageType.objects.get(code="cold").pk
    zone = Zone.objects.get(node=balanced.lyon, kind="storage")
    equip_node(balanced.nord.pk, node_id=balanced.lyon.pk, zones={zone.pk: cold}, cross_dock=["B-02-1"], actor=SYSTEM)
    assert set(BinRoom.objects.filter(node=balanced.lyon).values_list("storage", flat=True)) == {"cold"}
    assert BinRoom.objects.get(cross_dock=True).place_id == place.pk
    Place.objects.filter(pk=place.pk).update(storage=StorageType.objects.get(code="bulky"), x_mm=3_000, y_mm=4_000)
    assert (BinRoom.objects.get(pk=place.pk).storage, BinRoom.objects.get(pk=place.pk).distance_mm) == ("bulky", 5_000)
    Place.objects.filter(pk=place.pk).update(active=False)
    assert not BinRoom.objects.filter(pk=place.pk).exists()
    Place.objects.filter(pk=place.pk).update(active=True)
    made = Place.objects.create(node=balanced.lyon, zone=zone, kind="bin", code="Z-1", walk=99)
    assert set(BinRoom.objects.filter(pk__in=[place.pk, made.pk]).values_list("storage", flat=True)) == {
        "bulky",
        "cold",
    }
    assert not BinRoom.objects.exclude(place__kind="bin").exists()


@pytest.mark.django_db
def test_a_house_full_of_others_goods_is_full_and_nobody_else_sees_it(balanced: World) -> None:
    place = balanced.bins(balanced.montreal)[0]  # goods of Northwind
    Place.objects.filter(pk=place.pk).update(max_grams=100_000)
    mine, others = (balanced.tilleul.pk, balanced.boreal.pk), (balanced.tilleul.pk, balanced.nord.pk)
    for (merchant, operator), seen in ((mine, 1), (others, 0)):
        with behind_the_wall(merchants=[merchant], operators=[operator]):
            assert BinRoom.objects.filter(pk=place.pk, skus=1, free_grams=100_000 - 20 * 380).count() == seen
            kinds = kinds_at([balanced.montreal.pk], most=20)
            assert len(kinds) == 2 * seen  # without a limit, and with one
            assert bool(first_bins([], node_ids=[balanced.montreal.pk], sku_ids=[], lot_ids=[])) == bool(seen)


@pytest.mark.django_db
def test_the_web_role_reads_the_first_bins_of_a_kind_from_the_index(balanced: World) -> None:
    with behind_the_wall(merchants=[balanced.tilleul.pk], operators=[balanced.nord.pk]), connection.cursor() as db:
        db.execute("SET LOCAL enable_seqscan = off")
        db.execute("SET LOCAL enable_sort = off")
        db.execute(
            "EXPLAIN SELECT place_id, free_mm3, free_grams FROM inventory_binroom r WHERE node_id = 1"
            " AND storage = 'cold' AND cross_dock = false AND skus = 0 AND mm3_size = 99 AND grams_size = 99"
            " ORDER BY distance_mm DESC, walk, place_id LIMIT 10"
        )
        plan = "\n".join(row[0] for row in db.fetchall())
    assert "Index Only Scan using bins_farthest" in plan
    assert "Sort" not in plan
