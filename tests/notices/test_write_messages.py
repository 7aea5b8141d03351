import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from colisage.kit.actors import SYSTEM, Actor
from colisage.notices.actions.tell_handed_over import tell_handed_over
from colisage.notices.actions.tell_orders import tell_orders
from colisage.notices.actions.tell_parcel_moved import tell_parcel_moved
from colisage.notices.actions.tell_returns import tell_returns
from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.notices.models import Kind, Message
from colisage.notices.queries import read_link, token_of
from colisage.notices.queries.wording import worded
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.events import OrderAccepted, OrderCancelled, StageReached
from colisage.orders.models import FulfillmentOrder
from colisage.orders.models import Order as OrderRow
from colisage.orders.queries import Order
from colisage.returns.actions.receive_return import Came, receive_return
from colisage.returns.events import Refunded, ReturnApproved, ReturnReceived, ReturnRefused, ReturnRequested
from colisage.returns.models import Refund, ReturnRequest
from colisage.tracking.events import ParcelMoved
from tests.cast import World
from tests.returns.conftest import Asked, Delivered


def accepted(order: Order) -> OrderAccepted:
    return OrderAccepted(merchant_id=order.merchant_id, order_id=order.pk)


def moved(order: Order, status: str, parcel: int = 7, reason: str = "") -> ParcelMoved:
    return ParcelMoved(
        merchant_id=order.merchant_id,
        order_id=order.pk,
        fulfillment_order_id=1,
        parcel_id=parcel,
        tracking_number="XX000000000FR",
        status=status,
        reason=reason,
        before="pending",
    )


def kinds() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def test_an_order_is_confirmed_once_in_the_customers_language(order: Order) -> None:
    tell_orders([accepted(order), accepted(order)])
    tell_orders([accepted(order)])
    message = Message.objects.get()
    assert (message.kind, message.language, message.state) == ("confirmed", "fr", "waiting")
    assert order.number in message.subject
    assert "2 × Mug en grès bleu" in message.text
    assert "38,50" in message.text
    english = OrderRow.objects.get(pk=order.pk)
    english.language = "en"
    words = worded("confirmed", order=english, facts={"lines": []})
    assert words.subject == f"Your order {order.number} is confirmed"
    assert "€38.50" in words.text


def test_history_and_customers_without_an_address_hear_nothing(world: World) -> None:
    answers = place_orders(
        [world.order(("MUG", 1), quiet=True, reserves=False), world.order(("MUG", 1), email="")], actor=SYSTEM
    )
    tell_orders([OrderAccepted(merchant_id=world.tilleul.pk, order_id=a.order_id or 0, quiet=True) for a in answers])
    assert not Message.objects.exists()


def test_a_cancelled_order_is_said(order: Order) -> None:
    tell_orders([OrderCancelled(merchant_id=order.merchant_id, order_id=order.pk)])
    assert kinds() == ["cancelled"]


def test_a_part_that_left_is_told_with_what_is_in_it(world: World, delivered: Delivered) -> None:
    pk = delivered(("MUG", 2), stage="handed_over")
    part = FulfillmentOrder.objects.get(order=pk)
    event = StageReached(
        merchant_id=world.tilleul.pk,
        order_id=pk,
        fulfillment_order_id=part.pk,
        node_id=world.lyon.pk,
        stage="handed_over",
        before="labelled",
    )
    tell_handed_over([event, event])
    message = Message.objects.get()
    assert (message.kind, message.doc) == ("shipped", f"part:{part.pk}")
    assert "2 × Mug" in message.text


@pytest.mark.parametrize("status", ["out_for_delivery", "ready_for_pickup", "delivered", "delayed", "failed"])
def test_what_a_customer_waits_to_hear_of_a_parcel_is_told_once(order: Order, status: str) -> None:
    tell_parcel_moved([moved(order, status)])
    tell_parcel_moved([moved(order, status)])
    assert kinds() == [status]


def test_other_moves_are_not_told_and_of_several_the_last_counts(order: Order) -> None:
    tell_parcel_moved([moved(order, "in_transit"), moved(order, "out_for_delivery", 8), moved(order, "delivered", 8)])
    assert kinds() == ["delivered"]


def test_a_delay_without_a_date_says_so(order: Order) -> None:
    words = worded("delayed", order=order, facts={}, language="en")
    assert "no new date" in words.text


