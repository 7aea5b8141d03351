"""Nodes as the settings show them: their hours, their zones, their bins, and whom they serve."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from colisage.kit.errors import NotAllowed, NotThere
from colisage.network.models import Node, NodeService, Place, Zone

_GAP_MM: Final = 3_000  # from an aisle to the next, where there is nothing to learn it from


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node as the list shows it."""

    node: Node
    bins: int
    aisles: int


def nodes_page(operator_ids: Collection[int], *, after: str = "", size: int = 50) -> list[NodeRow]:
    """Give one page of the operators' nodes by code, and one more when there are more; two statements."""
    code, _space, pk = after.rpartition(" ")
    rows = Node.objects.filter(operator__in=operator_ids)
    if pk.isdecimal() and len(pk) < 19:
        rows = rows.filter(Q(code__gt=code) | Q(code=code, pk__gt=int(pk)))
    nodes = list(rows.select_related("operator").order_by("code", "pk")[: size + 1])
    counts = {
        row["node_id"]: (row["bins"], row["aisles"])
        for row in Place.objects.filter(node__in=nodes, kind="bin", active=True)
        .values("node_id")
        .annotate(bins=Count("pk"), aisles=Count("aisle", distinct=True))
    }
    return [NodeRow(node, *counts.get(node.pk, (0, 0))) for node in nodes]


def node_of(operator_ids: Collection[int], *, node_id: int, locked: bool = False) -> Node | None:
    """Find a node of these operators."""
    rows = Node.objects.filter(operator__in=operator_ids, pk=node_id).select_related("operator")
    return (rows.select_for_update(no_key=True, of=("self",)) if locked else rows).first()


def managed_node(roles: Mapping[int, Collection[str]], *, node_id: int) -> Node:
    """Give a node for whoever has these roles at its operator, by operator; a manager may change it.

    Raises `NotThere` where they work for another, `NotAllowed` where they do not manage it.
    """
    found = node_of(roles, node_id=node_id)
    if found is None:
        raise NotThere
    if "manager" not in roles[found.operator_id]:
        raise NotAllowed
    return found


def node_serving(merchant_id: int, *, code: str) -> Node | None:
    """Find a node that serves a merchant by its code in any case, in use or not."""
    rows = NodeService.objects.filter(merchant=merchant_id, node__code__iexact=code.replace("\x00", "").strip())
    found = rows.select_related("node__operator").order_by("-node__active", "-rank", "-node_id").first()
    return found.node if found else None


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone with the number of its places."""

    id: int
    code: str
    kind: str
    says: str
    places: int


def zones_of(node_id: int) -> list[ZoneRow]:
    """Give the zones of a node, storage first; two statements."""
    counts = dict(
        Place.objects.filter(node_id=node_id, active=True).values_list("zone_id").annotate(n=Count("pk")).order_by()
    )
    zones = Zone.objects.filter(node_id=node_id)
    return [
        ZoneRow(z.pk, z.code, z.kind, z.get_kind_display(), counts.get(z.pk, 0))
        for z in sorted(zones, key=lambda z: (z.kind != "storage", z.code))
    ]


def bins_page(node_id: int, *, text: str = "", after: str = "", size: int = 50) -> list[Place]:
    """Give one page of a node's bins by code, and one more when there are more; `text` is how a code begins."""
    rows = Place.objects.filter(node_id=node_id, kind="bin", code__gt=after)
    if text:
        rows = rows.filter(code__istartswith=text)
    return list(rows.select_related("zone").order_by("code")[: size + 1])


def bins_along(node_id: int, *, begins: str = "", zone: str = "", after: int = 0, size: int = 50) -> list[Place]:
    """Give one page of a node's bins as they were made, and one more when there are more; `begins` is how codes do."""
    rows = Place.objects.filter(node_id=node_id, kind="bin", pk__gt=after)
    if begins:
        rows = rows.filter(code__istartswith=begins)
    if zone:
        rows = rows.filter(zone__code__iexact=zone)
    return list(rows.select_related("zone").order_by("pk")[: size + 1])


def bin_of(node_id: int, *, place_id: int) -> Place | None:
    """Find a bin of a node, in use or not."""
    rows = Place.objects.filter(node_id=node_id, kind="bin", pk=place_id).select_related("zone")
    return rows.first() if place_id < 2**63 else None


@dataclass(frozen=True, slots=True)
class FreeSpot:
    """Where the next aisle would stand: beside the last one, as far from it as that is from the one before."""

    x_mm: int
    y_mm: int


def free_spot(node_id: int) -> FreeSpot:
    """Propose where the next aisle begins."""
    bins = Place.objects.filter(node_id=node_id, kind="bin", active=True)
    lines = sorted(bins.order_by().values_list("x_mm", flat=True).distinct())
    first = bins.aggregate(y=Min("y_mm"), x=Max("x_mm"))
    if not lines:
        return FreeSpot(_GAP_MM, _GAP_MM)
    gap = lines[-1] - lines[-2] if len(lines) > 1 else _GAP_MM
    return FreeSpot(int(first["x"]) + max(gap, _GAP_MM // 2), int(first["y"]))


def serving_nodes(merchant_ids: Collection[int]) -> dict[int, list[NodeService]]:
    """Give the nodes that serve each merchant, the preferred first, active or not."""
    found: dict[int, list[NodeService]] = {pk: [] for pk in merchant_ids}
    rows = NodeService.objects.filter(merchant__in=merchant_ids).select_related("node__operator")
    for row in rows.order_by("merchant_id", "rank", "node_id"):
        found[row.merchant_id].append(row)
    return found


def glns_serving(merchant_id: int) -> dict[int, str]:
    """Give the GLN of each node that serves a merchant and has one, by node."""
    rows = NodeService.objects.filter(merchant=merchant_id).exclude(node__gln="")
    return dict(rows.values_list("node_id", "node__gln"))


def served_by_no_other(node_id: int) -> list[str]:
    """Give the names of the merchants that an active node serves and no other active one does."""
    others = NodeService.objects.filter(merchant=OuterRef("merchant"), node__active=True).exclude(node=node_id)
    rows = NodeService.objects.filter(~Exists(others), node=node_id, node__active=True)
    return list(rows.order_by("merchant__name").values_list("merchant__name", flat=True))
