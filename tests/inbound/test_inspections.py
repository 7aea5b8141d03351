"""Inspection on arrival: what is asked, what passes, what goes to quarantine."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from colisage.inbound.actions.end_checklist import end_checklist
from colisage.inbound.actions.inspect_receipt import (
    AnswerMissing,
    FailedUnclear,
    Finding,
    NothingToInspect,
    PhotoMissing,
    inspect_receipt,
)
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.put_away_many import InspectionDue
from colisage.inbound.actions.save_checklist import Asked, ChecklistTaken, ChecklistUnclear, save_checklist
from colisage.inbound.actions.undo_receipt import undo_receipt
from colisage.inbound.models import Checklist, QualityCheck, Question, Receipt
from colisage.inbound.queries.supplier_returns import waiting_in_quarantine
from colisage.inbound.rules.inspecting import Scope, checklist_for, milli, milli_text, sample_size, within
from colisage.inventory.queries.findings import findings_of
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.models import Photo
from tests.cast import World
from tests.inbound.dock import at_the_dock, desk, lying, photo, take_in
from tests.inbound.screens import client_of, text_of

EVEN, HIGH = Asked("yes_no", "Is the glaze even?"), Asked("measure", "Height", "mm", 95_000, 105_000)


def asks(world: World, *questions: Asked, **changes: object) -> int:
    facts = {"name": "Mugs", "questions": questions or (EVEN, HIGH), "sku_id": world.sku("MUG").pk, **changes}
    return save_checklist(world.tilleul.pk, actor=SYSTEM, **facts)  # type: ignore[arg-type]


def find(world: World, receipt: int, *answers: str, failed: int = 0, photos: int = 0) -> bool:
    keys = Question.objects.order_by("position").values_list("pk", flat=True)
    finding = Finding(answers=dict(zip(keys, answers, strict=False)), failed_units=failed, photos=photos)
    return inspect_receipt(world.tilleul.pk, receipt_id=receipt, finding=finding, actor=SYSTEM)


def test_goods_wait_on_the_dock_until_they_passed(balanced: World) -> None:
    asks(balanced)
    receipt = take_in(balanced)
    facts = {"receipt_id": receipt, "bin_code": "A-01-1", "qty": 10, "actor": SYSTEM}
    with pytest.raises(InspectionDue):
        put_away(balanced.tilleul.pk, **facts)
    assert find(balanced, receipt, "yes", "100,5")
    assert put_away(balanced.tilleul.pk, **facts) == 0
    with pytest.raises(NothingToInspect):
        find(balanced, receipt, "yes", "100")


def test_what_fails_goes_to_quarantine_and_knows_why(balanced: World) -> None:
    asks(balanced)
    receipt = take_in(balanced)
    assert not find(balanced, receipt, "yes", "94.999", failed=3)
    assert lying(balanced, "MUG") == {("dock", "sellable"): 7, ("quarantine", "quarantine"): 3}
    check = QualityCheck.objects.get()
    assert [answer["right"] for answer in check.answers] == [True, False]
    assert Receipt.objects.get(pk=receipt).left == 7
    assert [w.reason for w in waiting_in_quarantine([balanced.tilleul.pk])] == ["quality"]
    undo_receipt(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)
    assert not lying(balanced, "MUG")


def test_the_page_of_a_lot_says_what_was_found_on_it_to_those_who_see_it(balanced: World) -> None:
    asks(balanced)
    receipt = take_in(balanced, lot="L-7", tracks_lots=True)
    other = take_in(balanced, lot="L-8", tracks_lots=True)
    find(balanced, receipt, "yes", "94.999", failed=3)
    find(balanced, other, "yes", "100")
    lot, good = (Receipt.objects.get(pk=pk).lot_id for pk in (receipt, other))
    assert lot is not None
    office = desk(balanced)
    told = office.get(reverse("lot", args=[lot])).content.decode()
    assert "3 units of 10 failed" in told
    assert "Height <b>94.999 mm</b>" in told
    assert "not right" in told
    passed = office.get(reverse("lot", args=[good])).content.decode()
    assert ("passed" in passed, "failed" in passed) == (True, False)
    (finding,) = findings_of([balanced.tilleul.pk], lot_id=lot)
    assert (finding.passed, finding.failed_units, finding.units) == (False, 3, 10)
    assert findings_of([balanced.northwind.pk], lot_id=lot) == []
    undo_receipt(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)
    assert findings_of([balanced.tilleul.pk], lot_id=lot) == []


@pytest.mark.parametrize(
    ("answers", "failed", "refusal"),
    [
        (("yes",), 0, AnswerMissing),
        (("maybe", "100"), 0, AnswerMissing),
        (("yes", "tall"), 0, AnswerMissing),
        (("yes", "1e9"), 0, AnswerMissing),
        (("no", "100"), 0, FailedUnclear),
        (("no", "100"), 11, FailedUnclear),
        (("yes", "100"), -1, FailedUnclear),
    ],
)
def test_an_answer_that_says_nothing_is_refused(
    balanced: World, answers: tuple[str, ...], failed: int, refusal: type[Exception]
) -> None:
    asks(balanced)
    receipt = take_in(balanced)
    with pytest.raises(refusal):
        find(balanced, receipt, *answers, failed=failed)
    assert lying(balanced, "MUG") == {("dock", "sellable"): 10}
    assert not QualityCheck.objects.exists()


def test_a_photo_that_is_asked_for_is_taken(balanced: World) -> None:
    asks(balanced, Asked("photo", "Photo of the label"))
    receipt = take_in(balanced)
    with pytest.raises(PhotoMissing):
        find(balanced, receipt)
    assert find(balanced, receipt, photos=1)


def test_a_list_that_cannot_be_answered_is_refused(balanced: World) -> None:
    for questions in ((), (Asked("measure", "Height", "mm", 2, 1),), (Asked("yes_no", " "),), (Asked("guess", "?"),)):
        with pytest.raises(ChecklistUnclear):
            save_checklist(balanced.tilleul.pk, name="X", questions=questions, actor=SYSTEM)
    made = asks(balanced)
    with pytest.raises(ChecklistTaken):
        asks(balanced)
    end_checklist(balanced.tilleul.pk, checklist_id=made, actor=SYSTEM)
    asks(balanced)
    with pytest.raises(NotThere):
        asks(balanced, sku_id=balanced.northwind_skus["MUG"].pk)
    with pytest.raises(NotThere):
        end_checklist(balanced.northwind.pk, checklist_id=Checklist.objects.latest("pk").pk, actor=SYSTEM)


def test_the_desk_writes_a_list_and_the_phone_asks_it(balanced: World) -> None:
    office, phone = desk(balanced), at_the_dock(balanced)
    told = {
        "name": "Mugs", "sku": "mug", "supplier": "", "sample_rule": "number", "sample_value": "3",
        "questions": "Is the glaze even?\nHeight [95; 105 mm]\nPhoto of the label",
    }  # fmt: skip
    unclear = office.post(reverse("checklist-new"), {**told, "questions": "Height [low; 105 mm]"})
    assert unclear.status_code == 422
    assert office.post(reverse("checklist-new"), told).status_code == 302
    assert "Is the glaze even?" in office.get(reverse("checklists")).content.decode()
    taken = phone.post(reverse("receive"), {"code": "MUG", "good": "10"})
    receipt = Receipt.objects.get()
    page = reverse("inspect", args=[receipt.pk])
    assert page in taken.content.decode()
    assert phone.get(reverse("put-away-one", args=[receipt.pk])).headers["Location"] == page
    text = phone.get(page).content.decode()
    assert "Look at 3 of 10 units." in text
    keys = list(Question.objects.order_by("position").values_list("pk", flat=True))
    answers = {f"answer_{keys[0]}": "no", f"answer_{keys[1]}": "100", "photo": photo(), "failed": "0"}
    refused = phone.post(page, answers)
    assert (refused.status_code, b'name="kept"' in refused.content) == (422, True)
    kept = Photo.objects.get().pk
    del answers["photo"]
    phone.post(page, {**answers, "kept": kept, "failed": "2"})
    assert lying(balanced, "MUG") == {("dock", "sellable"): 8, ("quarantine", "quarantine"): 2}
    shown = office.get(reverse("delivery", args=[receipt.delivery_id])).content.decode()
    assert "2 units failed the inspection" in shown
    assert f"/photos/{kept}" in shown
    french = client_of(balanced.chen, language="fr").get(reverse("delivery", args=[receipt.delivery_id]))
    assert "Is the glaze even? non <" in text_of(french)


def test_the_list_that_says_most_is_asked() -> None:
    scopes = [Scope(1, None, None), Scope(2, 7, None), Scope(3, None, 5), Scope(4, 7, 5)]
    found = [checklist_for(scopes, sku_id=sku, supplier_id=who) for sku, who in ((9, None), (9, 7), (5, 8), (5, 7))]
    assert found == [1, 2, 3, 4]
    assert checklist_for([Scope(2, 7, None)], sku_id=5, supplier_id=None) is None


@given(st.sampled_from(["all", "percent", "number"]), st.integers(0, 10**6), st.integers(1, 10**6))
def test_at_least_one_unit_is_looked_at_and_at_most_all(rule: str, value: int, units: int) -> None:
    assert 1 <= sample_size(rule, value=value, units=units) <= units


@given(st.integers(-(10**11), 10**11))
def test_a_measure_is_read_as_it_is_written(value: int) -> None:
    assert milli(milli_text(value)) == value
    assert within(value, lowest=value, highest=value)
    assert not within(value, lowest=value + 1, highest=None)
