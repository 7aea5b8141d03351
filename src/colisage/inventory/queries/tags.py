"""Readers of tags, what they read, and how far it is from the books."""

from collections import Counter
from collections.abc import Collection, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from colisage.catalog.queries.tags import Tagged, goods_of_tags
from colisage.inventory.models import StockCell, TagRead, TagReader, TagReadLine
from colisage.inventory.ports import ReaderSilent, Saying, TagReaderPort
from colisage.inventory.rules.tags import Goods, Tag


def reader_port(connector: str) -> TagReaderPort:
    """Give the port of a connector; raises `ReaderSilent` when this installation has none of that name."""
    ports: dict[str, str] = getattr(settings, "COLISAGE_TAG_READERS", {})
    if connector not in ports:
        raise ReaderSilent(Saying(connector))
    port: TagReaderPort = import_string(ports[connector])()
    return port


def readers_of(operator_ids: Collection[int]) -> list[TagReader]:
    """Give the readers of operators, by name."""
    rows = TagReader.objects.filter(operator__in=operator_ids, active=True).select_related("node", "place")
    return list(rows.order_by("name", "pk"))


def reads_page(operator_ids: Collection[int], *, before: int = 0, size: int = 50) -> list[TagRead]:
    """Give one page of reads, the latest first, and one more when there are more."""
    rows = TagRead.objects.filter(operator__in=operator_ids).select_related("node", "place", "reader")
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: size + 1])


def read_of(operator_ids: Collection[int], *, read_id: int) -> TagRead | None:
    """Find a read of these operators."""
    rows = TagRead.objects.filter(operator__in=operator_ids, pk=read_id)
    return rows.select_related("node", "place", "reader").first()


def lines_of_read(merchant_ids: Collection[int], *, read_id: int) -> list[TagReadLine]:
    """Give the lines of a read, those that differ first."""
    rows = TagReadLine.objects.filter(merchant__in=merchant_ids, read=read_id).select_related("sku")
    return sorted(rows, key=lambda line: (line.expected == line.seen, line.sku.code, line.serial))


def expected_in(place_id: int, *, merchant_ids: Collection[int]) -> dict[Goods, int]:
    """Give what the books have of merchants in a place: units by SKU, serials one by one."""
    rows = StockCell.objects.filter(place=place_id, merchant__in=merchant_ids, kept=True, qty__gt=0)
    book = Counter[Goods]()
    for merchant, sku, qty, code, serial in rows.values_list(
        "merchant_id", "sku_id", "qty", "lot__code", "lot__is_serial"
    ):
        book[Goods(merchant, sku, code if serial else "")] += qty
    return dict(book)


def tags_meant(texts: Sequence[str], *, merchant_ids: Collection[int]) -> list[Tag]:
    """Say what tags stand on, each different one once, in one statement."""
    found = goods_of_tags(merchant_ids, epcs=texts)
    once: dict[str, Tag] = {}
    for text, tagged in found.items():
        tag = _tag(text, tagged)
        once.setdefault(tag.name or text, tag)
    return list(once.values())


def _tag(text: str, tagged: Tagged) -> Tag:
    epc = tagged.epc
    choices = tuple(tagged.goods)
    return Tag(text, tagged.standing, choices, epc.serial if epc else "", epc.uri if epc else "")
