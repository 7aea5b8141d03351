"""Readers of tags and what they read, as the API tells it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from colisage.inventory.models import TagRead, TagReader, TagReadLine
from colisage.inventory.ports import said


class TagReaderOut(Struct, frozen=True, kw_only=True):
    """A reader, and what was last known of it. `state`: new (not tried), asked, ready or silent; why is `told`.

    `bin` is what it looks at, empty for a gate.
    """

    id: int
    node: str
    bin: str
    name: str
    host: str
    port: int
    state: str
    told: str
    tried_at: datetime | None


class TagReadersOut(Struct, frozen=True, kw_only=True):
    """The readers of a merchant's own warehouses, by name."""

    items: list[TagReaderOut]


class TagReadOut(Struct, frozen=True, kw_only=True):
    """One look at the tags of a bin. `state`: reading, read (to look at), failed, counting or put_aside.

    `tags` are different ones, `twice` those seen again; `foreign` are goods of nobody here, `units` pallets and
    cartons, `unreadable` no EPC. `count` is the count that the bin waits for because of it.
    """

    id: int
    node: str
    bin: str
    reader: str
    state: str
    told: str
    tags: int
    twice: int
    foreign: int
    units: int
    unreadable: int
    count: int | None
    made_by: str
    made_at: datetime


class TagReadLineOut(Struct, frozen=True, kw_only=True):
    """Goods of a SKU, or one serial number of it: units the books expect in the bin, and those seen."""

    sku: str
    serial: str
    expected: int
    seen: int


class StrangerOut(Struct, frozen=True, kw_only=True):
    """A tag that is not compared: `standing` unknown (nobody's goods here), unit (pallet or carton) or unreadable."""

    tag: str
    standing: str
    name: str


class WholeTagReadOut(TagReadOut, frozen=True, kw_only=True):
    """A read beside the books, goods that differ first, and the first of the tags that are not compared."""

    lines: list[TagReadLineOut]
    strangers: list[StrangerOut]


class TagReadPageOut(Struct, frozen=True, kw_only=True):
    """A page of reads, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[TagReadOut]
    next: int | None


def readers_told(readers: Sequence[TagReader]) -> list[TagReaderOut]:
    """Tell readers, which come with node and bin; no statement."""
    same = ("name", "host", "port", "state", "tried_at")
    return [
        TagReaderOut(
            id=one.pk, node=one.node.code, bin=one.place.code if one.place else "", told=said(one.told),
            **{name: getattr(one, name) for name in same},
        )
        for one in readers
    ]  # fmt: skip


def reads_told(reads: Sequence[TagRead]) -> list[TagReadOut]:
    """Tell reads, which come with node, bin and reader; no statement."""
    return [TagReadOut(**_read(one)) for one in reads]


def read_told(read: TagRead, lines: Sequence[TagReadLine]) -> WholeTagReadOut:
    """Tell a read with its lines, which come with their SKUs; no statement."""
    told = [TagReadLineOut(sku=one.sku.code, serial=one.serial, expected=one.expected, seen=one.seen) for one in lines]
    strangers = [StrangerOut(tag=text, standing=standing, name=name) for text, standing, name in read.strangers]
    return WholeTagReadOut(**_read(read), lines=told, strangers=strangers)


def _read(one: TagRead) -> dict[str, Any]:
    same = ("state", "tags", "twice", "foreign", "units", "unreadable", "made_by", "made_at")
    return {
        "id": one.pk, "node": one.node.code, "bin": one.place.code, "reader": one.reader.name if one.reader else "",
        "told": said(one.told), "count": one.count_id, **{name: getattr(one, name) for name in same},
    }  # fmt: skip
