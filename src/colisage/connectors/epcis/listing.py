"""Events as the desk lists them: what, when, where and why, in words; the latest first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from colisage.catalog.queries import SkuFacts, judged, skus_across
from colisage.connectors.epcis.events import events_of, shown
from colisage.connectors.epcis.mapping import mentions
from colisage.connectors.epcis.names import meant_by, namer_of
from colisage.connectors.epcis.words import DISPOSITIONS, STEPS, said
from colisage.connectors.models import CapturedEvent, CapturedName, CaptureJob
from colisage.inventory.queries.lots import Wanted, lots_page, serials_called
from colisage.inventory.queries.movements import Moved, MovementsWanted, latest_movements
from colisage.inventory.queries.reasons import reason_words
from colisage.kit.gs1.digits import is_sscc
from colisage.kit.narrowing import narrowed
from colisage.network.queries import node_names, place_word
from colisage.people.queries import Party
from colisage.ui import words

MOST_LOTS: Final = 50
MOST_THINGS: Final = 4  # named in one row; the others are counted


@dataclass(frozen=True, slots=True)
class Sought:
    """What a text that a person typed or scanned may stand for. Nothing typed is no limit."""

    text: str
    skus: frozenset[int] = frozenset()
    lots: frozenset[int] = frozenset()
    pieces: frozenset[tuple[int, str, bool]] = frozenset()  # SKU, code of the lot or serial, whether a serial
    plates: frozenset[str] = frozenset()
    parcels: frozenset[int] = frozenset()
    uris: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that an event is about: in words and as it is named in the event."""

    text: str
    uri: str
    sku_id: int | None = None
    units: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One event in words. `place` and `moved_on` say where, `step`, `state` and `note` why."""

    at: datetime
    things: Sequence[Thing]
    others: int
    place: str
    moved_on: str
    step: str
    state: str
    note: str
    event_id: str


def sought(merchant: Party, *, text: str) -> Sought:
    """Say what a SKU, barcode, lot, serial number, plate, SSCC or EPC stands for among a merchant's things."""
    if not text:
        return Sought("")
    meant = meant_by(merchant.id, names=[text], namer=namer_of(merchant))
    hits = judged([merchant.id], code=text).hits
    lots = [row.lot for row in lots_page([merchant.id], wanted=Wanted(text=text), size=MOST_LOTS)]
    serials = serials_called([merchant.id], code=text)
    exact = {
        (hit.sku_id, hit.serial or hit.lot, bool(hit.serial)) for hit in (*hits, *serials) if hit.serial or hit.lot
    }
    code = text[2:] if len(text) == 20 and is_sscc(text[2:]) else text
    units = {namer_of(merchant).unit(code), f"https://id.gs1.org/00/{code}"} if is_sscc(code) else set()
    return Sought(
        text,
        skus=meant.skus | {hit.sku_id for hit in hits if not hit.lot and not hit.serial},
        lots=frozenset(lot.id for lot in lots if lot.code.upper() == text.upper()),
        pieces=meant.lots | exact,
        plates=meant.plates | {code.upper()},
        parcels=meant.parcels,
        uris=frozenset({text, *units}),
    )


def _wanted(one: Sought) -> MovementsWanted:
    return MovementsWanted(
        sku_ids=one.skus, lot_ids=one.lots, lots_of_sku=one.pieces, plates=one.plates,
        documents=[("parcel", pk) for pk in one.parcels], narrowed=bool(one.text),
    )  # fmt: skip


def own_page(
    merchant: Party, *, one: Sought, before: int | None = None, size: int = 50
) -> tuple[list[dict[str, Any]], list[Row], int | None]:
    """Give events of a merchant's own movements, as EPCIS and in words, and where the next page begins."""
    found = latest_movements([merchant.id], wanted=_wanted(one), before=before, size=size)
    moves = found[:size]
    events = events_of(moves, merchant=merchant)
    reasons = reason_words([merchant.id])
    nodes = node_names({side.node_id for m in moves for side in (m.source, m.target) if side.node_id})
    rows = [_own(moved, event, reasons, nodes) for moved, event in zip(moves, events, strict=True)]
    return events, rows, moves[-1].id if len(found) > size else None


