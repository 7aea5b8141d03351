"""What is read of a house is little, and what is suggested is what looking at every bin of it would suggest."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.inbound.actions.save_putaway_rules import save_putaway_rules
from colisage.inbound.models import Receipt, RuleKind
from colisage.inbound.queries import on_the_dock
from colisage.inbound.queries.plated import dock_suggestions
from colisage.inbound.queries.putaway import loads_of, planned, suggestions
from colisage.inbound.queries.shelving import bin_now, houses_at, rules_of
from colisage.inbound.rules.putaway import DEFAULT, Judged, Rule
from colisage.inbound.rules.shelves import SHOWN, Shelves
from colisage.inventory.actions.note_rooms import note_rooms
from colisage.inventory.models import BinRoom, RoomMark, SkuSpeed
from colisage.inventory.queries.bins import storing_of
from colisage.inventory.queries.kinds import first_bins
from colisage.kit.actors import SYSTEM
from colisage.network.models import Place, StorageType, Zone
from tests.books import find, spot_of
from tests.cast import World
from tests.inbound.dock import take_in

pytestmark = pytest.mark.django_db
CODES = ("MUG", "TAPIS", "LAMPE", "PLUME", "CARTE")


def build(world: World, chance: Random) -> None:
    """Make a house of bins of all kinds, some of them full, and put goods on its dock."""
    zones = [
        Zone.objects.create(node=world.lyon, code=f"Z{n}", kind="storage", storage=StorageType.objects.get(code=code))
        for n, code in enumerate(("ambient", "cold"))
    ]
    places = Place.objects.bulk_create(
        Place(
            node=world.lyon, zone=chance.choice([*zones, None]), kind="bin", code=f"R-{n}", walk=100 + n,
            x_mm=chance.randrange(0, 9_000, 1_000), y_mm=chance.randrange(0, 9_000, 1_000),
            cross_dock=chance.random() < 0.1, volume_mm3=chance.choice([None, 10**6, 10**7, 10**8]),
            max_grams=chance.choice([None, 5_000, 50_000]),
        )
        for n in range(70)
    )  # fmt: skip
    for place in places:
        for code in chance.sample(CODES, chance.choice([0, 0, 1, 1, 2, 3])):
            find(world.sku(code), chance.randint(1, 12), at=spot_of(place))
    for code in CODES[:3]:
        SkuSpeed.objects.create(merchant=world.tilleul, sku=world.sku(code), speed=chance.choice("AB"))
    for code in chance.choices(CODES, k=6):
        take_in(world, code, chance.choice([1, 5, 40]))


def looking_at_all(world: World, receipts: list[Receipt]) -> list[tuple[Judged, ...]]:
    """Judge every bin of the house."""
    node, skus = world.lyon.pk, [receipt.sku_id for receipt in receipts]
    bins = [spot for place in world.bins() if (spot := bin_now(node, place_ids=[place.pk], sku_ids=skus))]
    stored = storing_of([world.tilleul.pk], sku_ids=skus)
    loads = loads_of(receipts, houses=houses_at([node], loads=len(receipts)), stored=stored)
    return [ranked for _goods, ranked in planned(loads, shelves={node: Shelves(bins, rules_of([node])[node])})]


def allowed(ranked: tuple[Judged, ...]) -> list[Judged]:
    return [one for one in ranked if one.allowed]


@pytest.mark.parametrize("noted", [True, False], ids=["noted", "moved just now"])
@pytest.mark.parametrize("seed", range(5))
def test_what_is_suggested_is_what_looking_at_every_bin_finds(balanced: World, seed: int, *, noted: bool) -> None:
    chance = Random(seed)
    build(balanced, chance)
    kinds = chance.sample(RuleKind.values, len(RuleKind.values))[: chance.randint(2, 10)]
    rules = [Rule(kind, must=chance.random() < 0.2) for kind in kinds] if seed else DEFAULT
    save_putaway_rules(balanced.nord.pk, node_id=balanced.lyon.pk, rules=rules, actor=SYSTEM)
    if noted:
        note_rooms(whole=True)
        RoomMark.objects.update(upto=2**60)
        assert first_bins([], node_ids=[balanced.lyon.pk], sku_ids=[], lot_ids=[]) == []
    receipts = on_the_dock([balanced.tilleul.pk])
    found, all_of_them = suggestions(receipts), looking_at_all(balanced, receipts)
    assert [allowed(one.ranked) for one in found] == [allowed(ranked) for ranked in all_of_them]
    assert all(len(one.ranked) == SHOWN for one in found if not allowed(one.ranked))  # they say why not
    _plates, best = dock_suggestions([], receipts, most=1)  # as the list asks, which shows one bin of each
    assert [one.ranked for one in best] == [one.ranked[:1] for one in found]


def test_the_one_bin_with_room_is_found_behind_many_without(balanced: World) -> None:
    Place.objects.filter(node=balanced.lyon, kind="bin").update(max_grams=1)
    Place.objects.bulk_create(
        Place(
            node=balanced.lyon, kind="bin", code=f"R-{n}", walk=100 + n, x_mm=n * 100,
            volume_mm3=50 * 10**6 if n == 3 else 18 * 10**6,
        )
        for n in range(200)
    )  # fmt: skip
    assert len(set(BinRoom.objects.filter(place__code__startswith="R-").values_list("mm3_size"))) == 1
    take_in(balanced, "PLUME", 1)  # 50 litres: not even one fits into the others
    assert [one.best.bin.code for one in suggestions(on_the_dock([balanced.tilleul.pk])) if one.best] == ["R-3"]


def test_a_house_of_many_bins_is_asked_as_much_as_one_of_few_and_few_bins_are_read(balanced: World) -> None:
    take_in(balanced)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            suggestions(on_the_dock([balanced.tilleul.pk]))
        return len(queries)

    few = asked()
    Place.objects.bulk_create(
        Place(node=balanced.lyon, kind="bin", code=f"R-{n}", walk=100 + n, x_mm=n * 100) for n in range(3_000)
    )
    assert asked() == few
    receipts = on_the_dock([balanced.tilleul.pk])
    houses = houses_at([balanced.lyon.pk], loads=len(receipts))
    assert houses[balanced.lyon.pk].most == SHOWN + len(receipts)
    assert {kind.bins for kind in houses[balanced.lyon.pk].kinds.kinds} <= set(range(SHOWN + len(receipts) + 1))
