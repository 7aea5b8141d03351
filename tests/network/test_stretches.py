"""The parts of a floor stand in rows that the database keeps: they say what reading every bin says."""

import random
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

import pytest
from django.db import connection, transaction

from colisage.inventory.models import BinRoom
from colisage.kit.actors import SYSTEM
from colisage.kit.walls import behind_the_wall
from colisage.network.actions.add_bins import NewBin, add_bins
from colisage.network.models import Node, Place, Stretch, Zone
from colisage.network.queries.plans import bins_of_part, floor_parts
from tests.cast import World

BAYS = 250  # drawn at once
Step = Callable[[World, random.Random], object]
Part = tuple[str, str, str, bool, list[int]]
_numbers = count(1)


def _written(node: Node) -> list[Part]:
    parts = floor_parts(node.pk)
    return [(part.zone, part.first, part.last, part.whole, bins_of_part(part)) for part in parts]


def _read(node: Node) -> list[Part]:
    """Read every bin."""
    spots: defaultdict[tuple[int, int, int], list[Place]] = defaultdict(list)
    for place in Place.objects.filter(node=node, kind="bin", active=True).select_related("zone").order_by("pk"):
        spots[place.zone_id or 2**62, place.x_mm, place.y_mm].append(place)
    zones: defaultdict[int, list[tuple[int, int, int, str, list[Place]]]] = defaultdict(list)
    for (zone, x, y), bins in spots.items():
        bay = (min(p.walk for p in bins), x, y, min(p.code for p in bins), bins)
        zones[zone if len(spots) > BAYS else 0].append(bay)
    found: dict[tuple[int, int, int], Part] = {}
    for zone, bays in zones.items():
        bays.sort(key=lambda bay: bay[:4])
        for start in range(0, len(bays), BAYS):
            part = bays[start : start + BAYS]
            named = part[0][4][0].zone if zone else None
            places = [place.pk for bay in part for place in bay[4]]
            found[part[0][0], zone, start] = (
                named.code if named else "", part[0][3], part[-1][3], len(bays) <= BAYS, places,
            )  # fmt: skip
    return [part for _where, part in sorted(found.items())]


def _aisle(node: Node, zone: Zone | None, *, bays: int, walk: int | None = None) -> list[Place]:
    n = next(_numbers)
    start = 1_000 * n if walk is None else walk
    return Place.objects.bulk_create(
        Place(
            node=node, zone=zone, kind="bin", code=f"N{n:03}-{bay:03}-{level}", x_mm=3_000 * n, y_mm=bay, level=level,
            walk=start + bay,
        )
        for bay in range(bays) for level in (1, 2)
    )  # fmt: skip


def _any_bins(chance: random.Random, *, most: int = 40) -> list[int]:
    known = list(Place.objects.filter(code__startswith="N").order_by("pk").values_list("pk", flat=True))
    start = chance.randrange(max(1, len(known)))
    return known[start : start + chance.randint(1, most)]


def _node(world: World, chance: random.Random) -> Node:
    return chance.choice([world.lyon, world.lyon, world.montreal])


def _zone(node: Node, chance: random.Random) -> Zone | None:
    return chance.choice([*Zone.objects.filter(node=node, kind="storage").order_by("pk"), None])


def _add(world: World, chance: random.Random) -> None:
    node = _node(world, chance)
    _aisle(node, _zone(node, chance), bays=chance.choice([1, 7, 120, 260]), walk=chance.choice([None, 0, 500]))


def _add_zone(world: World, chance: random.Random) -> None:
    Zone.objects.create(node=_node(world, chance), code=f"Z{next(_numbers)}")


def _walk(world: World, chance: random.Random) -> None:
    Place.objects.filter(pk__in=_any_bins(chance)).update(walk=chance.randint(0, 90_000))


def _stand_elsewhere(world: World, chance: random.Random) -> None:
    Place.objects.filter(pk__in=_any_bins(chance, most=4)).update(x_mm=chance.randint(0, 9), y_mm=chance.randint(0, 3))


def _rename(world: World, chance: random.Random) -> None:
    Place.objects.filter(pk__in=_any_bins(chance, most=1)).update(code=f"N-new-{next(_numbers)}")