def _own(moved: Moved, event: Mapping[str, Any], reasons: Mapping[str, Any], nodes: Mapping[int, str]) -> Row:
    here = moved.target if moved.target.kept else moved.source
    lot = f" · {moved.lot}" if moved.lot else ""
    uri = next((uri for standing, uri in mentions(event) if standing != "parent"), "")
    parent = event.get("parentID", "")
    things = [Thing(f"{moved.sku}{lot}", uri, moved.sku_id, moved.qty), *([Thing("", parent)] if parent else [])]
    step, state = said(event["bizStep"], among=STEPS), said(event["disposition"], among=DISPOSITIONS)
    note = str(reasons.get(moved.reason, ""))
    return Row(
        moved.occurred_at,
        things,
        0,
        words.plate(here.place) if here.kind == "bin" else str(place_word(here.kind)),
        nodes.get(here.node_id or 0, ""),
        step,
        state,
        note if note not in {step, state} else "",
        event["eventID"],
    )


def partners_page(
    merchant: Party, *, one: Sought, before: int | None = None, size: int = 50
) -> tuple[list[dict[str, Any]], list[Row], int | None]:
    """Give events that partners sent, as they came and in words, and where the next page begins."""
    rows = CapturedEvent.objects.filter(merchant_id=merchant.id, **({"pk__lt": before} if before is not None else {}))
    if one.text:
        ways = [Q(sku__in=one.skus), Q(uri__in=one.uris), Q(lot=one.text)]
        ways += [Q(sku=sku, lot=lot) for sku, lot, _serial in sorted(one.pieces)]
        names = CapturedName.objects.filter(merchant_id=merchant.id)
        first, *others = (names.filter(way).values_list("event_id") for way in ways)
        about = names.filter(reduce(or_, ways), event=OuterRef("pk"))
        rows = narrowed(rows, found=first.union(*others, all=True), otherwise=Q(Exists(about)))
    found = list(rows.select_related("job").order_by("-pk")[: size + 1])
    kept = found[:size]
    named: dict[int, list[CapturedName]] = {}
    for name in CapturedName.objects.filter(merchant_id=merchant.id, event__in=[e.pk for e in kept]).order_by("pk"):
        named.setdefault(name.event_id, []).append(name)
    skus = skus_across([merchant.id], ids={n.sku_id for each in named.values() for n in each if n.sku_id})
    told = [_captured(event, named.get(event.pk, ()), skus) for event in kept]
    return [shown(event) for event in kept], told, kept[-1].pk if len(found) > size else None


def _captured(event: CapturedEvent, names: Collection[CapturedName], skus: Mapping[int, SkuFacts]) -> Row:
    counted = {
        element["epcClass"]: element.get("quantity")
        for field in ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
        for element in event.body.get(field) or ()
    }
    things = []
    for name in names:
        sku = skus.get(name.sku_id or 0)
        text = f"{sku.code} · {name.lot}" if sku and name.lot else sku.code if sku else ""
        things.append(Thing(text, name.uri, name.sku_id, counted.get(name.uri)))
    return Row(
        event.occurred_at, things[:MOST_THINGS], max(len(things) - MOST_THINGS, 0), event.read_point,
        event.biz_location if event.biz_location != event.read_point else "", said(event.step, among=STEPS),
        said(event.disposition, among=DISPOSITIONS), event.job.key_name, event.event_id,
    )  # fmt: skip


def refused_page(merchant: Party, *, before: int | None = None, size: int = 50) -> tuple[list[CaptureJob], int | None]:
    """Give what partners sent and was refused, whole or in part, the latest first."""
    rows = CaptureJob.objects.filter(merchant_id=merchant.id, success=False)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None
