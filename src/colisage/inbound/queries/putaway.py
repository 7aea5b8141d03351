"""Where goods on the dock should go, and why there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts
from colisage.inbound.models import Receipt
from colisage.inbound.ports import OwnerNames
from colisage.inbound.queries.shelving import House, Load, houses_at, shelves_for
from colisage.inbound.rules.putaway import AMBIENT, HAZARDOUS, Goods, Judged, Note
from colisage.inbound.rules.shelves import SHOWN, Shelves, plan
from colisage.inventory.queries.bins import SkuStoring, first_owed, storing_of

_SAYS: Final[Mapping[str, Any]] = {
    "frozen": _("being counted"),
    "wrong_storage": _("not made for these goods"),
    "full": _("full"),
    "size_unknown": _("the catalogue does not know all sizes: look whether it fits"),
    "kept_free": _("kept for goods that go first"),
    "same_sku": _("the SKU lies here"),
    "same_lot": _("the lot lies here"),
    "elsewhere": _("the SKU lies elsewhere"),
    "mixed": _("another SKU lies here"),
    "lots_mixed": _("another lot lies here"),
    "empty": _("empty"),
}


def note_says(note: Note) -> str:
    """Word a reason."""
    told = dict(note.places)
    if note.code == "part_fits":
        fits = int(told["fits"])
        return ngettext("room for %(n)s unit", "room for %(n)s units", fits) % {"n": fits}
    if note.code == "waited_for":
        owed = int(told["owed"])
        return ngettext("%(n)s unit is waited for", "%(n)s units are waited for", owed) % {"n": owed}
    if note.code == "fast":
        return gettext("picked often: %(metres)s m from the bench") % {"metres": told["metres"]}
    if note.code == "slow":
        return gettext("picked seldom: %(metres)s m from the bench") % {"metres": told["metres"]}
    return str(_SAYS.get(note.code, note.code))


@dataclass(frozen=True, slots=True)
class Standing:
    """Units of a SKU, `left` of them, that stand somewhere in a node and shall lie in a bin, as a receipt does."""

    merchant_id: int
    node_id: int
    sku: SkuFacts
    lot_id: int | None
    left: int
    home_id: int | None = None  # the bin they came from: it is judged too, however many are better

    @property
    def sku_id(self) -> int:
        """Give the id of the SKU."""
        return self.sku.id

    @property
    def loose(self) -> int:
        """Give the units: all of them stand by themselves."""
        return self.left


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best bins for something on the dock, the best first."""

    ranked: tuple[Judged, ...]

    @property
    def best(self) -> Judged | None:
        """Give the bin suggested."""
        first = self.ranked[0] if self.ranked else None
        return first if first and first.allowed and first.fits else None

    @property
    def candidates(self) -> list[dict[str, Any]]:
        """Give the first bins with their reasons, for the screen."""
        return [
            {
                "code": j.bin.code,
                "chosen": n == 0 and j.allowed,
                "allowed": j.allowed,
                "why": ", ".join(note_says(note) for note in (*j.refusals, *j.notes)),
            }
            for n, j in enumerate(self.ranked[:SHOWN])
        ]

    @property
    def why(self) -> str:
        """Say in one line why the first bin."""
        notes = [note for note in self.best.notes if note.good or note.code == "size_unknown"] if self.best else []
        return ", ".join(note_says(note) for note in notes) or gettext("the first free bin along the walk")


@dataclass(frozen=True, slots=True)
class Suggestion(Ranking):
    """A receipt on the dock, and its bins, the best first."""

    receipt: Receipt
    goods: Goods


Ranked = tuple[Goods, tuple[Judged, ...]]


