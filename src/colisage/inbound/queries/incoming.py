"""What is on its way to our nodes, each unit once."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F, Min, Sum
from django.db.models.functions import Coalesce

from colisage.inbound.models import AnnouncedLine, PurchaseLine, Receipt, SupplierSku, TransferLine
from colisage.inbound.rules.purchasing import EXPECTING, UNFINISHED, Coming, Incoming, Ordered, incoming


def incoming_of(merchant_ids: Collection[int], sku_ids: Collection[int]) -> dict[int, list[Incoming]]:
    """Give what is to come of SKUs, by node and day (None: nobody knows when), in a constant number of statements.

    What is announced of an order is counted once, on the day of the announcement. Units on their way between our nodes
    (`transit`) are on hand as well: they are ours already, and at no node yet.
    """
    lines = PurchaseLine.objects.filter(
        merchant_id__in=merchant_ids, sku__in=sku_ids, purchase_order__state__in=EXPECTING, received__lt=F("ordered")
    ).values_list(
        "merchant_id", "sku_id", "purchase_order__node_id", "purchase_order_id",
        Coalesce("expected_on", "purchase_order__expected_on"), F("ordered") - F("received"),
    )  # fmt: skip
    announced = AnnouncedLine.objects.filter(
        merchant_id__in=merchant_ids, sku__in=sku_ids, announcement__state__in=UNFINISHED, received__lt=F("qty")
    ).values_list(
        "merchant_id", "sku_id", "announcement__node_id", "purchase_order_id", "announcement__expected_on",
        F("qty") - F("received"),
    )  # fmt: skip
    transit = (
        TransferLine.objects.filter(
            merchant_id__in=merchant_ids, sku__in=sku_ids, transfer__state__in=["sent", "partly"]
        )
        .values("merchant_id", "sku_id", "transfer__to_node_id", "transfer__expected_on")
        .annotate(n=Sum(F("sent") - F("good") - F("damaged") - F("settled")))
    )
    found: dict[int, list[Incoming]] = {sku: [] for sku in sku_ids}
    for each in incoming(
        [Ordered(*row) for row in lines],
        [*(Coming(*row) for row in announced), *(_in_transit(row) for row in transit)],
    ):
        found[each.sku_id].append(each)
    return found


def standing_of(merchant_ids: Collection[int], sku_ids: Collection[int]) -> list[Incoming]:
    """Give what has come of SKUs and stands on the dock: nobody may have it before it is put away."""
    rows = Receipt.objects.filter(
        merchant_id__in=merchant_ids, sku__in=sku_ids, undone_at=None, put_away__lt=F("good") - F("rejected")
    )
    left = F("good") - F("rejected") - F("put_away")
    return [
        Incoming(sku, node, at.date(), units, "dock")
        for sku, node, at, units in rows.values_list("sku_id", "node_id", "at", left)
    ]


def lead_days_of(sku_ids: Collection[int]) -> dict[int, int]:
    """Give the days that the quickest supplier in use takes, for each SKU that one sells: a question of workers."""
    rows = SupplierSku.objects.filter(sku__in=sku_ids, supplier__active=True)
    days = rows.values_list("sku_id").annotate(n=Min(Coalesce("lead_days", "supplier__lead_days"))).order_by()
    return dict(days)


def _in_transit(row: Mapping[str, Any]) -> Coming:
    return Coming(
        row["merchant_id"], row["sku_id"], row["transfer__to_node_id"], None, row["transfer__expected_on"], row["n"],
        kind="transit",
    )  # fmt: skip
