"""Movements as EPCIS 2.0 events, and what an event of somebody else speaks about. Pure, both ways."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from colisage.connectors.epcis.identities import Namer
from colisage.connectors.epcis.vocabulary import AGGREGATION, TRANSFORMATION, disposition_of, meaning_of
from colisage.inventory.queries.movements import Moved, Side

CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
SCHEMA_VERSION: Final = "2.0"
EMBEDDED_BITS: Final = 48  # of a movement's number in the id of its event


@dataclass(frozen=True, slots=True)
class Papers:
    """What is known of the document a movement was posted on."""

    orders: Sequence[str] = ()
    purchase: str = ""
    return_number: str = ""
    parcel: tuple[int, int] | None = None  # fulfilment order and number


_NO_PAPERS: Final = Papers()


def event_id(moved: Moved) -> str:
    """Give the id of a movement's event: the same for ever, another for each movement, and it can be read back.

    A UUID of version 8: a digest of what cannot change, and the movement's number.
    """
    document = (moved.merchant_id, moved.id, moved.doc_kind, moved.doc_id, moved.doc_line, moved.seq)
    fixed = [*map(str, document), moved.recorded_at.astimezone(UTC).isoformat()]
    digest = int.from_bytes(hashlib.sha256(":".join(fixed).encode()).digest()[:16], "big")
    mask = (1 << EMBEDDED_BITS) - 1
    number = digest & ~mask | moved.id & mask
    number = number & ~(0xF << 76) | 8 << 76
    number = number & ~(0b11 << 62) | 0b10 << 62
    return f"urn:uuid:{uuid.UUID(int=number)}"


def movement_in(text: str) -> int | None:
    """Give the number of the movement that an event id may stand for."""
    if not text.lower().startswith("urn:uuid:"):
        return None
    try:
        found = uuid.UUID(text[9:])
    except ValueError:
        return None
    return found.int & ((1 << EMBEDDED_BITS) - 1) if found.int >> 76 & 0xF == 8 else None


def event_of(
    moved: Moved, *, namer: Namer, gtin: str = "", papers: Papers = _NO_PAPERS, timezone: str = "UTC"
) -> dict[str, Any]:
    """Write a movement as an event: what, when, where and why. `timezone` is that of the place."""
    meaning = meaning_of(moved.reason)
    here = moved.target if moved.target.kept else moved.source
    offset = moved.occurred_at.astimezone(ZoneInfo(timezone)).strftime("%z")
    event: dict[str, Any] = {
        "type": meaning.type,
        "eventID": event_id(moved),
        "eventTime": _moment(moved.occurred_at),
        "recordTime": _moment(moved.recorded_at),
        "eventTimeZoneOffset": f"{offset[:3]}:{offset[3:5]}",
    }
    parent = _parent(moved, papers=papers, namer=namer) if meaning.type == AGGREGATION else ""
    if meaning.type == AGGREGATION and not parent:  # no unit that could be named: what remains is an observation
        event["type"] = "ObjectEvent"
    if meaning.action:
        event["action"] = meaning.action if parent or meaning.type != AGGREGATION else "OBSERVE"
    if parent:
        event["parentID"] = parent
    event |= _what(moved, kind=event["type"], namer=namer, gtin=gtin)
    if meaning.type == TRANSFORMATION:
        event["transformationID"] = namer.document("assembly", f"{moved.doc_kind}-{moved.doc_id}")
    event["bizStep"] = meaning.step
    event["disposition"] = disposition_of(
        moved.reason, kind=moved.target.kind, kept=moved.target.kept, condition=moved.target.condition
    )
    return event | _where(moved, here=here, namer=namer) | _why(moved, papers=papers, namer=namer)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _parent(moved: Moved, *, papers: Papers, namer: Namer) -> str:
    if moved.reason in {"seal", "unpack"}:
        return namer.parcel(*papers.parcel) if papers.parcel else ""
    plate = moved.target.plate if moved.reason == "plate_loaded" else moved.source.plate
    return namer.unit(plate) if plate else ""


_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "ObjectEvent": ("epcList", "quantityList"),
    "AggregationEvent": ("childEPCs", "childQuantityList"),
    "in": ("inputEPCList", "inputQuantityList"),
    "out": ("outputEPCList", "outputQuantityList"),
}


def _what(moved: Moved, *, kind: str, namer: Namer, gtin: str) -> dict[str, Any]:
    name = namer.goods(moved.sku, gtin=gtin, lot=moved.lot or "", serial=moved.is_serial)
    if kind == TRANSFORMATION:
        kind = "in" if moved.source.kept else "out"
    single, many = _FIELDS[kind]
    if moved.lot and moved.is_serial and moved.qty == 1:
        return {single: [name]}
    counted = {many: [{"epcClass": name, "quantity": moved.qty}]}
    return {"epcList": [], **counted} if kind == "ObjectEvent" else counted


def _where(moved: Moved, *, here: Side, namer: Namer) -> dict[str, Any]:
    """Say where it was seen, and where it is afterwards; on its way it is nowhere."""
    if here.node_id is None:
        return {}
    found: dict[str, Any] = {"readPoint": {"id": namer.node(here.node_id, here.place)}}
    if moved.target.kept and moved.target.kind != "transit" and moved.target.node_id is not None:
        found["bizLocation"] = {"id": namer.node(moved.target.node_id)}
    return found


def _why(moved: Moved, *, papers: Papers, namer: Namer) -> dict[str, Any]:
    documents = [
        *(("po", namer.document("order", number)) for number in papers.orders),
        ("po", namer.document("purchase", papers.purchase) if papers.purchase else ""),
        ("rma", namer.document("return", papers.return_number) if papers.return_number else ""),
    ]
    if moved.doc_kind == "receipt":
        documents.append(("recadv", namer.document("receipt", str(moved.doc_id))))
    named = [{"type": kind, "bizTransaction": uri} for kind, uri in documents if uri]
    return {"bizTransactionList": named} if named else {}


def query_document(
    events: list[dict[str, Any]], *, created: datetime, name: str = "SimpleEventQuery"
) -> dict[str, Any]:
    """Put events into the document that answers a query."""
    return {
        "@context": [CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": SCHEMA_VERSION,
        "creationDate": _moment(created),
        "epcisBody": {"queryResults": {"queryName": name, "resultsBody": {"eventList": events}}},
    }


EPC_FIELDS: Final = {  # field of an event: what standing its EPCs have
    "epcList": "epc", "childEPCs": "epc", "parentID": "parent", "inputEPCList": "input", "outputEPCList": "output",
}  # fmt: skip
CLASS_FIELDS: Final = {
    "quantityList": "class", "childQuantityList": "class", "inputQuantityList": "input_class",
    "outputQuantityList": "output_class",
}  # fmt: skip


def mentions(event: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give what an event speaks about: (standing, URI), each once."""
    return list(dict.fromkeys((*_named(event), *_counted(event))))


