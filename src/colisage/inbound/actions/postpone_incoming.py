"""Goods that a disruption keeps away: the days on which they are expected move while it lasts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q

from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.models import (
    AnnouncedLine,
    Announcement,
    Postponement,
    PurchaseLine,
    PurchaseOrder,
    Transfer,
    TransferLine,
)
from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.statements import ask
from colisage.network.actions.claim_disruptions import claim_disruptions
from colisage.network.queries.disruptions import Disruption, disruptions_by_id, ended_early, ended_on

_Moved = tuple[str, int, date | None, date | None]  # kind, document, the day before and the day now
_DOCUMENTS: Final = {"purchase_line": "purchase_order"}


@transaction.atomic
def postpone_incoming(
    merchant_id: int,
    *,
    disruption: Disruption,
    supplier_id: int | None = None,
    node_ids: Collection[int] | None = None,
) -> int:
    """Move the days of what is to come from a supplier, or to some nodes; give how many were moved.

    Purchase orders, announced deliveries and transfers that have a day: by the days that the disruption delays, else to
    the day after its last (no day while its end is not known). Each is moved by it once. One that ended meanwhile moves
    nothing. A constant number of statements.
    """
    if not claim_disruptions([disruption.pk]):
        return 0
    fresh = disruptions_by_id([disruption.pk])[disruption.pk]  # its last day may be another since it was read
    _lock(merchant_id, Q(supplier=supplier_id) if supplier_id is not None else None, node_ids=node_ids)
    asked = {
        "merchant": merchant_id,
        "disruption": fresh.pk,
        "supplier": supplier_id,
        "nodes": None if node_ids is None else sorted(node_ids),
        "delay": fresh.delay_days,
        "until": fresh.ends_on,
    }
    return _tell(merchant_id, ask("inbound", "postpone_incoming", asked), disruption=fresh, verb="expected_moved")


@transaction.atomic
def move_postponed(merchant_id: int, *, disruption: Disruption) -> int:
    """Work out anew the days that a disruption moved, as its last day is another or it is over; give how many moved.

    Over before its time, what it delayed by days and is not due yet goes back to its day; what it kept away without
    saying for how long is expected from now on, or on its day. Days that a person said since stay. Harmless when
    repeated.
    """
    claim_disruptions([disruption.pk])
    fresh = disruptions_by_id([disruption.pk])[disruption.pk]
    over = ended_on(fresh)
    moved = Postponement.objects.filter(merchant_id=merchant_id, disruption=fresh.pk)
    if not moved.exists():
        return 0
    docs: dict[str, set[int]] = defaultdict(set)
    for kind, doc in moved.values_list("kind", "doc_id"):
        docs[kind].add(doc)
    lines = PurchaseLine.objects.filter(pk__in=docs["purchase_line"])
    _lock_documents(
        orders=docs["purchase_order"] | set(lines.values_list("purchase_order_id", flat=True)),
        announcements=docs["announcement"],
        transfers=docs["transfer"],
    )
    asked = {
        "merchant": merchant_id,
        "disruption": fresh.pk,
        "delay": fresh.delay_days,
        "until": over - timedelta(days=1) if over else fresh.ends_on,
        "back_from": over if ended_early(fresh) else None,
    }
    return _tell(merchant_id, ask("inbound", "move_postponed", asked), disruption=fresh, verb="expected_moved_back")


def _lock(merchant_id: int, supplier: Q | None, *, node_ids: Collection[int] | None) -> None:
    """Keep documents as they are read: orders, then deliveries, then transfers, as who receives does."""
    own = Q(merchant_id=merchant_id)
    at = own & (supplier if supplier is not None else Q(node__in=node_ids or ()))
    orders = PurchaseOrder.objects.filter(at, state__in=["open", "partly"])
    deliveries = Announcement.objects.filter(at, state="announced")
    transfers = Transfer.objects.filter(own, to_node__in=node_ids or (), state__in=["sent", "partly"])
    _lock_documents(
        orders=set(orders.values_list("pk", flat=True)),
        announcements=set(deliveries.values_list("pk", flat=True)),
        transfers=set(transfers.values_list("pk", flat=True)),
    )


def _lock_documents(*, orders: Collection[int], announcements: Collection[int], transfers: Collection[int]) -> None:
    for model, ids in ((PurchaseOrder, orders), (Announcement, announcements), (Transfer, transfers)):
        rows: Any = model.objects
        list(rows.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _tell(merchant_id: int, moved: Iterable[_Moved], *, disruption: Disruption, verb: str) -> int:
    """Tell which SKUs come on another day, and write on each document what became of its day and why."""
    done: dict[tuple[str, int], _Moved] = {}
    for row in sorted(moved, key=lambda row: row[0] == "purchase_line"):  # the day of the order itself speaks for it
        done.setdefault((_DOCUMENTS.get(row[0], row[0]), row[1]), row)
    if not done:
        return 0
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, pk in done:
        ids[kind].add(pk)
    tell_incoming(merchant_id, _skus(ids), disruption_id=disruption.pk)
    record_deeds(
        (
            Deed(kind, pk, verb, {"about": disruption.about, "day": [_iso(before), _iso(now)]}, merchant_id=merchant_id)
            for (kind, pk), (_kind, _doc, before, now) in sorted(done.items())
        ),
        actor=SYSTEM,
    )
    return len(done)


def _skus(ids: dict[str, set[int]]) -> set[int]:
    """Give the SKUs of which something is still to come with these documents; three statements."""
    ordered = PurchaseLine.objects.filter(purchase_order__in=ids["purchase_order"], received__lt=F("ordered"))
    announced = AnnouncedLine.objects.filter(announcement__in=ids["announcement"], received__lt=F("qty"))
    sent = TransferLine.objects.filter(transfer__in=ids["transfer"])
    return {sku for rows in (ordered, announced, sent) for sku in rows.values_list("sku_id", flat=True)}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
