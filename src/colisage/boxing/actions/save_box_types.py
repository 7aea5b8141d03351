"""Writing the packagings of an operator."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from colisage.boxing.models import BoxType
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRow:
    """A packaging; lengths in millimetres, weights in grams, cost in minor units."""

    code: str
    name: str
    inner_length_mm: int
    inner_width_mm: int
    inner_height_mm: int
    outer_length_mm: int
    outer_width_mm: int
    outer_height_mm: int
    empty_grams: int
    max_grams: int
    cost_cents: int = 0
    kind: str = "box"


@transaction.atomic
def save_box_types(operator_id: int, boxes: Sequence[BoxRow], *, actor: Actor) -> int:
    """Make or change packagings by code; give how many."""
    fields = [name for name in BoxRow.__dataclass_fields__ if name != "code"]
    BoxType.objects.bulk_create(
        (BoxType(operator_id=operator_id, **asdict(box)) for box in boxes),
        update_conflicts=True,
        unique_fields=["operator", "code"],
        update_fields=fields,
    )
    record_deeds(
        [Deed("operator", operator_id, "boxes_saved", {"count": len(boxes)}, operator_id=operator_id)], actor=actor
    )
    return len(boxes)
