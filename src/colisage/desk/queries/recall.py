"""A lot traced: back to supplier and receipt, forward to every customer and parcel, and what is still here.

Every question is one statement over the movements, however many units, orders and parcels there are.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from colisage.kit.statements import statement

MOST = 500  # rows of a part of the page that is not turned page by page
EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True)
class TracedLot:
    """A lot that is traced: the one asked for, or (`depth` above 0) one of a kit or own production it went into."""

    id: int
    merchant_id: int
    code: str
    is_serial: bool
    status: str
    expires_on: date | None
    sku_id: int
    sku: str
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Units that came into the house (`in`) or left it (`out`), by what lies beyond."""

    way: str
    beyond: str
    reason: str
    units: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """Units that came in one movement."""

    id: int
    at: datetime
    reason: str
    units: int
    doc_kind: str
    doc_id: int
    node: str | None
    lot: str
    by_name: str | None
    purchase_id: int | None
    purchase: str | None  # the number of the order, or the reference of what was announced
    supplier: str | None
    note: str | None  # the number of the delivery note
    undone: bool  # received by mistake, and taken back out of the books


@dataclass(frozen=True, slots=True)
class Lying:
    """Units that are still in the house."""

    cell_id: int
    node: str | None
    place: str
    kind: str
    plate: str | None
    lot: str
    sku: str
    condition: str
    units: int
    allocated: int


@dataclass(frozen=True, slots=True)
class Shipped:
    """A parcel with units of the lots. `shared`: the order's other parcels hold another lot of the same line."""

    parcel_id: int
    order_id: int
    number: str
    customer: str
    email: str
    phone: str
    language: str
    ship_to: Any  # the parts of the address that are there
    units: int
    at: datetime
    lots: Sequence[str]
    skus: Sequence[str]
    tracking_number: str | None
    carrier: str | None
    stage: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Unshipped:
    """An order that units of the lots are bound to, picked or packed for, and that has not left."""

    order_id: int
    number: str
    customer: str
    bound: int
    bench: int
    packed: int
    held: bool  # for this recall; what is held for another reason alone may be released


@dataclass(frozen=True, slots=True)
class CameBack:
    """Units of the SKU that came back from an order which had got units of the lots."""

    return_id: int
    order_id: int
    order: str
    state: str
    at: datetime | None
    units: int


@dataclass(frozen=True, slots=True)
class InKits:
    """Kits kept without a lot that units of the lots went into."""

    sku_id: int
    sku: str
    name: str
    units: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Sums:
    """How far the lots went."""

    customers: int
    orders: int
    parcels: int
    units: int


@dataclass(frozen=True, slots=True)
class Trace:
    """All that is known of a lot, but the parcels, which are read page by page."""

    lot: TracedLot
    kits: list[TracedLot]
    flows: list[Flow]  # of the lot itself, not of what was made with it
    arrivals: list[Arrival]
    inside: list[Lying]
    unshipped: list[Unshipped]
    returns: list[CameBack]
    loose_kits: list[InKits]
    sums: Sums

    @property
    def came(self) -> int:
        """Count the units that came in, those not again that customers sent back."""
        return sum(f.units for f in self.flows if f.way == "in") - self.back

    @property
    def back(self) -> int:
        """Count the units that customers sent back."""
        return sum(f.units for f in self.flows if f.way == "in" and f.beyond == "customer")

    @property
    def here(self) -> int:
        """Count the units that are in the house: what came, and came back, less what left."""
        return self.came + self.back - sum(f.units for f in self.flows if f.way == "out")

    @property
    def with_customers(self) -> int:
        """Count the units that customers still have."""
        return self.left("customer") - self.back

    def left(self, *beyond: str) -> int:
        """Count the units that left to places of these kinds."""
        return sum(f.units for f in self.flows if f.way == "out" and f.beyond in beyond)

    @property
    def lot_ids(self) -> list[int]:
        """Give the lot and those of what was made with it."""
        return [self.lot.id, *(kit.id for kit in self.kits)]