def _named(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, standing in EPC_FIELDS.items():
        told = event.get(name)
        for uri in [told] if isinstance(told, str) else told or ():
            yield standing, uri


def _counted(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, standing in CLASS_FIELDS.items():
        for element in event.get(name) or ():
            yield standing, element["epcClass"]


def events_in(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the events of a valid document, or the event that it is; extensions keep the context that explains them."""
    kind = document["type"]
    if kind == "EPCISDocument":
        found = document["epcisBody"]["eventList"]
    elif kind == "EPCISQueryDocument":
        found = document["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    else:
        return [dict(document)]
    extra = [
        each for each in _listed(document.get("@context")) if not (isinstance(each, str) and "epcis-context" in each)
    ]
    return [
        {**event, "@context": [*extra, *_listed(event.get("@context"))]} if extra else dict(event) for event in found
    ]


def _listed(context: Any) -> list[Any]:
    return [] if context is None else context if isinstance(context, list) else [context]


def content_digest(event: Mapping[str, Any]) -> bytes:
    """Give the digest of what an event says, whatever the order of its members; when it was recorded does not count."""
    said = {name: value for name, value in event.items() if name not in {"recordTime", "@context"}}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).digest()


def id_from_content(digest: bytes) -> str:
    """Give an id to an event that came without one: sent again, it is the same."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest.hex())}"
