"""Reading the outbox: each handler hears every event once, in order within a stream, whatever fails.

A window of events is read per (handler, shard), those of shards with little to read together. It ends below the oldest
running transaction, because ids commit out of order and a bare id cursor would lose events. The handler's effects and
its cursors commit together.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import msgspec
from django.conf import settings
from django.db import OperationalError, transaction
from django.utils.module_loading import import_string

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.conflicts import is_conflict
from colisage.kit.events import SHARDS, Event, Only
from colisage.kit.models import Cursor, Parked
from colisage.kit.statements import ask, perform

log = logging.getLogger(__name__)

Handler = Callable[[Sequence[Any]], None]  # of the events it is wired to
Journey = Mapping[type[Event] | Only, Sequence[Handler]]
After = Mapping[Handler, Sequence[Handler]]
BATCH = 500


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as the outbox holds it."""

    id: int
    stream: str
    merchant_id: int | None
    event: Event
    stuck: bool = False  # an earlier event of its stream is parked with the handler


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler with the kinds of events it hears, and the handlers that hear everything before it.

    `hears` are the kinds by name: `StageReached`, or `StageReached.picked` where not all of a kind are heard.
    """

    name: str
    handler: Handler
    kinds: Mapping[str, type[Event]]
    hears: tuple[str, ...]
    after: tuple[str, ...] = ()


def subscriptions() -> list[Subscription]:
    """Turn the journey around: for each handler, what it hears, and after whom. The order is the journey's."""
    journey: Journey = import_string(settings.COLISAGE_JOURNEY)
    after: After = import_string(settings.COLISAGE_AFTER)
    heard: dict[Handler, dict[str, type[Event]]] = {}
    for told, handlers in journey.items():
        kind, name = (
            (told.kind, f"{told.kind.__name__}.{told.which}") if isinstance(told, Only) else (told, told.__name__)
        )
        for handler in handlers:
            heard.setdefault(handler, {})[name] = kind
    return [
        Subscription(
            _name(handler),
            handler,
            kinds={kind.__name__: kind for kind in hears.values()},
            hears=tuple(hears),
            after=tuple(_name(one) for one in after.get(handler, ()) if one in heard),
        )
        for handler, hears in heard.items()
    ]


def _name(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


def is_heard(kind: type[Event]) -> bool:
    """Say whether anybody listens to a kind of event."""
    journey: Journey = import_string(settings.COLISAGE_JOURNEY)
    return any(handlers and kind in {told, getattr(told, "kind", None)} for told, handlers in journey.items())


def drain(*, rounds: int = 1_000) -> int:
    """Hand every waiting event to its handlers until nothing is left; give how many were handed over."""
    subs = subscriptions()
    _begin(subs)
    total = 0
    for _ in range(rounds):
        windows = [_drained(sub, shards=shards) for sub, shards in _waiting(subs)]
        total += sum(filter(None, windows))
        if all(window is None for window in windows):
            break
    return total


def _drained(sub: Subscription, *, shards: Sequence[int]) -> int | None:
    """Hand over windows; when they got in somebody's way all is undone, and read again in the next round."""
    try:
        return drain_shards(sub, shards=shards)
    except OperationalError as error:
        if not is_conflict(error):
            raise
        log.warning("%s begins shards %s again: %r", sub.name, shards, error)
        return 0


def drain_shards(sub: Subscription, *, shards: Sequence[int]) -> int | None:
    """Hand one window of each of these shards to a handler; give the number of events, which may be none of a window's.

    Shards that another worker is at are left to it. None when there is nothing to read in the others.
    """
    with transaction.atomic():
        free = Cursor.objects.select_for_update(skip_locked=True).filter(handler=sub.name, shard__in=shards)
        after = dict(free.order_by("shard").values_list("shard", "next_xid"))
        upto = _ends(sub, after)
        if not upto:
            return None
        windows = {"shards": list(upto), "upto": list(upto.values())}
        window = _read(sub, {**windows, "after": [after[shard] for shard in upto]})
        _hand_over(sub, window)
        perform("kit", "move_cursors", {"handler": sub.name, **windows})
        return len(window)


def _begin(subs: Sequence[Subscription]) -> None:
    """Give handlers without cursors theirs: at the beginning in a new installation, else at the news of today."""
    perform("kit", "new_cursors", {"handlers": [sub.name for sub in subs], "shards": SHARDS})


def _waiting(subs: Sequence[Subscription]) -> list[tuple[Subscription, list[int]]]:
    """Give the handlers that have something to read, and in which shards: those of little together, up to a batch.

    Cursors with nothing for them are moved ahead.
    """
    hears = [(sub.name, kind) for sub in subs for kind in sub.hears]
    places = {"handlers": [name for name, _ in hears], "kinds": [kind for _, kind in hears], "most": BATCH}
    found: dict[str, list[tuple[int, int]]] = {}
    for name, shard, events in ask("kit", "waiting_shards", places):
        found.setdefault(name, []).append((shard, events))
    return [(sub, shards) for sub in subs for shards in _together(found.get(sub.name, ()))]


def _together(waiting: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Give shards of (shard, events) in groups of a batch at most, or of one."""
    group: list[int] = []
    total = 0
    for shard, events in waiting:
        if group and total + events > BATCH:
            yield group
            group, total = [], 0
        group.append(shard)
        total += events
    if group:
        yield group


def _ends(sub: Subscription, after: Mapping[int, int]) -> dict[int, int]:
    """Say below which transaction id the next window of each shard ends; a shard without one has nothing to read."""
    upto: dict[int, int] = {}
    for most in (BATCH, 20 * BATCH, 2_000_000_000):  # wider only where an event must wait for one far ahead
        left = {shard: xid for shard, xid in after.items() if shard not in upto}
        if not left:
            break
        places = {"shards": list(left), "after": list(left.values()), "most": most, "behind": list(sub.after)}
        upto |= {shard: int(xid) for shard, xid in ask("kit", "window_end", places)}
    return upto


def _read(sub: Subscription, windows: Mapping[str, Sequence[int]]) -> list[Heard]:
    """Read the events of windows for a handler, in the order in which they were told."""
    found = ask("kit", "window", {**windows, "handler": sub.name, "kinds": list(sub.hears)})
    return [
        Heard(pk, stream, merchant, sub.kinds[kind].read(msgspec.json.decode(payload)), stuck)
        for pk, stream, merchant, kind, payload, stuck in found
    ]


def _hand_over(sub: Subscription, window: Sequence[Heard]) -> None:
    """Give a window to the handler; park the streams that fail, with their later events."""
    _park(sub, [h for h in window if h.stuck], reason="")
    free = [h for h in window if not h.stuck]
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
    hears = [(sub.name, kind) for sub in subs for kind in sub.hears]
    places = {"handlers": [name for name, _ in hears], "kinds": [kind for _, kind in hears]}
    found = {handler: (waiting, float(seconds)) for handler, waiting, seconds in ask("kit", "lags", places)}
    return [Lag(sub.name, *found.get(sub.name, (0, 0.0))) for sub in subs]
