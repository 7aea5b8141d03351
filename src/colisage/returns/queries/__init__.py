"""Returns as people and later steps ask for them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, skus_across
from colisage.inventory.queries import bins_with, empty_bin
from colisage.returns.models import (
    Inspection,
    Reason,
    Refund,
    RefundLine,
    ReturnItem,
    ReturnLine,
    ReturnRequest,
)
from colisage.returns.queries.labels import return_label_pdf
from colisage.returns.queries.left import Returnable, ReturnableLine, last_day_to_ask, policy_of, returnable_of
from colisage.returns.queries.refunds import refund_preview, shop_refunds_of

__all__ = [
    "Returnable",
    "ReturnableLine",
    "last_day_to_ask",
    "policy_of",
    "refund_preview",
    "return_label_pdf",
    "returnable_of",
    "shop_refunds_of",
]
REASONS = Reason.choices

VERBS = {
    "return_requested": _("%(actor)s asked for return %(number)s."),
    "return_approved": _("%(actor)s approved return %(number)s."),
    "return_refused": _("%(actor)s refused return %(number)s: %(reason)s"),
    "return_received": _("%(actor)s received return %(number)s."),
    "return_inspected": _("%(actor)s inspected return %(number)s."),
    "refund_decided": _("%(actor)s decided a refund for return %(number)s. It is to be paid back in the shop."),
    "return_not_taken": _("%(actor)s told of return %(number)s, which cannot be taken here: %(reason)s"),
    "refund_told": _("%(actor)s told that money was paid back in the shop."),
    "return_paid_in_shop": _("Return %(number)s was paid back in the shop: nothing more is due."),
    "refund_paid": _("%(actor)s paid the refund of return %(number)s back."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A return as lists show it."""

    request: ReturnRequest
    units: int
    refund: Refund | None


def returns_page(
    merchant_ids: Collection[int], *, states: Collection[str] = (), after: int | None = None, size: int = 50
) -> list[Row]:
    """Give one page of returns, the newest first, and one more when there are more; three statements."""
    rows = ReturnRequest.objects.filter(merchant_id__in=merchant_ids).select_related("order", "node")
    if states:
        rows = rows.filter(state__in=states)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: size + 1])
    ids = [r.pk for r in found]
    units = dict(
        ReturnLine.objects.filter(merchant_id__in=merchant_ids, return_request__in=ids)
        .values("return_request_id")
        .annotate(n=Sum("quantity"))
        .values_list("return_request_id", "n")
    )
    refunds = {
        r.return_request_id: r for r in Refund.objects.filter(merchant_id__in=merchant_ids, return_request__in=ids)
    }
    return [Row(r, units.get(r.pk, 0), refunds.get(r.pk)) for r in found]


def counts_of(merchant_ids: Collection[int]) -> dict[str, int]:
    """Count the returns of merchants by state."""
    rows = ReturnRequest.objects.filter(merchant_id__in=merchant_ids).values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def return_of(merchant_ids: Collection[int], *, return_id: int) -> ReturnRequest | None:
    """Find a return of these merchants."""
    rows = ReturnRequest.objects.filter(merchant_id__in=merchant_ids, pk=return_id)
    return rows.select_related("order", "node", "merchant").first()


def return_scanned(merchant_ids: Collection[int], *, code: str) -> ReturnRequest | None:
    """Find the return that a scan names: the number on its label, the carrier's, or that of its order."""
    plain = "".join(code.split()).upper()
    if not plain or len(plain) > 100:
        return None
    rows = ReturnRequest.objects.filter(merchant_id__in=merchant_ids).select_related("order", "node", "merchant")
    if plain[0] == "R" and plain[1:].isdecimal() and len(plain) < 19:
        return rows.filter(pk=int(plain[1:])).first()
    by_label = rows.filter(tracking_number=plain).first()
    if by_label is not None:
        return by_label
    waiting = rows.filter(state__in=["requested", "approved", "label_sent", "received"])
    return waiting.filter(order__number__in=[plain, f"#{plain}"]).order_by("-pk").first()


def returns_of(merchant_id: int, *, order_id: int) -> list[ReturnRequest]:
    """Give the returns of an order, the latest first."""
    return list(ReturnRequest.objects.filter(merchant_id=merchant_id, order=order_id).order_by("-pk"))


def lines_of(merchant_id: int, *, return_id: int) -> list[ReturnLine]:
    """Give what the customer wants to send back."""
    rows = ReturnLine.objects.filter(merchant_id=merchant_id, return_request=return_id)
    return list(rows.select_related("order_line").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Item:
    """Units of one SKU of a return, as the table sees them."""

    item: ReturnItem
    sku: SkuFacts
    reason: str

    @property
    def to_judge(self) -> int:
        """Give the units that came and were not judged yet."""
        return self.item.received - self.item.inspected

    @property
    def at(self) -> str:
        """Say where the item is in the list of the table: done, now, or to come."""
        if self.item.inspected == self.item.expected:
            return "done"
        return "now" if self.to_judge else ""


def items_of(merchant_id: int, *, return_id: int) -> list[Item]:
    """Give what is expected on the table and what came; two statements."""
    rows = list(
        ReturnItem.objects.filter(merchant_id=merchant_id, return_request=return_id)
        .select_related("line")
        .order_by("pk")
    )
    skus = skus_across([merchant_id], ids={row.sku_id for row in rows})
    return [Item(row, skus[row.sku_id], row.line.get_reason_display()) for row in rows]


def inspections_of(merchant_id: int, *, return_id: int) -> list[Inspection]:
    """Give what was judged, in order."""
    rows = Inspection.objects.filter(merchant_id=merchant_id, item__return_request=return_id)
    return list(rows.select_related("item__sku").order_by("pk"))


def refund_of(merchant_id: int, *, return_id: int) -> Refund | None:
    """Give the refund of a return."""
    return Refund.objects.filter(merchant_id=merchant_id, return_request=return_id).first()


def refund_lines(merchant_id: int, *, refund_id: int) -> list[RefundLine]:
    """Give the lines of a refund."""
    rows = RefundLine.objects.filter(merchant_id=merchant_id, refund=refund_id)
    return list(rows.select_related("order_line").order_by("pk"))


def suggested_bin(merchant_id: int, *, sku_id: int, node_id: int) -> str:
    """Give the bin where the SKU lies already, else the first empty one; empty when all are used."""
    return next(iter(bins_with(merchant_id, sku_id=sku_id, node_id=node_id)), "") or empty_bin(node_id)


def returns_across(ids: Collection[int]) -> dict[int, tuple[ReturnRequest, Refund | None]]:
    """Give returns of any merchant by id, each with its refund, for handlers of events, which act for all."""
    refunds = {r.return_request_id: r for r in Refund.objects.filter(return_request__in=ids)}
    return {r.pk: (r, refunds.get(r.pk)) for r in ReturnRequest.objects.filter(pk__in=ids)}
