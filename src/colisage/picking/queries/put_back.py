"""What lies on the bench and will not be sent, and the bins it should go to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Sum

from colisage.catalog.queries import Scan, SkuFacts, judged, skus_across
from colisage.inbound.queries.putaway import Standing, ranked_bins
from colisage.kit.statements import statement
from colisage.network.queries import node_names
from colisage.orders.queries import orders_across
from colisage.picking.models import PutBack


@dataclass(frozen=True, slots=True)
class Lying:
    """Units of one pick that go back: where they lie (`cell_id`), whence they came (`home`), which lot they are."""

    id: int
    operator_id: int
    merchant_id: int
    node_id: int
    task_id: int
    left: int
    since: datetime
    sku_id: int
    batch_id: int
    tote: int
    owner_kind: str
    owner_id: int
    order_id: int
    cell_id: int
    lot_id: int | None
    lot: str | None
    is_serial: bool
    home_id: int
    home: str

    def is_meant(self, scan: Scan) -> bool:
        """Say whether a scan stands for these units: the SKU, and no other lot or serial number than theirs."""
        if scan.hit_on(self.sku_id) is None:
            return self.is_serial and scan.code == self.lot
        codes = [self.lot] if self.lot else []
        return not scan.contradicts(lots=[] if self.is_serial else codes, serials=codes if self.is_serial else [])


def put_backs(
    operator_ids: Collection[int],
    *,
    merchant_ids: Collection[int],
    after: int = 0,
    put_back_id: int | None = None,
    sku_ids: Collection[int] | None = None,
    size: int = 50,
) -> list[Lying]:
    """Give what is to be put back at the nodes of operators, what was cancelled first first; one statement."""
    with connection.cursor() as db:
        db.execute(
            statement("picking", "put_backs"),
            {
                "operators": list(operator_ids), "merchants": list(merchant_ids), "after": after, "one": put_back_id,
                "skus": None if sku_ids is None else list(sku_ids), "size": size,
            },
        )  # fmt: skip
        return [Lying(*row) for row in db.fetchall()]


def put_back_of(operator_ids: Collection[int], *, merchant_ids: Collection[int], put_back_id: int) -> Lying | None:
    """Find what is to be put back; None when it is done, or not theirs."""
    found = put_backs(operator_ids, merchant_ids=merchant_ids, put_back_id=put_back_id, size=1)
    return found[0] if found else None


def put_back_known(operator_ids: Collection[int], *, merchant_ids: Collection[int], put_back_id: int) -> bool:
    """Say whether these operators ever had to put it back."""
    return PutBack.objects.filter(operator_id__in=operator_ids, merchant_id__in=merchant_ids, pk=put_back_id).exists()


def put_backs_meant(operator_ids: Collection[int], *, merchant_ids: Collection[int], code: str) -> list[Lying]:
    """Give what a scanned item may be of what is to be put back, what was cancelled first first."""
    scan = judged(merchant_ids, code=code)
    skus = {hit.sku_id for hit in scan.hits} or None
    found = put_backs(operator_ids, merchant_ids=merchant_ids, sku_ids=skus, size=500)
    return [one for one in found if one.is_meant(scan)]


def units_to_put_back(operator_ids: Collection[int], *, merchant_ids: Collection[int]) -> int:
    """Count the units that are to be put back."""
    rows = PutBack.objects.filter(operator_id__in=operator_ids, merchant_id__in=merchant_ids, done_at=None)
    return int(rows.aggregate(n=Sum(F("units") - F("back") - F("missing")))["n"] or 0)


@dataclass(frozen=True, slots=True)
class Homeward:
    """What is to be put back as a picker sees it; `bin` is empty where none fits, `home` says it is where they lay."""

    lying: Lying
    sku: SkuFacts
    order: str
    node: str
    bin: str
    home: bool


def homeward(lying: Sequence[Lying]) -> list[Homeward]:
    """Say for each where it should go: the bin it came from, while it is free and has room, else the rules' best.

    A constant number of statements, however many.
    """
    skus = skus_across({one.merchant_id for one in lying}, ids={one.sku_id for one in lying})
    orders = orders_across({one.order_id for one in lying})
    nodes = node_names({one.node_id for one in lying})
    ranked = ranked_bins([standing(one, sku=skus[one.sku_id]) for one in lying])
    found = []
    for one, (_goods, judged_bins) in zip(lying, ranked, strict=True):
        home = any(j.bin.id == one.home_id and j.hard is None and j.fits >= one.left for j in judged_bins)
        best = next((j.bin.code for j in judged_bins if j.allowed and j.fits), "")
        number = orders[one.order_id].number if one.order_id in orders else ""
        found.append(Homeward(one, skus[one.sku_id], number, nodes[one.node_id], one.home if home else best, home))
    return found


def standing(one: Lying, *, sku: SkuFacts, units: int | None = None) -> Standing:
    """Turn units to put back into what the rules of bins judge."""
    return Standing(one.merchant_id, one.node_id, sku, one.lot_id, one.left if units is None else units, one.home_id)
