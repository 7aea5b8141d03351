"""The paper a customer sticks on a parcel that goes back."""

from django.utils import translation
from django.utils.translation import gettext as _

from colisage.kit.code128 import code128
from colisage.kit.typst import pdf
from colisage.returns.models import ReturnLine, ReturnRequest


def return_label_pdf(request: ReturnRequest, *, language: str) -> bytes:
    """Set the label of a return, 100 × 150 mm, and on a second page what goes into the parcel.

    A label that no carrier sold is a specimen and says so. `request` comes with its order and merchant.
    """
    label = request.label or {}
    lines = ReturnLine.objects.filter(merchant_id=request.merchant_id, return_request=request)
    with translation.override(language):
        data = {
            **label,
            "title": request.number,
            "number": request.number,
            "order": request.order.number,
            "specimen": request.specimen,
            "not_paid": _("Specimen: no carrier carries it."),
            "bars": code128(request.number),
            "inside": _("Goes into this parcel"),
            "hint": _("Put this sheet into the parcel, and stick the label on it."),
            "lines": [
                {"name": line.order_line.name or line.order_line.sku_code, "quantity": line.quantity}
                for line in lines.select_related("order_line").order_by("pk")
            ],
        }
    return pdf("returns/label", data, dated=request.approved_at)
