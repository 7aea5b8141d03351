"""What lies in bins, as far as putting more into them needs to know; how often SKUs are picked, and what is owed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import BigIntegerField, Count, F, Q, Sum
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from colisage.inventory.models import CountTask, Reservation, StockCell, StockMovement


@dataclass(frozen=True, slots=True)
class Content:
    """What lies in one bin: lots by SKU, its volume and weight, and units whose size the catalogue does not know."""

    lots: Mapping[int, frozenset[int | None]] = field(default_factory=dict)
    used_mm3: int = 0
    used_grams: int = 0
    unknown: int = 0


def contents_of_bins(node_ids: Collection[int]) -> dict[int, Content]:
    """Give what lies in the bins of nodes, by place; one statement."""
    units = Cast("qty", BigIntegerField())
    unknown = Q(sku__length_mm=None) | Q(sku__width_mm=None) | Q(sku__height_mm=None) | Q(sku__grams=None)
    rows = (
        StockCell.objects.filter(node__in=node_ids, qty__gt=0, place__kind="bin")
        .values("place_id", "sku_id", "lot_id")
        .annotate(
            mm3=Coalesce(Sum(units * F("sku__length_mm") * F("sku__width_mm") * F("sku__height_mm")), 0),
            weight=Coalesce(Sum(units * F("sku__grams")), 0),
            strange=Coalesce(Sum("qty", filter=unknown), 0),
        )
    )
    lots: defaultdict[int, defaultdict[int, set[int | None]]] = defaultdict(lambda: defaultdict(set))
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        lots[row["place_id"]][row["sku_id"]].add(row["lot_id"])
        for n, units_or_size in enumerate((row["mm3"], row["weight"], row["strange"])):
            sums[row["place_id"]][n] += int(units_or_size)
    return {
        place: Content({sku: frozenset(known) for sku, known in by_sku.items()}, *sums[place])
        for place, by_sku in lots.items()
    }


def picks_of(merchant_ids: Collection[int], *, days: int = 30) -> dict[int, dict[int, int]]:
    """Count the picks of each SKU of merchants in the last days; one statement."""
    found: dict[int, dict[int, int]] = {pk: {} for pk in merchant_ids}
    rows = StockMovement.objects.filter(
        merchant_id__in=merchant_ids, reason="pick", recorded_at__gte=timezone.now() - timedelta(days=days)
    )
    for merchant, sku, count in (
        rows.values("merchant_id", "sku_id").annotate(n=Count("pk")).values_list("merchant_id", "sku_id", "n")
    ):
        found[merchant][sku] = count
    return found


def owed_at(merchant_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[tuple[int, int | None], int]:
    """Give the units owed of SKUs by (SKU, node); at node None are those owed at no node in particular."""
    rows = Reservation.objects.filter(merchant_id__in=merchant_ids, sku__in=sku_ids, state="waiting")
    sums = rows.values("sku_id", "node_id").annotate(n=Sum("qty")).values_list("sku_id", "node_id", "n")
    return {(sku, node): units for sku, node, units in sums}


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
        Q(node=node_id) | Q(node=None), merchant_id=merchant_id, sku=sku_id, state="waiting"
    ).order_by("-priority", "since", "pk")
    return [Owed(*row) for row in rows.values_list("owner_kind", "owner_id", "qty")[:most]]
