"""What lies in bins, as far as putting more into them needs to know; how SKUs are stored, and what is owed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from colisage.inventory.models import CountTask, Reservation
from colisage.inventory.queries.owed import OWED
from colisage.kit.statements import ask


@dataclass(frozen=True, slots=True)
class Content:
    """What lies in one bin: lots of the SKUs asked about, its volume and weight, units whose size is not known."""

    lots: Mapping[int, frozenset[int | None]] = field(default_factory=dict)
    used_mm3: int = 0
    used_grams: int = 0
    unknown: int = 0
    strangers: int = 0  # other SKUs, also of merchants that the one who asks does not see; the sums count them too


def contents_of_bins(place_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[int, Content]:
    """Give what lies in bins, by place: all of it in the sums, by SKU these; one statement."""
    found: dict[int, Content] = {}
    lots: defaultdict[int, dict[int, frozenset[int | None]]] = defaultdict(dict)
    asked = {"places": list(place_ids), "skus": list(sku_ids)}
    for place, mm3, grams, unknown, skus, sku, lying in ask("inventory", "bin_contents", asked):
        if sku is not None:
            lots[place][sku] = frozenset(lying)
        found[place] = Content(lots[place], mm3, grams, unknown, max(0, skus - len(lots[place])))
    return found


@dataclass(frozen=True, slots=True)
class SkuStoring:
    """How a SKU is stored: its storage type (empty: none in particular), and how fast it goes by the picks of late.

    The speed is A often, B sometimes, C seldom. Units are `owed` by node; at node None at no node in particular.
    """

    storage: str = ""
    speed: str = "C"
    owed: Mapping[int | None, int] = field(default_factory=dict)

    def owed_at(self, node_id: int) -> int:
        """Give the units owed at a node, with those that any node may give."""
        return self.owed.get(node_id, 0) + self.owed.get(None, 0)


def storing_of(merchant_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[int, SkuStoring]:
    """Give how SKUs are stored; one statement."""
    found: dict[int, SkuStoring] = {}
    owed: defaultdict[int, dict[int | None, int]] = defaultdict(dict)
    for sku, storage, speed, node, units in ask(
        "inventory", "sku_storing", {"merchants": list(merchant_ids), "skus": list(sku_ids)}
    ):
        owed[sku][node] = units
        found[sku] = SkuStoring(storage, speed, owed[sku])
    return found


def is_owed(*, sku: str, node: str) -> Exists:
    """Give the condition that units of a SKU are owed at a node, or at no node in particular.

    `sku` and `node` name the columns of the query that it goes into.
    """
    rows = Reservation.objects.filter(Q(node=OuterRef(node)) | Q(node=None), sku=OuterRef(sku), state__in=OWED)
    return Exists(rows)


def counting_bins(node_ids: Collection[int]) -> set[int]:
    """Give the bins of nodes that are being counted: nothing goes in or out meanwhile."""
    return set(CountTask.objects.filter(node__in=node_ids, state="counting").values_list("place_id", flat=True))


@dataclass(frozen=True, slots=True)
class Owed:
    """Units that an owner, such as an order line, waits for."""

    owner_kind: str
    owner_id: int
    qty: int


def first_owed(merchant_id: int, *, sku_id: int, node_id: int, most: int = 5) -> list[Owed]:
    """Give those who wait for a SKU at a node, or nowhere in particular, in the order they are served."""
    rows = Reservation.objects.filter(
        Q(node=node_id) | Q(node=None), merchant_id=merchant_id, sku=sku_id, state__in=OWED
    ).order_by("-priority", "since", "pk")
    return [Owed(*row) for row in rows.values_list("owner_kind", "owner_id", "qty")[:most]]
