"""Manifests: what left with which carrier, and the sheet its driver signs."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from colisage.kit.errors import NotThere
from colisage.kit.typst import pdf
from colisage.network.queries import node_by_id
from colisage.shipping.models import Label, Manifest, Shipment
from colisage.shipping.rules import grouped
from colisage.ui import words


def manifests_of(operator_ids: Collection[int], *, most: int = 20) -> list[Manifest]:
    """Give the latest manifests of operators."""
    rows = Manifest.objects.filter(operator_id__in=operator_ids).select_related("node", "carrier")
    return list(rows.order_by("-pk")[:most])


class ManifestOut(Struct, frozen=True, kw_only=True):
    """What a carrier took at a node at one time: your `shipments` on it, with their parcels and weight in grams.

    Of a manifest that is not `whole` the rest belongs to others.
    """

    id: int
    number: str
    node: str
    carrier: str
    closed_at: datetime
    shipments: list[int]
    parcels: int
    grams: int
    whole: bool


class ManifestPageOut(Struct, frozen=True, kw_only=True):
    """A page of manifests, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[ManifestOut]
    next: int | None


def manifests_page(
    merchant_id: int, *, operator_ids: Collection[int], before: int | None = None, size: int = 50
) -> list[Manifest]:
    """Give one page of the manifests with shipments of a merchant, the newest first, and one more if there is."""
    rows = _with_theirs(merchant_id, operator_ids)
    rows = rows if before is None else rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: size + 1])


def manifest_of(merchant_id: int, *, operator_ids: Collection[int], manifest_id: int) -> Manifest | None:
    """Find a manifest with shipments of a merchant."""
    return _with_theirs(merchant_id, operator_ids).filter(pk=manifest_id).first()


def _with_theirs(merchant_id: int, operator_ids: Collection[int]) -> QuerySet[Manifest]:
    theirs = Shipment.objects.filter(merchant_id=merchant_id, manifest=OuterRef("pk"))
    rows = Manifest.objects.filter(Exists(theirs), operator_id__in=operator_ids)
    return rows.select_related("node", "carrier")


def tell_manifests(merchant_id: int, manifests: Sequence[Manifest]) -> list[ManifestOut]:
    """Tell manifests with what is a merchant's of each, in one statement however many."""
    theirs: dict[int, list[Shipment]] = defaultdict(list)
    for one in Shipment.objects.filter(merchant_id=merchant_id, manifest__in=manifests).order_by("pk"):
        theirs[one.manifest_id or 0].append(one)
    return [
        ManifestOut(
            id=one.pk, number=one.number, node=one.node.code, carrier=one.carrier.code, closed_at=one.closed_at,
            shipments=[s.pk for s in theirs[one.pk]], parcels=sum(s.parcels for s in theirs[one.pk]),
            grams=sum(s.grams for s in theirs[one.pk]), whole=len(theirs[one.pk]) == one.shipments,
        )
        for one in manifests
    ]  # fmt: skip


def manifest_pdf(operator_ids: Collection[int], *, manifest_id: int) -> bytes:
    """Set a manifest in the active language; raises `NotThere` for another operator's."""
    manifest = (
        Manifest.objects.filter(operator_id__in=operator_ids, pk=manifest_id)
        .select_related("node", "carrier", "operator")
        .first()
    )
    if manifest is None:
        raise NotThere
    labels = Label.objects.filter(shipment__manifest=manifest, state="good").order_by("shipment_id", "pk")
    address = node_by_id(manifest.node_id).address
    data: dict[str, Any] = {
        "language": (get_language() or "fr")[:2],
        "title": _("Manifest %(number)s") % {"number": manifest.number},
        "facts": [
            ", ".join(
                (manifest.carrier.name, words.day(manifest.closed_at, style="long"), words.clock(manifest.closed_at))
            ),
            ", ".join(
                filter(None, (manifest.operator.name, manifest.node.name, address.get("line1"), address.get("city")))
            ),
        ],
        "columns": [_("Tracking number"), _("Order"), _("Goes to"), _("Weight")],
        "rows": [
            {
                "number": grouped(label.tracking_number),
                "order": f"{label.face['reference']} · {label.face['parcel']}",
                "town": " ".join(filter(None, (label.face["postcode"], label.face["city"], label.face["country"]))),
                "weight": words.grams(label.face["grams"]),
            }
            for label in labels
        ],
        "total": _("Parcels: %(parcels)s. Weight: %(weight)s.")
        % {"parcels": words.count(manifest.parcels), "weight": words.grams(manifest.grams)},
        "signatures": [
            _("For the sender: %(name)s") % {"name": manifest.closed_by},
            _("For the carrier: name, signature, hour"),
        ],
    }
    return pdf("shipping/manifest", data, dated=manifest.closed_at)
