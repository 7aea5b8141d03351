"""Shipments and labels as people and later steps ask for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from colisage.kit.statements import statement
from colisage.orders.queries.together import heads_by_order
from colisage.packing.queries import find_parcel
from colisage.shipping.models import Label, Shipment
from colisage.shipping.queries.buying import to_announce, to_give_back, without_answer
from colisage.shipping.queries.labels import label_pdf, label_zpl
from colisage.shipping.queries.manifests import manifest_pdf, manifests_of
from colisage.shipping.rules import UNSURE_SECONDS

__all__ = ["label_pdf", "label_zpl", "manifest_pdf", "manifests_of", "to_announce", "to_give_back", "without_answer"]

VERBS = {
    "service_chosen": gettext_lazy("Carrier chosen: %(service)s."),
    "no_service": gettext_lazy("No carrier takes these parcels there."),
    "label_bought": gettext_lazy("Label made: %(numbers)s."),
    "label_refused": gettext_lazy("The carrier refused the label: %(said)s"),
    "label_range_used_up": gettext_lazy("No label: the range of tracking numbers is used up."),
    "label_number_taken": gettext_lazy("No label: the carrier gave a tracking number that is on another parcel."),
    "label_unanswered": gettext_lazy("The carrier does not answer; it is asked again, nothing is bought twice."),
    "label_asked_again": gettext_lazy("%(actor)s had the carrier asked again."),
    "label_voided": gettext_lazy("%(actor)s voided the label."),
}
PROBLEMS: Final[dict[str, str | Promise]] = {
    "no_service": gettext_lazy("No rate card covers this destination and weight."),
    "range_used_up": gettext_lazy("The range of tracking numbers is used up. Enter a new one."),
    "number_taken": gettext_lazy("The carrier gave a tracking number that is on another parcel."),
    "refused": gettext_lazy("The carrier refused."),
    "no_answer": gettext_lazy("The carrier does not answer. It is asked by the same key: nothing is bought twice."),
    "void_refused": gettext_lazy("The carrier did not take the label back."),
}
REASONS: Final[dict[str, str | Promise]] = {
    "cheapest_in_time": gettext_lazy("The cheapest that keeps the promise."),
    "cheapest": gettext_lazy("The cheapest; no date was promised."),
    "asked": gettext_lazy("A rule asks for it."),
    "only": gettext_lazy("The only one that takes these parcels there."),
    "soonest": gettext_lazy("None keeps the promise: this one arrives first."),
    "none": gettext_lazy("No rate card covers this destination and weight."),
}
FLAWS: Final[dict[str, str | Promise]] = {
    "late": gettext_lazy("would be late"),
    "not_all": gettext_lazy("does not take every parcel"),
    "needs_point": gettext_lazy("needs a pickup point"),
    "currency": gettext_lazy("priced in another currency"),
}
LIVING: Final = ("requested", "unknown", "bought", "handed_over")


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """A good label with where it belongs, as plain values."""

    id: int
    merchant_id: int
    order_id: int
    fulfillment_order_id: int
    shipment_id: int
    parcel_id: int
    carrier_id: int
    carrier_code: str
    tracking_number: str
    tracking_url: str  # at the carrier's; none for a specimen
    specimen: bool
    parcel: str  # 1/2
    arrives_on: date | None
    printed_at: datetime | None


def labels_by_number(numbers: Collection[str], *, carrier_code: str) -> dict[str, LabelFacts]:
    """Give the good labels of a carrier by tracking number, for every merchant: handlers of events act for all."""
    return {
        f.tracking_number: f
        for f in _facts(Label.objects.filter(tracking_number__in=numbers, carrier__code=carrier_code))
    }


def label_by_number(merchant_ids: Collection[int], *, number: str) -> LabelFacts | None:
    """Find a label by its tracking number, written with or without spaces, in any case."""
    plain = "".join(number.split()).upper()
    return next(iter(_facts(Label.objects.filter(merchant_id__in=merchant_ids, tracking_number=plain))), None)


def labels_of(merchant_id: int, *, order_id: int) -> list[LabelFacts]:
    """Give the labels of an order, parcel by parcel; of a parcel it shares with others too."""
    rows = Label.objects.filter(merchant_id=merchant_id, shipment__merchant_id=merchant_id)
    return _facts(rows.filter(shipment__fulfillment_order__in=heads_by_order([order_id])[order_id]))


def label_scanned(merchant_ids: Collection[int], *, code: str) -> LabelFacts | None:
    """Find the label that a scan asks for: by its own number, or by the code of its parcel."""
    parcel = find_parcel(code, merchant_ids=merchant_ids)
    if parcel is None:
        return label_by_number(merchant_ids, number=code)
    return next(iter(_facts(Label.objects.filter(merchant_id__in=merchant_ids, parcel=parcel))), None)


def _facts(rows: QuerySet[Label]) -> list[LabelFacts]:
    found = rows.filter(state="good").select_related("shipment", "carrier").order_by("shipment_id", "pk")
    return [
        LabelFacts(
            r.pk,
            r.merchant_id,
            r.shipment.order_id,
            r.shipment.fulfillment_order_id,
            r.shipment_id,
            r.parcel_id,
            r.carrier_id,
            r.carrier.code,
            r.tracking_number,
            "" if r.specimen else r.carrier.tracking_url.replace("{number}", r.tracking_number),
            r.specimen,
            r.face["parcel"],
            r.shipment.arrives_on,
            r.printed_at,
        )
        for r in found
    ]


def shipments_of(merchant_id: int, *, order_id: int) -> list[Shipment]:
    """Give the shipments of an order that count, the latest last, each with its service and carrier."""
    rows = Shipment.objects.filter(
        merchant_id=merchant_id,
        fulfillment_order__in=heads_by_order([order_id])[order_id],
        state__in=[*LIVING, "failed"],
    )
    return list(rows.select_related("service", "carrier", "manifest").order_by("pk"))


def whys_of(merchant_id: int, *, order_id: int) -> list[dict[str, Any]]:
    """Say for each shipment of an order why its service was chosen, as the part `shipping/why.html` shows it."""
    return [_why(shipment) for shipment in shipments_of(merchant_id, order_id=order_id)]


def _why(shipment: Shipment) -> dict[str, Any]:
    why = shipment.why
    chosen = next((c for c in why["candidates"] if c["chosen"]), None)
    return {
        "title": _("Carrier: %(service)s") % {"service": chosen["name"]} if chosen else _("No carrier yet"),
        "reason": REASONS.get(why["reason"], ""),
        "leaves_on": date.fromisoformat(why["leaves_on"]),
        "promised_on": date.fromisoformat(why["promised_on"]) if why["promised_on"] else None,
        "candidates": [
            {
                **c,
                "arrives_on": date.fromisoformat(c["arrives_on"]),
                "flaws": [FLAWS.get(flaw, flaw) for flaw in c["flaws"]],
            }
            for c in why["candidates"]
        ],
    }


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one carrier at one node."""

    operator_id: int
    node_id: int
    node: str
    carrier_id: int
    carrier: str
    shipments: int
    parcels: int
    grams: int
    unprinted: int
    ship_by: datetime | None
    oldest: datetime

    @property
    def key(self) -> str:
        """Name it on a page."""
        return f"{self.node_id}-{self.carrier_id}"