def _give_to_zone(world: World, chance: random.Random) -> None:
    Place.objects.filter(node=world.lyon, pk__in=_any_bins(chance)).update(zone=_zone(world.lyon, chance))


def _give_to_node(world: World, chance: random.Random) -> None:
    node = _node(world, chance)
    Place.objects.filter(pk__in=_any_bins(chance)).update(node=node, zone=_zone(node, chance))


def _retire(world: World, chance: random.Random) -> None:
    Place.objects.filter(pk__in=_any_bins(chance, most=200)).update(active=chance.random() < 0.5)


def _rebuild(world: World, chance: random.Random) -> None:
    Place.objects.filter(pk__in=_any_bins(chance, most=5)).update(kind=chance.choice(["bin", "dock"]))


def _take_down(world: World, chance: random.Random) -> None:
    gone = _any_bins(chance, most=300)
    BinRoom.objects.filter(pk__in=gone).delete()
    Place.objects.filter(pk__in=gone).delete()


def _somebody_waits_for_me() -> bool:
    with connection.cursor() as db:
        db.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid")
        return db.fetchone() is not None


STEPS: tuple[Step, ...] = (
    _add, _add, _add, _add, _add_zone, _walk, _stand_elsewhere, _rename, _give_to_zone, _give_to_node, _retire,
    _rebuild, _take_down,
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_parts_are_those_that_reading_every_bin_gives(world: World, seed: int) -> None:
    chance, many = random.Random(seed), 0
    _aisle(world.lyon, Zone.objects.get(node=world.lyon, kind="storage"), bays=245)
    for turn in range(25):
        step = chance.choice(STEPS)
        step(world, chance)
        for node in (world.lyon, world.montreal):
            written = _written(node)
            assert (turn, step.__name__, written) == (turn, step.__name__, _read(node))
            many = max(many, len(written))
    assert many > 2


@pytest.mark.django_db
def test_who_adds_bins_cuts_the_floor_and_nobody_else_sees_it(world: World) -> None:
    zone = Zone.objects.get(node=world.lyon, kind="storage")
    bins = [NewBin(code=f"C-{n:03}-1", x_mm=9_000, y_mm=n, level=1) for n in range(300)]
    with behind_the_wall(merchants=[world.tilleul.pk], operators=[world.nord.pk]):
        add_bins(world.nord.pk, node_id=world.lyon.pk, zone_id=zone.pk, bins=bins, actor=SYSTEM)
        assert _written(world.lyon) == _read(world.lyon)
        assert len(floor_parts(world.lyon.pk)) == 2
    with behind_the_wall(merchants=[world.tilleul.pk], operators=[world.boreal.pk]):
        assert floor_parts(world.lyon.pk) == []


@pytest.mark.django_db
def test_what_the_floor_does_not_show_writes_nothing(world: World) -> None:
    with connection.cursor() as db:
        db.execute("SELECT array_agg(ctid::text ORDER BY id) FROM network_stretch")
        before = db.fetchone()
        Place.objects.filter(node=world.lyon).update(max_grams=900, cross_dock=True)
        Place.objects.create(node=world.lyon, kind="tote", code="T-1")
        Place.objects.create(node=world.lyon, kind="bin", code="X-1", active=False)
        db.execute("SELECT array_agg(ctid::text ORDER BY id) FROM network_stretch")
        assert db.fetchone() == before


@pytest.mark.django_db(transaction=True)
def test_of_two_who_build_at_once_the_second_sees_what_the_first_built(world: World) -> None:
    built, zone = Event(), Zone.objects.get(node=world.lyon, kind="storage")

    def first() -> None:
        with transaction.atomic():
            _aisle(world.lyon, zone, bays=5)
            built.set()
            assert any(_somebody_waits_for_me() for _look in range(50_000))
        connection.close()

    def second() -> None:
        assert built.wait(30)
        _aisle(world.lyon, zone, bays=5)
        connection.close()

    with ThreadPoolExecutor(2) as people:
        for each in [people.submit(first), people.submit(second)]:
            each.result()
    assert _written(world.lyon) == _read(world.lyon)
    assert Stretch.objects.filter(node=world.lyon).count() == 1
