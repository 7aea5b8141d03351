"""Places as those need them who move goods between them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models.functions import Upper

from colisage.network.models import Place


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place of a node, as plain values. What it can hold is null where nobody said it."""

    id: int
    node_id: int
    node: str
    operator_id: int
    kind: str
    code: str
    level: int
    active: bool
    volume_mm3: int | None
    max_grams: int | None


_FACTS = (
    "pk", "node_id", "node__name", "node__operator_id", "kind", "code", "level", "active", "volume_mm3", "max_grams",
)  # fmt: skip


def places_facts(place_ids: Collection[int]) -> dict[int, PlaceFacts]:
    """Give places of nodes by id."""
    rows = Place.objects.filter(pk__in=place_ids, node__isnull=False).values_list(*_FACTS)
    return {row[0]: PlaceFacts(*row) for row in rows}


def places_with_code(node_ids: Collection[int], *, code: str) -> list[PlaceFacts]:
    """Find the places of nodes that bear a code, in any case of its letters; several where nodes share it."""
    rows = Place.objects.filter(node__in=node_ids, code__iexact=code.strip()).order_by("node__name", "pk")
    return [PlaceFacts(*row) for row in rows.values_list(*_FACTS)]


def places_coded(node_ids: Collection[int], *, codes: Collection[str]) -> dict[tuple[int, str], PlaceFacts]:
    """Find the places of nodes by their codes in any case; the keys are the node and the code in capitals."""
    rows = Place.objects.filter(node__in=node_ids).annotate(key=Upper("code"))
    found = rows.filter(key__in={code.strip().upper() for code in codes}).order_by("pk").values_list(*_FACTS)
    return {(place.node_id, place.code.upper()): place for place in (PlaceFacts(*row) for row in found)}


def place_ids_of(node_id: int) -> list[int]:
    """Give the places of a node, bins and others."""
    return list(Place.objects.filter(node=node_id).values_list("pk", flat=True))
