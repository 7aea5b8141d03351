"""Inspection: what was found on a receipt, and where its units go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.take_units_off import take_units_off
from colisage.inbound.models import QualityCheck, Question, Receipt
from colisage.inbound.rules.inspecting import milli, sample_size, within
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import place_of


class NothingToInspect(Refused):
    """The receipt asks for no inspection, or it is done."""

    code = "nothing_to_inspect"
    text = _("This receipt asks for no inspection, or it was done already.")


class AnswerMissing(Malformed):
    """Each question is answered; a measure is a number."""

    code = "answer_missing"
    text = _("Answer every question: “%(question)s”. A measure is a number, such as 12.5.")


class PhotoMissing(Malformed):
    """A question asks for a photo."""

    code = "photo_missing"
    text = _("Take the photo that is asked for.")


class FailedUnclear(Malformed):
    """An answer is wrong: some units fail, and not more than there are."""

    code = "failed_unclear"
    text = _("Say how many units fail: something was found, and at most %(most)s are there.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a person found: answers by question (yes, no, or a measure), photos, units that fail."""

    answers: Mapping[int, str]
    failed_units: int
    photos: int = 0
    note: str = ""


@transaction.atomic
def inspect_receipt(merchant_id: int, *, receipt_id: int, finding: Finding, actor: Actor) -> bool:
    """Write down what was found on a receipt; say whether it passed.

    Units that fail go from the dock to quarantine, off their plates, the sellable ones before those found damaged
    there; the others may be put away from then on. A wrong answer without a unit that fails is refused.
    """
    receipt = Receipt.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=receipt_id).first()
    if receipt is None:
        raise NotThere
    if not receipt.inspection_due or receipt.checklist is None or receipt.undone_at is not None:
        raise NothingToInspect
    questions = list(Question.objects.filter(checklist=receipt.checklist_id).order_by("position"))
    answers = [_answer(question, finding) for question in questions]
    right = all(answer["right"] for answer in answers)
    if not 0 <= finding.failed_units <= receipt.left or (not right and not finding.failed_units):
        raise FailedUnclear(most=receipt.left)
    check = QualityCheck.objects.create(
        merchant_id=merchant_id, receipt=receipt, checklist=receipt.checklist,
        sample=sample_size(
            receipt.checklist.sample_rule, value=receipt.checklist.sample_value, units=receipt.good
        ),
        passed=right and not finding.failed_units, failed_units=finding.failed_units, answers=answers,
        note=finding.note.strip()[:300], by_name=str(actor)[:150],
    )  # fmt: skip
    _set_aside(receipt, check, actor=actor)
    Receipt.objects.filter(pk=receipt.pk).update(inspection_due=False, rejected=finding.failed_units)
    told = {"passed": check.passed, "failed": check.failed_units}
    record_deeds([Deed("receipt", receipt.pk, "receipt_inspected", told, merchant_id)], actor=actor)
    return check.passed


def _answer(question: Question, finding: Finding) -> dict[str, Any]:
    told = finding.answers.get(question.pk, "").strip()
    known = {"text": question.text, "kind": question.kind, "unit": question.unit}
    if question.kind == "photo":
        if not finding.photos:
            raise PhotoMissing
        return {**known, "answer": "", "right": True}
    if question.kind == "yes_no":
        if told not in {"yes", "no"}:
            raise AnswerMissing(question=question.text)
        return {**known, "answer": told, "right": told == "yes"}
    try:
        value = milli(told)
    except ValueError as unclear:
        raise AnswerMissing(question=question.text) from unclear
    right = within(value, lowest=question.lowest_milli, highest=question.highest_milli)
    return {**known, "answer": told, "right": right}


def _set_aside(receipt: Receipt, check: QualityCheck, *, actor: Actor) -> None:
    if not check.failed_units:
        return
    aside = Spot(
        place_id=place_of(receipt.node_id, kind="quarantine").pk,
        lot_id=receipt.lot_id, owner_id=receipt.owner_id, condition="quarantine",
    )  # fmt: skip
    moves = [
        Move(
            merchant_id=receipt.merchant_id, sku_id=receipt.sku_id, qty=units, source=spot, target=aside,
            reason="quarantine", doc_kind="quality_check", doc_id=check.pk, doc_line=line,
        )
        for line, (spot, units) in enumerate(take_units_off(receipt, units=check.failed_units))
    ]  # fmt: skip
    post_movements(moves, actor=actor)
