"""The base of every event, and how it is told: as a row of the outbox, in the transaction of the fact."""

import dataclasses
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import msgspec
from django.db import connection, transaction

from colisage.kit.statements import perform, rows
from colisage.kit.wake import wake_after_commit

SHARDS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact in the past tense: ids and plain values, no personal data.

    `stream` names the thing it happened to; a handler hears the events of one stream in the order they happened.
    `merchant_id` says whose it is.
    """

    merchant_id: int
    topic: ClassVar[str]  # "order", "sku": the first half of the stream's name
    chosen_by: ClassVar[str] = ""  # the field by whose value a handler may choose, such as the stage that was reached

    @property
    def stream(self) -> str:
        """Name the stream: the topic and the value of the field `<topic>_id`."""
        return f"{self.topic}:{getattr(self, f'{self.topic}_id')}"

    @property
    def which(self) -> str:
        """Give the value by which handlers may choose; empty where they hear all of a kind."""
        return str(getattr(self, self.chosen_by)) if self.chosen_by else ""

    @classmethod
    def only(cls, which: str) -> "Only":
        """Name those events of this kind that have one value, for the journey."""
        return Only(cls, which)

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Self:
        """Rebuild the event from its row, ignoring fields a newer version wrote and this one does not know."""
        known = {f.name for f in dataclasses.fields(cls)}
        fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in payload.items() if k in known}
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Only:
    """The events of a kind that have one value in the field they are chosen by: `StageReached.only("picked")`."""

    kind: type[Event]
    which: str

    def __post_init__(self) -> None:
        """Refuse a kind of which all are heard alike."""
        if not self.kind.chosen_by:
            msg = f"{self.kind.__name__} is heard whole: it is chosen by no field"
            raise TypeError(msg)


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event as a row of the outbox."""

    stream: str
    shard: int
    kind: str
    payload: Event
    merchant_id: int
    which: str = ""


def shard_of(stream: str) -> int:
    """Give the shard of a stream, the same on every machine."""
    return zlib.crc32(stream.encode()) % SHARDS


def tell(events: Iterable[Event]) -> None:
    """Write events to the outbox, in one statement; a transaction must be open."""
    batch = outbox_rows(events)
    if batch:
        perform("kit", "insert_events", [rows(batch)])
        wake_after_commit()


def outbox_rows(events: Iterable[Event]) -> list[Told]:
    """Give events as rows of the outbox; refuse outside a transaction: a fact and its event stand or fall together."""
    if not connection.in_atomic_block:
        msg = "events are told inside the transaction of the fact"
        raise transaction.TransactionManagementError(msg)
    return [
        Told((stream := event.stream), shard_of(stream), type(event).__name__, event, event.merchant_id, event.which)
        for event in events
    ]
