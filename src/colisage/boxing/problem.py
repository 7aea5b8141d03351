"""From SKUs and packagings to a packing problem, and from its plan back."""

from collections.abc import Mapping, Sequence

from colisage.boxing.models import BoxType
from colisage.catalog.queries import SkuFacts
from colisage.solvers.boxes.problem import Box, Item, Problem

# What a thing is taken to be while nobody has measured it: a paperback. The plan says where this was used.
USUAL_SIDES_MM = (200, 130, 30)
USUAL_GRAMS = 300


def problem_of(items: Sequence[tuple[int, int]], *, boxes: Sequence[BoxType], skus: Mapping[int, SkuFacts]) -> Problem:
    """Make the problem of packing units of SKUs, (SKU id, units), into packagings."""
    return Problem(
        items=tuple(_item(skus[sku], quantity=units) for sku, units in items),
        boxes=tuple(
            Box(
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
            for box in boxes
        ),
    )


def _item(sku: SkuFacts, *, quantity: int) -> Item:
    length, width, height = sides_of(sku)
    return Item(
        id=str(sku.id),
        length_mm=length,
        width_mm=width,
        height_mm=height,
        grams=grams_of(sku),
        quantity=quantity,
        keep_upright=sku.keep_upright,
        fragile=sku.fragile or not sku.stackable,
    )


def sides_of(sku: SkuFacts) -> tuple[int, int, int]:
    """Give the sides of a SKU, the usual ones where they are not known."""
    if sku.length_mm and sku.width_mm and sku.height_mm:
        return sku.length_mm, sku.width_mm, sku.height_mm
    return USUAL_SIDES_MM


def grams_of(sku: SkuFacts) -> int:
    """Give the weight of a SKU, the usual one where it is not known."""
    return sku.grams if sku.grams is not None else USUAL_GRAMS


def is_measured(sku: SkuFacts) -> bool:
    """Say whether sides and weight of a SKU are known."""
    return bool(sku.length_mm and sku.width_mm and sku.height_mm and sku.grams is not None)
