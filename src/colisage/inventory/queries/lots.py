"""Lots: which there are, where they lie, what became of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import Scanned
from colisage.catalog.queries.searching import skus_coded
from colisage.inventory.models import Allocation, Condition, Lot, StockCell, StockMovement
from colisage.kit.lookups import Word
from colisage.kit.narrowing import key, narrowed
from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True)
class LotFacts:
    """A lot, as plain values."""

    id: int
    merchant_id: int
    sku_id: int
    sku_code: str
    sku_name: str
    code: str
    is_serial: bool
    status: str
    made_on: date | None
    expires_on: date | None


_FACTS = (
    "pk", "merchant_id", "sku_id", "sku__code", "sku__name", "code", "is_serial", "status", "made_on", "expires_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lots a person wants to see."""

    text: str = ""  # the beginning of a lot's code, or a SKU's code
    status: str = ""
    until: date | None = None  # expiring on or before this day, the soonest first
    serials: bool = False
    sku_id: int | None = None


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot as the list shows it, with the units in the house."""

    lot: LotFacts
    on_hand: int
    sellable: int


def lots_page(merchant_ids: Collection[int], *, wanted: Wanted, after: str = "", size: int = 50) -> list[LotRow]:
    """Give one page of lots, the newest first (the soonest to expire first, where `until` is set), and one more.

    `after` is the `place` of the last lot of the page before. Two statements, and one for a text.
    """
    found = _sought(
        Lot.objects.filter(merchant_id__in=merchant_ids, is_serial=wanted.serials), wanted, merchant_ids=merchant_ids
    )
    day, _space, pk = after.rpartition(" ")
    if pk.isdecimal() and len(pk) < 19:
        found = found.filter(_behind(day, int(pk)) if wanted.until else Q(pk__lt=int(pk)))
    order = ("expires_on", "pk") if wanted.until else ("-pk",)
    lots = [LotFacts(*row) for row in found.order_by(*order)[: size + 1].values_list(*_FACTS)]
    units = _units([lot.id for lot in lots])
    return [LotRow(lot, *units.get(lot.id, (0, 0))) for lot in lots]


def place_in_list(lot: LotFacts) -> str:
    """Give the cursor that stands for a lot in a list."""
    return f"{lot.expires_on or ''} {lot.id}"


def _sought(found: QuerySet[Lot], wanted: Wanted, *, merchant_ids: Collection[int]) -> QuerySet[Lot]:
    if wanted.sku_id is not None:
        found = found.filter(sku=wanted.sku_id)
    if wanted.status:
        found = found.filter(status=Word(wanted.status))
    if wanted.until:
        found = found.filter(expires_on__isnull=False, expires_on__lte=wanted.until)
    if wanted.text:
        text, coded = Q(code_key__begins=key(wanted.text)), skus_coded(merchant_ids, code=wanted.text)
        every = Lot.objects.filter(merchant_id__in=merchant_ids).values_list("pk")
        named = every.filter(text).union(every.filter(sku__in=coded), all=True)
        found = narrowed(found, found=named, otherwise=text | Q(sku__in=coded))
    return found


def _behind(day: str, pk: int) -> Q:
    try:
        since = date.fromisoformat(day)
    except ValueError:
        return Q(pk__gt=pk)
    return Q(expires_on__gt=since) | Q(expires_on=since, pk__gt=pk)


def _units(lot_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Give (on hand, sellable) by lot."""
    rows = (
        StockCell.objects.filter(lot__in=lot_ids, kept=True, qty__gt=0)
        .values("lot_id")
        .annotate(n=Sum("qty"), s=Sum("qty", filter=Q(sellable=True)))
    )
    return {row["lot_id"]: (row["n"], row["s"] or 0) for row in rows}


def lot_of(merchant_ids: Collection[int], *, lot_id: int) -> LotFacts | None:
    """Find a lot of these merchants."""
    row = Lot.objects.filter(merchant_id__in=merchant_ids, pk=lot_id).values_list(*_FACTS).first()
    return LotFacts(*row) if row else None


def dates_of_lots(merchant_id: int, *, lot_ids: Collection[int]) -> dict[int, tuple[str, date | None]]:
    """Give (code, expiry date) of lots of a merchant."""
    rows = Lot.objects.filter(merchant_id=merchant_id, pk__in=lot_ids).values_list("pk", "code", "expires_on")
    return {pk: (code, day) for pk, code, day in rows}


def lots_named(
    merchant_id: int, *, named: Collection[tuple[int, str]]
) -> dict[tuple[int, str], tuple[date | None, bool]]:
    """Give (expiry date, whether it is a serial number) of the lots of a merchant that are there, by SKU and code."""
    rows = Lot.objects.filter(
        merchant_id=merchant_id, sku__in={sku for sku, _code in named}, code__in={code for _sku, code in named}
    )
    found = {
        (sku, code): (day, serial)
        for sku, code, day, serial in rows.values_list("sku_id", "code", "expires_on", "is_serial")
    }
    return {name: found[name] for name in named if name in found}


def lots_by_id(merchant_ids: Collection[int], *, lot_ids: Collection[int]) -> list[LotRow]:
    """Find lots of these merchants, by code."""
    rows = Lot.objects.filter(merchant_id__in=merchant_ids, pk__in=lot_ids).order_by("code", "pk").values_list(*_FACTS)
    units = _units(lot_ids)
    return [LotRow(lot, *units.get(lot.id, (0, 0))) for lot in (LotFacts(*row) for row in rows)]


