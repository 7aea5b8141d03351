"""The document of a return to a supplier, in the supplier's language, as PDF."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from colisage.inbound.models import BackReason, SupplierReturn, SupplierReturnLine
from colisage.inbound.queries.order_pdf import address_lines
from colisage.inbound.queries.supplier_returns import supplier_return_lines
from colisage.kit.errors import NotThere
from colisage.kit.photos import photos_of, small_photos
from colisage.kit.typst import pdf
from colisage.ui import words

_MOST_PHOTOS = 6


def supplier_return_pdf(merchant_ids: Collection[int], *, return_id: int, language: str = "") -> tuple[str, bytes]:
    """Give the number of a return and its document, in the supplier's language or another.

    Raises `NotThere` for one of nobody of these.
    """
    rows = SupplierReturn.objects.filter(merchant_id__in=merchant_ids, pk=return_id)
    document = rows.select_related("merchant", "supplier", "node").first()
    if document is None:
        raise NotThere
    lines = supplier_return_lines(document.pk)
    language = language or document.supplier.language
    with override(language):
        data = _document(document, lines, language=language)
    data["photos"] = [list(photo) for photo in _photos(document, lines)]
    return document.number, pdf("inbound/supplier_return", data, dated=document.created_at)


def _photos(document: SupplierReturn, lines: Sequence[SupplierReturnLine]) -> list[bytes]:
    owners = [document.merchant_id]
    found = []
    for kind, ids in (
        ("supplier_return", [document.pk]),
        ("receipt", [line.receipt_id for line in lines if line.receipt_id]),
        ("set_aside", [line.aside_id for line in lines if line.aside_id]),
    ):
        found += [p for taken in photos_of(owners, doc_kind=kind, doc_ids=ids).values() for p in taken]
    return small_photos(found[:_MOST_PHOTOS])


def _document(document: SupplierReturn, lines: Sequence[SupplierReturnLine], *, language: str) -> dict[str, Any]:
    merchant, supplier = document.merchant, document.supplier
    total = sum(line.units * line.unit_credit_cents for line in lines)
    draft = document.state in {"draft", "cancelled"}
    return {
        "language": language,
        "title": _("Return %(number)s") % {"number": document.number},
        "draft": _("Draft: not sent") if draft else "",
        "sender": [merchant.name, *address_lines(merchant.address, language=language), merchant.email],
        "recipient": [supplier.name, *address_lines(supplier.address, language=language, home=str(merchant.country))],
        "facts": [fact for fact in _facts(document) if fact],
        "columns": [_("SKU"), _("Item"), _("Lot"), _("Reason"), _("Units"), _("Credit per unit"), _("Credit")],
        "lines": [
            [
                line.sku.code,
                f"{line.sku.name} · {line.plate.code}" if line.plate else line.sku.name,
                line.lot.code if line.lot else "",
                str(BackReason(line.reason).label),
                words.count(line.units),
                words.money(line.unit_credit_cents, currency=document.currency),
                words.money(line.units * line.unit_credit_cents, currency=document.currency),
            ]
            for line in lines
        ],
        "total": _("Credit expected: %(total)s") % {"total": words.money(total, currency=document.currency)},
        "note": document.note,
        "photos_title": _("Photos"),
        "foot": _("Please name return %(number)s on your credit note.") % {"number": document.number},
    }


def _facts(document: SupplierReturn) -> list[str]:
    by = _("Carrier: %(carrier)s %(number)s") % {
        "carrier": document.carrier, "number": document.tracking_number,
    }  # fmt: skip
    return [
        _("Of %(day)s") % {"day": words.day(document.created_at, style="long")},
        _("To be claimed by %(day)s") % {"day": words.day(document.claim_until, style="long")},
        _("Sent on %(day)s") % {"day": words.day(document.sent_at, style="long")} if document.sent_at else "",
        by.strip() if document.carrier or document.tracking_number else "",
    ]