class Sized(Protocol):
    """A SKU with its sizes, null where the catalogue does not know them."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def grams(self) -> int | None: ...  # noqa: D102
    @property
    def length_mm(self) -> int | None: ...  # noqa: D102
    @property
    def width_mm(self) -> int | None: ...  # noqa: D102
    @property
    def height_mm(self) -> int | None: ...  # noqa: D102
    @property
    def hazardous(self) -> bool: ...  # noqa: D102


def suggestions(receipts: Sequence[Receipt]) -> list[Suggestion]:
    """Suggest bins for receipts, each seeing the bins as the ones before will leave them.

    A constant number of statements, however many receipts and bins; they come with SKU, lot and node.
    """
    return told_of(receipts, ranked_bins(receipts))


def told_of(receipts: Sequence[Receipt], ranked: Sequence[Ranked]) -> list[Suggestion]:
    """Give receipts with the bins found for them."""
    return [Suggestion(bins, receipt, goods) for receipt, (goods, bins) in zip(receipts, ranked, strict=True)]


def ranked_bins(standing: Sequence[Receipt | Standing]) -> list[Ranked]:
    """Give the best bins for units, the best first, each seeing the bins as the ones before will leave them.

    A constant number of statements, however many.
    """
    nodes = {one.node_id for one in standing}
    if not nodes:
        return []
    houses = houses_at(nodes, loads=len(standing))
    stored = storing_of({one.merchant_id for one in standing}, sku_ids={one.sku_id for one in standing})
    loads = loads_of(standing, houses=houses, stored=stored)
    return planned(loads, shelves=shelves_for(loads, houses=houses))


def loads_of(
    standing: Sequence[Receipt | Standing], *, houses: Mapping[int, House], stored: Mapping[int, SkuStoring]
) -> list[Load]:
    """Turn units that stand somewhere into loads that look for bins."""
    found = []
    for one in standing:
        goods = goods_at(
            one.node_id, sku=one.sku, lot_id=one.lot_id, units=one.loose, stored=stored,
            hazardous=houses[one.node_id].kinds.hazardous,
        )  # fmt: skip
        found.append(Load(one.node_id, (goods,), home_id=one.home_id if isinstance(one, Standing) else None))
    return found


def planned(loads: Sequence[Load], *, shelves: Mapping[int, Shelves], most: int = SHOWN) -> list[Ranked]:
    """Give each load of one sort of goods its best bins, so many; the shelves are filled as they will be."""
    found: dict[int, Ranked] = {}
    for node in {load.node_id for load in loads}:
        here = [(n, load) for n, load in enumerate(loads) if load.node_id == node]
        wanted, also = [load.goods[0] for _n, load in here], [load.home_id for _n, load in here]
        for (n, load), ranked in zip(here, plan(wanted, shelves[node], also=also, most=most), strict=True):
            found[n] = (load.goods[0], tuple(ranked))
    return [found[n] for n in range(len(loads))]


def goods_at(
    node_id: int, *, sku: Sized, lot_id: int | None, units: int, stored: Mapping[int, SkuStoring], hazardous: bool
) -> Goods:
    """Turn units of a SKU at a node into goods to put away; `hazardous` says that it has bins made for such."""
    known = stored.get(sku.id) or SkuStoring()
    return goods_of(
        sku, lot_id=lot_id, units=units, storage=kept_as(sku, storage=known.storage, hazardous=hazardous),
        speed=known.speed, owed=known.owed_at(node_id),
    )  # fmt: skip


def kept_as(sku: Sized, *, storage: str, hazardous: bool) -> str:
    """Give the storage type goods need: their own; hazardous ones that of bins made for them, where there are any."""
    return storage or (HAZARDOUS if sku.hazardous and hazardous else AMBIENT)


def goods_of(sku: Sized, *, lot_id: int | None, units: int, storage: str, speed: str = "C", owed: int = 0) -> Goods:
    """Turn units of a SKU into goods to put away."""
    sizes = (sku.length_mm, sku.width_mm, sku.height_mm)
    volume = None if None in sizes else (sku.length_mm or 0) * (sku.width_mm or 0) * (sku.height_mm or 0)
    return Goods(
        sku_id=sku.id, units=units, lot_id=lot_id, volume_mm3=volume, grams=sku.grams,
        storage=storage, speed=speed, owed=owed,
    )  # fmt: skip


def for_whom(receipt: Receipt) -> list[tuple[str, int]]:
    """Say who waits for the units of a receipt, those served first come first: (name, units)."""
    waiting = first_owed(receipt.merchant_id, sku_id=receipt.sku_id, node_id=receipt.node_id)
    ports: dict[str, str] = settings.COLISAGE_OWNERS
    found: dict[tuple[str, int], str] = {}
    for kind in {owed.owner_kind for owed in waiting} & set(ports):
        names: OwnerNames = import_string(ports[kind])
        ids = [owed.owner_id for owed in waiting if owed.owner_kind == kind]
        found |= {(kind, pk): name for pk, name in names(receipt.merchant_id, owner_ids=ids).items()}
    return [(found.get((owed.owner_kind, owed.owner_id), ""), owed.qty) for owed in waiting]