@dataclass(frozen=True, slots=True)
class Lying:
    """Units of a lot that lie together."""

    cell_id: int
    node: str
    place: str
    plate: str
    condition: str
    condition_text: str
    qty: int
    allocated: int


def lying_of(lot_id: int) -> list[Lying]:
    """Give where the units of a lot lie."""
    rows = StockCell.objects.filter(lot=lot_id, kept=True, qty__gt=0).order_by("node__name", "place__walk", "pk")
    said = dict(Condition.choices)
    return [
        Lying(pk, node, place, plate or "", condition, str(said.get(Condition(condition), condition)), qty, bound)
        for pk, node, place, plate, condition, qty, bound in rows.values_list(
            "pk", "node__name", "place__code", "plate__code", "condition", "qty", "allocated"
        )
    ]


@dataclass(frozen=True, slots=True)
class LotMovement:
    """A movement of units of a lot."""

    at: datetime
    reason: str
    qty: int
    source: str
    target: str
    doc_kind: str
    doc_id: int


def movements_of_lot(lot_id: int, *, most: int = 50) -> list[LotMovement]:
    """Give the latest movements of a lot."""
    cells = list(StockCell.objects.filter(lot=lot_id).values_list("pk", flat=True))
    rows = StockMovement.objects.filter(Q(from_cell__in=cells) | Q(to_cell__in=cells)).order_by("-pk")[:most]
    return [_movement(*row) for row in rows.values_list(*_ENDS)]


_ENDS = (
    "recorded_at", "reason", "qty", "doc_kind", "doc_id", "from_cell__place__code", "from_cell__kept",
    "from_cell__condition", "from_cell__plate__code", "to_cell__place__code", "to_cell__kept", "to_cell__condition",
    "to_cell__plate__code",
)  # fmt: skip
_OUTSIDE = {  # virtual places, as people call them
    "supplier": _("supplier"),
    "customer": _("customer"),
    "loss": _("lost"),
    "found": _("found"),
    "assembly": _("assembly"),
}


def _movement(at: datetime, reason: str, qty: int, doc_kind: str, doc_id: int, *ends: Any) -> LotMovement:
    source, inside, was, off, target, kept, now, onto = ends
    if source == target and was != now:  # it stayed where it was, and changed its condition
        source, target = str(Condition(was).label), f"{Condition(now).label} ({target})"
    elif source == target:  # ... or came onto a plate, or off one
        source, target = off or source, onto or target
    else:
        source = source if inside else str(_OUTSIDE.get(source.lower(), source))
        target = target if kept else str(_OUTSIDE.get(target.lower(), target))
    return LotMovement(at, reason, qty, source, target, doc_kind, doc_id)


def serials_on_hand(merchant_id: int, *, serials: Collection[tuple[int, str]]) -> list[tuple[int, str]]:
    """Give those serial numbers, told as (SKU id, code), of which a unit is in the house; one statement."""
    rows = StockCell.objects.filter(
        merchant_id=merchant_id,
        sku__in={sku for sku, _code in serials},
        lot__code__in={code for _sku, code in serials},
        kept=True,
        qty__gt=0,
    )
    there = set(rows.values_list("sku_id", "lot__code"))
    return [serial for serial in serials if serial in there]


def lot_bound(allocation_id: int) -> LotFacts | None:
    """Give the lot or serial number that a picker was sent for; None where units have neither."""
    return lots_bound([allocation_id]).get(allocation_id)


def lots_bound(allocation_ids: Collection[int]) -> dict[int, LotFacts]:
    """Give the lots and serial numbers that pickers were sent for, by allocation; two statements."""
    rows = Allocation.objects.filter(pk__in=allocation_ids, cell__lot__isnull=False)
    bound = dict(rows.values_list("pk", "cell__lot_id"))
    facts = {row[0]: LotFacts(*row) for row in Lot.objects.filter(pk__in=set(bound.values())).values_list(*_FACTS)}
    return {pk: facts[lot] for pk, lot in bound.items()}


@dataclass(frozen=True, slots=True)
class Went:
    """Units of a SKU that were taken for an owner; `lot_id` is None where units have neither lot nor number."""

    owner_id: int
    sku_id: int
    lot_id: int | None
    code: str
    is_serial: bool
    on_hand: bool  # of a serial number: it is in the house again
    qty: int


def lots_taken(merchant_id: int, *, owner_kind: str, owner_ids: Collection[int]) -> list[Went]:
    """Give what pickers took for owners, lot by lot, in the order in which it was taken; one statement."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "lots_taken"), [merchant_id, owner_kind, list(owner_ids)])
        return [Went(*row) for row in db.fetchall()]


def lots_brought(doc_kind: str, *, doc_id: int) -> dict[int, list[tuple[int | None, int]]]:
    """Give the lots, and units of each, that the lines of a document brought into the house, in that order."""
    rows = StockMovement.objects.filter(doc_kind=doc_kind, doc_id=doc_id, to_cell__kept=True)
    found: dict[int, list[tuple[int | None, int]]] = defaultdict(list)
    for line, lot, units in rows.order_by("doc_line", "seq", "pk").values_list("doc_line", "to_cell__lot_id", "qty"):
        found[line].append((lot, units))
    return dict(found)


def serials_called(merchant_ids: Collection[int], *, code: str) -> list[Scanned]:
    """Find the units whose serial number was scanned by itself, as a scan finds them."""
    if not code.isprintable():
        return []
    rows = Lot.objects.filter(merchant_id__in=merchant_ids, code=code, is_serial=True)
    return [Scanned(sku, 1, serial=code) for sku in rows.values_list("sku_id", flat=True)]
