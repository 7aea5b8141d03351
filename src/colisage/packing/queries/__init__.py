"""Parcels as people and later steps ask for them, and their packing slips."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from colisage.boxing.queries import box_types_of
from colisage.catalog.queries import SkuFacts, skus_across
from colisage.kit.statements import statement
from colisage.network.queries import node_by_id
from colisage.orders.queries import parts, wishes_of
from colisage.orders.queries.inserts import insert_lines
from colisage.orders.queries.together import aboard, with_mates
from colisage.packing.models import Parcel, ParcelLine
from colisage.packing.queries.fits import fit_in
from colisage.packing.queries.slips import slip_pdf
from colisage.packing.rules import believable, parcel_code, read_parcel_code, read_tote_code
from colisage.picking.queries import orders_in_tote, totes_of

__all__ = ["slip_pdf"]

VERBS = {
    "parcel_sealed": _("%(actor)s closed parcel %(number)s: %(grams)s g."),
    "parcel_undone": _("Parcel %(number)s is given up: what lay in it goes back to its bins."),
    "box_changed": _("%(actor)s took %(box)s for parcel %(number)s."),
}


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    """A parcel that is not void. Weight is the scale's, or the expected one while it is open.

    `lines` are (fulfilment line id, SKU id, units).
    """

    id: int
    merchant_id: int
    order_id: int | None
    fulfillment_order_id: int
    number: int
    code: str
    state: str
    grams: int
    length_mm: int
    width_mm: int
    height_mm: int
    lines: tuple[tuple[int, int, int], ...]


def parcels_of(fulfillment_order_ids: Collection[int]) -> list[ParcelFacts]:
    """Give the parcels of fulfilment orders, in their order, in four statements."""
    orders = parts(fulfillment_order_ids)
    parcels = list(
        Parcel.objects.filter(fulfillment_order__in=fulfillment_order_ids)
        .exclude(state="void")
        .order_by("fulfillment_order_id", "number")
    )
    lines: dict[int, list[tuple[int, int, int]]] = {p.pk: [] for p in parcels}
    rows = ParcelLine.objects.filter(parcel__in=lines).order_by("pk")
    for parcel, *rest in rows.values_list("parcel_id", "fulfillment_line_id", "sku_id", "quantity"):
        lines[parcel].append((rest[0], rest[1], rest[2]))
    return [
        ParcelFacts(
            p.pk,
            p.merchant_id,
            orders[p.fulfillment_order_id].order_id,
            p.fulfillment_order_id,
            p.number,
            parcel_code(p.fulfillment_order_id, p.number),
            p.state,
            p.expected_grams if p.grams is None else p.grams,
            p.length_mm,
            p.width_mm,
            p.height_mm,
            tuple(lines[p.pk]),
        )
        for p in parcels
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """An open parcel in the list of what is to pack."""

    id: int
    fulfillment_order_id: int
    number: int
    parcels: int
    node_id: int
    ship_by: datetime | None
    order_id: int
    order: str
    customer: str
    box: str | None
    expected_grams: int
    merchant: str
    held: bool  # an order in it is on hold: it may be packed, and gets no label


def to_pack(merchant_ids: Collection[int], *, after: tuple[str, int] = ("-infinity", 0), size: int = 50) -> list[Row]:
    """Give open parcels, the next cut-off first, from a cursor (cut-off in ISO form, id) on."""
    values: dict[str, Any] = {
        "merchants": list(merchant_ids),
        "after_time": after[0],
        "after_id": after[1],
        "size": size,
    }
    with connection.cursor() as db:
        db.execute(statement("packing", "to_pack"), values)
        return [Row(*row) for row in db.fetchall()]


def cursor_of(row: Row) -> str:
    """Write the cursor that goes on after a row."""
    return f"{row.ship_by.astimezone(UTC).isoformat() if row.ship_by else 'infinity'}_{row.id}"


def read_cursor(text: str) -> tuple[str, int]:
    """Read a cursor; what cannot be read starts from the first row."""
    moment, _sign, pk = text.partition("_")
    if not pk.isdecimal() or len(pk) > 18:
        return "-infinity", 0
    if moment == "infinity":
        return moment, int(pk)
    try:
        return datetime.fromisoformat(moment).isoformat(), int(pk)
    except ValueError:
        return "-infinity", 0


def parcel_of(merchant_ids: Collection[int], *, parcel_id: int) -> Parcel | None:
    """Find a parcel of these merchants."""
    rows = Parcel.objects.filter(merchant_id__in=merchant_ids, pk=parcel_id)
    return rows.select_related("box_type", "merchant").first()


def open_parcel(fulfillment_order_ids: Collection[int], *, merchant_ids: Collection[int]) -> int | None:
    """Give the first open parcel that units of fulfilment orders go in."""
    rows = Parcel.objects.filter(
        merchant_id__in=merchant_ids, fulfillment_order__in=aboard(fulfillment_order_ids), state="open"
    )
    return rows.order_by("fulfillment_order_id", "number").values_list("pk", flat=True).first()


def find_parcel(code: str, *, merchant_ids: Collection[int]) -> int | None:
    """Find the parcel that a printed code names, whatever its state."""
    read = read_parcel_code(code)
    if read is None:
        return None
    rows = Parcel.objects.filter(merchant_id__in=merchant_ids, fulfillment_order=read[0], number=read[1])
    return rows.exclude(state="void").values_list("pk", flat=True).first()


def orders_of_tote(code: str, *, operator_ids: Collection[int]) -> list[int]:
    """Give the fulfilment orders whose units lie in the tote (or on the cart) that a code names."""
    read = read_tote_code(code)
    return orders_in_tote(operator_ids, batch_id=read[0], tote=read[1]) if read else []


@dataclass(frozen=True, slots=True)
class Content:
    """A line of a parcel as the packer sees it; `pieces` are its numbers in the drawing."""

    line: ParcelLine
    sku: SkuFacts
    pieces: tuple[int, ...]
    at: str  # done | now | ""
    wish: str = ""  # what the customer asked to be made of it
    insert: bool = False  # nobody ordered it: a rule puts it in


def contents_of(parcel: Parcel) -> list[Content]:
    """Give what goes into a parcel, in loading order, with the numbers of the pieces in the drawing."""
    lines = list(ParcelLine.objects.filter(merchant_id=parcel.merchant_id, parcel=parcel).order_by("pk"))
    skus = skus_across({parcel.merchant_id}, ids={line.sku_id for line in lines})
    own_lines = {line.fulfillment_line_id for line in lines}
    wishes, inserts = wishes_of(own_lines), insert_lines(own_lines)
    pieces: dict[int, list[int]] = {}
    for n, placed in enumerate(parcel.layout, 1):
        pieces.setdefault(placed[0], []).append(n)
    own = {}
    for line in lines:
        of_sku = pieces.get(line.sku_id, [])
        own[line.pk], pieces[line.sku_id] = of_sku[: line.quantity], of_sku[line.quantity :]
    lines.sort(key=lambda line: (own[line.pk] or [10**6])[0])
    following = next((line.pk for line in lines if line.scanned < line.quantity), None)
    return [
        Content(
            line,
            skus[line.sku_id],
            tuple(own[line.pk]),
            "done" if line.scanned == line.quantity else "now" if line.pk == following else "",
            wishes.get(line.fulfillment_line_id, ""),
            line.fulfillment_line_id in inserts,
        )
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class Choice:
    """A box that truly takes the contents of a parcel."""

    id: int
    code: str
    name: str
    sides: tuple[int, int, int]
    cost_cents: int
    grams: int


def other_boxes(parcel: Parcel) -> list[Choice]:
    """Give the operator's other boxes into which the whole parcel fits, the smallest first."""
    node = parts([parcel.fulfillment_order_id])[parcel.fulfillment_order_id].node_id
    operator = node_by_id(node).operator_id
    lines = ParcelLine.objects.filter(merchant_id=parcel.merchant_id, parcel=parcel).values_list("sku_id", "quantity")
    units: dict[int, int] = {}
    for sku, quantity in lines:
        units[sku] = units.get(sku, 0) + quantity
    skus = skus_across({parcel.merchant_id}, ids=units)
    choices = [
        Choice(
            box.pk,
            box.code,
            box.name,
            (box.inner_length_mm, box.inner_width_mm, box.inner_height_mm),
            box.cost_cents,
            fit.grams,
        )
        for box in box_types_of([operator])[operator]
        if box.pk != parcel.box_type_id and (fit := fit_in(box, items=sorted(units.items()), skus=skus))
    ]
    return sorted(choices, key=lambda c: (c.sides[0] * c.sides[1] * c.sides[2], c.name))


