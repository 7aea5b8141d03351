"""Where goods on the dock should go, and why there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any, Final, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts
from colisage.catalog.queries.storing import storage_of
from colisage.inbound.models import PutawayRule, Receipt
from colisage.inbound.ports import OwnerNames
from colisage.inbound.rules.putaway import AMBIENT, DEFAULT, HAZARDOUS, Bin, Goods, Judged, Note, Rule
from colisage.inbound.rules.shelves import SHOWN, Shelves, plan
from colisage.inventory.queries.bins import Content, contents_of_bins, counting_bins, first_owed, owed_at, speeds_of
from colisage.network.queries.storing import StoringBin, storing_bins

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


def rules_of(node_ids: Collection[int]) -> dict[int, tuple[Rule, ...]]:
    """Give the rules of nodes, in order; a node without any has the usual ones."""
    found: dict[int, list[Rule]] = {pk: [] for pk in node_ids}
    for row in PutawayRule.objects.filter(node__in=node_ids).order_by("position"):
        found[row.node_id].append(Rule(row.kind, must=row.must))
    return {pk: tuple(rules) or DEFAULT for pk, rules in found.items()}


def suggestions(receipts: Sequence[Receipt], *, shelves: Mapping[int, Shelves] | None = None) -> list[Suggestion]:
    """Suggest bins for receipts, each seeing the bins as the ones before will leave them.

    A constant number of statements, however many receipts; they come with SKU, lot and node. `shelves` are those of the
    nodes, as others on the dock will leave them.
    """
    return [
        Suggestion(ranked, receipt, goods)
        for receipt, (goods, ranked) in zip(receipts, ranked_bins(receipts, shelves=shelves), strict=True)
    ]


def ranked_bins(
    standing: Sequence[Receipt | Standing], *, shelves: Mapping[int, Shelves] | None = None
) -> list[tuple[Goods, tuple[Judged, ...]]]:
    """Give the best bins for units, the best first, each seeing the bins as the ones before will leave them.

    A constant number of statements, however many. `shelves` are those of the nodes, when they are known.
    """
    nodes, merchants = {one.node_id for one in standing}, {one.merchant_id for one in standing}
    if not standing:
        return []
    skus = {one.sku_id for one in standing}
    shelves = shelves_of(nodes, sku_ids=skus) if shelves is None else shelves
    speeds = speeds_of(merchants, sku_ids=skus)
    owed, stores = owed_at(merchants, sku_ids=skus), storage_of(merchants, sku_ids=skus)
    found: dict[int, tuple[Goods, tuple[Judged, ...]]] = {}
    for node in nodes:
        here = [(n, one) for n, one in enumerate(standing) if one.node_id == node]
        wanted = [
            goods_of(
                one.sku, lot_id=one.lot_id, units=one.loose,
                storage=kept_as(one.sku, storage=stores.get(one.sku_id, ""), hazardous=shelves[node].hazardous),
                speed=speeds.get(one.sku_id, "C"),
                owed=owed.get((one.sku_id, node), 0) + owed.get((one.sku_id, None), 0),
            )
            for _n, one in here
        ]  # fmt: skip
        also = [one.home_id if isinstance(one, Standing) else None for _n, one in here]
        for (n, _one), goods, ranked in zip(here, wanted, plan(wanted, shelves[node], also=also), strict=True):
            found[n] = (goods, tuple(ranked))
    return [found[n] for n in range(len(standing))]


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


def shelves_of(node_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[int, Shelves]:
    """Give the bins of nodes with what lies in them, to put these SKUs into; five statements."""
    rules, contents, frozen = rules_of(node_ids), contents_of_bins(node_ids, sku_ids=sku_ids), counting_bins(node_ids)
    found: dict[int, list[Bin]] = {pk: [] for pk in node_ids}
    for spot in storing_bins(node_ids):
        found[spot.node_id].append(_bin(spot, contents.get(spot.id) or Content(), frozen=spot.id in frozen))
    return {pk: Shelves(bins, rules[pk]) for pk, bins in found.items()}


def bin_now(node_id: int, *, place_ids: Collection[int], sku_ids: Collection[int]) -> Bin | None:
    """Give the bin of a node that is among these places, with what lies in it; None when none is. Four statements."""
    contents = contents_of_bins([node_id], sku_ids=sku_ids, place_ids=place_ids)
    frozen = counting_bins([node_id])
    spots = storing_bins([node_id], place_ids=place_ids)
    return next((_bin(spot, contents.get(spot.id) or Content(), frozen=spot.id in frozen) for spot in spots), None)


def _bin(spot: StoringBin, content: Content, *, frozen: bool) -> Bin:
    return Bin(
        id=spot.id, code=spot.code, walk=spot.walk, distance_mm=round(hypot(spot.x_mm, spot.y_mm)),
        storage=spot.storage, cross_dock=spot.cross_dock, frozen=frozen,
        volume_mm3=spot.volume_mm3, max_grams=spot.max_grams,
        used_mm3=content.used_mm3, used_grams=content.used_grams, unknown=content.unknown,
        skus=frozenset(content.lots), lots=content.lots, strangers=content.strangers,
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
