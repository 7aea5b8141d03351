import pytest

from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.errors import NotThere
from colisage.kit.models import AuditEntry, Event
from colisage.orders.actions.place_orders import place_orders
from colisage.returns.actions.approve_returns import approve_returns
from colisage.returns.actions.refuse_return import ReasonMissing, TooLateToRefuse, refuse_return
from colisage.returns.actions.request_return import (
    NothingWanted,
    NotSentYet,
    NotThatMany,
    TooLate,
    Wanted,
    request_return,
)
from colisage.returns.models import ReturnItem, ReturnPolicy, ReturnRequest
from colisage.returns.queries import return_label_pdf, return_of, returnable_of
from tests.cast import World
from tests.returns.conftest import LONG_AGO, Asked, Delivered


def told() -> list[str]:
    return list(Event.objects.filter(kind__startswith="Return").order_by("pk").values_list("kind", flat=True))


def test_within_the_window_a_return_is_approved_at_once_with_a_label(
    world: World, delivered: Delivered, asked: Asked
) -> None:
    order = delivered(("MUG", 2), ("CARTE", 3))
    made = ReturnRequest.objects.get(pk=asked(order, ("MUG", 1), note="Trop bleu"))
    assert (made.state, made.prepaid, made.specimen, made.note) == ("label_sent", True, True, "Trop bleu")
    assert made.node == world.lyon
    assert told() == ["ReturnRequested", "ReturnApproved"]
    verbs = AuditEntry.objects.filter(doc_kind="order", doc_id=order).values_list("verb", flat=True)
    assert {"return_requested", "return_approved"} <= set(verbs)


def test_the_label_is_a_pdf_and_says_what_it_is(world: World, delivered: Delivered, asked: Asked) -> None:
    made = return_of([world.tilleul.pk], return_id=asked(delivered(("MUG", 1)), ("MUG", 1)))
    assert made is not None
    assert made.label is not None
    assert made.label["to"][0] == "Maison Tilleul"
    assert return_label_pdf(made, language="fr").startswith(b"%PDF")


def test_a_bundle_comes_back_as_what_it_was_made_of(world: World, delivered: Delivered, asked: Asked) -> None:
    asked(delivered(("COFFRET", 2)), ("COFFRET", 2))
    expected = dict(ReturnItem.objects.values_list("sku__code", "expected"))
    assert expected == {"MUG": 2, "CARTE": 4}


def test_units_on_their_way_back_cannot_be_asked_for_again(world: World, delivered: Delivered, asked: Asked) -> None:
    order = delivered(("MUG", 2))
    asked(order, ("MUG", 1))
    with pytest.raises(NotThatMany):
        asked(order, ("MUG", 2))
    asked(order, ("MUG", 1))
    can = returnable_of(world.tilleul.pk, order_id=order)
    assert can is not None
    assert can.left == 0


def test_units_of_a_refused_return_may_be_asked_for_again(
    world: World, delivered: Delivered, asked: Asked, chen: Actor
) -> None:
    order = delivered(("MUG", 1))
    refuse_return(world.tilleul.pk, return_id=asked(order, ("MUG", 1)), reason="Personnalisé", actor=chen)
    assert told()[-1] == "ReturnRefused"
    assert asked(order, ("MUG", 1))


def test_after_the_window_it_is_refused_and_nothing_is_written(delivered: Delivered, asked: Asked) -> None:
    order = delivered(("MUG", 1), days_ago=40)
    with pytest.raises(TooLate):
        asked(order, ("MUG", 1))
    assert not ReturnRequest.objects.exists()
    assert told() == []


def test_the_desk_may_take_one_in_after_the_window(delivered: Delivered, asked: Asked, chen: Actor) -> None:
    made = asked(delivered(("MUG", 1), days_ago=40), ("MUG", 1), goodwill=True, actor=chen)
    assert ReturnRequest.objects.get(pk=made).state == "label_sent"


def test_what_is_faulty_is_taken_for_two_years_and_a_person_looks(delivered: Delivered, asked: Asked) -> None:
    made = asked(delivered(("MUG", 1), days_ago=400), ("MUG", 1), reason="faulty")
    assert ReturnRequest.objects.get(pk=made).state == "requested"


def test_on_the_road_the_window_has_not_begun(delivered: Delivered, asked: Asked) -> None:
    assert asked(delivered(("MUG", 1), stage="handed_over", days_ago=60), ("MUG", 1))


def test_what_never_left_cannot_come_back(delivered: Delivered, asked: Asked) -> None:
    order = delivered(("MUG", 1), stage="picked")
    with pytest.raises(NotSentYet):
        asked(order, ("MUG", 1))


def test_an_order_from_history_left_the_day_it_was_placed(world: World, asked: Asked) -> None:
    [answer] = place_orders([world.order(("MUG", 1), quiet=True, reserves=False, placed_at=LONG_AGO)], actor=SYSTEM)
    assert answer.order_id is not None
    with pytest.raises(TooLate):
        asked(answer.order_id, ("MUG", 1))


@pytest.mark.parametrize(("quantity", "reason"), [(0, "late"), (-1, "late"), (1, "no such reason")])
def test_a_return_has_units_and_a_reason(delivered: Delivered, asked: Asked, quantity: int, reason: str) -> None:
    order = delivered(("MUG", 1))
    with pytest.raises(NothingWanted):
        asked(order, ("MUG", quantity), reason=reason)


def test_a_line_of_another_order_is_refused(world: World, delivered: Delivered, asked: Asked) -> None:
    order, other = delivered(("MUG", 1)), delivered(("CARTE", 1))
    can = returnable_of(world.tilleul.pk, order_id=other)
    assert can is not None
    with pytest.raises(NothingWanted):
        request_return(
            world.tilleul.pk,
            order_id=order,
            lines=[Wanted(can.lines[0].line.pk, 1, "late")],
            actor=SYSTEM,
        )


def test_an_order_of_another_merchant_is_not_there(world: World, delivered: Delivered) -> None:
    with pytest.raises(NotThere):
        request_return(world.northwind.pk, order_id=delivered(("MUG", 1)), lines=[], actor=SYSTEM)


def test_a_shop_that_looks_first_approves_by_hand(
    world: World, delivered: Delivered, asked: Asked, chen: Actor
) -> None:
    ReturnPolicy.objects.create(merchant=world.tilleul, approves_alone=False, payer="customer", label_fee_cents=490)
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    assert ReturnRequest.objects.get(pk=made).state == "requested"
    assert approve_returns(world.tilleul.pk, return_ids=[made], actor=chen) == 1
    assert approve_returns(world.tilleul.pk, return_ids=[made], actor=chen) == 0
    found = ReturnRequest.objects.get(pk=made)
    assert (found.state, found.fee_cents) == ("label_sent", 490)


def test_without_a_price_for_a_label_the_customer_sends_alone(world: World, delivered: Delivered, asked: Asked) -> None:
    ReturnPolicy.objects.create(merchant=world.tilleul, payer="customer")
    assert ReturnRequest.objects.get(pk=asked(delivered(("MUG", 1)), ("MUG", 1))).state == "approved"


def test_a_refusal_has_a_reason_and_comes_in_time(
    world: World, delivered: Delivered, asked: Asked, chen: Actor
) -> None:
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    with pytest.raises(ReasonMissing):
        refuse_return(world.tilleul.pk, return_id=made, reason=" ", actor=chen)
    ReturnRequest.objects.update(state="closed")
    with pytest.raises(TooLateToRefuse):
        refuse_return(world.tilleul.pk, return_id=made, reason="x", actor=chen)
