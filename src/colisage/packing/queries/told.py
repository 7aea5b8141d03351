"""Parcels as the API tells them: what goes in, into which box, and what the scale should show."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from colisage.catalog.queries import skus_across
from colisage.network.queries import nodes_by_id
from colisage.orders.queries import parts
from colisage.orders.queries.inserts import insert_lines
from colisage.orders.queries.together import aboard, heads_by_order, orders_aboard
from colisage.packing.models import Parcel, ParcelLine
from colisage.packing.queries import weight_zone
from colisage.packing.rules import parcel_code
from colisage.picking.queries import totes_of


class ContentOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU that go into a parcel, and how many of them were checked. Of an `insert` nobody ordered any."""

    id: int
    sku: str
    name: str
    quantity: int
    checked: int
    insert: bool


class BoxedOut(Struct, frozen=True, kw_only=True):
    """A parcel: the `number`th of so many `parcels` of a fulfilment order. Weights in grams, sides in millimetres.

    `code` is printed on it; `box` is the packaging it is planned for, null where none is large enough. The contents
    explain a weight from `low_grams` to `high_grams`; `grams` is the scale's, once it is closed. `totes` are where the
    units lie that go in, `orders` all whose units do.
    """

    id: int
    code: str
    state: str
    fulfillment_order_id: int
    orders: list[int]
    node: str
    stage: str
    number: int
    parcels: int
    ship_by: datetime | None
    box: str | None
    length_mm: int
    width_mm: int
    height_mm: int
    expected_grams: int
    low_grams: int
    high_grams: int
    grams: int | None
    sealed_at: datetime | None
    totes: list[str]
    lines: list[ContentOut]


class BoxedPageOut(Struct, frozen=True, kw_only=True):
    """A page of parcels, the next to leave first; `next` is the `page` that follows, null on the last."""

    items: list[BoxedOut]
    next: str | None


class BoxChoiceOut(Struct, frozen=True, kw_only=True):
    """A packaging into which all of a parcel goes: its inner sides, and what the parcel would weigh in it."""

    code: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    expected_grams: int


class BoxChoicesOut(Struct, frozen=True, kw_only=True):
    """The other packagings into which all of a parcel goes, the smallest first."""

    items: list[BoxChoiceOut]
    next: None = None


def parcels_of_order(merchant_id: int, *, order_id: int) -> list[int]:
    """Give the parcels of an order that are not void; those it shares with others too."""
    heads = heads_by_order([order_id])[order_id]
    rows = Parcel.objects.filter(merchant_id=merchant_id, fulfillment_order__in=heads).exclude(state="void")
    return list(rows.order_by("fulfillment_order_id", "number").values_list("pk", flat=True))


def parcels_told(merchant_id: int, parcel_ids: Sequence[int]) -> list[BoxedOut]:
    """Tell parcels in the order in which they are named; the same number of statements however many."""
    found = Parcel.objects.filter(merchant_id=merchant_id).select_related("box_type").in_bulk(parcel_ids)
    heads = {one.fulfillment_order_id for one in found.values()}
    orders, inside, members = parts(heads), orders_aboard(heads), aboard(heads)
    nodes = {pk: node.code for pk, node in nodes_by_id({part.node_id for part in orders.values()}).items()}
    totes = totes_of({pk for each in members.values() for pk in each})
    siblings = Parcel.objects.filter(fulfillment_order__in=heads).exclude(state="void")
    many = Counter(siblings.values_list("fulfillment_order_id", flat=True))
    lines = _contents(merchant_id, found)
    told = []
    for pk in parcel_ids:
        one = found[pk]
        part = orders[one.fulfillment_order_id]
        low, high = weight_zone(one)
        lying = {tote for member in members.get(part.id, ()) for tote in totes[member]}
        told.append(
            BoxedOut(
                id=one.pk,
                code=parcel_code(part.id, one.number),
                state=one.state,
                fulfillment_order_id=part.id,
                orders=inside.get(part.id, []),
                node=nodes[part.node_id],
                stage=part.stage,
                number=one.number,
                parcels=many[part.id],
                ship_by=part.ship_by,
                box=one.box_type.code if one.box_type else None,
                length_mm=one.length_mm,
                width_mm=one.width_mm,
                height_mm=one.height_mm,
                expected_grams=one.expected_grams,
                low_grams=low,
                high_grams=high,
                grams=one.grams,
                sealed_at=one.sealed_at,
                totes=[f"B{batch}-{tote}" for batch, tote in sorted(lying)],
                lines=lines[pk],
            )
        )
    return told


def _contents(merchant_id: int, parcel_ids: Collection[int]) -> dict[int, list[ContentOut]]:
    rows = list(ParcelLine.objects.filter(merchant_id=merchant_id, parcel__in=parcel_ids).order_by("pk"))
    skus = skus_across({merchant_id}, ids={row.sku_id for row in rows})
    inserts = insert_lines({row.fulfillment_line_id for row in rows})
    found: dict[int, list[ContentOut]] = defaultdict(list)
    for row in rows:
        sku = skus[row.sku_id]
        found[row.parcel_id].append(
            ContentOut(
                id=row.pk,
                sku=sku.code,
                name=sku.name,
                quantity=row.quantity,
                checked=row.scanned,
                insert=row.fulfillment_line_id in inserts,
            )
        )
    return found
