"""One search box for everything that has a number or a name."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from colisage.catalog.queries import judged, skus_across, skus_matching
from colisage.inventory.queries.plates import plates_by_code
from colisage.orders.queries import orders_matching
from colisage.returns.queries import return_scanned
from colisage.shipping.queries import label_by_number


@dataclass(frozen=True, slots=True)
class Hit:
    """Something the search found."""

    kind: str
    title: str
    note: str
    url: str


def hits(merchant_ids: Collection[int], *, text: str) -> list[Hit]:
    """Find what a text may name: an order, a customer, a SKU, any label, a plate, a tracking number, a return."""
    wanted = text.strip()
    if not wanted:
        return []
    found = [
        Hit(_("Order"), o.number, o.customer_name, reverse("order", args=[o.pk]))
        for o in orders_matching(merchant_ids, text=wanted)
    ]
    found += _skus(merchant_ids, wanted)
    found += [
        Hit(_("Licence plate"), plate.code, "", reverse("plate", args=[plate.id]))
        for plate in plates_by_code(merchant_ids, code=text)
    ]
    label = label_by_number(merchant_ids, number=wanted.replace(" ", "").upper())
    if label:
        found.append(Hit(_("Parcel"), label.tracking_number, "", reverse("order", args=[label.order_id])))
    back = return_scanned(merchant_ids, code=wanted)
    if back:
        found.append(Hit(_("Return"), back.number, back.order.customer_name, reverse("return", args=[back.pk])))
    return found


def why_unknown(merchant_ids: Collection[int], *, code: str) -> str:
    """Say why a scan finds nothing: what was wrong with it, or that nobody knows it."""
    return judged(merchant_ids, code=code).why


def _skus(merchant_ids: Collection[int], text: str) -> list[Hit]:
    """Give the SKUs that a text names, or that a scanned label stands for, with what the label says of them.

    What begins with # is the number of an order, however many names have that number among their words.
    """
    hits = {hit.sku_id: hit for hit in judged(merchant_ids, code=text).hits}
    skus = skus_across(merchant_ids, ids=hits)
    read = [
        Hit(
            _("SKU"),
            sku.code,
            " · ".join(filter(None, (sku.name, hits[pk].lot, hits[pk].serial))),
            reverse("sku", args=[pk]),
        )
        for pk, sku in skus.items()
    ]
    if text.startswith("#"):
        return read
    return read + [
        Hit(_("SKU"), sku.code, sku.name, reverse("sku", args=[sku.id]))
        for sku in skus_matching(merchant_ids, text=text[:100])
        if sku.id not in skus
    ]
