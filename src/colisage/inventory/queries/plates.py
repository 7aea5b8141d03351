"""Licence plates: what is on them, on what they stand, and where."""

from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q, Sum

from colisage.inventory.models import Condition, LicensePlate, StockCell
from colisage.kit.gs1 import Unreadable, read
from colisage.kit.narrowing import key, narrowed
from colisage.kit.statements import ask, statement


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate in its tree."""

    id: int
    merchant_id: int
    code: str
    parent_id: int | None
    closed: bool
    root_id: int
    depth: int


def trees_of(merchant_ids: Collection[int], *, plate_ids: Collection[int]) -> list[Plate]:
    """Give all plates of the trees that these plates stand in, each tree from its root; one statement."""
    with connection.cursor() as db:
        named = {"merchants": list(merchant_ids), "plates": list(plate_ids)}
        db.execute(statement("inventory", "plate_trees"), named)
        return [Plate(*row) for row in db.fetchall()]


def branch(plates: Collection[Plate], *, plate_id: int) -> set[int]:
    """Give a plate and all that stand on it."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for plate in plates:
        children[plate.parent_id].append(plate.id)
    found, todo = {plate_id}, [plate_id]
    while todo:
        new = [child for child in children[todo.pop()] if child not in found]
        found.update(new)
        todo += new
    return found


def places_of_plates(plate_ids: Collection[int]) -> dict[int, tuple[int, str, int]]:
    """Give where plates stand on which units lie: (place, its code, its node) by plate."""
    rows = StockCell.objects.filter(plate__in=plate_ids, kept=True, qty__gt=0)
    return {row[0]: row[1:] for row in rows.values_list("plate_id", "place_id", "place__code", "node_id")}


@dataclass(frozen=True, slots=True)
class PlateRow:
    """A plate as the list shows it."""

    id: int
    code: str
    merchant: str
    parent: str
    closed_at: datetime | None
    units: int
    skus: int
    place: str
    node: str
    node_code: str


def plates_page(
    merchant_ids: Collection[int], *, text: str = "", state: str = "", after: str = "", size: int = 50
) -> list[PlateRow]:
    """Give one page of plates by code from the newest on, and one more; two statements, and one for a text.

    `state` is `open` (the default), `closed`, or `full`, with something on them. `after` is an id.
    """
    found = LicensePlate.objects.filter(merchant_id__in=merchant_ids, closed_at__isnull=state != "closed")
    if text:
        coded = Q(code_key__begins=key(text))
        every = LicensePlate.objects.filter(merchant_id__in=merchant_ids).values_list("pk")
        found = narrowed(found, found=every.filter(coded), otherwise=coded)
    if state == "full":
        found = found.filter(pk__in=StockCell.objects.filter(kept=True, qty__gt=0, plate__isnull=False).values("plate"))
    if after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    plates = list(
        found.order_by("-pk")[: size + 1].values_list("pk", "code", "merchant__name", "parent__code", "closed_at")
    )
    rows = (
        StockCell.objects.filter(plate__in=[p[0] for p in plates], kept=True, qty__gt=0)
        .values("plate_id", "place__code", "node__name", "node__code")
        .annotate(units=Sum("qty"), skus=Count("sku", distinct=True))
    )
    on = {r["plate_id"]: (r["units"], r["skus"], r["place__code"], r["node__name"], r["node__code"]) for r in rows}
    return [
        PlateRow(pk, code, merchant, parent or "", closed, *on.get(pk, (0, 0, "", "", "")))
        for pk, code, merchant, parent, closed in plates
    ]


def plate_of(merchant_ids: Collection[int], *, plate_id: int) -> Plate | None:
    """Find a plate of these merchants."""
    found = trees_of(merchant_ids, plate_ids=[plate_id])
    return next((plate for plate in found if plate.id == plate_id), None)


def plates_by_code(merchant_ids: Collection[int], *, code: str) -> list[Plate]:
    """Find the plates that bear a code, an SSCC in any form of GS1 too; several when merchants share it."""
    bearing = LicensePlate.objects.filter(merchant_id__in=merchant_ids, code__in=_spelled(code))
    ids = list(bearing.values_list("pk", flat=True))
    return [plate for plate in trees_of(merchant_ids, plate_ids=ids) if plate.id in ids]