def to_hand_over(merchant_ids: Collection[int], *, operator_ids: Collection[int]) -> list[Waiting]:
    """Give what has its label and has not left, by node and carrier, the next cut-off first; two statements."""
    rows = Shipment.objects.filter(merchant_id__in=merchant_ids, operator_id__in=operator_ids, state="bought")
    labels = Label.objects.filter(shipment__in=rows, state="good", printed_at=None)
    unprinted = {
        (row["shipment__node_id"], row["shipment__carrier_id"]): row["n"]
        for row in labels.values("shipment__node_id", "shipment__carrier_id").annotate(n=Count("pk"))
    }
    counted = (
        rows.values("operator_id", "node_id", "node__name", "carrier_id", "carrier__name")
        .annotate(
            n=Count("pk"), boxes=Sum("parcels"), weight=Sum("grams"), by=Min("ship_by"), oldest=Min("requested_at")
        )
        .order_by(F("by").asc(nulls_last=True), "node_id", "carrier_id")
    )
    return [
        Waiting(
            row["operator_id"],
            row["node_id"],
            row["node__name"],
            row["carrier_id"],
            row["carrier__name"],
            row["n"],
            row["boxes"],
            row["weight"],
            unprinted.get((row["node_id"], row["carrier_id"]), 0),
            row["by"],
            row["oldest"],
        )
        for row in counted
    ]


def labels_waiting(
    merchant_ids: Collection[int],
    *,
    operator_ids: Collection[int],
    node_id: int,
    carrier_id: int,
    unprinted: bool = False,
) -> list[int]:
    """Give the labels of what waits for a carrier at a node; only those never printed, if asked so."""
    rows = Label.objects.filter(
        merchant_id__in=merchant_ids,
        state="good",
        shipment__state="bought",
        shipment__operator_id__in=operator_ids,
        shipment__node=node_id,
        shipment__carrier=carrier_id,
    )
    rows = rows.filter(printed_at=None) if unprinted else rows
    return list(rows.order_by("pk").values_list("pk", flat=True))


def shipment_problems(
    merchant_ids: Collection[int], *, operator_ids: Collection[int], most: int = 50
) -> list[Shipment]:
    """Give the shipments a person should look at, the oldest first: refused, or without an answer for a while."""
    late = timezone.now() - timedelta(seconds=UNSURE_SECONDS)
    rows = Shipment.objects.filter(
        Q(state="failed", fulfillment_order__stage="packed")
        | Q(state="unknown", asked_at__lt=late)
        | Q(state="unknown", problem="no_answer")
        | Q(state="requested", requested_at__lt=late),
        merchant_id__in=merchant_ids,
        operator_id__in=operator_ids,
    )
    return list(rows.select_related("order", "service", "carrier", "node", "merchant").order_by("pk")[:most])


def being_bought(merchant_ids: Collection[int], *, operator_ids: Collection[int]) -> int:
    """Count the shipments whose labels are on their way."""
    return Shipment.objects.filter(
        merchant_id__in=merchant_ids, operator_id__in=operator_ids, state__in=["requested", "unknown"], problem=""
    ).count()


def to_label(merchant_ids: Collection[int], *, operator_ids: Collection[int], most: int = 1_000) -> list[int]:
    """Give the packed parts for which nobody has asked for a label."""
    values: dict[str, Any] = {"merchants": list(merchant_ids), "operators": list(operator_ids), "most": most}
    with connection.cursor() as db:
        db.execute(statement("shipping", "to_label"), values)
        return [row[0] for row in db.fetchall()]


def labels_of_shipments(shipment_ids: Collection[int]) -> list[LabelFacts]:
    """Give the labels of shipments, for handlers of events, which act for all merchants."""
    return _facts(Label.objects.filter(shipment__in=shipment_ids))
