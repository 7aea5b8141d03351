"""The events of a merchant: its own movements, and what partners sent. Both are asked in the same way."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from colisage.catalog.queries.codes import barcodes_by_sku
from colisage.connectors.epcis.asked import Asked, token_of
from colisage.connectors.epcis.identities import Namer
from colisage.connectors.epcis.mapping import Papers, event_of, mentions, movement_in
from colisage.connectors.epcis.names import Meant, meant_by, namer_of
from colisage.connectors.epcis.vocabulary import reasons_not_meaning
from colisage.connectors.models import CapturedEvent, CapturedName
from colisage.inventory.queries.movements import Moved, MovementsWanted, movements_page
from colisage.kit.gs1.digits import is_gtin
from colisage.kit.statements import rows, statement
from colisage.network.queries import nodes_by_id
from colisage.people.queries import Party

ROUNDS: Final = 5  # how often more is read when what was read is not what was asked for

Matching = tuple[frozenset[str], Meant]


def events_page(merchant: Party, *, asked: Asked) -> tuple[list[dict[str, Any]], str | None]:
    """Give one page of events and the token of the next, if there is one. A page may be short, and not the last."""
    namer = namer_of(merchant)
    matching = [(where, meant_by(merchant.id, names=names, namer=namer)) for where, names in asked.matching]
    found: list[dict[str, Any]] = []
    here = asked
    for _round in range(ROUNDS):
        more, following = _part(merchant, asked=here, matching=matching, namer=namer, size=asked.per_page - len(found))
        found += more
        if following is None:
            return found, None
        here = replace(asked, source=following[0], after=following[1])
        if len(found) >= asked.per_page:
            break
    return found, token_of(here.source, after=here.after)


def _part(
    merchant: Party, *, asked: Asked, matching: Sequence[Matching], namer: Namer, size: int
) -> tuple[list[dict[str, Any]], tuple[str, int] | None]:
    """Give events of one source, and where to go on."""
    if asked.source == "c":
        events = list(_captured(merchant.id, asked=asked, matching=matching)[: size + 1])
        going_on = ("c", events[size - 1].pk) if len(events) > size else None
        return [shown(event) for event in events[:size]], going_on
    asked = replace(
        asked,
        read_points=asked.read_points and frozenset(map(namer.today, asked.read_points)),
        biz_locations=asked.biz_locations and frozenset(map(namer.today, asked.biz_locations)),
    )
    wanted = _wanted(asked, matching=matching, namer=namer)
    moves = movements_page([merchant.id], wanted=wanted, size=size) if wanted else []
    pairs = zip(moves[:size], events_of(moves[:size], merchant=merchant), strict=True)
    chosen = [event for moved, event in pairs if _fits(moved, event, asked=asked, matching=matching)]
    return chosen, ("m", moves[size - 1].id) if len(moves) > size else ("c", 0)


def _wanted(asked: Asked, *, matching: Sequence[Matching], namer: Namer) -> MovementsWanted | None:
    """Say which movements may be meant; None when none can be."""
    places = _places(asked, namer=namer)
    ids = None if asked.event_ids is None else [n for n in map(movement_in, asked.event_ids) if n is not None]
    if ids == [] or places == []:
        return None
    wanted = MovementsWanted(
        after=asked.after,
        ids=ids,
        since=asked.since,
        before=asked.before,
        recorded_since=asked.recorded_since,
        recorded_before=asked.recorded_before,
        no_reasons=reasons_not_meaning(types=asked.types, actions=asked.actions, steps=asked.steps),
        places=places or (),
    )
    if not matching:
        return wanted
    _standings, meant = matching[0]  # the others are looked at event by event
    return replace(
        wanted,
        sku_ids=meant.skus,
        lots_of_sku=meant.lots,
        plates=meant.plates,
        documents=[("parcel", pk) for pk in meant.parcels],
        narrowed=True,
    )


def _places(asked: Asked, *, namer: Namer) -> list[tuple[int, str]] | None:
    """Give the places asked for that are ours; None when none was asked for."""
    names = asked.read_points or asked.biz_locations
    return None if names is None else [place for place in map(namer.place, names) if place]


def _fits(moved: Moved, event: dict[str, Any], *, asked: Asked, matching: Sequence[Matching]) -> bool:
    told: list[tuple[Collection[str] | None, str]] = [
        (asked.types, event["type"]),
        (asked.actions, event.get("action", "")),
        (asked.steps, event["bizStep"]),
        (asked.dispositions, event["disposition"]),
        (asked.event_ids, event["eventID"]),
        (asked.read_points, event.get("readPoint", {}).get("id", "")),
        (asked.biz_locations, event.get("bizLocation", {}).get("id", "")),
    ]
    if any(wanted is not None and value not in wanted for wanted, value in told):
        return False
    named = mentions(event)
    return all(_speaks_of(moved, named, standings=standings, meant=meant) for standings, meant in matching)


def _speaks_of(moved: Moved, named: list[tuple[str, str]], *, standings: frozenset[str], meant: Meant) -> bool:
    lot = (moved.sku_id, moved.lot or "", moved.is_serial)
    ours = moved.sku_id in meant.skus or lot in meant.lots
    for standing, uri in named:
        if standing in standings and (uri in (meant.names | meant.parents) or (ours and standing != "parent")):
            return True
    return False


def events_of(moves: Sequence[Moved], *, merchant: Party) -> list[dict[str, Any]]:
    """Write movements of a merchant as events, in three statements for any number."""
    if not moves:
        return []
    namer = namer_of(merchant)
    gtins = _gtins(merchant.id, {moved.sku_id for moved in moves})
    papers = _papers(moves)
    nodes = {side.node_id for moved in moves for side in (moved.source, moved.target) if side.node_id}
    clocks = {node.id: node.timezone for node in nodes_by_id(nodes).values()}
    return [
        event_of(
            moved,
            namer=namer,
            gtin=gtins.get(moved.sku_id, ""),
            papers=papers.get((moved.doc_kind, moved.doc_id), Papers()),
            timezone=clocks.get(moved.target.node_id or moved.source.node_id or 0, "UTC"),
        )
        for moved in moves
    ]


def _gtins(merchant_id: int, sku_ids: Collection[int]) -> dict[int, str]:
    """Give the GTIN of a single unit of each SKU that has one."""
    return {
        sku: found
        for sku, codes in barcodes_by_sku(merchant_id, sku_ids=sku_ids).items()
        if (found := next((code for code, units in codes if units == 1 and is_gtin(code)), ""))
    }


def _papers(moves: Iterable[Moved]) -> dict[tuple[str, int], Papers]:
    documents = rows({"kind": kind, "id": pk} for kind, pk in sorted({(m.doc_kind, m.doc_id) for m in moves}))
    with connection.cursor() as db:
        db.execute(statement("connectors", "epcis_papers"), {"documents": documents})
        return {
            (kind, pk): Papers(orders, purchase or "", back or "", (part, number) if part else None)
            for kind, pk, orders, purchase, back, part, number in db.fetchall()
        }


def _captured(merchant_id: int, *, asked: Asked, matching: Sequence[Matching]) -> QuerySet[CapturedEvent]:
    limits: dict[str, Any] = {
        "type__in": asked.types,
        "action__in": asked.actions,
        "step__in": asked.steps,
        "disposition__in": asked.dispositions,
        "event_id__in": asked.event_ids,
        "read_point__in": asked.read_points,
        "biz_location__in": asked.biz_locations,
        "occurred_at__gte": asked.since,
        "occurred_at__lt": asked.before,
        "recorded_at__gte": asked.recorded_since,
        "recorded_at__lt": asked.recorded_before,
    }
    found = CapturedEvent.objects.filter(merchant_id=merchant_id, pk__gt=asked.after)
    found = found.filter(**{name: value for name, value in limits.items() if value is not None})
    for standings, meant in matching:
        ours = Q(sku__in=meant.skus)
        for sku, lot, _serial in meant.lots:
            ours |= Q(sku=sku, lot=lot)
        named = CapturedName.objects.filter(
            Q(uri__in=meant.names) | ours, merchant_id=merchant_id, event=OuterRef("pk"), standing__in=standings
        )
        found = found.filter(Exists(named))
    return found.order_by("pk")


def captured_about(merchant_ids: Collection[int], *, sku_id: int, lot: str = "", most: int = 50) -> list[CapturedEvent]:
    """Give what partners told about a SKU of ours, or one lot or serial of it, the latest first."""
    named = CapturedName.objects.filter(sku=sku_id, event=OuterRef("pk"), **({"lot": lot} if lot else {}))
    return list(
        CapturedEvent.objects.filter(Exists(named), merchant_id__in=merchant_ids).order_by("-occurred_at", "-pk")[:most]
    )


def shown(event: CapturedEvent) -> dict[str, Any]:
    """Give a captured event as it was sent, with its id and when it was recorded here."""
    at = event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {**event.body, "eventID": event.event_id, "recordTime": at}
