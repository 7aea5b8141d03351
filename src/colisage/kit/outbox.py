"""Reading the outbox: each handler hears every event once, in order within a stream, whatever fails.

A window of events is read per (handler, shard). It ends below the oldest running transaction, because ids commit out
of order and a bare id cursor would lose events. The handler's effects and its cursor commit together.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.module_loading import import_string

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.conflicts import is_conflict
from colisage.kit.events import SHARDS, Event
from colisage.kit.models import Cursor, Parked
from colisage.kit.statements import statement

log = logging.getLogger(__name__)

Handler = Callable[[Sequence[Any]], None]  # of the events it is wired to
Journey = Mapping[type[Event], Sequence[Handler]]
After = Mapping[Handler, Sequence[Handler]]
BATCH = 500


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as the outbox holds it."""

    id: int
    stream: str
    merchant_id: int | None
    event: Event


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler with the kinds of events it hears, and the handlers that hear everything before it."""

    name: str
    handler: Handler
    kinds: Mapping[str, type[Event]]
    after: tuple[str, ...] = ()


def subscriptions() -> list[Subscription]:
    """Turn the journey around: for each handler, what it hears, and after whom. The order is the journey's."""
    journey: Journey = import_string(settings.COLISAGE_JOURNEY)
    after: After = import_string(settings.COLISAGE_AFTER)
    heard: dict[Handler, dict[str, type[Event]]] = {}
    for kind, handlers in journey.items():
        for handler in handlers:
            heard.setdefault(handler, {})[kind.__name__] = kind
    return [
        Subscription(_name(h), h, kinds, tuple(_name(one) for one in after.get(h, ()) if one in heard))
        for h, kinds in heard.items()
    ]


