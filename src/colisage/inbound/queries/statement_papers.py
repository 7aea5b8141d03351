"""A consignment statement to send and to pay: as PDF in the supplier's language, and as a file for the books."""

import csv
import io
from collections.abc import Collection
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from colisage.inbound.models import ConsignmentStatement
from colisage.inbound.queries.consignment import Statement, statement_lines, statement_of
from colisage.inbound.queries.order_pdf import address_lines
from colisage.inventory.queries.reasons import reason_words
from colisage.kit.errors import NotThere
from colisage.kit.money import decimal
from colisage.kit.tabular import harmless
from colisage.kit.typst import pdf
from colisage.ui import words

_PRINTED: Final = 5_000  # the file has all
COLUMNS: Final = ("supplier", "month", "at", "sku", "name", "lot", "reason", "units", "unit_cost", "total", "currency")


def statement_csv(statement: Statement) -> str:
    """Give the lines of a statement as a file, one a movement; amounts with a point, days as 2026-12-31."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line, cents in statement_lines([statement.merchant_id], statement_id=statement.id):
        cells = (
            statement.supplier, f"{statement.month:%Y-%m}", timezone.localtime(line.at).isoformat(timespec="minutes"),
            line.sku.code, line.sku.name, line.lot.code if line.lot else "", line.reason, str(line.qty),
            str(decimal(line.unit_cost_cents, currency=statement.currency)),
            str(decimal(cents, currency=statement.currency)), statement.currency,
        )  # fmt: skip
        writer.writerow([harmless(cell) for cell in cells])
    return f"\ufeff{out.getvalue()}"


def statement_pdf(merchant_ids: Collection[int], *, statement_id: int, language: str = "") -> tuple[str, bytes]:
    """Give the name of a statement's document, and it in the supplier's language or another.

    Raises `NotThere` for one of nobody of these.
    """
    rows = ConsignmentStatement.objects.filter(merchant_id__in=merchant_ids, pk=statement_id)
    row = rows.select_related("merchant", "supplier").first()
    figures = statement_of(merchant_ids, statement_id=statement_id)
    if row is None or figures is None:
        raise NotThere
    language = language or row.supplier.language
    with override(language):
        document = _document(row, figures, language=language)
    name = f"{row.supplier.code}-{row.month:%Y-%m}"
    return name, pdf("inbound/order", document, dated=row.closed_at or timezone.now())


def _document(row: ConsignmentStatement, figures: Statement, *, language: str) -> dict[str, Any]:
    supplier, merchant = row.supplier, row.merchant
    said = reason_words([merchant.pk])
    month = " ".join(words.day(row.month, style="long").split()[-2:])  # without the day
    closed = _("Closed on %(day)s") % {"day": words.day(row.closed_at, style="long")} if row.closed_at else ""
    return {
        "language": language,
        "title": _("Consigned goods bought: %(month)s") % {"month": month},
        "draft": "" if row.closed_at else _("Running: more may be added"),
        "sender": [merchant.name, *address_lines(merchant.address, language=language), merchant.email],
        "recipient": [
            supplier.name, *address_lines(supplier.address, language=language, home=str(merchant.country)),
        ],
        "deliver_title": _("What we ask of you"),
        "deliver": [_("Please invoice these units.")],
        "facts": [fact for fact in (closed, _("Units: %(n)s") % {"n": words.count(figures.units)}) if fact],
        "columns": [_("SKU"), _("Lot"), _("Item"), _("When"), _("Units"), _("Unit cost"), _("Total")],
        "lines": [
            [
                line.sku.code,
                line.lot.code if line.lot else "",
                f"{line.sku.name} ({said.get(line.reason, line.reason)})",
                words.day(timezone.localtime(line.at).date(), style="numeric"),
                words.count(line.qty),
                words.money(line.unit_cost_cents, currency=row.currency),
                words.money(cents, currency=row.currency),
            ]
            for line, cents in statement_lines([merchant.pk], statement_id=row.pk, size=_PRINTED)[:_PRINTED]
        ],
        "total": _("Total without tax: %(total)s")
        % {"total": words.money(figures.total_cents, currency=row.currency)},
        "note": "",
        "foot": _("%(shop)s, consigned goods of %(month)s") % {"shop": merchant.name, "month": month},
    }  # fmt: skip
