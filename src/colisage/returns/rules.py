"""Pure decisions about returns: until when, at whose cost, what may follow what, and what is paid back to the cent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from colisage.kit.paid import Paid, PaidLine, Worth, part_of, worth

__all__ = ["Paid", "PaidLine", "Worth", "worth"]  # the arithmetic of what was paid, which refunds are slices of

MOVES: Final[Mapping[str, frozenset[str]]] = {
    "requested": frozenset({"approved", "label_sent", "received", "refused"}),
    "approved": frozenset({"received", "refused"}),
    "label_sent": frozenset({"received", "refused"}),
    "received": frozenset({"inspected"}),
    "inspected": frozenset({"refunded", "refused", "closed"}),  # closed: the shop has paid it back
    "refunded": frozenset({"closed"}),
    "closed": frozenset(),
    "refused": frozenset(),
}
OPEN: Final = ("requested", "approved", "label_sent", "received", "inspected", "refunded")
ON_THE_WAY: Final = ("requested", "approved", "label_sent", "received")  # units may still come

FAULTS: Final = frozenset({"not_as_described", "damaged", "faulty", "wrong_item", "late", "undelivered"})
GUARANTEED: Final = frozenset({"not_as_described", "damaged", "faulty", "wrong_item"})
GUARANTEE_DAYS: Final = 730  # of conformity, European law: two years from delivery

# Where a unit may go by the state it is in; the first is suggested.
DISPOSITIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "a": ("restock", "quarantine", "refurbish", "destroy"),
    "b": ("restock", "refurbish", "quarantine", "destroy"),
    "c": ("refurbish", "quarantine", "destroy"),
    "broken": ("destroy", "quarantine", "refurbish"),
}


def may_move(before: str, after: str) -> bool:
    """Say whether a return may go from one state to another."""
    return after in MOVES[before]


def last_day(delivered_on: date, *, window_days: int, reasons: Collection[str]) -> date:
    """Give the last day on which a return may be asked for.

    What is not as it should be is guaranteed for two years, whatever the shop's window.
    """
    guaranteed = bool(reasons) and set(reasons) <= GUARANTEED
    return delivered_on + timedelta(days=max(window_days, GUARANTEE_DAYS) if guaranteed else window_days)


def fee_of(reasons: Collection[str], *, payer: str, label_fee_cents: int) -> int:
    """Give what is kept back for our label: nothing when we pay, or when anything comes back by our own fault."""
    return 0 if payer == "merchant" or set(reasons) & FAULTS else label_fee_cents


def prepaid(reasons: Collection[str], *, payer: str, label_fee_cents: int) -> bool:
    """Say whether the customer gets a label of ours: not when they pay and no price of a label was set."""
    return payer == "merchant" or label_fee_cents > 0 or bool(set(reasons) & FAULTS)


def approves_itself(today: date, *, delivered_on: date | None, window_days: int, wanted: bool) -> bool:
    """Say whether a request needs no person: within the shop's own window; the guarantee after it is judged by one."""
    in_window = delivered_on is None or today <= delivered_on + timedelta(days=window_days)
    return wanted and in_window


# --- what is paid back


@dataclass(frozen=True, slots=True)
class Back:
    """What is paid back: (units, goods before tax, tax) of each line, their sums, carriage and extras, less the fee."""

    lines: Mapping[int, tuple[int, int, int]]
    goods: int
    tax: int
    shipping: int
    extra: int  # tips and fees of the order
    fee: int

    @property
    def total(self) -> int:
        """Give what the customer gets."""
        return self.goods + self.tax + self.shipping + self.extra - self.fee


def refund(
    paid: Paid,
    *,
    units: Mapping[int, int],
    before: Mapping[int, int],
    everything: Mapping[int, int],
    with_shipping: bool = True,
    fee_cents: int = 0,
) -> Back:
    """Give what is paid back for `units` of lines when the units `before` were paid back already.

    Paying back in any number of parts comes to the same as at once: each unit has its own cents. Carriage, tips and
    fees go with the units that complete `everything` (units of each line that can come back at all). The label's fee
    never exceeds the rest. Raises `ValueError` for more units than were paid.
    """
    value = worth(paid)
    lines: dict[int, tuple[int, int, int]] = {}
    for line in paid.lines:
        n, known = units.get(line.id, 0), before.get(line.id, 0)
        if n < 0 or known + n > line.quantity:
            msg = f"line {line.id}: {known} + {n} of {line.quantity} units"
            raise ValueError(msg)
        if n:
            goods, tax = value.lines[line.id]
            lines[line.id] = (
                n,
                part_of(goods, of=line.quantity, start=known, end=known + n),
                part_of(tax, of=line.quantity, start=known, end=known + n),
            )
    complete = bool(lines) and all(before.get(pk, 0) + units.get(pk, 0) >= n for pk, n in everything.items())
    carried = with_shipping and complete
    goods = sum(line[1] for line in lines.values())
    tax = sum(line[2] for line in lines.values()) + (value.shipping_tax if carried else 0)
    shipping = value.shipping if carried else 0
    extra = value.extra if carried else 0
    return Back(lines, goods, tax, shipping, extra, fee=min(fee_cents, goods + tax + shipping + extra))


# --- what came


def whole_units(came: Mapping[int, int], *, recipe: Mapping[int, int]) -> int:
    """Give how many whole units of a line came back, of which `recipe` says what one consists of (SKU id: units)."""
    return min((came.get(sku, 0) // n for sku, n in recipe.items()), default=0)


@dataclass(frozen=True, slots=True)
class Sent:
    """Units of one lot (None: of no lot) that were sent; a serial number that is in the house is not coming back."""

    lot_id: int | None
    code: str
    is_serial: bool
    on_hand: bool
    qty: int


def lots_back(sent: Sequence[Sent], *, back: int, units: int, named: str = "") -> list[tuple[int | None, int]] | None:
    """Say of which lots units are that come back, after `back` others did; None when their number must be told.

    A lot or serial number that the label names is taken when it was sent. Else the first sent come first; of several
    serial numbers nobody can know which it is.
    """
    if named and (told := next((s for s in sent if s.code == named and not s.on_hand), None)):
        return [(told.lot_id, units)]
    serials = [s for s in sent if s.is_serial and not s.on_hand]
    if any(s.is_serial for s in sent):
        whole = len(serials) == units and not named
        return [(s.lot_id, 1) for s in serials] if whole else None
    found: list[tuple[int | None, int]] = []
    for one in sent:
        skipped = min(back, one.qty)
        back -= skipped
        if take := min(units, one.qty - skipped):
            found.append((one.lot_id, take))
            units -= take
    return [*found, (None, units)] if units else found
