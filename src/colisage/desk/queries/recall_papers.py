"""What a recall is answered with: the list of customers to write to, the letter, the report for the file."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from colisage.desk.queries.recall import Shipped, Trace
from colisage.inventory.queries.reasons import reason_words
from colisage.inventory.queries.wording import CONDITIONS, LOT_STATUSES
from colisage.kit.tabular.writing import harmless
from colisage.kit.typst import pdf
from colisage.people.queries import Party
from colisage.ui import words

_HEADINGS: Final = (
    gettext_lazy("Name"), gettext_lazy("E-mail"), gettext_lazy("Phone"), gettext_lazy("Language"),
    gettext_lazy("Order"), gettext_lazy("Lot"), gettext_lazy("SKU"), gettext_lazy("Units"), gettext_lazy("Sure"),
    gettext_lazy("Shipped on"), gettext_lazy("Carrier"), gettext_lazy("Tracking number"), gettext_lazy("Address"),
    gettext_lazy("Address, second line"), gettext_lazy("Postcode"), gettext_lazy("Town"), gettext_lazy("Country"),
)  # fmt: skip


def customers_csv(rows: Sequence[Shipped]) -> bytes:
    """Write who got units, a line for each parcel, for a spreadsheet in the active language; no cell is a formula."""
    french = (get_language() or "fr").startswith("fr")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if french else ",", lineterminator="\r\n")
    writer.writerow([str(heading) for heading in _HEADINGS])
    writer.writerows([harmless(cell) for cell in _cells(row)] for row in rows)
    return out.getvalue().encode("utf-8-sig", errors="replace")


def _cells(row: Shipped) -> list[str]:
    to = row.ship_to
    return [
        row.customer or to.get("name", ""),
        row.email,
        row.phone or to.get("phone", ""),
        row.language,
        row.number,
        ", ".join(row.lots),
        ", ".join(row.skus),
        str(row.units),
        _("no: in this parcel or another of the order") if row.shared else _("yes"),
        timezone.localdate(row.at).isoformat(),
        row.carrier or "",
        row.tracking_number or "",
        to.get("line1", ""),
        to.get("line2", ""),
        to.get("postcode", ""),
        to.get("city", ""),
        to.get("country", ""),
    ]


def letters(trace: Trace, *, merchant: Party) -> list[tuple[str, str, str]]:
    """Give the letter to customers in both languages: language, subject, text."""
    written = []
    for language in ("fr", "en"):
        with override(language):
            facts = {
                "product": trace.lot.name,
                "lot": trace.lot.code,
                "expires": words.day(trace.lot.expires_on, style="numeric") if trace.lot.expires_on else "",
                "shop": merchant.name,
                "email": merchant.email,
            }
            subject = _("Important: please do not use “%(product)s”, lot %(lot)s") % facts
            written.append(
                (
                    language,
                    subject,
                    "\n\n".join(part % facts for part in _letter(trace, reachable=bool(merchant.email))),
                )
            )
    return written


def _letter(trace: Trace, *, reachable: bool) -> list[str]:
    dated = (
        _("You bought “%(product)s” from us. The lot %(lot)s (best before %(expires)s) is being recalled.")
        if trace.lot.expires_on
        else _("You bought “%(product)s” from us. The lot %(lot)s is being recalled.")
    )
    return [
        _("Hello,"),
        dated,
        _("Please do not use it any more, and do not give it to anybody. The lot is printed on the product."),
        _("Keep it apart and answer this message: we tell you how it comes back, at our cost, and pay it back to you."),
        _("If you gave it to somebody, please pass this message on."),
        _("We are sorry. You reach us at %(email)s.") if reachable else _("We are sorry."),
        "%(shop)s",
    ]


def report_pdf(trace: Trace, rows: Sequence[Shipped], *, merchant: Party, now: datetime) -> bytes:
    """Set the report of a recall in the active language: origin, what is here, what left, every parcel."""
    lot = trace.lot
    data: dict[str, Any] = {
        "language": (get_language() or "fr")[:2],
        "title": _("Recall of lot %(lot)s") % {"lot": lot.code},
        "facts": [
            f"{lot.name} · {lot.sku} · {LOT_STATUSES.get(lot.status, lot.status)}",
            _("%(shop)s, written on %(day)s at %(hour)s")
            % {"shop": merchant.name, "day": words.day(now, style="long"), "hour": words.clock(now)},
        ],
        "sums": [[str(name), value] for name, value in sums_of(trace)],
        "tables": [_arrivals(trace), _inside(trace), _unshipped(trace), _parcels(rows)],
    }
    return pdf("desk/recall", data, dated=now)


def sums_of(trace: Trace) -> list[tuple[str, str]]:
    """Give the balance of a traced lot: what came, what is here, where the rest went."""
    parts = (
        (_("Came in"), trace.came),
        (_("Still here"), trace.here),
        (_("With customers"), trace.with_customers),
        (_("With customers, in what was made of it"), trace.sums.units - trace.left("customer")),
        (_("Lost or destroyed"), trace.left("loss")),
        (_("Went into kits or production"), trace.left("assembly")),
        (_("Back to the supplier"), trace.left("supplier")),
        (_("Under another lot"), trace.left("relabelled")),
        (_("Left otherwise"), trace.came + trace.back - trace.here - trace.left(*_KNOWN)),
    )
    return [(str(name), words.count(units)) for n, (name, units) in enumerate(parts) if units or n < 3]


_KNOWN: Final = ("customer", "loss", "assembly", "supplier", "relabelled")


def _arrivals(trace: Trace) -> dict[str, Any]:
    said = reason_words([trace.lot.merchant_id])
    return {
        "title": _("Where it came from"),
        "columns": [_("Day"), _("Why"), _("Supplier"), _("Purchase order"), _("Units")],
        "rows": [
            [
                words.day(a.at, style="numeric"),
                str(said.get(a.reason, a.reason)),
                a.supplier or "—",
                a.purchase or "—",
                words.count(a.units),
            ]
            for a in trace.arrivals
        ],
    }


def _inside(trace: Trace) -> dict[str, Any]:
    return {
        "title": _("Still in the house"),
        "columns": [_("Node"), _("Place"), _("Licence plate"), _("Condition"), _("Units")],
        "rows": [
            [i.node or "", i.place, i.plate or "—", str(CONDITIONS.get(i.condition, i.condition)), words.count(i.units)]
            for i in trace.inside
        ],
    }


def _unshipped(trace: Trace) -> dict[str, Any]:
    return {
        "title": _("Orders that have not left"),
        "columns": [_("Order"), _("Bound"), _("On the bench"), _("Packed"), _("Stopped")],
        "rows": [
            [u.number, *map(words.count, (u.bound, u.bench, u.packed)), _("yes") if u.held else _("no")]
            for u in trace.unshipped
        ],
    }  # fmt: skip


def _parcels(rows: Sequence[Shipped]) -> dict[str, Any]:
    return {
        "title": _("With customers"),
        "columns": [_("Order"), _("Customer"), _("Shipped on"), _("Tracking number"), _("Units")],
        "rows": [
            [
                r.number,
                ", ".join(filter(None, (r.customer, r.ship_to.get("city"), r.ship_to.get("country")))),
                words.day(r.at, style="numeric"),
                r.tracking_number or "—",
                f"{words.count(r.units)}{' ?' if r.shared else ''}",
            ]
            for r in rows
        ],
    }
