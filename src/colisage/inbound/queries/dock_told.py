"""What the dock took in and what it set aside, as the API tells it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from colisage.inbound.models import Receipt, SetAside
from colisage.inbound.queries.checklists_told import QuestionOut, questions_told
from colisage.inbound.queries.dock import Line
from colisage.inbound.queries.inspections import checks_of, questions_of
from colisage.inbound.rules.inspecting import sample_size


class DockLineOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU at the dock: ordered and come in all, and what this delivery brought of them.

    `missing` are still to come; `over` are those of this delivery that nobody ordered; `unexpected`: the order does not
    have the SKU.
    """

    sku: str
    name: str
    ordered: int
    received: int
    good: int
    damaged: int
    missing: int
    over: int
    unexpected: bool


class ReceiptOut(Struct, frozen=True, kw_only=True):
    """Units of one SKU taken in at one moment; one that was undone counts nothing.

    `to_inspect`: its list has to be answered before it is put away. `rejected` are those that failed.
    """

    id: int
    sku: str
    lot: str
    good: int
    damaged: int
    over: int
    unexpected: bool
    put_away: int
    rejected: int
    to_inspect: bool
    at: datetime
    undone_at: datetime | None


class InspectionOut(Struct, frozen=True, kw_only=True):
    """What is looked at: `sample` units, and what is asked of them."""

    name: str
    sample: int
    questions: list[QuestionOut]


class AnswerOut(Struct, frozen=True, kw_only=True):
    """What was asked and answered: yes, no, a measure, or nothing where it was a photo."""

    text: str
    answer: str
    unit: str
    right: bool


class FoundOut(Struct, frozen=True, kw_only=True):
    """What an inspection found."""

    passed: bool
    sample: int
    failed_units: int
    note: str
    by_name: str
    at: datetime
    answers: list[AnswerOut]


class WholeReceiptOut(ReceiptOut, frozen=True, kw_only=True):
    """A receipt with the inspection that is due, or what it found.

    `loose` units stand on the dock by themselves, on no plate.
    """

    node: str
    delivery: int | None
    loose: int
    inspection: InspectionOut | None
    found: FoundOut | None


class AsideOut(Struct, frozen=True, kw_only=True):
    """What came and could not be taken in, with the `number` on its label.

    `kind`: unidentified, wrong (not ordered) or expired. `state`: open, taken (in, as `receipt`) or sent_back.
    """

    id: int
    number: str
    kind: str
    state: str
    sku: str
    scanned: str
    description: str
    units: int
    lot: str
    expires_on: date | None
    node: str
    delivery: int | None
    receipt: int | None
    note: str
    at: datetime
    settled_at: datetime | None


class AsidePageOut(Struct, frozen=True, kw_only=True):
    """A page of what was set aside, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[AsideOut]
    next: int | None


def lines_told(lines: Sequence[Line]) -> list[DockLineOut]:
    """Tell what was expected and what came of it; no statement."""
    same = ("name", "ordered", "received", "good", "damaged", "over", "unexpected")
    return [
        DockLineOut(sku=line.code, missing=line.left, **{name: getattr(line, name) for name in same}) for line in lines
    ]


def receipts_told(receipts: Sequence[Receipt]) -> list[ReceiptOut]:
    """Tell receipts, which come with SKU and lot; no statement."""
    return [ReceiptOut(**_receipt(one)) for one in receipts]


def receipt_told(receipt: Receipt) -> WholeReceiptOut:
    """Tell a receipt, which comes with SKU, lot and node, and its inspection; four statements at most."""
    check = checks_of([receipt.pk]).get(receipt.pk)
    return WholeReceiptOut(
        **_receipt(receipt),
        node=receipt.node.code,
        delivery=receipt.delivery_id,
        loose=receipt.loose,
        inspection=_inspection(receipt),
        found=FoundOut(
            passed=check.passed, sample=check.sample, failed_units=check.failed_units, note=check.note,
            by_name=check.by_name, at=check.at,
            answers=[
                AnswerOut(text=a["text"], answer=a["answer"], unit=a.get("unit", ""), right=a["right"])
                for a in check.answers
            ],
        )
        if check
        else None,
    )  # fmt: skip


def _inspection(receipt: Receipt) -> InspectionOut | None:
    checklist = receipt.checklist
    if not receipt.inspection_due or checklist is None:
        return None
    asked = questions_told(questions_of([checklist.pk])[checklist.pk])
    sample = sample_size(checklist.sample_rule, value=checklist.sample_value, units=receipt.good)
    return InspectionOut(name=checklist.name, sample=sample, questions=asked)


def _receipt(r: Receipt) -> dict[str, Any]:
    same = ("good", "damaged", "over", "unexpected", "put_away", "rejected", "at", "undone_at")
    return {
        "id": r.pk, "sku": r.sku.code, "lot": r.lot.code if r.lot else "",
        "to_inspect": r.inspection_due and r.undone_at is None, **{name: getattr(r, name) for name in same},
    }  # fmt: skip


def asides_told(rows: Sequence[SetAside]) -> list[AsideOut]:
    """Tell what was set aside, which comes with SKU, lot and node; no statement."""
    same = ("number", "kind", "state", "scanned", "description", "units", "note", "at", "settled_at")
    return [
        AsideOut(
            id=one.pk, sku=one.sku.code if one.sku else "", lot=one.lot.code if one.lot else "",
            expires_on=one.lot.expires_on if one.lot else None, node=one.node.code, delivery=one.delivery_id,
            receipt=one.receipt_id, **{name: getattr(one, name) for name in same},
        )
        for one in rows
    ]  # fmt: skip
