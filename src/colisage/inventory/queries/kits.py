"""Kits: how many there are, how many could be made, and what went into them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from colisage.catalog.queries import SkuFacts, kit_recipes, skus_by_id
from colisage.inventory.models import Assembly, AssemblyKind, AssemblyLine
from colisage.inventory.queries.browser import NOTHING, Figures, figures_by_node
from colisage.inventory.rules.kits import Cell, Taken, missing, sets_of, take
from colisage.kit.statements import statement

MOST_HISTORY: Final = 50


@dataclass(frozen=True, slots=True)
class CanMake:
    """Kits on hand and kits that could be made now, by node."""

    have: Mapping[int, int]
    can: Mapping[int, int]


def can_make(merchant_id: int, *, sku_ids: Collection[int]) -> dict[int, CanMake]:
    """Say of each kit how many each node has and could make now; three statements, however many kits."""
    recipes = kit_recipes(merchant_id, sku_ids=sku_ids)
    parts = {part for recipe in recipes.values() for part, _units in recipe}
    figures = figures_by_node([merchant_id], sku_ids=parts | set(sku_ids))
    found = {}
    for kit in sku_ids:
        recipe = recipes.get(kit, ())
        nodes = {node for part, _units in recipe for node in figures[part] if node is not None}
        can = {
            node: sets_of(recipe, free={part: _free(figures[part].get(node, NOTHING)) for part, _units in recipe})
            for node in nodes
        }
        have = {node: f.on_hand for node, f in figures[kit].items() if node is not None and f.on_hand}
        found[kit] = CanMake(have, {node: sets for node, sets in can.items() if sets})
    return found


def _free(figures: Figures) -> int:
    return figures.free  # what is not counted has no bins to take from


@dataclass(frozen=True, slots=True)
class Need:
    """A component of a kit: units in one, and what is free of it at each node."""

    sku: SkuFacts
    units: int
    free: Mapping[int, int]


def needs_of(merchant_id: int, *, sku_id: int) -> list[Need]:
    """Give the recipe of a kit with what is free of each component."""
    recipe = kit_recipes(merchant_id, sku_ids=[sku_id]).get(sku_id, ())
    facts = skus_by_id(merchant_id, ids=[part for part, _units in recipe])
    figures = figures_by_node([merchant_id], sku_ids=list(facts))
    return [
        Need(facts[part], units, {node: f.free for node, f in figures[part].items() if node is not None})
        for part, units in recipe
        if part in facts
    ]


@dataclass(frozen=True, slots=True)
class Plan:
    """From which cells an assembler takes what; `missing` are units of components that are not there."""

    taken: tuple[Taken, ...]
    missing: Mapping[int, int]


def plan_of(merchant_id: int, *, sku_id: int, node_id: int, kits: int) -> Plan:
    """Say where the components of so many kits would be taken now, in the order of rotation."""
    recipe = kit_recipes(merchant_id, sku_ids=[sku_id]).get(sku_id, ())
    parts = [part for part, _units in recipe]
    with connection.cursor() as db:
        unlocked = statement("inventory", "assembly_cells").replace("FOR NO KEY UPDATE", "")
        db.execute(unlocked, {"merchant": merchant_id, "node": node_id, "skus": parts})
        cells = [Cell(*row) for row in db.fetchall()]
    figures = figures_by_node([merchant_id], sku_ids=parts)
    there = {
        part: min(figures[part].get(node_id, NOTHING).free, sum(c.free for c in cells if c.sku_id == part))
        for part in parts
    }
    return Plan(tuple(take(recipe, kits=kits, cells=cells)), missing(recipe, kits=kits, free=there))


@dataclass(frozen=True, slots=True)
class Made:
    """Kits made or taken apart once; `left` of those made are not taken apart yet."""

    id: int
    kind: str
    says: str
    node_id: int
    node: str
    place: str
    lot: str
    qty: int
    left: int
    by: str
    at: datetime
    parts: tuple[tuple[str, int, str], ...]  # component, units, lot


def assemblies_of(merchant_id: int, *, sku_id: int, before: int | None = None, size: int = MOST_HISTORY) -> list[Made]:
    """Give what was made of a kit and taken apart, the latest first, one more when there are more; three statements."""
    rows = Assembly.objects.filter(merchant_id=merchant_id, sku_id=sku_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("node", "place", "lot").order_by("-pk")[: size + 1])
    ids = [a.pk for a in found]
    parts: dict[int, list[tuple[str, int, str]]] = {pk: [] for pk in ids}
    lines = AssemblyLine.objects.filter(merchant_id=merchant_id, assembly__in=ids).order_by("pk")
    for pk, code, qty, lot in lines.values_list("assembly_id", "sku__code", "qty", "lot__code"):
        parts[pk].append((code, qty, lot or ""))
    apart = dict(
        Assembly.objects.filter(merchant_id=merchant_id, made_by__in=ids)
        .order_by()
        .values_list("made_by_id")
        .annotate(n=Sum("qty"))
    )
    return [
        Made(
            a.pk, a.kind, a.get_kind_display(), a.node_id, a.node.name, a.place.code, a.lot.code if a.lot else "",
            a.qty, a.qty - apart.get(a.pk, 0) if a.kind == AssemblyKind.ASSEMBLED else 0, a.by_name,
            a.at, tuple(parts[a.pk]),
        )
        for a in found
    ]  # fmt: skip


def assembly_of(merchant_ids: Collection[int], *, assembly_id: int) -> tuple[int, int] | None:
    """Give the merchant and the kit of an assembly."""
    rows = Assembly.objects.filter(merchant_id__in=merchant_ids, pk=assembly_id)
    return rows.values_list("merchant_id", "sku_id").first()


def made_already(merchant_id: int, *, once: UUID) -> bool:
    """Say whether kits were made under this token."""
    return Assembly.objects.filter(merchant_id=merchant_id, once=once).exists()


@dataclass(frozen=True, slots=True)
class LotInKit:
    """Units of a lot that went into kits: which kits, of which lot of their own, how many."""

    lot_id: int
    assembly_id: int
    kit_id: int
    kit_lot_id: int | None
    node_id: int
    units: int
    kits: int
    at: datetime


def kits_with_lots(merchant_ids: Collection[int], *, lot_ids: Collection[int]) -> list[LotInKit]:
    """Say which kits hold units of these lots, for a recall; in one statement."""
    lines = AssemblyLine.objects.filter(
        merchant_id__in=merchant_ids, lot__in=lot_ids, assembly__kind=AssemblyKind.ASSEMBLED
    ).order_by("pk")
    return [
        LotInKit(*row)
        for row in lines.values_list(
            "lot_id", "assembly_id", "assembly__sku_id", "assembly__lot_id", "assembly__node_id", "qty",
            "assembly__qty", "assembly__at",
        )
    ]  # fmt: skip
