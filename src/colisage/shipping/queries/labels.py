"""Labels to print: as PDF for sheets and screens, as ZPL for thermal printers."""

from collections.abc import Collection
from typing import Any

from colisage.kit.code128 import code128
from colisage.kit.errors import NotThere
from colisage.kit.typst import pdf
from colisage.shipping.models import Label
from colisage.shipping.queries.zpl import sheet
from colisage.shipping.rules import grouped


def label_pdf(merchant_ids: Collection[int], *, label_ids: Collection[int]) -> bytes:
    """Set good labels, one a page of 100 × 150 mm, in the order they were made; one run of Typst however many.

    Raises `NotThere` when there is none.
    """
    labels = _good(merchant_ids, label_ids)
    dated = max((label.made_at for label in labels), default=None)
    data = {
        "title": "; ".join(label.tracking_number for label in labels[:20]),
        "labels": [_drawn(label) for label in labels],
    }
    return pdf("shipping/label", data, dated=dated)


def label_zpl(merchant_ids: Collection[int], *, label_ids: Collection[int]) -> str:
    """Write good labels for a thermal printer, in the order they were made; raises `NotThere` when there is none."""
    return sheet((label.face, label.tracking_number, label.specimen) for label in _good(merchant_ids, label_ids))


def _good(merchant_ids: Collection[int], label_ids: Collection[int]) -> list[Label]:
    rows = Label.objects.filter(merchant_id__in=merchant_ids, pk__in=label_ids, state="good")
    found = list(rows.order_by("pk"))
    if not found:
        raise NotThere
    return found


def _drawn(label: Label) -> dict[str, Any]:
    return {
        **label.face,
        "specimen": label.specimen,
        "number": grouped(label.tracking_number),
        "bars": code128(label.tracking_number),
        "weight": f"{label.face['grams'] / 1000:.3f} kg",
    }
