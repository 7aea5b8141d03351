"""What lies in bins, as far as putting more into them needs to know; how fast SKUs go, and what is owed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, Sum

from colisage.inventory.models import CountTask, Reservation, SkuSpeed, StockCell
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
    """Give what lies in bins, by place: all of it in the sums, by SKU these; two statements."""
    lots: defaultdict[int, defaultdict[int, set[int | None]]] = defaultdict(lambda: defaultdict(set))
    seen = StockCell.objects.filter(place__in=place_ids, sku__in=sku_ids, qty__gt=0)
    for place, sku, lot in seen.values_list("place_id", "sku_id", "lot_id").distinct():
        lots[place][sku].add(lot)
    return {
        place: Content(
            {sku: frozenset(known) for sku, known in lots[place].items()},
            *(mm3, grams, unknown),
            max(0, skus - len(lots[place])),
        )
        for place, mm3, grams, unknown, skus in ask("inventory", "room_taken", [list(place_ids)])
    }


def speeds_of(merchant_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[int, str]:
    """Give how fast those of SKUs go that go fast, by the picks up to the last hour: A often, B sometimes."""
    rows = SkuSpeed.objects.filter(merchant__in=merchant_ids, sku__in=sku_ids)
    return dict(rows.values_list("sku_id", "speed"))


def owed_at(merchant_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[tuple[int, int | None], int]:
    """Give the units owed of SKUs by (SKU, node); at node None are those owed at no node in particular."""
    rows = Reservation.objects.filter(merchant_id__in=merchant_ids, sku__in=sku_ids, state__in=OWED)
    sums = rows.values("sku_id", "node_id").annotate(n=Sum("qty")).values_list("sku_id", "node_id", "n")
    return {(sku, node): units for sku, node, units in sums}


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
