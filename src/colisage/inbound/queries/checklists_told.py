"""What is looked at when goods arrive, as the API tells it."""

from collections.abc import Sequence

from msgspec import Struct

from colisage.inbound.models import Checklist, Question
from colisage.inbound.queries.inspections import limits_of, questions_of


class QuestionOut(Struct, frozen=True, kw_only=True):
    """A question of an inspection. `kind`: yes_no, measure (in `unit`, within the limits; empty: none) or photo."""

    id: int
    kind: str
    text: str
    unit: str
    lowest: str
    highest: str


class ChecklistOut(Struct, frozen=True, kw_only=True):
    """What is asked of goods when they arrive: of a SKU, of what a supplier brings, of both, or (both empty) of all.

    `sample_rule`: all units are looked at, `sample_value` per cent of them, or that number.
    """

    id: int
    name: str
    sku: str
    supplier: str
    sample_rule: str
    sample_value: int
    questions: list[QuestionOut]


class ChecklistPageOut(Struct, frozen=True, kw_only=True):
    """A page of the lists in use, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[ChecklistOut]
    next: int | None


def questions_told(questions: Sequence[Question]) -> list[QuestionOut]:
    """Tell questions; no statement."""
    told = []
    for one in questions:
        lowest, highest = limits_of(one)
        told.append(QuestionOut(id=one.pk, kind=one.kind, text=one.text, unit=one.unit, lowest=lowest, highest=highest))
    return told


def checklists_told(lists: Sequence[Checklist]) -> list[ChecklistOut]:
    """Tell checklists, which come with SKU and supplier; one statement."""
    asked = questions_of([one.pk for one in lists])
    return [
        ChecklistOut(
            id=one.pk, name=one.name, sku=one.sku.code if one.sku else "",
            supplier=one.supplier.code if one.supplier else "", sample_rule=one.sample_rule,
            sample_value=one.sample_value, questions=questions_told(asked[one.pk]),
        )
        for one in lists
    ]  # fmt: skip