def _name(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


def is_heard(kind: type[Event]) -> bool:
    """Say whether anybody listens to a kind of event."""
    journey: Journey = import_string(settings.COLISAGE_JOURNEY)
    return bool(journey.get(kind))


def drain(*, rounds: int = 1_000) -> int:
    """Hand every waiting event to its handlers until nothing is left; give how many were handed over."""
    subs = subscriptions()
    _begin(subs)
    total = 0
    for _ in range(rounds):
        windows = [_drained(sub, shard=shard) for sub, shard in _waiting(subs)]
        total += sum(filter(None, windows))
        if all(window is None for window in windows):
            break
    return total


def _drained(sub: Subscription, *, shard: int) -> int | None:
    """Hand over a window; one that got in somebody's way is undone, and read again in the next round."""
    try:
        return drain_shard(sub, shard=shard)
    except OperationalError as error:
        if not is_conflict(error):
            raise
        log.warning("%s begins shard %s again: %r", sub.name, shard, error)
        return 0


def drain_shard(sub: Subscription, *, shard: int) -> int | None:
    """Hand one window of one shard to one handler; give the number of events, which may be none of a window's.

    None when there is nothing to read, or another worker is at it.
    """
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update(skip_locked=True).filter(handler=sub.name, shard=shard).first()
        if cursor is None:
            return None
        upto, window = _window(sub, shard=shard, after=cursor.next_xid)
        if upto is None:
            return None
        _hand_over(sub, window)
        Cursor.objects.filter(pk=cursor.pk).update(next_xid=upto)
        return len(window)


def _begin(subs: Sequence[Subscription]) -> None:
    """Give handlers without cursors theirs: at the beginning in a new installation, else at the news of today."""
    with connection.cursor() as db:
        db.execute(statement("kit", "new_cursors"), {"handlers": [sub.name for sub in subs], "shards": SHARDS})


def _waiting(subs: Sequence[Subscription]) -> list[tuple[Subscription, int]]:
    """Give the cursors with something to read, and move those with nothing for them ahead."""
    hears = [(sub.name, kind) for sub in subs for kind in sub.kinds]
    places = {"handlers": [name for name, _ in hears], "kinds": [kind for _, kind in hears]}
    by_name = {sub.name: i for i, sub in enumerate(subs)}
    with connection.cursor() as db:
        db.execute(statement("kit", "skip_ahead"), places)
        db.execute(statement("kit", "waiting_shards"), places)
        found = sorted((by_name[name], shard) for name, shard in db.fetchall())
    return [(subs[i], shard) for i, shard in found]


def _window(sub: Subscription, *, shard: int, after: int) -> tuple[int | None, list[Heard]]:
    """Read the next window: the transaction id it ends below, and its events for this handler in order."""
    with connection.cursor() as db:
        upto = None
        for most in (BATCH, 20 * BATCH, 2_000_000_000):  # wider only when an event must wait for one far ahead
            db.execute(
                statement("kit", "window_end"),
                {"shard": shard, "after": str(after), "most": most, "behind": list(sub.after)},
            )
            (upto,) = db.fetchone()
            if upto is not None:
                break
        else:
            return None, []
        db.execute(
            statement("kit", "window"),
            {"shard": shard, "after": str(after), "upto": str(upto), "kinds": list(sub.kinds)},
        )
        return int(upto), [
            Heard(row[0], row[1], row[2], sub.kinds[row[3]].read(json.loads(row[4]))) for row in db.fetchall()
        ]


def _hand_over(sub: Subscription, window: Sequence[Heard]) -> None:
    """Give a window to the handler; park the streams that fail, with their later events."""
    stuck = set(
        Parked.objects.filter(handler=sub.name, stream__in={h.stream for h in window}).values_list("stream", flat=True)
    )
    _park(sub, [h for h in window if h.stream in stuck], reason="")
    free = [h for h in window if h.stream not in stuck]
    for start in range(0, len(free), BATCH):
        for stream_events, error in _failing(sub, free[start : start + BATCH]):
            log.error("%s failed on %s: %r", sub.name, stream_events[0].stream, error)
            _park(sub, stream_events[:1], reason=f"{type(error).__name__}: {error}")
            _park(sub, stream_events[1:], reason="")


def _failing(sub: Subscription, events: Sequence[Heard]) -> Iterator[tuple[Sequence[Heard], Exception]]:
    """Run the handler on the events, halving by stream where it fails; yield the streams that fail alone."""
    if not events:
        return
    try:
        with transaction.atomic():
            sub.handler([h.event for h in events])
    except Exception as error:
        if is_conflict(error):  # nobody's fault: the whole window is read again
            raise
        streams = [list(group) for _, group in groupby(sorted(events, key=_by_stream), key=lambda h: h.stream)]
        if len(streams) == 1:
            yield streams[0], error
            return
        half = len(streams) // 2
        for part in (streams[:half], streams[half:]):
            yield from _failing(sub, sorted((h for stream in part for h in stream), key=lambda h: h.id))


def _by_stream(heard: Heard) -> tuple[str, int]:
    return heard.stream, heard.id


def _park(sub: Subscription, events: Sequence[Heard], *, reason: str) -> None:
    Parked.objects.bulk_create(
        Parked(handler=sub.name, event_id=h.id, stream=h.stream, merchant_id=h.merchant_id, reason=reason)
        for h in events
    )


def retry_parked(*, handler: str, stream: str, actor: Actor) -> bool:
    """Hand the parked events of a stream to their handler again, in order; say whether they all went through."""
    with transaction.atomic():
        rows = _parked_rows(handler=handler, stream=stream)
        went = _retry(rows, handler=handler)
        _record(rows[:1], "news_retried" if went else "news_failed_again", actor=actor)
        return went


def skip_parked(*, handler: str, stream: str, actor: Actor) -> None:
    """Give the first parked event of a stream up, and try the later ones again."""
    with transaction.atomic():
        rows = _parked_rows(handler=handler, stream=stream)
        _record(rows[:1], "news_skipped", actor=actor)
        for first in rows[:1]:
            first.delete()
        _retry(rows[1:], handler=handler)


def _parked_rows(*, handler: str, stream: str) -> list[Parked]:
    rows = Parked.objects.select_for_update(of=("self",)).filter(handler=handler, stream=stream)
    return list(rows.select_related("event").order_by("event_id"))


def _retry(rows: Sequence[Parked], *, handler: str) -> bool:
    """Hand parked events over again; what fails says why from now on."""
    sub = next(s for s in subscriptions() if s.name == handler)
    events = [Heard(r.event_id, r.stream, r.merchant_id, sub.kinds[r.event.kind].read(r.event.payload)) for r in rows]
    failed = list(_failing(sub, events))
    if failed:
        error = failed[0][1]
        Parked.objects.filter(pk=rows[0].pk).update(reason=f"{type(error).__name__}: {error}")
        return False
    Parked.objects.filter(pk__in=[r.pk for r in rows]).delete()
    return True


def _record(rows: Sequence[Parked], verb: str, *, actor: Actor) -> None:
    """Write down who decided about parked news, on the thing that the news is of."""
    deeds = []
    for row in rows:
        kind, _, number = row.stream.partition(":")
        if number.isdecimal():
            facts = {"handler": row.handler, "step": row.handler.split(".")[1], "event": row.event.kind}
            deeds.append(Deed(kind, int(number), verb, facts, merchant_id=row.merchant_id))
    record_deeds(deeds, actor=actor)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a handler is behind: events that wait, and seconds since the oldest of them happened."""

    handler: str
    waiting: int
    seconds: float


def lags() -> list[Lag]:
    """Say how far each handler is behind, in the order of the journey; one statement."""
    subs = subscriptions()
    hears = [(sub.name, kind) for sub in subs for kind in sub.kinds]
    with connection.cursor() as db:
        db.execute(
            statement("kit", "lags"), {"handlers": [name for name, _ in hears], "kinds": [kind for _, kind in hears]}
        )
        found = {handler: (waiting, float(seconds)) for handler, waiting, seconds in db.fetchall()}
    return [Lag(sub.name, *found.get(sub.name, (0, 0.0))) for sub in subs]
