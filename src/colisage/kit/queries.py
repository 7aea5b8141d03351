"""What was done, and what is stuck."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from colisage.kit.models import AuditEntry, Event, Parked, Use


def deeds_on(doc_kind: str, *, doc_id: int, most: int = 200) -> list[AuditEntry]:
    """Give what was done to a document, the latest first."""
    return list(AuditEntry.objects.filter(doc_kind=doc_kind, doc_id=doc_id).order_by("-pk")[:most])


@dataclass(frozen=True, slots=True)
class ParkedStream:
    """News that a handler could not take; the later news of the same thing waits behind it.

    `facts` are those of the first: ids and plain values.
    """

    handler: str
    stream: str
    events: int
    since: datetime
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def step(self) -> str:
        """Name the step whose handler failed."""
        return self.handler.split(".")[1]


def parked_streams(merchant_ids: Collection[int], *, most: int = 50) -> list[ParkedStream]:
    """Give the parked streams of merchants, the oldest first, in two statements."""
    rows: Any = list(
        Parked.objects.filter(merchant_id__in=merchant_ids)
        .values("handler", "stream")
        .annotate(n=Count("pk"), since=Min("parked_at"), why=Max("reason"), first=Min("event_id"))
        .order_by("since")[:most]
    )
    firsts = {r["first"] for r in rows}
    told: Any = dict(Event.objects.filter(pk__in=firsts).values_list("pk", "payload")) if firsts else {}
    return [
        ParkedStream(r["handler"], r["stream"], r["n"], r["since"], r["why"], told.get(r["first"], {})) for r in rows
    ]


def parked_counts() -> dict[str, int]:
    """Count the streams that are stuck in each handler, whoever's they are."""
    rows = Parked.objects.values("handler").annotate(n=Count("stream", distinct=True))
    return {row["handler"]: row["n"] for row in rows}


def last_uses(owners: Collection[str]) -> dict[str, datetime]:
    """Give when senders made their last request, to the second or so; those that never did are left out."""
    return dict(Use.objects.filter(owner__in=owners).values_list("owner", "at"))
