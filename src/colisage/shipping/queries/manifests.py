"""Manifests: what left with which carrier, and the sheet its driver signs."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from colisage.kit.errors import NotThere
from colisage.kit.typst import pdf
from colisage.network.queries import node_by_id
from colisage.shipping.models import Label, Manifest
from colisage.shipping.rules import grouped
from colisage.ui import words


def manifests_of(operator_ids: Collection[int], *, most: int = 20) -> list[Manifest]:
    """Give the latest manifests of operators."""
    rows = Manifest.objects.filter(operator_id__in=operator_ids).select_related("node", "carrier")
    return list(rows.order_by("-pk")[:most])


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
