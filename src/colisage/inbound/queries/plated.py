"""Plates on the dock: what stands on them, and into which bin each goes whole."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Q, QuerySet

from colisage.catalog.queries import skus_across
from colisage.inbound.models import PlateLoad, Receipt
from colisage.inbound.queries.putaway import Ranking, Suggestion, goods_at, loads_of, planned, told_of
from colisage.inbound.queries.shelving import Load, houses_at, shelves_for
from colisage.inbound.rules.putaway import Goods
from colisage.inbound.rules.shelves import SHOWN, Shelves
from colisage.inventory.queries.bins import SkuStoring, is_owed, storing_of
from colisage.inventory.queries.plates import OnHand, Plate, branch, lying_at, trees_of
from colisage.network.queries.places import PlaceFacts, places_facts

MOST = 100


@dataclass(frozen=True, slots=True)
class DockPlate:
    """A plate with all that stands on it; `place` is None while nothing does."""

    id: int
    code: str
    merchant_id: int
    parent_id: int | None
    branch: frozenset[int]  # the plate and those on it
    lying: tuple[OnHand, ...]
    place: PlaceFacts | None
    to_inspect: int | None  # the first receipt on it that waits for its inspection

    @property
    def units(self) -> int:
        """Give the units on it."""
        return sum(one.qty for one in self.lying)

    @property
    def skus(self) -> int:
        """Give how many SKUs stand on it."""
        return len({one.sku_id for one in self.lying})

    @property
    def on_dock(self) -> bool:
        """Say whether it stands on a dock."""
        return self.place is not None and self.place.kind == "dock"

    @property
    def held(self) -> tuple[OnHand, ...]:
        """Give what is not sellable of it: damaged, expired. What only its lot holds back comes into a bin held."""
        return tuple(one for one in self.lying if one.condition != "sellable")


@dataclass(frozen=True, slots=True)
class PlateSuggestion(Ranking):
    """A plate on the dock, and its bins, the best first; what is held back goes to quarantine instead."""

    plate: DockPlate
    goods: tuple[Goods, ...]

    @property
    def owed(self) -> int:
        """Give the units people wait for."""
        return sum(min(one.owed, one.units) for one in self.goods)


@dataclass(frozen=True, slots=True)
class PlatesPage:
    """Some of the plates on docks; `next` says after what the next page begins, empty on the last one."""

    plates: list[DockPlate]
    next: str


def plates_on_dock(merchant_ids: Collection[int], *, after: str = "", size: int = MOST) -> PlatesPage:
    """Give one page of the outermost plates on docks that carry received goods, by id; at most seven statements.

    Those with goods that people wait for come on the first pages, then the others, the oldest first. `after` is the
    `next` of another page; anything else begins at the start. A plate comes once, with all that stands on it.
    """
    first, last = after[:1] == "w", after.removeprefix("w")
    rows = _loaded(merchant_ids)
    if last.isascii() and last.isdecimal() and len(last) < 19:
        later = Q(waited=first, plate_id__gt=int(last))
        rows = rows.filter(later | Q(waited=False) if first else later)
    found = list(rows.values_list("plate_id", "waited")[: size + 1])
    if not found:
        return PlatesPage([], "")
    more, here = found[size:], {plate for plate, _waited in found[:size]}
    trees = trees_of(merchant_ids, plate_ids=here)
    end = found[:size][-1]
    plates = _from_here(merchant_ids, trees, here=here)
    on_dock = [plate for plate in dock_plates(merchant_ids, plate_ids=plates) if plate.on_dock] if plates else []
    return PlatesPage(on_dock, f"{'w' if end[1] else ''}{end[0]}" if more else "")


def _loaded(merchant_ids: Collection[int]) -> QuerySet[Any, Any]:
    """Give the plates loaded on docks, with whether people wait for what is on them, in the order of the list."""
    loads = PlateLoad.objects.filter(merchant__in=merchant_ids).values("plate_id")
    waited = BoolOr(is_owed(sku="receipt__sku", node="receipt__node"))
    return loads.annotate(waited=waited).order_by("-waited", "plate_id")


def _from_here(merchant_ids: Collection[int], trees: Sequence[Plate], *, here: Collection[int]) -> set[int]:
    """Give the outermost plates of trees of which the first loaded plate is on this page: no page had them before."""
    root, first = {plate.id: plate.root_id for plate in trees}, dict[int, int]()
    for plate in _loaded(merchant_ids).filter(plate__in=root).values_list("plate_id", flat=True):
        first.setdefault(root[plate], plate)
    return {tree for tree, plate in first.items() if plate in here}


def dock_plates(merchant_ids: Collection[int], *, plate_ids: Collection[int]) -> list[DockPlate]:
    """Give plates of these merchants with what stands on them, by id."""
    trees = trees_of(merchant_ids, plate_ids=plate_ids)
    lying = lying_at(merchant_ids, plate_ids=[plate.id for plate in trees])
    places = places_facts({one.place_id for one in lying})
    due = _due([plate.id for plate in trees])
    found = []
    for plate in sorted(trees, key=lambda p: p.id):
        if plate.id in plate_ids:
            within = frozenset(branch(trees, plate_id=plate.id))
            its = tuple(one for one in lying if one.plate_id in within)
            found.append(
                DockPlate(
                    plate.id, plate.code, plate.merchant_id, plate.parent_id, within, its,
                    places.get(its[0].place_id) if its else None,
                    next((due[pk] for pk in sorted(within) if pk in due), None),
                )
            )  # fmt: skip
    return found


def _due(plate_ids: Collection[int]) -> dict[int, int]:
    """Give a receipt that waits for its inspection, by the plate it stands on."""
    loads = PlateLoad.objects.filter(plate__in=plate_ids, receipt__inspection_due=True).order_by("-receipt_id")
    return dict(loads.values_list("plate_id", "receipt_id"))


def plate_suggestions(plates: Sequence[DockPlate]) -> list[PlateSuggestion]:
    """Suggest a bin for each plate whole, each seeing the bins as the ones before will leave them.

    A constant number of statements, however many plates and bins; all of them stand on a dock.
    """
    return dock_suggestions(plates, ())[0]


def dock_suggestions(
    plates: Sequence[DockPlate], receipts: Sequence[Receipt], *, most: int = SHOWN
) -> tuple[list[PlateSuggestion], list[Suggestion]]:
    """Suggest bins for plates on docks, then for receipts, the best so many; a constant number of statements."""
    nodes = {one.node_id for one in receipts} | {one.place.node_id for one in plates if one.place is not None}
    if not nodes:
        return [], []
    houses = houses_at(nodes, loads=len(plates) + len(receipts))
    stored = storing_of(
        {plate.merchant_id for plate in plates} | {one.merchant_id for one in receipts},
        sku_ids=skus_on(plates) | {one.sku_id for one in receipts},
    )
    goods = goods_on(plates, stored=stored, hazardous={pk: house.kinds.hazardous for pk, house in houses.items()})
    whole = [Load(plate.place.node_id if plate.place else 0, goods[plate.id], whole=True) for plate in plates]
    loose = loads_of(receipts, houses=houses, stored=stored)
    shelves = shelves_for([*whole, *loose], houses=houses)
    found = [
        _put(plate, load, shelves=shelves[load.node_id], most=most) for plate, load in zip(plates, whole, strict=True)
    ]
    return found, told_of(receipts, planned(loose, shelves=shelves, most=most))


def _put(plate: DockPlate, load: Load, *, shelves: Shelves, most: int) -> PlateSuggestion:
    """Choose a bin for a plate, and fill it: those who come later find it so."""
    suggestion = PlateSuggestion(tuple(shelves.best_whole(load.goods, most=most)), plate, load.goods)
    best = suggestion.best
    if best is not None and not plate.held:
        for goods in load.goods:
            shelves.fill(best.bin.id, goods, units=goods.units)
    return suggestion


def skus_on(plates: Sequence[DockPlate]) -> set[int]:
    """Give the SKUs that stand on plates."""
    return {one.sku_id for plate in plates for one in plate.lying}


def goods_on(
    plates: Sequence[DockPlate], *, stored: Mapping[int, SkuStoring], hazardous: Mapping[int, bool]
) -> dict[int, tuple[Goods, ...]]:
    """Turn what stands on plates into goods, a SKU and lot each; one statement, none without plates.

    `hazardous` says which nodes have bins made for hazardous goods.
    """
    skus = skus_across({plate.merchant_id for plate in plates}, ids=skus_on(plates)) if plates else {}
    found = {}
    for plate in plates:
        node = plate.place.node_id if plate.place else 0
        units: dict[tuple[int, int | None], int] = {}
        for one in plate.lying:
            units[one.sku_id, one.lot_id] = units.get((one.sku_id, one.lot_id), 0) + one.qty
        found[plate.id] = tuple(
            goods_at(node, sku=skus[sku], lot_id=lot, units=qty, stored=stored, hazardous=hazardous.get(node, False))
            for (sku, lot), qty in sorted(units.items(), key=lambda item: (item[0][0], item[0][1] or 0))
        )
    return found