def box_called(parcel: Parcel, *, code: str) -> int | None:
    """Find a packaging in use, by its code, of the operator that packs a parcel."""
    operator = bench_of(parcel)["operator_id"]
    return next((box.pk for box in box_types_of([operator])[operator] if box.code.upper() == code.upper()), None)


def weight_zone(parcel: Parcel) -> tuple[int, int]:
    """Give the lowest and the highest weight that the contents explain, in grams."""
    return believable(parcel.expected_grams, measured=not parcel.remarks)


def bench_of(parcel: Parcel) -> dict[str, Any]:
    """Give where a parcel's units lie, how many parcels it is one of, and whose operator packs it."""
    part = parts([parcel.fulfillment_order_id])[parcel.fulfillment_order_id]
    return {
        "part": part,
        "operator_id": node_by_id(part.node_id).operator_id,
        "totes": [tote for each in totes_of(with_mates([part.id])).values() for tote in each],
        "parcels": max(parcel.number, Parcel.objects.filter(fulfillment_order=part.id).exclude(state="void").count()),
    }


def orders_of_parcels(merchant_ids: Collection[int], *, parcel_ids: Collection[int]) -> dict[int, int]:
    """Give the order each parcel belongs to."""
    rows = Parcel.objects.filter(
        merchant_id__in=merchant_ids, pk__in=parcel_ids, fulfillment_order__order__isnull=False
    )
    return dict(rows.values_list("pk", "fulfillment_order__order_id"))
