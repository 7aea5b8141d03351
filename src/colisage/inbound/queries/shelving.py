"""What is read of houses to choose bins for goods: the rules, the kinds of bins, and a few bins of the best kinds."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

from colisage.inbound.models import PutawayRule
from colisage.inbound.rules.kinds import Kind, Kinds
from colisage.inbound.rules.putaway import DEFAULT, Bin, Goods, Rule
from colisage.inbound.rules.shelves import SHOWN, Shelves
from colisage.inventory.queries.bins import Content, contents_of_bins, counting_bins
from colisage.inventory.queries.kinds import FirstOf, first_bins, kinds_at
from colisage.network.queries.storing import StoringBin, storing_bins

_COUNTED: Final = 50  # bins being counted that may stand before those that may be used


@dataclass(frozen=True, slots=True)
class House:
    """A node as goods that look for bins see it: its kinds of bins under its rules, bins that are being counted.

    `most` bins of a kind are looked at: those shown, those that other goods take first, those that are being counted.
    """

    kinds: Kinds
    counting: frozenset[int]
    most: int


@dataclass(frozen=True, slots=True)
class Load:
    """Goods at a node that look for a bin; those of a load that is `whole` stay together."""

    node_id: int
    goods: tuple[Goods, ...]
    whole: bool = False
    home_id: int | None = None  # the bin they came from: it is judged too, however many are better


def rules_of(node_ids: Collection[int]) -> dict[int, tuple[Rule, ...]]:
    """Give the rules of nodes, in order; a node without any has the usual ones."""
    found: dict[int, list[Rule]] = {pk: [] for pk in node_ids}
    for row in PutawayRule.objects.filter(node__in=node_ids).order_by("position"):
        found[row.node_id].append(Rule(row.kind, must=row.must))
    return {pk: tuple(rules) or DEFAULT for pk, rules in found.items()}


def nodes_with_rules(node_ids: Collection[int]) -> set[int]:
    """Give the nodes that have rules of their own."""
    return set(PutawayRule.objects.filter(node__in=node_ids).values_list("node_id", flat=True))


def houses_at(node_ids: Collection[int], *, loads: int) -> dict[int, House]:
    """Give nodes as so many loads of goods see them; three statements, however many bins they have."""
    rules, counting = rules_of(node_ids), counting_bins(node_ids)
    most = SHOWN + loads + min(len(counting), _COUNTED)
    kinds: dict[int, list[Kind]] = {pk: [] for pk in node_ids}
    for one in kinds_at(node_ids, most=most):
        kinds[one.node_id].append(Kind(*one.like, bins=one.bins))
    return {pk: House(Kinds(kinds[pk], rules[pk]), frozenset(counting), most) for pk in node_ids}


def shelves_for(loads: Sequence[Load], *, houses: Mapping[int, House]) -> dict[int, Shelves]:
    """Give the bins of nodes among which the best for loads are, with what lies in them; three statements.

    They are few, however many bins the nodes have (decision 0039), and as they are at this moment.
    """
    firsts: dict[FirstOf, None] = {}
    for load in loads:
        house = houses[load.node_id]
        for one in house.kinds.wanted(load.goods, whole=load.whole, most=house.most):
            firsts[FirstOf(load.node_id, *one.kind.like, one.way, int(one.mm3), int(one.grams), one.most)] = None
    goods = [each for load in loads for each in load.goods]
    skus = {one.sku_id for one in goods}
    places = first_bins(
        list(firsts), node_ids=houses, sku_ids=skus, lot_ids={one.lot_id for one in goods if one.lot_id is not None}
    )
    bins = _bins_now(
        houses,
        place_ids={*places, *(load.home_id for load in loads if load.home_id is not None)},
        sku_ids=skus,
        counting={pk for house in houses.values() for pk in house.counting},
    )
    return {pk: Shelves(bins[pk], house.kinds.rules) for pk, house in houses.items()}


def bin_now(node_id: int, *, place_ids: Collection[int], sku_ids: Collection[int]) -> Bin | None:
    """Give the bin of a node that is among these places, with what lies in it; None when none is. Three statements."""
    bins = _bins_now([node_id], place_ids=place_ids, sku_ids=sku_ids, counting=counting_bins([node_id]))
    return next(iter(bins[node_id]), None)


def _bins_now(
    node_ids: Collection[int], *, place_ids: Collection[int], sku_ids: Collection[int], counting: Collection[int]
) -> dict[int, list[Bin]]:
    contents = contents_of_bins(place_ids, sku_ids=sku_ids)
    found: defaultdict[int, list[Bin]] = defaultdict(list)
    for spot in storing_bins(node_ids, place_ids=place_ids):
        found[spot.node_id].append(_bin(spot, contents.get(spot.id) or Content(), frozen=spot.id in counting))
    return found


def _bin(spot: StoringBin, content: Content, *, frozen: bool) -> Bin:
    return Bin(
        id=spot.id, code=spot.code, walk=spot.walk, distance_mm=round(hypot(spot.x_mm, spot.y_mm)),
        storage=spot.storage, cross_dock=spot.cross_dock, frozen=frozen,
        volume_mm3=spot.volume_mm3, max_grams=spot.max_grams,
        used_mm3=content.used_mm3, used_grams=content.used_grams, unknown=content.unknown,
        skus=frozenset(content.lots), lots=content.lots, strangers=content.strangers,
    )  # fmt: skip
