"""The document of a purchase order, in the supplier's language, as PDF."""

from collections.abc import Collection, Mapping
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import override

from colisage.inbound.models import DueFrom, PurchaseOrder, Supplier
from colisage.inbound.queries.purchases import OrderedLine, ordered_lines
from colisage.kit.errors import NotThere
from colisage.kit.typst import pdf
from colisage.ui import words


def purchase_pdf(merchant_ids: Collection[int], *, purchase_id: int, language: str = "") -> tuple[str, bytes]:
    """Give the number of a purchase order, and its document in the supplier's language or another.

    Raises `NotThere` for one of nobody of these.
    """
    rows = PurchaseOrder.objects.filter(merchant_id__in=merchant_ids, pk=purchase_id)
    order = rows.select_related("merchant", "supplier", "node").first()
    if order is None:
        raise NotThere
    lines = ordered_lines([order.merchant_id], purchase_id=order.pk)
    language = language or order.supplier.language
    with override(language):
        document = _document(order, lines, language=language)
    return order.number, pdf("inbound/order", document, dated=order.sent_at or order.created_at)


def _document(order: PurchaseOrder, lines: list[OrderedLine], *, language: str) -> dict[str, Any]:
    supplier, merchant = order.supplier, order.merchant
    home = str(merchant.country)
    placed = words.day(order.sent_at or order.created_at, style="long")
    return {
        "language": language,
        "title": _("Purchase order %(number)s") % {"number": order.number},
        "draft": _("Draft: not sent") if order.state == "draft" else "",
        "sender": [merchant.name, *address_lines(merchant.address, language=language), merchant.email],
        "recipient": [supplier.name, *address_lines(supplier.address, language=language, home=home)],
        "deliver_title": _("Deliver to"),
        "deliver": [order.node.name, *address_lines(order.node.address, language=language)],
        "facts": [fact for fact in _facts(order, supplier, placed) if fact],
        "columns": [_("SKU"), _("Your code"), _("Item"), _("Wanted on"), _("Units"), _("Unit cost"), _("Total")],
        "lines": [
            [
                line.code,
                line.supplier_code,
                line.name,
                words.day(day, style="numeric") if (day := line.expected_on or order.expected_on) else "",
                words.count(line.ordered),
                words.money(line.unit_cost_cents, currency=order.currency),
                words.money(line.total_cents, currency=order.currency),
            ]
            for line in lines
        ],
        "total": _("Total without tax: %(total)s")
        % {"total": words.money(sum(line.total_cents for line in lines), currency=order.currency)},
        "note": order.note,
        "foot": _("Please name order %(number)s on your delivery note and your invoice.") % {"number": order.number},
    }


def _facts(order: PurchaseOrder, supplier: Supplier, placed: str) -> list[str]:
    due = _("Payment: %(days)s days, %(counted)s") % {
        "days": supplier.due_days, "counted": DueFrom(supplier.due_from).label,
    }  # fmt: skip
    wanted = _("Wanted on %(day)s") % {"day": words.day(order.expected_on, style="long")} if order.expected_on else ""
    return [
        _("Of %(day)s") % {"day": placed},
        wanted,
        _("Payment: at once") if not supplier.due_days and supplier.due_from == "invoice" else due,
        _("Incoterm: %(incoterm)s") % {"incoterm": supplier.incoterm} if supplier.incoterm else "",
        _("On consignment: the goods stay yours until we sell them.") if order.consigned else "",
    ]


def address_lines(address: Mapping[str, Any], *, language: str, home: str = "") -> list[str]:
    """Give the lines of an address; the country only when it is not the sender's."""
    town = " ".join(part for part in (address.get("postcode"), address.get("city"), address.get("region")) if part)
    country = address.get("country") or ""
    abroad = Locale(language).territories.get(country, country) if home and country != home else ""
    return [line for line in (address.get("line1"), address.get("line2"), town, abroad) if line]
