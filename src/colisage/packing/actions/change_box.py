from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.boxing.queries import box_types_of
from colisage.catalog.queries import skus_across
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import node_by_id
from colisage.orders.queries import parts
from colisage.packing.actions.scan_item import ParcelIsClosed
from colisage.packing.models import Parcel, ParcelLine
from colisage.packing.queries.fits import fit_in


class DoesNotFit(Refused):
    """The contents do not go into that box, or make it too heavy."""

    code = "does_not_fit"
    text = _("The contents do not fit into %(box)s.")


@transaction.atomic
def change_box(merchant_ids: Collection[int], *, parcel_id: int, box_type_id: int, actor: Actor) -> None:
    """Take another of the operator's boxes for an open parcel; raises `DoesNotFit` unless everything goes in."""
    parcel = Parcel.objects.select_for_update(no_key=True).filter(merchant_id__in=merchant_ids, pk=parcel_id).first()
    if parcel is None:
        raise NotThere
    if parcel.state != "open":
        raise ParcelIsClosed
    part = parts([parcel.fulfillment_order_id])[parcel.fulfillment_order_id]
    operator = node_by_id(part.node_id).operator_id
    box = next((b for b in box_types_of([operator])[operator] if b.pk == box_type_id), None)
    if box is None:
        raise NotThere
    lines = ParcelLine.objects.filter(merchant_id=parcel.merchant_id, parcel=parcel).values_list("sku_id", "quantity")
    items = _sum(lines)
    fit = fit_in(box, items=items, skus=skus_across([parcel.merchant_id], ids=[sku for sku, _units in items]))
    if fit is None:
        raise DoesNotFit(box=box.name)
    parcel.box_type, parcel.expected_grams, parcel.layout = box, fit.grams, fit.layout
    parcel.length_mm, parcel.width_mm, parcel.height_mm = (
        box.outer_length_mm,
        box.outer_width_mm,
        box.outer_height_mm,
    )
    parcel.save(update_fields=["box_type", "expected_grams", "layout", "length_mm", "width_mm", "height_mm"])
    if part.order_id is not None:
        data = {"parcel": parcel.pk, "number": parcel.number, "box": box.name}
        record_deeds([Deed("order", part.order_id, "box_changed", data, merchant_id=parcel.merchant_id)], actor=actor)


def _sum(lines: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    total: dict[int, int] = {}
    for sku, units in lines:
        total[sku] = total.get(sku, 0) + units
    return sorted(total.items())
