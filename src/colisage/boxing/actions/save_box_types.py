"""Writing the packagings of an operator."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from colisage.boxing.models import BoxType
from colisage.boxing.rules import BoxRow, refuse_impossible
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.once import insert_or_change

__all__ = ["BoxRow", "save_box_types"]


@transaction.atomic
def save_box_types(operator_id: int, boxes: Sequence[BoxRow], *, actor: Actor) -> int:
    """Make or change packagings by code, all or none; give how many."""
    for box in boxes:
        refuse_impossible(box)
    fields = [name for name in BoxRow.__dataclass_fields__ if name != "code"]
    insert_or_change(
        (BoxType(operator_id=operator_id, **asdict(box)) for box in boxes),
        by=["operator_id", "code"],
        change=fields,
    )
    record_deeds(
        [Deed("operator", operator_id, "boxes_saved", {"count": len(boxes)}, operator_id=operator_id)], actor=actor
    )
    return len(boxes)
