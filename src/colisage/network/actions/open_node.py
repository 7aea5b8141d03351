"""Opening a warehouse: its bins, and the spots every node has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from colisage.network.models import Node, Place, Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class BinRow:
    """A bin; coordinates in millimetres on the plan, `walk` its position in the standing walk."""

    code: str
    aisle: int
    x_mm: int
    y_mm: int
    level: int
    walk: int
    volume_mm3: int | None = None
    max_grams: int | None = None


@transaction.atomic
def open_node(operator_id: int, *, code: str, name: str, bins: Sequence[BinRow], **facts: Any) -> int:
    """Make a node with its bins, dock, bench, hand-over, returns desk and quarantine; give its id.

    `facts` are fields of `Node`: address, timezone, latitude, longitude, cutoff, working_days, handling_cents (in the
    currency of the operator).
    """
    node = Node.objects.create(operator_id=operator_id, code=code, name=name, **facts)
    storage = Zone.objects.create(node=node, code="A", kind="storage")
    Place.objects.bulk_create(
        Place(
            node=node,
            zone=storage,
            kind="bin",
            code=row.code,
            aisle=row.aisle,
            x_mm=row.x_mm,
            y_mm=row.y_mm,
            level=row.level,
            walk=row.walk,
            volume_mm3=row.volume_mm3,
            max_grams=row.max_grams,
        )
        for row in bins
    )
    for kind in ("dock", "bench", "handover", "returns", "quarantine"):
        zone = Zone.objects.create(node=node, code=kind.upper(), kind=kind)
        Place.objects.create(node=node, zone=zone, kind=kind, code=kind.upper())
    return node.pk