def test_returns_are_told_step_by_step(
    world: World,
    delivered: Delivered,
    asked: Asked,
    chen: Actor,
) -> None:
    pk = delivered(("MUG", 1))
    made = asked(pk, ("MUG", 1))
    who = {"merchant_id": world.tilleul.pk, "order_id": pk, "return_id": made}
    tell_returns([ReturnRequested(**who), ReturnApproved(**who, prepaid=True)])
    assert kinds() == ["return_label"]
    receive_return(world.tilleul.pk, return_id=made, came=[Came(world.sku("MUG").pk, 1)], actor=chen)
    refund = Refund.objects.create(
        merchant=world.tilleul, order_id=pk, return_request_id=made, goods_cents=1500, tax_cents=300, total_cents=1800,
        currency="EUR",
    )  # fmt: skip
    tell_returns([ReturnReceived(**who), Refunded(**who, refund_id=refund.pk, total_cents=1800)])
    assert kinds() == ["return_label", "return_received", "refunded"]
    assert "18,00" in Message.objects.get(kind="refunded").subject


def test_a_return_that_waits_or_is_refused_is_told(world: World, delivered: Delivered, asked: Asked) -> None:
    pk = delivered(("MUG", 1))
    made = asked(pk, ("MUG", 1))
    ReturnRequest.objects.update(state="requested", refusal="Trop tard")
    who = {"merchant_id": world.tilleul.pk, "order_id": pk, "return_id": made}
    tell_returns([ReturnRequested(**who), ReturnRefused(**who)])
    assert kinds() == ["return_asked", "return_refused"]
    assert "Trop tard" in Message.objects.get(kind="return_refused").text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_can_be_worded(order: Order, kind: str, language: str) -> None:
    request = ReturnRequest(pk=3, currency="EUR", fee_cents=490, refusal="x")
    refund = Refund(total_cents=1800, fee_cents=490, currency="EUR")
    words = worded(
        kind, order=order, facts={"return": request, "refund": refund, "what": "x", "lines": []}, language=language
    )
    assert words.subject
    assert "{" not in words.text + words.html
    assert "\n" not in words.subject
    assert words.language == language


def test_a_name_with_a_line_break_makes_no_header(order: Order) -> None:
    order.number = "1\nBcc: everybody@example.com"
    write_messages([Draft(order=order, kind="confirmed", doc="order:1", facts={"lines": []})])
    assert "\n" not in Message.objects.get().subject


def test_markup_in_a_name_stays_text(order: Order) -> None:
    order.merchant.name = "<b>Tilleul</b>"
    assert "<b>Tilleul" not in worded("delivered", order=order, facts={}).html


def test_a_link_is_read_by_who_signed_it_only() -> None:
    token = token_of(3, order_id=17)
    assert read_link(token) == (3, 17)
    for wrong in ("", "x", token[:-1], token + "A", token.replace(":", ".")):
        assert read_link(wrong) is None


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("name", "email"), [("Tilleul & <Fils>", "a+b@example.com"), ("Tilleul", "")])
@pytest.mark.parametrize("says", ['1 < 2 & "3"\nnext line\n\nanother {{ part }}', "%(n)s \\1 \\g<0>", "one"])
def test_the_words_of_a_message_stand_in_its_frame_as_if_all_of_it_were_drawn_at_once(
    order: Order, language: str, name: str, email: str, says: str
) -> None:
    order.merchant.name, order.merchant.email = name, email
    for to_merchant in (False, True):
        facts = {"words": says, "rule": "a & b", "to_merchant": to_merchant}
        words = worded("rule", order=order, facts=facts, url="https://shop.example/?a=1&b=2", language=language)
        with override(language):
            told = {"order": order, "merchant": order.merchant, "link": "https://shop.example/?a=1&b=2", **facts}
            subject, *parts = [part.strip() for part in render_to_string("notices/mails/rule.txt", told).split("\n\n")]
            parts = [part for part in parts if part]
            told |= {"subject": subject, "paragraphs": parts[:-1], "verb": parts[-1], "language": language}
            assert words.text == render_to_string("notices/mail.txt", told)
            assert words.html == render_to_string("notices/mail.html", told)
        assert f'<html lang="{language}">' in words.html
        assert "\0" not in words.text + words.html


@pytest.mark.parametrize("email", ["not mail", "zoe@", "@exemple.fr", "zoe@exemple", "a@b.fr, c@d.fr", ""])
def test_what_is_no_address_gets_no_message_and_a_later_one_does(order: Order, email: str) -> None:
    OrderRow.objects.filter(pk=order.pk).update(email=email)
    tell_orders([accepted(order)])
    assert kinds() == []
    OrderRow.objects.filter(pk=order.pk).update(email="zoe.l+été@exemple.co.fr")
    tell_orders([accepted(order)])
    assert kinds() == ["confirmed"]
