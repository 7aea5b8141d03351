"""Inspection: what is asked of which goods, and what was found."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext

from colisage.inbound.models import Checklist, QualityCheck, Question, Receipt
from colisage.inbound.rules.inspecting import Scope, milli_text
from colisage.inventory.ports import LotFinding


def scopes_of(merchant_id: int) -> list[Scope]:
    """Give the checklists of a merchant that are in use."""
    rows = Checklist.objects.filter(merchant_id=merchant_id, active=True).order_by("pk")
    return [Scope(*row) for row in rows.values_list("pk", "supplier_id", "sku_id")]


def checklists_page(merchant_ids: Collection[int], *, after: int | None = None, size: int = 50) -> list[Checklist]:
    """Give one page of checklists in use, the latest first, and one more when there are more."""
    rows = Checklist.objects.filter(merchant_id__in=merchant_ids, active=True)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.select_related("supplier", "sku", "merchant").order_by("-pk")[: size + 1])


def checklist_of(merchant_ids: Collection[int], *, checklist_id: int) -> Checklist | None:
    """Find a checklist in use of these merchants."""
    rows = Checklist.objects.filter(merchant_id__in=merchant_ids, pk=checklist_id, active=True)
    return rows.select_related("supplier", "sku").first()


def questions_of(checklist_ids: Collection[int]) -> dict[int, list[Question]]:
    """Give the questions of checklists, in their order."""
    found: dict[int, list[Question]] = {pk: [] for pk in checklist_ids}
    for question in Question.objects.filter(checklist__in=checklist_ids).order_by("checklist_id", "position"):
        found[question.checklist_id].append(question)
    return found


def limits_of(question: Question) -> tuple[str, str]:
    """Give the limits of a measure as people write them; empty where there is none."""
    return milli_text(question.lowest_milli), milli_text(question.highest_milli)


def checks_of(receipt_ids: Collection[int]) -> dict[int, QualityCheck]:
    """Give what was found on receipts."""
    rows = QualityCheck.objects.filter(receipt__in=receipt_ids).select_related("checklist")
    return {check.receipt_id: check for check in rows}


def answers_of(check: QualityCheck) -> tuple[tuple[str, str, bool], ...]:
    """Give what was asked, what was answered in words and whether it was right."""
    said = {"yes": gettext("yes"), "no": gettext("no")}
    return tuple(
        (a["text"], f"{said.get(a['answer'], a['answer'])} {a.get('unit', '')}".strip(), a["right"])
        for a in check.answers
    )


def findings_of_lot(merchant_ids: Collection[int], *, lot_id: int, most: int = 50) -> list[LotFinding]:
    """Give what was found on the receipts of a lot, the latest first: the port `COLISAGE_LOT_FINDINGS` of stock."""
    rows = QualityCheck.objects.filter(merchant_id__in=merchant_ids, receipt__lot=lot_id, receipt__undone_at=None)
    return [
        LotFinding(
            at=check.at, by_name=check.by_name, title=check.checklist.name, passed=check.passed,
            failed_units=check.failed_units, units=check.receipt.good, note=check.note,
            answers=answers_of(check),
            url=reverse("delivery", args=[check.receipt.delivery_id]) if check.receipt.delivery_id else "",
        )
        for check in rows.select_related("checklist", "receipt").order_by("-pk")[:most]
    ]  # fmt: skip


def is_inspection_due(receipt_id: int) -> bool:
    """Say whether a receipt waits for its inspection."""
    return Receipt.objects.filter(pk=receipt_id, inspection_due=True, undone_at=None).exists()
