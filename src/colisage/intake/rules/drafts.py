"""Pure checks at the door: what makes an order wait, and what makes it come back."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from colisage.intake.ports import DraftAddress, OrderDraft
from colisage.kit.tabular.cells import is_currency
from colisage.kit.tabular.names import country_codes

# The shape of postcodes where shops of our merchants mostly send; other countries are not judged by shape.
POSTCODES: Final[Mapping[str, re.Pattern[str]]] = {
    "FR": re.compile(r"\d{5}"),
    "DE": re.compile(r"\d{5}"),
    "ES": re.compile(r"\d{5}"),
    "IT": re.compile(r"\d{5}"),
    "BE": re.compile(r"\d{4}"),
    "CH": re.compile(r"\d{4}"),
    "LU": re.compile(r"(L-)?\d{4}"),
    "NL": re.compile(r"\d{4} ?[A-Z]{2}"),
    "US": re.compile(r"\d{5}(-\d{4})?"),
    "CA": re.compile(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d"),
    "GB": re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"),
}
NO_POSTCODE: Final = frozenset({"IE", "HK", "AE", "QA", "PA", "BO", "AG", "BS", "FJ"})
MAX_LINES: Final = 10_000
MAX_CENTS: Final = 10**15  # what an order may cost; its sums still fit the columns
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)  # no web shop is older: a misread date
LATEST: Final = timedelta(days=2)  # clocks differ; an order from further ahead is a misread date
FARTHEST: Final = timedelta(days=3 * 366)  # so far ahead a delivery may be wanted


def holds_of(draft: OrderDraft) -> Iterator[tuple[str, str]]:
    """Give every (kind, reason) for which a draft has to wait; codes of `orders.rules.HOLD_REASONS`."""
    if any(line.requires_shipping for line in draft.lines):
        yield from (("address", reason) for reason in address_faults(draft.ship_to))
    if draft.payment in {"pending", "unknown"}:
        yield "payment", "not_paid"
    elif draft.payment == "refunded":
        yield "payment", "paid_back"
    if any(charge.kind == "difference" for charge in draft.charges):
        yield "money", "amounts_differ"


def address_faults(address: DraftAddress | None) -> Iterator[str]:
    """Give what is missing from an address to which a parcel shall go."""
    if address is None or not (address.line1 or address.line2):
        yield "no_address"
        return
    if not (address.name or address.company):
        yield "no_name"
    if not address.city:
        yield "no_city"
    if address.country not in country_codes():
        yield "unknown_country"
    elif not address.postcode and address.country not in NO_POSTCODE:
        yield "no_postcode"
    elif address.country in POSTCODES and not _looks_right(address.postcode, shape=POSTCODES[address.country]):
        yield "bad_postcode"


def _looks_right(postcode: str, *, shape: re.Pattern[str]) -> bool:
    """Say whether a postcode has its country's shape, with the spaces people write or without."""
    written = postcode.strip().upper()
    return bool(shape.fullmatch(written) or shape.fullmatch("".join(written.split())))


def difference(draft: OrderDraft) -> int:
    """Give by how much the total differs from what the lines, carriage, discount and tax add up to, in cents."""
    return _difference(draft, lines=sum(line.total_cents for line in draft.lines))


def _difference(draft: OrderDraft, *, lines: int) -> int:
    tax = 0 if draft.prices_include_tax else draft.tax_cents
    charges = sum(charge.cents for charge in draft.charges) if draft.charges else 0
    return draft.total_cents - (lines + draft.shipping_cents + charges - draft.discount_cents + tax)


def refusal(draft: OrderDraft, *, now: datetime) -> str | None:
    """Say why a draft cannot be an order at all; a code of `ports.REASONS`, or None."""
    return next(_faults(draft, now=now), None)


def _faults(draft: OrderDraft, *, now: datetime) -> Iterator[str]:
    amounts = [line.total_cents for line in draft.lines]
    if not amounts:
        yield "no_line"
    if len(amounts) > MAX_LINES:
        yield "too_many_lines"
    if min(amounts) < 0:
        yield "negative_amount" if any(line.unit_price_cents < 0 for line in draft.lines) else "discount_too_large"
    if draft.total_cents < 0:
        yield "negative_amount"
    if max(draft.total_cents, *amounts) > MAX_CENTS:
        yield "huge_amount"
    if not is_currency(draft.currency):
        yield "unknown_currency"
    if _difference(draft, lines=sum(amounts)):
        yield "amounts_do_not_balance"
    if not EARLIEST <= draft.placed_at <= now + LATEST:
        yield "bad_date"
    ordered_on = draft.placed_at.date()
    if draft.wanted_on and not ordered_on <= draft.wanted_on <= ordered_on + FARTHEST:
        yield "bad_wanted_date"
