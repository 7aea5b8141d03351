"""What each channel may sell, and what is kept back from it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from colisage.catalog.queries import recipes_of
from colisage.catalog.queries.searching import in_parts, sought
from colisage.inventory.models import Availability, ChannelBuffer
from colisage.inventory.rules.channels import AtNode, Published, published, published_bundle
from colisage.kit.statements import ask, statement
from colisage.network.queries import ChannelFacts, nodes_serving


def buffers_of(channel_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Give the units of single SKUs that are kept back from channels; nothing where the channel's own buffer holds."""
    if not channel_ids:
        return {}
    found: dict[int, dict[int, int]] = {}
    rows = ChannelBuffer.objects.filter(channel_id__in=channel_ids, sku_id__in=sku_ids)
    for channel, sku, units in rows.values_list("channel_id", "sku_id", "units"):
        found.setdefault(channel, {})[sku] = units
    return found


def buffers_page(channel_id: int, *, merchant_id: int, after: int = 0, size: int = 50) -> list[tuple[int, str, int]]:
    """Give one page of (SKU, its code, units kept back) of a channel, by SKU, and one more when there are more."""
    rows = ChannelBuffer.objects.filter(merchant_id=merchant_id, channel_id=channel_id, sku_id__gt=after)
    return list(rows.order_by("sku_id").values_list("sku_id", "sku__code", "units")[: size + 1])


@dataclass(frozen=True, slots=True)
class Offered:
    """A SKU of a page of what a channel may sell; `key` says where the next page begins."""

    id: int
    code: str
    name: str
    kind: str
    key: str


def published_page(
    merchant_id: int,
    *,
    after: tuple[str, int] = ("", 0),
    text: str = "",
    since: int | None = None,
    size: int = 50,
) -> list[Offered]:
    """Give one page of SKUs that can be sold, by code, and one more when there are more.

    With `since` (see `moment`), only those of which what may be promised changed since, perhaps some more.
    """
    wanted = sought([merchant_id], text=text) if text else None
    asked: dict[str, Any] = {
        "merchant": merchant_id,
        "code": after[0],
        "pk": after[1],
        "since": since,
        "size": size + 1,
    }
    with connection.cursor() as db:
        page = in_parts(statement("inventory", "published_page"), sought=wanted)
        db.execute(page, {**asked, **(wanted.parameters if wanted else {})})
        return [Offered(*row) for row in db.fetchall()]


def counted_skus(merchant_id: int) -> list[int]:
    """Give every SKU of a merchant of which what may be promised is counted somewhere, bundles with them."""
    return [int(sku) for (sku,) in ask("inventory", "counted_skus", {"merchant": merchant_id})]


def moment() -> int:
    """Give what to ask for next time so that no change is missed: the oldest transaction that is still running."""
    with connection.cursor() as db:
        db.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(db.fetchone()[0])


def published_of(channel: ChannelFacts, *, sku_ids: Collection[int]) -> dict[int, Published]:
    """Say what a channel may sell of SKUs, with the arithmetic node by node; four statements, however many SKUs.

    An order through the channel for as many is accepted without owing anything (`reserve` keeps the same back).
    """
    recipes = recipes_of(channel.merchant_id, sku_ids=sku_ids)
    wanted = set(sku_ids) | {part for recipe in recipes.values() for part, _units in recipe}
    serving = {s.node_id for s in nodes_serving([channel.merchant_id])[channel.merchant_id]}
    buffers = buffers_of([channel.id], sku_ids=wanted).get(channel.id, {})
    nodes: dict[int, list[AtNode]] = {sku: [] for sku in wanted}
    rows = Availability.objects.filter(merchant_id=channel.merchant_id, sku_id__in=wanted, node_id__in=serving)
    for row in rows.order_by("sku_id", "node_id"):
        nodes[row.sku_id].append(
            AtNode(
                row.node_id, row.sellable, row.reserved, row.safety, buffers.get(row.sku_id, channel.buffer),
                row.source == "unlimited", row.ahead_cap - row.ahead, row.unreleased,
            )
        )  # fmt: skip
    return {sku: published_bundle(recipes[sku], nodes) if sku in recipes else published(nodes[sku]) for sku in sku_ids}
