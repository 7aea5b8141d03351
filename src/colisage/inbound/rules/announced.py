"""What an announced delivery says, judged before it is kept."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.inbound.rules.purchasing import MOST_UNITS

REASONS: Final[Mapping[str, Promise]] = {
    "no_supplier": _("The row names neither a supplier nor a purchase order."),
    "no_such_supplier": _("There is no supplier of this code or name."),
    "no_such_order": _("There is no purchase order of this number."),
    "order_of_another": _("The purchase order is one of another supplier."),
    "order_not_open": _("The purchase order is a draft, or was closed or cancelled."),
    "no_such_node": _("There is no node of this code here."),
    "no_sku": _("The row has no SKU and no barcode."),
    "no_such_sku": _("This SKU or barcode is not in the catalogue."),
    "codes_disagree": _("The SKU and the barcode stand for different things."),
    "bundle": _("A bundle is never delivered: its parts are."),
    "bad_quantity": _("The quantity is a whole number, at least one and at most a million."),
    "bad_date": _("A date cannot be read, or is out of reason. Write 2026-12-31."),
    "date_two_ways": _("A date can be read in two ways. Write 2026-12-31."),
    "day_is_past": _("The day of the delivery is past."),
    "expired": _("The lot will have expired before it comes."),
    "bad_sscc": _("An SSCC has 18 digits, and the last one fits the others."),
    "serial_of_many": _("A serial number stands for one unit."),
    "serial_twice": _("This serial number stands in the delivery already."),
    "too_long": _("A text of this row is too long."),
    "no_reference": _("The delivery has no reference. Give the number of the delivery note."),
    "already_arrived": _("The delivery has arrived already: what was announced stays as it was."),
    "two_suppliers": _("One delivery comes from one supplier, to one node."),
    "reference_twice": _("This delivery stands here already, further up."),
    "bad_lines": _("Some lines of the delivery cannot be used."),
    "nothing_announced": _("The delivery has no line."),
}


@dataclass(frozen=True, slots=True)
class Item:
    """So many units of a SKU in a delivery, with all that is said of them."""

    sku_id: int
    qty: int
    order_id: int | None = None
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    sscc: str = ""
    pallet_sscc: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """Give what makes it a line of its own."""
        return (self.order_id, self.sku_id, self.lot, self.serial, self.expires_on, self.sscc, self.pallet_sscc)


def joined(items: Iterable[Item]) -> list[Item]:
    """Add up the units of what is alike in everything, in order of first sight."""
    found: dict[tuple[object, ...], Item] = {}
    for item in items:
        known = found.get(item.key)
        found[item.key] = replace(item, qty=item.qty + (known.qty if known else 0))
    return list(found.values())


def wrong(items: Sequence[Item]) -> dict[int, str]:
    """Say which items of one delivery cannot be, by position, and why."""
    found: dict[int, str] = {}
    serials: set[tuple[int, str]] = set()
    for n, item in enumerate(items):
        if not 0 < item.qty <= MOST_UNITS:
            found[n] = "bad_quantity"
        elif item.serial and item.qty != 1:
            found[n] = "serial_of_many"
        elif item.serial and (item.sku_id, item.serial) in serials:
            found[n] = "serial_twice"
        if item.serial:
            serials.add((item.sku_id, item.serial))
    return found


def digest_of(items: Iterable[Item], *, facts: Sequence[object]) -> bytes:
    """Give what is the same for the same delivery, whatever the order of its lines."""
    said = repr((list(facts), sorted(repr((item.key, item.qty)) for item in items)))
    return hashlib.sha256(said.encode()).digest()
