"""Nodes, their closed days, zones and bins as the API tells them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from colisage.network.models import Closure, Node, NodeService, Place
from colisage.network.queries.aisles import aisles_along
from colisage.network.queries.nodes import ZoneRow
from colisage.network.rules import WEEKDAYS


class NodeOut(Struct, frozen=True, kw_only=True):
    """A place that fulfils for the merchant; the lower `rank`, the sooner it is chosen.

    Its floor is `own` where its operator works for the merchant alone: there a program says how it is.
    """

    id: int
    code: str
    name: str
    kind: str
    source: str
    country: str
    timezone: str
    cutoff: str
    rank: int
    active: bool
    own: bool


class NodesOut(Struct, frozen=True, kw_only=True):
    """Every node."""

    items: list[NodeOut]


class NodeAddressOut(Struct, frozen=True, kw_only=True):
    """Where a node stands."""

    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""


class WholeNodeOut(NodeOut, frozen=True, kw_only=True):
    """A node with where it stands and when it works: 1 is Monday; `operator` is the short name of who runs it.

    Handling one order costs `handling_cents` in the operator's `currency`.
    Of one that is not `active`, for it is closed for good, `closed_why` says why.
    """

    operator: str
    address: NodeAddressOut
    working_days: list[int]
    gln: str
    handling_cents: int
    currency: str
    closed_why: str


class ClosureOut(Struct, frozen=True, kw_only=True):
    """A day on which a node does not work."""

    day: date
    reason: str


class ClosurePageOut(Struct, frozen=True, kw_only=True):
    """A page of closed days; `next` is the `page` that follows, null on the last."""

    items: list[ClosureOut]
    next: date | None


class FloorZoneOut(Struct, frozen=True, kw_only=True):
    """A part of a node with one purpose; `places` are its bins, or the one spot that it is."""

    id: int
    code: str
    kind: str
    places: int


class FloorZonesOut(Struct, frozen=True, kw_only=True):
    """Every zone of a node, storage first."""

    items: list[FloorZoneOut]


class FloorBinOut(Struct, frozen=True, kw_only=True):
    """A bin: where it stands on the plan, from the packing bench, and its place on the standing walk.

    What it holds and bears is null where no limit is known. Of one that is not `active`, `blocked_why` says why.
    """

    id: int
    code: str
    zone: str
    aisle: int
    x_mm: int
    y_mm: int
    level: int
    walk: int
    volume_mm3: int | None
    max_grams: int | None
    cross_dock: bool
    active: bool
    blocked_why: str


class FloorBinPageOut(Struct, frozen=True, kw_only=True):
    """A page of bins; `next` is the `page` that follows, null on the last."""

    items: list[FloorBinOut]
    next: int | None


class AisleWalkedOut(Struct, frozen=True, kw_only=True):
    """An aisle of the walk: how many bins it has, in use or not, and the codes of the first and the last."""

    aisle: str
    bins: int
    first: str
    last: str


class WalkOut(Struct, frozen=True, kw_only=True):
    """The aisles of a node in the order in which the standing walk enters them."""

    aisles: list[AisleWalkedOut]


class BinsMadeOut(Struct, frozen=True, kw_only=True):
    """Bins that were made: how many, and the codes of the first and the last along the walk."""

    bins: int
    first: str
    last: str


def nodes_told(merchant_id: int, *, own: Collection[int]) -> NodesOut:
    """Tell the nodes that serve a merchant, in the order in which they are chosen; `own` are operators of its alone."""
    rows = NodeService.objects.filter(merchant_id=merchant_id).select_related("node").order_by("rank", "node_id")
    return NodesOut(items=[NodeOut(**_facts(row.node, rank=row.rank, own=own)) for row in rows])


def node_told(node: Node, *, merchant_id: int, own: Collection[int]) -> WholeNodeOut:
    """Tell a node that serves a merchant, whole."""
    rank = NodeService.objects.filter(merchant_id=merchant_id, node=node).values_list("rank", flat=True)[0]
    known = NodeAddressOut.__struct_fields__
    return WholeNodeOut(
        **_facts(node, rank=rank, own=own),
        operator=node.operator.slug,
        address=NodeAddressOut(**{name: said for name, said in node.address.items() if name in known}),
        working_days=list(node.working_days or WEEKDAYS),
        gln=node.gln,
        handling_cents=node.handling_cents,
        currency=node.operator.currency,
        closed_why=node.closed_why,
    )


def _facts(node: Node, *, rank: int, own: Collection[int]) -> dict[str, Any]:
    plain = ("code", "name", "kind", "source", "timezone", "active")
    return {
        "id": node.pk,
        **{name: getattr(node, name) for name in plain},
        "country": node.address.get("country", ""),
        "cutoff": f"{node.cutoff:%H:%M}",
        "rank": rank,
        "own": node.operator_id in own,
    }


def closures_told(rows: Sequence[Closure]) -> list[ClosureOut]:
    """Tell closed days."""
    return [ClosureOut(day=row.day, reason=row.reason) for row in rows]


def zones_told(rows: Sequence[ZoneRow]) -> FloorZonesOut:
    """Tell the zones of a node."""
    return FloorZonesOut(items=[FloorZoneOut(id=z.id, code=z.code, kind=z.kind, places=z.places) for z in rows])


def bins_told(rows: Sequence[Place]) -> list[FloorBinOut]:
    """Tell bins, their zones loaded with them."""
    plain = (
        "code", "aisle", "x_mm", "y_mm", "level", "walk", "volume_mm3", "max_grams", "cross_dock", "active",
        "blocked_why",
    )  # fmt: skip
    return [
        FloorBinOut(id=row.pk, zone=row.zone.code if row.zone else "", **{name: getattr(row, name) for name in plain})
        for row in rows
    ]


def walk_told(node_id: int) -> WalkOut:
    """Tell the aisles of a node along the walk."""
    return WalkOut(
        aisles=[
            AisleWalkedOut(aisle=one.name, bins=one.bins, first=one.first, last=one.last)
            for one in aisles_along(node_id)
        ]
    )
