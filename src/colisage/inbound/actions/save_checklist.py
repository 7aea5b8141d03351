"""Writing what is looked at when goods arrive."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_id
from colisage.inbound.models import Checklist, Question, QuestionKind, SampleRule, Supplier
from colisage.inbound.queries.inspections import scopes_of
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused

MOST_QUESTIONS = 30


class ChecklistUnclear(Malformed):
    """A checklist has a name, and questions one can answer."""

    code = "checklist_unclear"
    text = _("A checklist has a name and 1 to 30 questions; the lower limit of a measure is not above the upper one.")


class SampleUnclear(Malformed):
    """A share, or a number of units, is said."""

    code = "sample_unclear"
    text = _("Say how many are looked at: a share from 1 to 100 per cent, or a number of units.")


class ChecklistTaken(Refused):
    """There is a checklist for the same goods."""

    code = "checklist_taken"
    text = _("There is a checklist for the same goods. Change or end that one.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its limits in thousandths of its unit."""

    kind: str
    text: str
    unit: str = ""
    lowest_milli: int | None = None
    highest_milli: int | None = None

    @property
    def is_clear(self) -> bool:
        """Say whether somebody can answer it."""
        limits = (self.lowest_milli, self.highest_milli)
        fits = None in limits or (limits[0] or 0) <= (limits[1] or 0)
        return self.kind in QuestionKind.values and bool(self.text.strip()) and fits


@transaction.atomic
def save_checklist(
    merchant_id: int,
    *,
    name: str,
    questions: Sequence[Asked],
    actor: Actor,
    sku_id: int | None = None,
    supplier_id: int | None = None,
    sample_rule: str = "all",
    sample_value: int = 0,
) -> int:
    """Write a checklist for a SKU, a supplier, both, or all goods of a merchant; receipts from then on are asked."""
    if not name.strip() or not 0 < len(questions) <= MOST_QUESTIONS or not all(q.is_clear for q in questions):
        raise ChecklistUnclear
    if sample_rule not in SampleRule.values:
        raise ChecklistUnclear
    if sample_rule != SampleRule.ALL and not 0 < sample_value <= (100 if sample_rule == "percent" else 1_000_000):
        raise SampleUnclear
    if sku_id is not None and not skus_by_id(merchant_id, ids=[sku_id]):
        raise NotThere
    if supplier_id is not None and not Supplier.objects.filter(merchant_id=merchant_id, pk=supplier_id).exists():
        raise NotThere
    if any((s.sku_id, s.supplier_id) == (sku_id, supplier_id) for s in scopes_of(merchant_id)):
        raise ChecklistTaken
    made = Checklist.objects.create(
        merchant_id=merchant_id, name=name.strip()[:80], sku_id=sku_id, supplier_id=supplier_id,
        sample_rule=sample_rule, sample_value=0 if sample_rule == SampleRule.ALL else sample_value,
    )  # fmt: skip
    Question.objects.bulk_create(
        Question(
            merchant_id=merchant_id, checklist=made, position=n, kind=q.kind, text=q.text.strip()[:200],
            unit=q.unit.strip()[:12], lowest_milli=q.lowest_milli, highest_milli=q.highest_milli,
        )
        for n, q in enumerate(questions)
    )  # fmt: skip
    record_deeds([Deed("checklist", made.pk, "checklist_saved", {"name": made.name}, merchant_id)], actor=actor)
    return made.pk
