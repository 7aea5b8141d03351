"""Taking events of partners in: validated, kept as they came, each once. They are shown and move no stock."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.dateparse import parse_datetime

from colisage.connectors.epcis.json_schema import faults
from colisage.connectors.epcis.mapping import content_digest, events_in, id_from_content, mentions
from colisage.connectors.epcis.names import namer_of, skus_named
from colisage.connectors.epcis.problems import NotJson, NotValid, TooMuch, noted
from colisage.connectors.models import CapturedEvent, CapturedName, CaptureJob
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.bodies import holds_nul
from colisage.kit.errors import Refused
from colisage.people.queries import Key, Party

MOST_BYTES: Final = 5_000_000
MOST_EVENTS: Final = 1_000
MOST_NAMES: Final = 20_000
LONGEST: Final = 500
MOST_SAID: Final = 1_000
BEHAVIOURS: Final = ("rollback", "proceed")
_YEARS: Final = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Sent:
    """One event of a document, read: its id, what it is about, and why it cannot be kept, if so."""

    event_id: str
    digest: bytes
    body: dict[str, Any]
    at: datetime | None
    problem: dict[str, Any] | None = None


def read_document(body: bytes) -> dict[str, Any]:
    """Read a body; refuse what is no JSON, too much, or not as GS1's schema says."""
    if len(body) > MOST_BYTES:
        raise TooMuch(events=MOST_EVENTS, megabytes=MOST_BYTES // 1_000_000)
    try:
        text = body.decode("utf-8-sig")
        if holds_nul(body):
            raise NotJson
        document = json.loads(text, parse_float=_finite, parse_constant=_no_number)
        json.dumps(document, ensure_ascii=False).encode()  # no half characters
        found = faults(document)
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    if not found and not isinstance(document, dict):
        raise NotJson
    if found:
        raise NotValid([{"pointer": fault.pointer, "detail": fault.why} for fault in found])
    events = events_in(document)
    if len(events) > MOST_EVENTS or sum(len(mentions(event)) for event in events) > MOST_NAMES:
        raise TooMuch(events=MOST_EVENTS, megabytes=MOST_BYTES // 1_000_000)
    checked: dict[str, Any] = document
    return checked


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _no_number(text: str) -> float:
    raise ValueError(text)


@transaction.atomic
def capture(merchant: Party, *, key: Key, document: Mapping[str, Any], behaviour: str = "rollback") -> CaptureJob:
    """Keep the events of a document that was read; give the job with what came of each.

    An event that came before with the same content is counted as known and not kept again. One that came before and
    says something else is an error: under `rollback` nothing of the document is kept then, under `proceed` the rest is.
    Events without an id get one from their content.
    """
    with connection.cursor() as db:  # one document of a merchant at a time: an event is kept once
        db.execute("SELECT pg_advisory_xact_lock(hashtextextended('epcis-capture', %s))", [merchant.id])
    sent = [_sent(event) for event in events_in(document)]
    before = dict(
        CapturedEvent.objects.filter(merchant_id=merchant.id, event_id__in=[s.event_id for s in sent]).values_list(
            "event_id", "digest"
        )
    )
    fresh, known, errors = _sorted(sent, before={pk: bytes(digest) for pk, digest in before.items()})
    if errors and behaviour == "rollback":
        fresh = []
    job = CaptureJob.objects.create(
        merchant_id=merchant.id,
        key_id=key.id,
        key_name=key.name[:80],
        behaviour=behaviour,
        success=not errors,
        captured=len(fresh),
        known=known,
        errors=errors,
    )
    _keep(merchant, job, fresh)
    if fresh:
        record_deeds(
            [Deed("capture_job", job.pk, "events_captured", {"events": len(fresh)}, merchant_id=merchant.id)],
            actor=Actor("key", key.id, key.name),
        )
    return job


def note_refused(merchant: Party, *, key: Key, refusal: Refused) -> CaptureJob:
    """Keep that a document was refused before any of its events was looked at, and why; the document is not kept."""
    said = noted(refusal.code, **{name: str(value)[:MOST_SAID] for name, value in refusal.places.items()})
    return CaptureJob.objects.create(
        merchant_id=merchant.id, key_id=key.id, key_name=key.name[:80], behaviour="rollback", success=False,
        errors=[said],
    )  # fmt: skip


def _sent(event: dict[str, Any]) -> Sent:
    digest = content_digest(event)
    event_id = event.get("eventID") or id_from_content(digest)
    at = _moment(event["eventTime"])
    names = [event_id, event["type"], *_columns(event).values(), *(uri for _standing, uri in mentions(event))]
    problem = None
    if at is None:
        problem = noted("time_out_of_range", code="unusable", event_id=event_id[:LONGEST])
    elif max(map(len, names)) > LONGEST:
        problem = noted("name_too_long", code="unusable", event_id=event_id[:LONGEST], most=LONGEST)
    return Sent(event_id, digest, event, at, problem)


def _moment(text: str) -> datetime | None:
    written = text.upper().replace(":60", ":59")
    found = parse_datetime(written)
    return found if found is not None and found.year in _YEARS else None


def _columns(event: Mapping[str, Any]) -> dict[str, str]:
    return {
        "action": event.get("action", ""),
        "step": event.get("bizStep", ""),
        "disposition": event.get("disposition", ""),
        "read_point": event.get("readPoint", {}).get("id", ""),
        "biz_location": event.get("bizLocation", {}).get("id", ""),
    }


def _sorted(sent: Sequence[Sent], *, before: Mapping[str, bytes]) -> tuple[list[Sent], int, list[dict[str, Any]]]:
    """Part events into those to keep, the number of those known, and those refused with the reason."""
    seen = dict(before)
    fresh, known, errors = [], 0, []
    for event in sent:
        if event.problem:
            errors.append(event.problem)
        elif event.event_id not in seen:
            seen[event.event_id] = event.digest
            fresh.append(event)
        elif seen[event.event_id] == event.digest:
            known += 1
        else:
            errors.append(noted("event_said_differently", event_id=event.event_id))
    return fresh, known, errors


def _keep(merchant: Party, job: CaptureJob, fresh: Sequence[Sent]) -> None:
    kept = CapturedEvent.objects.bulk_create(
        [
            CapturedEvent(
                merchant_id=merchant.id, job=job, event_id=event.event_id, digest=event.digest, type=event.body["type"],
                occurred_at=event.at, body=event.body, **_columns(event.body),
            )
            for event in fresh
            if event.at is not None  # others were refused
        ],
        batch_size=1_000,
    )  # fmt: skip
    namer = namer_of(merchant)
    named = [(event, standing, uri, namer.read(uri)) for event in kept for standing, uri in mentions(event.body)]
    skus = skus_named(merchant.id, named={one for _event, _standing, _uri, one in named})
    CapturedName.objects.bulk_create(
        [
            CapturedName(
                merchant_id=merchant.id, event=event, standing=standing, uri=uri, sku_id=skus.get(one),
                lot=(one.serial or one.lot)[:80],
            )
            for event, standing, uri, one in named
        ],
        batch_size=5_000,
    )  # fmt: skip