BEYOND = {
    "supplier": _("from suppliers"),
    "customer": _("customers"),
    "loss": _("lost or destroyed"),
    "found": _("found, or opening stock"),
    "assembly": _("assembly"),
    "relabelled": _("under another lot"),
}


def lots_reached(merchant_ids: Collection[int], *, lot_id: int) -> list[TracedLot]:
    """Give a lot of these merchants and the lots of what was made with it; nothing for somebody else's."""
    return [
        TracedLot(*row)
        for row in _ask(statement("desk", "recall_lots"), {"merchants": list(merchant_ids), "lot": lot_id})
    ]


def trace_of(merchant_ids: Collection[int], *, lot_id: int) -> Trace | None:
    """Trace a lot of these merchants, in a fixed number of statements; None when there is no such lot."""
    found = lots_reached(merchant_ids, lot_id=lot_id)
    if not found:
        return None
    asked: dict[str, Any] = {
        "lots": [lot.id for lot in found],
        "reasons": reasons_of(found[0].code),
        "skus": sorted({lot.sku_id for lot in found}),
        "most": MOST,
    }
    return Trace(
        lot=found[0],
        kits=found[1:],
        flows=[Flow(*row) for row in _ask(statement("desk", "recall_flow"), {"lots": [lot_id]})],
        arrivals=[Arrival(*row) for row in _ask(statement("desk", "recall_sources"), asked)],
        inside=[Lying(*row) for row in _ask(statement("desk", "recall_inside"), asked)],
        unshipped=[Unshipped(*row) for row in _ask(statement("desk", "recall_open"), asked)],
        returns=[CameBack(*row) for row in _ask(statement("desk", "recall_returns"), asked)],
        loose_kits=[InKits(*row) for row in _ask(statement("desk", "recall_kits"), asked)],
        sums=Sums(*_ask(statement("desk", "recall_sums"), asked)[0]),
    )


def shipped_page(lot_ids: Collection[int], *, after: int = 0, most: int = 50) -> list[Shipped]:
    """Give the parcels with units of lots, from one on: one more than asked for when there are more."""
    asked = {"lots": list(lot_ids), "after": after, "most": most + 1}
    found = [Shipped(*row) for row in _ask(statement("desk", "recall_shipped"), asked)]
    return [replace(row, ship_to=_address(row.ship_to)) for row in found]


def shipped_all(lot_ids: Collection[int]) -> list[Shipped]:
    """Give every parcel with units of lots."""
    return shipped_page(lot_ids, most=EVERYTHING)


def open_orders(lot_ids: Collection[int], *, code: str) -> list[Unshipped]:
    """Give the orders that units of lots are bound to and that have not left; `code` is of the lot that is recalled."""
    asked = {"lots": list(lot_ids), "reasons": reasons_of(code)}
    return [Unshipped(*row) for row in _ask(statement("desk", "recall_open"), asked)]


def reason_of(code: str) -> str:
    """Say in the active language why an order with units of a lot waits, as its hold keeps it."""
    return (gettext("recall of lot %(lot)s") % {"lot": code})[:60]


def reasons_of(code: str) -> list[str]:
    """Give that reason in every language: who stops the orders first says it in his."""
    said = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said.append(reason_of(code))
    return said


def lots_matching(merchant_ids: Collection[int], *, text: str, most: int = 50) -> list[TracedLot]:
    """Find lots and serials by their code, or all of a SKU by its code; without a text, those set aside."""
    asked = {"merchants": list(merchant_ids), "codes": sorted({text, text.upper()}), "text": text, "most": most}
    return [TracedLot(*row) for row in _ask(statement("desk", "recall_find"), asked)]


def _ask(sql: str, asked: dict[str, Any]) -> list[Any]:
    with connection.cursor() as db:
        db.execute(sql, asked)
        return list(db.fetchall())


def _address(written: Any) -> dict[str, str]:
    """Read an address; a cursor of Django hands JSON over as text."""
    if isinstance(written, str):
        written = json.loads(written)
    return {key: str(value) for key, value in (written or {}).items() if value}
