"""The pages of webhooks: for managers, in one merchant, the secret once, the log with what came back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.notices.actions.forget_calls import forget_calls
from colisage.notices.actions.record_calls import record_calls
from colisage.notices.actions.save_endpoint import save_endpoint
from colisage.notices.actions.tell_webhooks import tell_webhooks
from colisage.notices.models import CallState, WebhookCall, WebhookEndpoint
from colisage.notices.ports import Answer
from colisage.notices.rules.webhooks import KEPT_DAYS, TYPES
from colisage.orders.events import OrderAccepted
from colisage.orders.queries import Order
from tests.cast import World

SHOP = "https://shop.example/hooks"


@pytest.fixture
def desk(world: World, enter: Any) -> Client:
    client: Client = enter(world.chen)
    return client


@pytest.fixture
def endpoint(world: World) -> int:
    return save_endpoint(world.tilleul.pk, url=SHOP, events=list(TYPES), note="ERP", actor=SYSTEM)[0]


@pytest.fixture
def call(endpoint: int, order: Order) -> WebhookCall:
    tell_webhooks([OrderAccepted(merchant_id=order.merchant_id, order_id=order.pk)])
    return WebhookCall.objects.get(endpoint=endpoint)


def test_an_endpoint_is_made_and_its_secret_shown_once(desk: Client) -> None:
    page = desk.post(reverse("webhooks"), {"url": SHOP, "note": "ERP", "events": ["order.accepted"]})
    secret = re.search(r"whsec_[\w+/=]+", page.content.decode())
    assert secret
    made = WebhookEndpoint.objects.get()
    assert (made.url, made.events, made.state) == (SHOP, ["order.accepted"], "on")
    for url in (reverse("webhooks"), reverse("webhook", args=[made.pk])):
        page = desk.get(url)
        assert SHOP in page.content.decode()
        assert b"whsec_" not in page.content


@pytest.mark.parametrize(
    "said",
    [
        {"url": "http://shop.example/", "events": ["order.accepted"]},
        {"url": "https://10.0.0.1/", "events": ["order.accepted"]},
        {"url": "https://shop.example/\x00", "events": ["order.accepted"]},
        {"url": SHOP},
        {"url": SHOP, "events": ["order.lost"]},
        {"url": SHOP + "x" * 500, "events": ["order.accepted"]},
    ],
)
def test_what_cannot_be_an_endpoint_is_said_beside_the_field(desk: Client, said: dict[str, Any]) -> None:
    assert desk.post(reverse("webhooks"), said).status_code == 422
    assert not WebhookEndpoint.objects.exists()


def test_an_endpoint_is_changed_switched_and_given_a_new_secret(desk: Client, endpoint: int) -> None:
    desk.post(reverse("webhook", args=[endpoint]), {"url": SHOP + "/2", "note": "", "events": ["order.held"]})
    row = WebhookEndpoint.objects.get()
    assert (row.url, row.events) == (SHOP + "/2", ["order.held"])
    assert b"whsec_" in desk.post(reverse("webhook-renew", args=[endpoint])).content
    desk.post(reverse("webhook-switch", args=[endpoint]))
    assert WebhookEndpoint.objects.get().state == "off"
    page = desk.post(reverse("webhook-test", args=[endpoint]), follow=True)
    assert "Switch it on first" in page.content.decode()
    desk.post(reverse("webhook-switch", args=[endpoint]), {"on": "1"})
    desk.post(reverse("webhook-test", args=[endpoint]))
    assert WebhookCall.objects.get().type == "webhook.test"


@pytest.mark.parametrize("state", CallState.values)
def test_a_call_is_shown_in_every_state_and_sent_again(desk: Client, call: WebhookCall, state: str) -> None:
    tried = {"at": timezone.now().isoformat(), "status": 500, "said": "<b>no</b>", "took_ms": 12}
    WebhookCall.objects.update(state=state, tries=[tried], attempts=3)
    page = desk.get(reverse("webhook-call", args=[call.pk])).content.decode()
    assert call.message_id in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    desk.post(reverse("webhook-call-again", args=[call.pk]))
    again = WebhookCall.objects.get()
    assert again.state == ("sending" if state == "sending" else "waiting")
    assert again.attempts == (3 if state in {"waiting", "sending"} else 0)


def test_calls_of_a_time_are_sent_again(desk: Client, endpoint: int, call: WebhookCall) -> None:
    WebhookCall.objects.update(state="failed")
    url = reverse("webhook-replay", args=[endpoint])
    assert desk.post(url, {"since": "nonsense"}).status_code == 422
    assert desk.post(url, {"since": "2030-01-02T00:00", "until": "2030-01-01T00:00"}).status_code == 422
    desk.post(url, {"since": "2030-01-01T00:00"})
    assert WebhookCall.objects.get().state == "failed"
    desk.post(url, {"since": "2020-01-01T00:00"})
    assert WebhookCall.objects.get().state == "waiting"


def test_the_log_is_narrowed(desk: Client, endpoint: int, call: WebhookCall) -> None:
    url = reverse("webhook-calls")
    for query, there in (
        ({}, True),
        ({"state": "waiting"}, True),
        ({"state": "failed"}, False),
        ({"type": "order.accepted", "endpoint": str(endpoint)}, True),
        ({"type": "order.held"}, False),
        ({"endpoint": "999"}, False),
        ({"after": str(call.pk)}, False),
        ({"after": "9" * 30, "endpoint": "x", "state": "y", "type": "z"}, True),
    ):
        page = desk.get(url, query).content.decode()
        assert (reverse("webhook-call", args=[call.pk]) in page) is there, query


def test_the_log_costs_the_same_whatever_it_holds(desk: Client, call: WebhookCall, order: Order) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(reverse("webhook-calls")).status_code == 200
        return len(seen)

    few = statements()
    tell_webhooks([OrderAccepted(merchant_id=order.merchant_id, order_id=order.pk)] * 60)
    assert statements() == few


def test_another_merchants_webhooks_are_not_there(world: World, enter: Any, endpoint: int, call: WebhookCall) -> None:
    stranger = enter(world.dee)
    assert SHOP not in stranger.get(reverse("webhooks")).content.decode()
    assert SHOP not in stranger.get(reverse("webhook-calls"), {"endpoint": endpoint}).content.decode()
    assert stranger.get(reverse("webhook", args=[endpoint])).status_code == 404
    assert stranger.get(reverse("webhook-call", args=[call.pk])).status_code == 404
    for name in ("webhook-renew", "webhook-switch", "webhook-test", "webhook-replay"):
        assert stranger.post(reverse(name, args=[endpoint]), {"since": "2020-01-01T00:00"}).status_code == 404
    assert stranger.post(reverse("webhook-call-again", args=[call.pk])).status_code == 404
    row = WebhookEndpoint.objects.get()
    assert (row.state, row.former_secret) == ("on", None)


def test_who_does_not_manage_the_merchant_is_refused(world: World, enter: Any, endpoint: int) -> None:
    picker = enter(world.ada)
    for name in ("webhooks", "webhook-calls"):
        assert picker.get(reverse(name)).status_code == 403
    assert picker.get(reverse("webhook", args=[endpoint])).status_code == 403
    assert picker.post(reverse("webhook-switch", args=[endpoint])).status_code == 403


def test_an_endpoint_that_does_not_answer_stands_on_today(desk: Client, endpoint: int) -> None:
    assert "webhook is switched off" not in desk.get(reverse("today")).content.decode()
    WebhookEndpoint.objects.update(state="broken")
    assert "1 webhook is switched off" in desk.get(reverse("today")).content.decode()
    assert "1 endpoint does not answer" in desk.get(reverse("webhooks")).content.decode()


def test_what_a_program_answered_may_be_broken_anywhere_and_stands_in_a_line_of_its_own(
    desk: Client, call: WebhookCall
) -> None:
    WebhookCall.objects.filter(pk=call.pk).update(tries=[{"at": "", "status": 500, "said": "x" * 500, "took_ms": 1}])
    log = desk.get(reverse("webhook-calls")).content.decode()
    assert '<td class="full" data-l="Answer">500<span class="sub mono">xxx' in log
    assert '<span class="sub mono">xxx' in desk.get(reverse("webhook-call", args=[call.pk])).content.decode()


def test_why_nobody_answered_is_said_in_words_and_what_the_library_said_is_folded_away(
    world: World, call: WebhookCall
) -> None:
    told = {"at": timezone.now().isoformat(), "status": None, "said": "ConnectError: [Errno 111] refused", "took_ms": 1}
    WebhookCall.objects.filter(pk=call.pk).update(tries=[{**told, "why": "unreachable"}, {**told, "why": "private"}])
    desk = Client(headers={"Accept-Language": "fr"})
    desk.force_login(world.chen, backend="django.contrib.auth.backends.ModelBackend")
    page = desk.get(reverse("webhook-call", args=[call.pk])).content.decode()
    shown = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "Il n’a pas pu être joint." in shown
    assert "son adresse est dans un réseau privé." in shown
    assert "Errno" in page
    assert "Errno" not in shown
    log = desk.get(reverse("webhook-calls")).content.decode()
    assert "son adresse est dans un réseau privé." in log
    assert "Errno" not in log


def test_an_endpoint_is_removed_once_and_the_log_of_its_calls_stays(desk: Client, call: WebhookCall) -> None:
    endpoint = call.endpoint_id
    assert reverse("webhook-remove", args=[endpoint]) in desk.get(reverse("webhook", args=[endpoint])).content.decode()
    assert desk.get(reverse("webhook-remove", args=[endpoint])).status_code == 405
    page = desk.post(reverse("webhook-remove", args=[endpoint]), follow=True).content.decode()
    assert ("The endpoint is removed" in page, "ERP" in page) == (True, False)
    row = WebhookEndpoint.objects.get()
    assert (row.state, bytes(row.secret), row.former_secret, row.events) == ("gone", b"", None, [])
    assert WebhookCall.objects.get().state == "failed"
    log = desk.get(reverse("webhook-calls")).content.decode()
    one = desk.get(reverse("webhook-call", args=[call.pk])).content.decode()
    again = reverse("webhook-call-again", args=[call.pk])
    assert (SHOP in log, "removed" in log, SHOP in one, again in one) == (True, True, True, False)
    assert AuditEntry.objects.get(verb="webhook_removed").data["url"] == SHOP
    for name in ("webhook", "webhook-remove", "webhook-switch", "webhook-renew", "webhook-test"):
        assert desk.post(reverse(name, args=[endpoint])).status_code == 404, name
    desk.post(reverse("webhook-call-again", args=[call.pk]))
    tell_webhooks([OrderAccepted(merchant_id=row.merchant_id, order_id=1)])
    assert list(WebhookCall.objects.values_list("state", flat=True)) == ["failed"]
    WebhookCall.objects.update(created_at=timezone.now() - timedelta(days=KEPT_DAYS + 1))
    forget_calls()
    assert not WebhookEndpoint.objects.exists()


def test_what_is_removed_while_it_is_called_is_not_called_again(desk: Client, call: WebhookCall) -> None:
    WebhookCall.objects.update(state="sending", attempts=1)
    desk.post(reverse("webhook-remove", args=[call.endpoint_id]))
    record_calls([Answer(call.pk, 500, "later", 3)])
    assert (WebhookCall.objects.get().state, WebhookEndpoint.objects.get().state) == ("failed", "gone")


def test_another_merchants_endpoint_is_not_removed(enter: Any, world: World, endpoint: int) -> None:
    assert enter(world.dee).post(reverse("webhook-remove", args=[endpoint])).status_code in {403, 404}
    assert WebhookEndpoint.objects.get().state == "on"
