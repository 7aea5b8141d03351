"""One box and its contents as a packing problem."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from colisage.catalog.queries import SkuFacts
from colisage.solvers.boxes.problem import Box, Item, Problem

UNKNOWN_SIDES_MM = (200, 130, 30)  # as `boxing` takes what nobody has measured
UNKNOWN_GRAMS = 300


class Packaging(Protocol):
    """What is asked of a packaging."""

    pk: int
    inner_length_mm: int
    inner_width_mm: int
    inner_height_mm: int
    outer_length_mm: int
    outer_width_mm: int
    outer_height_mm: int
    empty_grams: int
    max_grams: int
    cost_cents: int


def one_box(box: Packaging, *, items: Sequence[tuple[int, int]], skus: Mapping[int, SkuFacts]) -> Problem:
    """Make the problem of packing items, (SKU id, units), into this packaging alone."""
    return Problem(tuple(_item(skus[sku], units) for sku, units in items), (_box(box),))


def _item(sku: SkuFacts, units: int) -> Item:
    known = (sku.length_mm, sku.width_mm, sku.height_mm)
    length, width, height = (side or 1 for side in known) if all(known) else UNKNOWN_SIDES_MM
    return Item(
        id=str(sku.id),
        length_mm=length,
        width_mm=width,
        height_mm=height,
        grams=UNKNOWN_GRAMS if sku.grams is None else sku.grams,
        quantity=units,
        keep_upright=sku.keep_upright,
        fragile=sku.fragile or not sku.stackable,
    )


def _box(box: Packaging) -> Box:
    return Box(
        id=str(box.pk),
        inner_length_mm=box.inner_length_mm,
        inner_width_mm=box.inner_width_mm,
        inner_height_mm=box.inner_height_mm,
        outer_length_mm=box.outer_length_mm,
        outer_width_mm=box.outer_width_mm,
        outer_height_mm=box.outer_height_mm,
        empty_grams=box.empty_grams,
        max_contents_grams=box.max_grams - box.empty_grams,
        cost_cents=box.cost_cents,
    )
