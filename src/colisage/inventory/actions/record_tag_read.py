"""A read of tags, compared with the books of its place: a proposal, and never a movement."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from colisage.inventory.models import TagRead, TagReadLine
from colisage.inventory.queries.tags import expected_in, tags_meant
from colisage.inventory.rules.tags import MOST_STRANGERS, MOST_TAGS, TooManyTags, compare
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.network.queries import bins_of, nodes_by_id


@transaction.atomic
def record_tag_read(
    operator_id: int,
    *,
    node_id: int,
    place_id: int,
    epcs: Sequence[str],
    merchant_ids: Collection[int],
    actor: Actor,
    read_id: int | None = None,
) -> int:
    """Compare tags with what the books have of merchants in a bin; give the id of the read.

    A tag counts once, however often it was seen and however it is written. Tags of goods that nobody here has, of
    pallets, and those that cannot be read are counted by themselves and never compared. Nothing is booked. The number
    of statements does not depend on the number of tags.
    """
    node = nodes_by_id([node_id]).get(node_id)
    if node is None or node.operator_id != operator_id or place_id not in {one.id for one in bins_of(node_id)}:
        raise NotThere
    if len(epcs) > MOST_TAGS:
        raise TooManyTags(most=MOST_TAGS)
    tags = tags_meant(epcs, merchant_ids=merchant_ids)
    found = compare(expected_in(place_id, merchant_ids=merchant_ids), tags=tags)
    facts: dict[str, Any] = {
        "state": "read",
        "tags": len(tags),
        "twice": len(epcs) - len(tags),
        "foreign": found.counts["unknown"],
        "units": found.counts["unit"],
        "unreadable": found.counts["unreadable"],
        "strangers": [[tag.text[:120], tag.standing, tag.name[:120]] for tag in found.strangers[:MOST_STRANGERS]],
    }
    if read_id is None:
        read = TagRead.objects.create(
            operator_id=operator_id, node_id=node_id, place_id=place_id, made_by=str(actor)[:150], **facts
        )
        read_id = read.pk
    elif not TagRead.objects.filter(operator_id=operator_id, pk=read_id, state="reading").update(**facts):
        return read_id
    TagReadLine.objects.bulk_create(
        [
            TagReadLine(
                operator_id=operator_id, merchant_id=goods.merchant_id, read_id=read_id, sku_id=goods.sku_id,
                serial=goods.serial, expected=expected, seen=seen,
            )
            for goods, (expected, seen) in found.lines.items()
        ],
        batch_size=5_000,
    )  # fmt: skip
    deed = Deed("tag_read", read_id, "tags_read", {"tags": len(tags)}, operator_id=operator_id)
    record_deeds([deed], actor=actor)
    return read_id
