"""Nodes, places and channels, as plain values."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django.db import connection

from colisage.kit.statements import statement
from colisage.network.models import Channel, Closure, Node, NodeService, Place, PlaceKind
from colisage.network.rules import departure


@dataclass(frozen=True, slots=True)
class Serving:
    """A node that serves a merchant, with its rank."""

    merchant_id: int
    node_id: int
    operator_id: int
    code: str
    name: str
    kind: str
    source: str
    rank: int
    country: str
    postcode: str
    latitude: float | None
    longitude: float | None
    handling_cents: int  # of one order, in `currency`
    currency: str


def node_ids_serving(merchant_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Give the ids of the active nodes of each merchant, the preferred first: what the hot path needs of them."""
    with connection.cursor() as db:
        db.execute(statement("network", "node_ids_serving"), [sorted(merchant_ids)])
        found = {merchant: tuple(nodes) for merchant, nodes in db.fetchall()}
    return {merchant: found.get(merchant, ()) for merchant in merchant_ids}


def nodes_serving(merchant_ids: Collection[int]) -> dict[int, list[Serving]]:
    """Give the active nodes of each merchant, the preferred first, in one statement."""
    rows = (
        NodeService.objects.filter(merchant__in=merchant_ids, node__active=True)
        .select_related("node__operator")
        .order_by("merchant_id", "rank", "node_id")
    )
    found: dict[int, list[Serving]] = {m: [] for m in merchant_ids}
    for row in rows:
        node = row.node
        found[row.merchant_id].append(
            Serving(
                row.merchant_id,
                node.pk,
                node.operator_id,
                node.code,
                node.name,
                node.kind,
                node.source,
                row.rank,
                node.address.get("country", ""),
                node.address.get("postcode", ""),
                node.latitude,
                node.longitude,
                node.handling_cents,
                node.operator.currency,
            )
        )
    return found


@cache
def virtual_place(kind: str) -> int:
    """Give the id of the one virtual place of a kind: supplier, customer, loss, found or assembly."""
    return Place.objects.get(node=None, kind=kind).pk


def place_of(node_id: int, *, kind: str) -> Place:
    """Give the first active place of a kind at a node, such as its packing bench."""
    return Place.objects.filter(node_id=node_id, kind=kind, active=True).order_by("walk", "id")[0]


def node_by_id(node_id: int) -> Node:
    """Give a node."""
    return Node.objects.get(pk=node_id)


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """A channel, as plain values."""

    id: int
    merchant_id: int
    kind: str
    code: str
    name: str
    buffer: int
    may_owe: bool
    language: str  # of the merchant, for customers whose own is not known


def channels_of(merchant_id: int) -> dict[str, ChannelFacts]:
    """Give a merchant's active channels by code."""
    return {
        c.code: ChannelFacts(c.pk, c.merchant_id, c.kind, c.code, c.name, c.buffer, c.may_owe, c.merchant.language)
        for c in Channel.objects.filter(merchant_id=merchant_id, active=True).select_related("merchant").order_by("pk")
    }


def channel_facts(channel_ids: Collection[int]) -> dict[int, ChannelFacts]:
    """Give the active ones among channels, by id: a question of the workers, who know the channel already."""
    rows = Channel.objects.filter(pk__in=channel_ids, active=True).select_related("merchant").order_by("pk")
    return {
        c.pk: ChannelFacts(c.pk, c.merchant_id, c.kind, c.code, c.name, c.buffer, c.may_owe, c.merchant.language)
        for c in rows
    }


def node_names(node_ids: Collection[int]) -> dict[int, str]:
    """Give the names of nodes."""
    return dict(Node.objects.filter(pk__in=node_ids).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin, as plain values. Coordinates in millimetres on the plan of the node."""

    id: int
    node_id: int
    code: str
    aisle: int
    x_mm: int
    y_mm: int
    level: int
    walk: int
    volume_mm3: int | None
    max_grams: int | None


_BIN = tuple(Bin.__dataclass_fields__)


def bins_of(node_id: int) -> list[Bin]:
    """Give the active bins of a node, along the walk."""
    rows = Place.objects.filter(node_id=node_id, kind="bin", active=True).order_by("walk", "id")
    return [Bin(*row) for row in rows.values_list(*_BIN)]


def places_by_id(ids: Collection[int]) -> dict[int, Bin]:
    """Give places of nodes by id, whatever their kind."""
    rows = Place.objects.filter(pk__in=ids, node__isnull=False).values_list(*_BIN)
    return {row[0]: Bin(*row) for row in rows}


def departures(node_ids: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """Give the next cut-off of each node by its clock, hours, working days and closures; two statements."""
    closed: dict[int, set[date]] = {pk: set() for pk in node_ids}
    for node_id, day in Closure.objects.filter(node__in=node_ids, day__gte=now.date() - timedelta(days=1)).values_list(
        "node_id", "day"
    ):
        closed[node_id].add(day)
    return {
        node.pk: departure(
            now, cutoff=node.cutoff, timezone=node.timezone, working_days=node.working_days, closed=closed[node.pk]
        )
        for node in Node.objects.filter(pk__in=node_ids)
    }


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """A node, as plain values."""

    id: int
    operator_id: int
    code: str
    name: str
    country: str
    timezone: str
    address: dict[str, str]


def nodes_by_id(node_ids: Collection[int]) -> dict[int, NodeFacts]:
    """Give nodes by id."""
    return {
        n.pk: NodeFacts(n.pk, n.operator_id, n.code, n.name, n.address.get("country", ""), n.timezone, n.address)
        for n in Node.objects.filter(pk__in=node_ids)
    }


def nodes_run_by(operator_ids: Collection[int]) -> list[NodeFacts]:
    """Give the active nodes of operators, by name."""
    ids = Node.objects.filter(operator__in=operator_ids, active=True).order_by("name").values_list("pk", flat=True)
    found = nodes_by_id(list(ids))
    return [found[pk] for pk in ids]


def place_word(kind: str) -> str:
    """Say what sort of place it is."""
    return str(dict(PlaceKind.choices).get(kind, kind))