def plates_with(merchant_ids: Collection[int], *, codes: Collection[str]) -> list[Plate]:
    """Find plates by their codes, as they are written in the books."""
    bearing = LicensePlate.objects.filter(merchant_id__in=merchant_ids, code__in=codes)
    ids = set(bearing.values_list("pk", flat=True))
    return [plate for plate in trees_of(merchant_ids, plate_ids=ids) if plate.id in ids]


def _spelled(code: str) -> set[str]:
    """Give how a plate that was scanned may be written in the books."""
    found = {code.strip().upper()} - {""}
    with suppress(Unreadable):
        found.add(read(code).sscc or code.strip().upper())
    return {one for one in found if "\0" not in one and one.isprintable()}


@dataclass(frozen=True, slots=True)
class OnHand:
    """Units that lie together, as the floor and a plate's page show them."""

    cell_id: int
    merchant_id: int
    sku_id: int
    sku: str
    name: str
    lot: str
    lot_id: int | None
    lot_status: str  # empty without a lot
    owner_id: int | None
    condition: str
    condition_text: str
    plate_id: int | None
    plate: str
    place_id: int
    place: str
    node_id: int
    qty: int
    free: int


def lying_at(
    merchant_ids: Collection[int], *, place_id: int | None = None, plate_ids: Collection[int] = ()
) -> list[OnHand]:
    """Give what lies in a place, or on plates."""
    return _on_hand(Q(place=place_id) if place_id is not None else Q(plate__in=plate_ids), merchant_ids)


def loose_on_docks(
    merchant_ids: Collection[int], *, node_ids: Collection[int], sku_ids: Collection[int]
) -> list[OnHand]:
    """Give what lies on the docks of nodes on no plate, of these SKUs."""
    return _on_hand(Q(place__kind="dock", node__in=node_ids, plate=None, sku__in=sku_ids), merchant_ids)


Alike = tuple[int, int, int | None, int | None]  # node, SKU, lot, owner


def held_on_docks(
    merchant_ids: Collection[int], *, node_ids: Collection[int], sku_ids: Collection[int]
) -> dict[Alike, int]:
    """Give the units of these SKUs that lie on the docks of nodes on no plate and cannot be sold; one statement."""
    asked = {"merchants": list(merchant_ids), "nodes": list(node_ids), "skus": list(sku_ids)}
    return {(node, sku, lot, owner): qty for node, sku, lot, owner, qty in ask("inventory", "held_on_docks", asked)}


def _on_hand(at: Q, merchant_ids: Collection[int]) -> list[OnHand]:
    rows = StockCell.objects.filter(at, merchant_id__in=merchant_ids, kept=True, qty__gt=0)
    said = {value: str(label) for value, label in Condition.choices}
    found = []
    for row in rows.order_by("sku__code", "lot__expires_on", "pk").values_list(*_ON_HAND):
        facts = dict(zip(_ON_HAND, row, strict=True))
        found.append(
            OnHand(
                cell_id=facts["pk"],
                merchant_id=facts["merchant_id"],
                sku_id=facts["sku_id"],
                sku=facts["sku__code"],
                name=facts["sku__name"],
                lot=facts["lot__code"] or "",
                lot_id=facts["lot_id"],
                lot_status=facts["lot__status"] or "",
                owner_id=facts["owner_id"],
                condition=facts["condition"],
                condition_text=said.get(facts["condition"], facts["condition"]),
                plate_id=facts["plate_id"],
                plate=facts["plate__code"] or "",
                place_id=facts["place_id"],
                place=facts["place__code"],
                node_id=facts["node_id"],
                qty=facts["qty"],
                free=facts["qty"] - facts["allocated"],
            )
        )
    return found


_ON_HAND = (
    "pk", "merchant_id", "sku_id", "sku__code", "sku__name", "lot__code", "lot_id", "lot__status", "owner_id",
    "condition", "plate_id", "plate__code", "place_id", "place__code", "node_id", "qty", "allocated",
)  # fmt: skip


def cell_on_hand(merchant_ids: Collection[int], *, cell_id: int) -> OnHand | None:
    """Find units that lie together, by their cell; None when none lie there any more."""
    return next(iter(_on_hand(Q(pk=cell_id), merchant_ids)), None)
