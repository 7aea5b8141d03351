"""Adding packagings, as a program says: each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.boxing.actions.add_box_types import add_box_types
from colisage.boxing.rules import BoxRow
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Refused
from colisage.people.queries import own_operator_called


@transaction.atomic
def add_boxes_named(merchant_id: int, boxes: Sequence[BoxRow], *, operator: str, actor: Actor) -> list[Refused | int]:
    """Make packagings of an operator that works for the merchant alone; give the id of each, or why it was refused.

    `operator` is its short name (empty: the only one). Raises `NotYourFloor` and `UnknownOperator`; what
    `add_box_types` raises is an answer.
    """
    by = own_operator_called(merchant_id, slug=operator)
    return each(boxes, lambda one: add_box_types(by, [one], actor=actor)[0], by=lambda one: one.code.upper())
