"""The open holds, as lists."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q

from colisage.orders.models import Hold, HoldKind, OrderChange
from colisage.orders.rules import HOLD_REASONS

__all__ = ["HOLD_REASONS", "KINDS_BY_HAND", "HoldKind"]
KINDS_BY_HAND: Final = [  # disruptions, and changes in a shop, set theirs themselves
    (value, label) for value, label in HoldKind.choices if value not in {HoldKind.DISRUPTION, HoldKind.SHOP}
]


@dataclass(frozen=True, slots=True)
class HoldFilters:
    """What the list of holds is narrowed to."""

    kind: str = ""
    owner_id: int | None = None  # 0: nobody's
    before: datetime | None = None  # set before


def holds_page(merchant_ids: Collection[int], *, filters: HoldFilters, after: int = 0, size: int = 50) -> list[Hold]:
    """Give one page of the open holds of open orders, the oldest first, and one more when there are more."""
    rows = Hold.objects.filter(merchant_id__in=merchant_ids, released_at=None, pk__gt=after).exclude(
        order__state="cancelled"
    )
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.owner_id is not None:
        rows = rows.filter(owner_id=filters.owner_id or None)
    if filters.before:
        rows = rows.filter(set_at__lt=filters.before)
    return list(rows.select_related("order").order_by("pk")[: size + 1])


def hold_counts(merchant_ids: Collection[int]) -> dict[str, int]:
    """Count the open holds of open orders by kind."""
    rows = Hold.objects.filter(merchant_id__in=merchant_ids, released_at=None).exclude(order__state="cancelled")
    return dict(rows.values("kind").annotate(n=Count("pk")).values_list("kind", "n"))


def disrupted_page(merchant_ids: Collection[int], *, disruption_id: int, after: int = 0, size: int = 50) -> list[Hold]:
    """Give one page of the open holds of a disruption with their orders, in theirs, and one more if there is."""
    rows = Hold.objects.filter(
        merchant_id__in=merchant_ids, disruption=disruption_id, released_at=None, order_id__gt=after
    )
    return list(rows.select_related("order").order_by("order_id")[: size + 1])


def let_go(disruption_ids: Collection[int], *, order_ids: Collection[int]) -> set[tuple[int, int]]:
    """Give those orders, as (disruption, order), that disruptions held and hold no longer: a question of workers."""
    if not disruption_ids:
        return set()
    rows = Hold.objects.filter(disruption__in=disruption_ids, order__in=order_ids, released_at__isnull=False)
    return set(rows.values_list("disruption_id", "order_id"))


def redated_page(
    merchant_ids: Collection[int], *, disruption_id: int, after: int = 0, size: int = 50
) -> list[OrderChange]:
    """Give one page of the changes by which a disruption moved promised days, with their orders, and one more."""
    rows = OrderChange.objects.filter(merchant_id__in=merchant_ids, disruption=disruption_id, order_id__gt=after)
    return list(rows.select_related("order").order_by("order_id")[: size + 1])


def redated_counts(merchant_ids: Collection[int], *, disruption_ids: Collection[int]) -> dict[int, int]:
    """Count, by disruption, the orders whose promised day it moved."""
    rows = OrderChange.objects.filter(merchant_id__in=merchant_ids, disruption__in=disruption_ids)
    return dict(rows.values("disruption_id").annotate(n=Count("pk")).values_list("disruption_id", "n"))


def disrupted_counts(merchant_ids: Collection[int], *, disruption_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Count, by disruption, the holds that are open and all that it ever set."""
    rows = Hold.objects.filter(merchant_id__in=merchant_ids, disruption__in=disruption_ids).values("disruption_id")
    counted = rows.annotate(open=Count("pk", filter=Q(released_at=None)), all=Count("pk"))
    return {row["disruption_id"]: (row["open"], row["all"]) for row in counted}
