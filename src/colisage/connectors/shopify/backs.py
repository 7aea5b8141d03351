"""What of an order of Shopify left, and what was given back for it; pure.

Money given back for what never left lowers the order: it is not sent, and the order costs less. Money given back for
what had left changes neither: the order stays what it was, and the refund is told beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from colisage.connectors.shopify.purse import Purse
from colisage.connectors.values import count, items, moment, text
from colisage.intake.ports import RefundTold
from colisage.kit.money import shares

_FAILED: Final = frozenset({"cancelled", "error", "failure"})


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a line: that are still wanted, that are to be sent yet, and that came back after they had left."""

    wanted: int
    open: int
    returned: int

    @property
    def left(self) -> int:
        """Give those that left, be they back or not."""
        return self.wanted - self.open


def units_of(item: Mapping[str, Any], order: Mapping[str, Any]) -> Units:
    """Read the units of a line: those edited or refunded away before they left are not wanted."""
    ref, ordered = text(item, "id"), count(item, "quantity")
    refunded = [one for refund in items(order, "refunds") for one in items(refund, "refund_line_items")]
    taken = sum(count(one, "quantity") for one in refunded if text(one, "line_item_id") == ref)
    now = count(item, "current_quantity") if item.get("current_quantity") is not None else max(ordered - taken, 0)
    if text(item, "fulfillment_status") not in {"partial", "fulfilled"} and not item.get("fulfilled_quantity"):
        return Units(now, now, 0)
    said = item.get("fulfillable_quantity") is not None
    still = min(max(count(item, "fulfillable_quantity") if said else 0, 0), now)
    gone = count(item, "fulfilled_quantity") if item.get("fulfilled_quantity") is not None else _sent(ref, order)
    back = [one for one in refunded if text(one, "line_item_id") == ref and text(one, "restock_type") != "cancel"]
    returned = min(max(gone + still - now, 0), sum(count(one, "quantity") for one in back))
    return Units(now + returned, still, returned)


def _sent(ref: str, order: Mapping[str, Any]) -> int:
    """Count the units of a line in parcels that were not taken back."""
    return sum(
        count(one, "quantity")
        for parcel in items(order, "fulfillments")
        if text(parcel, "status") not in _FAILED
        for one in items(parcel, "line_items")
        if text(one, "id") == ref
    )


class Back:
    """The refunds of an order, summed by line; amounts as the order counts them, with or without tax.

    Only what was given back for units that never left is in `units`, `amounts`, `taxes`, `shipping`, `adjusted` and
    `total`; what was given back for others is in `later` (all of it), `later_tax` and `later_shipping`, and in `told`.
    """

    def __init__(self, order: Mapping[str, Any], purse: Purse, *, gross: bool) -> None:
        refunds = items(order, "refunds")
        units = {text(one, "id"): units_of(one, order) for one in items(order, "line_items")} if refunds else {}
        self._returned = {ref: one.returned for ref, one in units.items()}
        self._all_left = any(one.left for one in units.values()) and not any(one.open for one in units.values())
        self._purse, self._gross = purse, gross
        self.units: dict[str, int] = {}
        self.amounts: dict[str, int] = {}
        self.taxes: dict[str, int] = {}
        self.total = self.shipping = self.adjusted = 0
        self.later = self.later_tax = self.later_shipping = 0
        self.told: list[RefundTold] = []
        late = self._late(refunds)
        for n, refund in enumerate(refunds):
            self._read(refund, late[n])
        named = sum(self.amounts.values()) + self.shipping + (0 if gross else sum(self.taxes.values()))
        self.unnamed = named - self.total  # given back for no line and no carriage

    def _late(self, refunds: Sequence[Mapping[str, Any]]) -> list[list[int]]:
        """Say of each line of each refund for how many units that had left it is: those that came back count first."""
        rows = [
            (n, m, one) for n, refund in enumerate(refunds) for m, one in enumerate(items(refund, "refund_line_items"))
        ]
        found = [[0] * len(items(refund, "refund_line_items")) for refund in refunds]
        left = dict(self._returned)
        for kind in ("return", ""):
            for n, m, one in rows:
                restock, ref = text(one, "restock_type"), text(one, "line_item_id")
                if restock == "cancel" or (restock == "return") != (kind == "return"):
                    continue
                found[n][m] = some = min(max(count(one, "quantity"), 0), left.get(ref, 0))
                left[ref] = left.get(ref, 0) - some
        return found

    def _read(self, refund: Mapping[str, Any], late: Sequence[int]) -> None:
        purse, lines = self._purse, items(refund, "refund_line_items")
        early = [count(one, "quantity") - n for one, n in zip(lines, late, strict=True)]
        later = not any(early) and (any(late) or self._all_left)
        told, lowered = [], 0
        for one, n, m in zip(lines, late, early, strict=True):
            ref = text(one, "line_item_id")
            amount, tax = purse.of(one, "subtotal"), purse.of(one, "total_tax")
            (amount_late, amount_early), (tax_late, tax_early) = (
                shares(value, weights=[n, max(m, 0)]) for value in (amount, tax)
            )
            if n:
                given = amount_late + (0 if self._gross else tax_late)
                self.later, self.later_tax, lowered = self.later + given, self.later_tax + tax_late, lowered + given
            if m or not n:
                self.units[ref] = self.units.get(ref, 0) + m
                self.amounts[ref] = self.amounts.get(ref, 0) + amount_early
                self.taxes[ref] = self.taxes.get(ref, 0) + tax_early
            told.append((ref, n + m, n, text(one, "restock_type")))
        shipping, shipping_tax, adjusted = self._besides(refund)
        paid = _paid_back(refund, purse)
        if later:
            self.later += shipping + (0 if self._gross else shipping_tax) - adjusted
            self.later_tax, self.later_shipping = self.later_tax + shipping_tax, self.later_shipping + shipping
        else:
            self.shipping, self.adjusted = self.shipping + shipping, self.adjusted + adjusted
            self.total += paid - lowered
        if text(refund, "id"):
            self.told.append(
                RefundTold(
                    key=text(refund, "id").rpartition("/")[2][:60],
                    at=_when(refund),
                    cents=paid,
                    shipping_cents=shipping,
                    lines=tuple(told),
                )
            )

    def _besides(self, refund: Mapping[str, Any]) -> tuple[int, int, int]:
        """Give what a refund gives back for carriage, the tax of that, and what it adjusts (negative)."""
        carriage, adjusted = items(refund, "refund_shipping_lines"), 0
        shipping = sum(self._purse.of(one, "subtotal_amount") for one in carriage)
        tax = sum(self._purse.of(one, "tax_amount") for one in carriage)
        for one in items(refund, "order_adjustments"):
            if text(one, "kind") != "shipping_refund":
                adjusted += self._purse.of(one, "amount") + self._purse.of(one, "tax_amount")
            elif not carriage:
                shipping -= self._purse.of(one, "amount")  # it is negative
        return shipping, tax, adjusted


def _when(refund: Mapping[str, Any]) -> datetime | None:
    return moment(refund, "created_at") or moment(refund, "processed_at")


def _paid_back(refund: Mapping[str, Any], purse: Purse) -> int:
    if purse.said(refund, "total_refunded"):
        return purse.of(refund, "total_refunded")
    deals = [one for one in items(refund, "transactions") if (text(one, "kind"), text(one, "status")) == (
        "refund", "success",
    )]  # fmt: skip
    same = [one for one in deals if text(one, "currency").upper() in {"", purse.currency}]
    return sum(Purse({"currency": purse.currency}).of(one, "amount") for one in same)
