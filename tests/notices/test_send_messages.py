import os
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone

from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.notices.actions.send_again import send_again
from colisage.notices.actions.send_messages import send_messages
from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.notices.models import Message
from colisage.notices.rules import MOST_ATTEMPTS, STALE, verdict, wait
from colisage.orders.queries import Order
from tests.cast import World
from tests.notices.conftest import Post


@pytest.fixture
def written(order: Order) -> Message:
    write_messages([Draft(order=order, kind="delivered", doc="parcel:1")])
    return Message.objects.get()


def again_now() -> None:
    Message.objects.update(next_try_at=timezone.now())


def test_a_message_reaches_a_real_mail_server_once(written: Message, post: Post) -> None:
    assert send_messages() == 1
    assert send_messages() == 0
    [mail] = post.mails
    assert post.recipients == ["camille@example.com"]
    assert mail["From"] == "Maison Tilleul <colis@colisage.example>"
    assert mail["Reply-To"] == "bonjour@tilleul.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert "/portal/o/" in text.get_content()
    assert "<img" not in html.get_content()
    written.refresh_from_db()
    assert (written.state, written.attempts, written.last_error) == ("sent", 1, "")
    assert written.sent_at is not None
    assert AuditEntry.objects.filter(verb="told_delivered", doc_id=written.order_id).count() == 1


@pytest.mark.parametrize(
    ("told", "sender"),
    [
        ({}, "colisage@shop.example"),
        ({"COLISAGE_SMTP_USER": "post@tilleul.example"}, "post@tilleul.example"),
        ({"COLISAGE_SMTP_USER": "key-7", "COLISAGE_SMTP_FROM": "hello@tilleul.example"}, "hello@tilleul.example"),
    ],
)
def test_mail_comes_from_an_address_that_the_server_may_speak_for(told: dict[str, str], sender: str) -> None:
    asked = "from django.conf import settings; print(settings.DEFAULT_FROM_EMAIL)"
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COLISAGE_SMTP")}
    said = subprocess.run(
        [sys.executable, "-c", asked],
        env={
            **plain,
            "DJANGO_SETTINGS_MODULE": "colisage.config.settings",
            "COLISAGE_URL": "https://shop.example",
            **told,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == sender


@pytest.mark.browser
def test_a_mail_fits_a_phone(written: Message, chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 640})
    page.set_content(written.html)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_a_mail_server_messages_wait(written: Message, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    assert send_messages() == 0
    assert Message.objects.get().state == "waiting"
    assert Message.objects.get().attempts == 0


def test_a_server_that_says_later_is_tried_again(written: Message, post: Post) -> None:
    post.answer_to_recipient = "451 greylisted"
    assert send_messages() == 0
    written.refresh_from_db()
    assert (written.state, written.attempts, written.last_error) == ("waiting", 1, "451 greylisted")
    assert written.next_try_at > timezone.now()
    post.answer_to_recipient = "250 OK"
    assert send_messages() == 0
    again_now()
    assert send_messages() == 1


def test_a_server_that_is_not_there_is_tried_again_and_in_the_end_given_up(
    written: Message, post: Post, settings: Any
) -> None:
    settings.EMAIL_PORT = 1
    for attempt in range(1, MOST_ATTEMPTS + 1):
        again_now()
        assert send_messages() == 0
        assert Message.objects.get().attempts == attempt
    assert Message.objects.get().state == "failed"
    assert post.mails == []


@pytest.mark.parametrize("where", ["answer_to_recipient", "answer_to_data"])
def test_a_refusal_is_believed(written: Message, post: Post, where: str) -> None:
    setattr(post, where, "550 no such user")
    assert send_messages() == 0
    written.refresh_from_db()
    assert (written.state, written.last_error) == ("failed", "550 no such user")


def test_when_the_line_goes_dead_nobody_knows_and_a_person_decides(
    world: World, order: Order, written: Message, post: Post
) -> None:
    write_messages([Draft(order=order, kind="delivered", doc="parcel:2")])
    post.dies_with_the_data = True
    assert send_messages() == 0
    assert set(Message.objects.values_list("state", flat=True)) == {"unknown"}
    again_now()
    assert send_messages() == 0
    post.dies_with_the_data = False
    first = [mail["Message-ID"] for mail in post.mails]
    assert send_again(world.tilleul.pk, message_ids=[written.pk], actor=SYSTEM)[written.pk]
    assert send_messages() == 1
    assert post.mails[-1]["Message-ID"] in first


def test_what_a_dead_worker_held_counts_as_unknown(written: Message, post: Post) -> None:
    Message.objects.update(state="sending", claimed_at=timezone.now() - timedelta(hours=1))
    assert send_messages() == 0
    assert Message.objects.get().state == "unknown"
    assert post.mails == []


def test_old_news_is_kept_and_not_sent(world: World, written: Message, post: Post) -> None:
    Message.objects.update(next_try_at=timezone.now() - STALE - timedelta(hours=1))
    assert send_messages() == 0
    assert Message.objects.get().state == "quiet"
    assert send_again(world.tilleul.pk, message_ids=[written.pk], actor=SYSTEM)[written.pk]
    assert send_messages() == 1


def test_one_bad_address_does_not_stop_the_others(order: Order, post: Post) -> None:
    order.email = "not an address@"
    write_messages([Draft(order=order, kind="delivered", doc="parcel:1")])
    order.email = "camille@example.com"
    write_messages([Draft(order=order, kind="delivered", doc="parcel:2")])
    send_messages()
    assert post.recipients[-1:] == ["camille@example.com"]


def test_waits_grow_and_end() -> None:
    waits = [wait(n) for n in range(1, MOST_ATTEMPTS + 1)]
    assert waits[-1] is None
    assert all(a < b for a, b in pairwise(waits) if a and b)
    assert (verdict(421), verdict(451), verdict(550), verdict(354)) == ("later", "later", "refused", "refused")
