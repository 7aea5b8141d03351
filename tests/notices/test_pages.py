from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.notices.models import Message, MessageState
from colisage.orders.queries import Order
from tests.cast import World


@pytest.fixture
def desk(world: World) -> Client:
    client = Client()
    client.force_login(world.chen)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def written(order: Order) -> Message:
    write_messages([Draft(order=order, kind="delivered", doc="parcel:1")])
    return Message.objects.get()


def test_the_outbox_says_that_no_mail_server_is_set(desk: Client, written: Message, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    page = desk.get(reverse("messages")).content.decode()
    assert "No mail server is set." in page
    assert "1 message waits" in page
    assert written.subject in page


@pytest.mark.parametrize("state", [*MessageState.values, "nonsense"])
def test_a_message_is_shown_in_every_state_and_sent_again(desk: Client, written: Message, state: str) -> None:
    Message.objects.update(state=state if state in MessageState.values else "sent", last_error="550 no")
    assert desk.get(reverse("messages"), {"state": state, "after": "9" * 30}).status_code == 200
    page = desk.get(reverse("message", args=[written.pk]))
    assert "/portal/o/" in page.content.decode()
    desk.post(reverse("message-again", args=[written.pk]))
    assert Message.objects.get().state == ("sending" if state == "sending" else "waiting")


def test_another_merchants_messages_are_not_there(world: World, written: Message) -> None:
    stranger = Client()
    stranger.force_login(world.dee)
    assert stranger.get(reverse("message", args=[written.pk])).status_code == 404
    assert stranger.post(reverse("message-again", args=[written.pk])).status_code == 404
    assert written.subject not in stranger.get(reverse("messages")).content.decode()


def test_a_picker_does_not_read_the_customers_mail(world: World, written: Message) -> None:
    picker = Client()
    picker.force_login(world.ada)
    assert picker.get(reverse("messages")).status_code == 403
    assert picker.get(reverse("message", args=[written.pk])).status_code == 403
