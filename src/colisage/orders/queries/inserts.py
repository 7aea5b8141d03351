"""What goes into parcels beside what was ordered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from colisage.catalog.queries import skus_across
from colisage.orders.models import FulfillmentLine, Insert
from colisage.orders.rules import LEFT_OUT


@dataclass(frozen=True, slots=True)
class InsertTold:
    """An insert of an order: `state` is asked, added or left_out, `reason` says why in the active language."""

    order_id: int
    sku: str
    name: str
    state: str
    word: str
    why: str
    reason: str
    by: str


def inserts_of(order_ids: Collection[int]) -> dict[int, list[InsertTold]]:
    """Give the inserts of orders, the first asked first; two statements at most. The caller knows that they are his."""
    found: dict[int, list[InsertTold]] = {pk: [] for pk in order_ids}
    rows = list(Insert.objects.filter(order__in=order_ids).order_by("pk"))
    skus = skus_across({row.merchant_id for row in rows}, ids={row.sku_id for row in rows}) if rows else {}
    for row in rows:
        sku = skus[row.sku_id]
        found[row.order_id].append(
            InsertTold(
                row.order_id, sku.code, sku.name, row.state, row.get_state_display(), row.why,
                str(LEFT_OUT.get(row.why, row.why)), row.by_name,
            )
        )  # fmt: skip
    return found


def inserted_skus(order_ids: Collection[int]) -> set[int]:
    """Give the SKUs of the inserts that go with orders or are still asked for: what to lock before they move."""
    rows = Insert.objects.filter(order__in=order_ids).exclude(state="left_out")
    return set(rows.values_list("sku_id", flat=True))


def insert_lines(fulfillment_line_ids: Collection[int]) -> set[int]:
    """Give those of these lines that are inserts."""
    rows = FulfillmentLine.objects.filter(pk__in=fulfillment_line_ids, order_line=None)
    return set(rows.values_list("pk", flat=True))


def left_out_words(data: Mapping[str, Any]) -> dict[str, str]:
    """Say in the active language why an insert was left out, for a line of the timeline; nothing where it was not."""
    why = str(data.get("left_out", ""))
    return {"left_out": str(LEFT_OUT.get(why, why))} if why else {}
