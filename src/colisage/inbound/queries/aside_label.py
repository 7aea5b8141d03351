"""The label that goes on what was set aside."""

from django.utils import translation

from colisage.inbound.models import SetAside
from colisage.kit.code128 import code128
from colisage.kit.typst import pdf
from colisage.ui import words


def aside_label_pdf(kept: SetAside, *, language: str) -> bytes:
    """Set the label, 100 × 60 mm: its number large and as a barcode, why, and what. `kept` comes with SKU and node."""
    with translation.override(language):
        data = {
            "number": kept.number,
            "bars": code128(kept.number),
            "why": kept.get_kind_display(),
            "what": kept.sku.name if kept.sku else kept.description,
            "units": str(kept.units),
            "where": f"{kept.node.name} · {words.day(kept.at, style='numeric')}",
        }
    return pdf("inbound/aside", data, dated=kept.at)
