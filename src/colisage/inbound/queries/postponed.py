"""Days on which goods were expected and which disruptions moved."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from colisage.inbound.models import Announcement, Postponement, PurchaseLine, PurchaseOrder, Transfer
from colisage.network.queries.disruptions import Disruption, about_of, disruptions_by_id, why_of
from colisage.ui import words


@dataclass(frozen=True, slots=True)
class Moved:
    """A day that a disruption moved: the day before, and the day now (None: nobody knows)."""

    disruption: Disruption
    before: date
    after: date | None

    @property
    def about(self) -> str:
        """Say what the disruption is about, in the active language."""
        return about_of(self.disruption)

    @property
    def why(self) -> str:
        """Say why, in the active language, as it was written."""
        return why_of(self.disruption)


def moved_days(merchant_id: int, *, kind: str, days: Mapping[int, date | None]) -> dict[int, Moved]:
    """Say why documents (their ids, and the days they carry) of a kind are expected on another day than before.

    Of a day that several disruptions moved, the last one. Nothing of a day that a person said since, nor of one that
    went back. Two statements.
    """
    rows = Postponement.objects.filter(merchant_id=merchant_id, kind=kind, doc_id__in=days).order_by("pk")
    found = {row.doc_id: row for row in rows if row.after == days[row.doc_id] and row.after != row.before}
    by_id = disruptions_by_id({row.disruption_id for row in found.values()}) if found else {}
    return {doc: Moved(by_id[row.disruption_id], row.before, row.after) for doc, row in found.items()}


def moved_of_order(merchant_id: int, *, purchase_id: int, on: date | None) -> Moved | None:
    """Say why a purchase order that carries this day, or a line of it with a day of its own, comes on another day."""
    found = moved_days(merchant_id, kind="purchase_order", days={purchase_id: on})
    if not found:
        lines = PurchaseLine.objects.filter(merchant_id=merchant_id, purchase_order=purchase_id)
        found = moved_days(merchant_id, kind="purchase_line", days=dict(lines.values_list("pk", "expected_on")))
    return next(iter(found.values()), None)


def moved_words(verb: str, data: Mapping[str, Any]) -> str:
    """Say what a deed tells about a day that a disruption moved; nothing of other deeds."""
    if verb not in {"expected_moved", "expected_moved_back"}:
        return ""
    before, now = (words.day(date.fromisoformat(day), style="weekday") if day else "" for day in data["day"])
    said = {"about": data["about"], "before": before, "day": now}
    if not now:
        return _("Nobody knows when it comes (before: %(before)s), because of the disruption “%(about)s”") % said
    if verb == "expected_moved":
        return _("Expected on %(day)s (before: %(before)s), because of the disruption “%(about)s”") % said
    return _("Expected on %(day)s: the disruption “%(about)s” is over, or lasts until another day") % said


def postponed_counts(merchant_ids: Collection[int], *, disruption_ids: Collection[int]) -> dict[int, int]:
    """Count, by disruption, the days that it moved."""
    rows = Postponement.objects.filter(merchant_id__in=merchant_ids, disruption__in=disruption_ids)
    return dict(rows.values("disruption_id").annotate(n=Count("pk")).values_list("disruption_id", "n"))


def dated_from(
    merchant_id: int, *, supplier_id: int | None, node_ids: Collection[int] | None, until: date | None
) -> int:
    """Count the purchase orders, announced deliveries and transfers from a supplier, or to nodes, that have a day.

    `until` narrows to those due on that day at the latest.
    """
    own = Q(merchant_id=merchant_id)
    at = own & (Q(supplier=supplier_id) if supplier_id is not None else Q(node__in=node_ids or ()))
    lines = PurchaseLine.objects.filter(purchase_order=OuterRef("pk"), received__lt=F("ordered"))
    due = Q(expected_on__lte=until) if until else Q(expected_on__isnull=False)
    dated = due | Q(Exists(lines.filter(due)))
    orders = PurchaseOrder.objects.filter(at, dated, state__in=["open", "partly"])
    deliveries = Announcement.objects.filter(at, due, state="announced")
    transfers = Transfer.objects.filter(own, due, to_node__in=node_ids or (), state__in=["sent", "partly"])
    return orders.count() + deliveries.count() + transfers.count()


def postponed_page(merchant_ids: Collection[int], *, disruption_id: int, most: int = 50) -> list[dict[str, Any]]:
    """Give the latest days that a disruption moved and did not move back, as its page shows them; four statements."""
    rows = Postponement.objects.filter(merchant_id__in=merchant_ids, disruption=disruption_id)
    found = list(rows.exclude(after=F("before")).order_by("-pk")[:most])
    ids: dict[str, list[int]] = {}
    for row in found:
        ids.setdefault(row.kind, []).append(row.doc_id)
    orders = PurchaseOrder.objects.filter(merchant_id__in=merchant_ids, pk__in=ids.get("purchase_order", ()))
    lines = PurchaseLine.objects.filter(merchant_id__in=merchant_ids, pk__in=ids.get("purchase_line", ()))
    deliveries = Announcement.objects.filter(merchant_id__in=merchant_ids, pk__in=ids.get("announcement", ()))
    named = {("purchase_order", pk): ("purchase", pk, name) for pk, name in orders.values_list("pk", "number")}
    named |= {
        ("announcement", pk): ("announcement", pk, name) for pk, name in deliveries.values_list("pk", "reference")
    }
    named |= {("transfer", pk): ("transfer", pk, str(pk)) for pk in ids.get("transfer", ())}
    named |= {
        ("purchase_line", pk): ("purchase", order, f"{number} · {sku}")
        for pk, order, number, sku in lines.values_list(
            "pk", "purchase_order_id", "purchase_order__number", "sku__code"
        )
    }
    shown = [(row, named[row.kind, row.doc_id]) for row in found if (row.kind, row.doc_id) in named]
    return [
        {
            "page": page,
            "doc_id": doc,
            "name": name,
            "kind": row.get_kind_display(),
            "before": row.before,
            "after": row.after,
        }
        for row, (page, doc, name) in shown
    ]
