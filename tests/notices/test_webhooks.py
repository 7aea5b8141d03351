"""Webhooks to the programs of merchants: signed, told once each, made again until they are received well."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from colisage.connectors.calls import call
from colisage.connectors.ports import Access, ShopRefused
from colisage.connectors.webhooks import client
from colisage.inventory.events import PublishedChanged
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.kit.signing import signature
from colisage.notices.actions.forget_calls import forget_calls
from colisage.notices.actions.make_calls import make_calls
from colisage.notices.actions.renew_secret import renew_secret
from colisage.notices.actions.replay_calls import SwitchedOff, replay_calls
from colisage.notices.actions.save_endpoint import BadAddress, TooManyEndpoints, UnknownEvents, save_endpoint
from colisage.notices.actions.switch_endpoint import switch_endpoint
from colisage.notices.actions.tell_webhooks import tell_webhooks
from colisage.notices.actions.try_endpoint import try_endpoint
from colisage.notices.models import WebhookCall, WebhookEndpoint
from colisage.notices.rules.webhooks import BROKEN_AFTER, TYPES, is_public, secret_bytes, url_fault, wait
from colisage.orders.events import (
    OrderAccepted,
    OrderCancelled,
    OrderDisrupted,
    OrderExpected,
    OrderResumed,
    StageReached,
)
from colisage.orders.queries import Order
from colisage.tracking.events import ParcelMoved
from tests.cast import World
from tests.notices.receiver import Receiver


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.COLISAGE_WEBHOOKS_INSIDE = True
    with Receiver() as made:
        yield made


class Hook:
    """An endpoint that hears of everything."""

    def __init__(self, world: World, receiver: Receiver, *, url: str = "") -> None:
        self.merchant = world.tilleul.pk
        self.pk, self.secret = save_endpoint(
            self.merchant, url=url or receiver.url, events=list(TYPES), note="ERP", actor=SYSTEM
        )

    @property
    def row(self) -> WebhookEndpoint:
        return WebhookEndpoint.objects.get(pk=self.pk)

    @property
    def call(self) -> WebhookCall:
        return WebhookCall.objects.get(endpoint=self.pk)

    def due_now(self) -> None:
        WebhookCall.objects.filter(endpoint=self.pk, state="waiting").update(next_try_at=timezone.now())
        WebhookEndpoint.objects.filter(pk=self.pk).update(paused_until=None)


@pytest.fixture
def hook(world: World, receiver: Receiver) -> Hook:
    return Hook(world, receiver)


def accepted(order: Order) -> OrderAccepted:
    return OrderAccepted(merchant_id=order.merchant_id, order_id=order.pk)


def test_the_published_vector_of_the_standard_is_met(shared: Path) -> None:
    vector = json.loads((shared / "fixtures/standard-webhooks/vector.json").read_text())
    signed = signature(
        secret_bytes(vector["secret"]),
        message_id=vector["id"],
        timestamp=vector["timestamp"],
        body=vector["payload"].encode(),
    )
    assert signed == vector["signature"]


def test_an_event_is_told_signed_with_ids_and_nothing_of_the_customer(
    hook: Hook, order: Order, receiver: Receiver
) -> None:
    tell_webhooks([accepted(order)])
    assert make_calls() == 1
    [got] = receiver.got
    assert got.signed_by(hook.secret)
    assert got.path == "/hooks?from=colisage"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["content-type"] == "application/json"
    told = got.told
    assert set(told) == {"type", "version", "timestamp", "data"}
    assert (told["type"], told["version"]) == ("order.accepted", 1)
    assert told["data"] == {
        "order_id": order.pk,
        "order": {"number": order.number, "reference": order.external_ref},
    }
    assert b"Camille" not in got.body
    assert (hook.call.state, hook.call.tries[0]["status"], hook.call.tries[0]["said"]) == ("sent", 200, "thank you")
    assert make_calls() == 0  # once


def test_each_event_says_what_it_is_about(world: World, hook: Hook, order: Order, receiver: Receiver) -> None:
    tell_webhooks(
        [
            StageReached(
                merchant_id=order.merchant_id, order_id=order.pk, fulfillment_order_id=5, node_id=world.lyon.pk,
                stage="picked", before="picking",
            ),
            ParcelMoved(
                merchant_id=order.merchant_id, order_id=order.pk, fulfillment_order_id=5, parcel_id=7,
                tracking_number="LP1", status="delivered", reason="", before="in_transit",
            ),
            PublishedChanged(merchant_id=order.merchant_id, sku_ids=(world.sku("MUG").pk, world.sku("CARTE").pk)),
            OrderExpected(merchant_id=order.merchant_id, order_id=order.pk, on="2026-12-04", later=True),
            OrderDisrupted(merchant_id=order.merchant_id, order_id=order.pk, disruption_id=9, effect="redate"),
            OrderResumed(merchant_id=order.merchant_id, order_id=order.pk, disruption_id=9, effect="released"),
        ]
    )  # fmt: skip
    assert make_calls() == 6
    told = {got.told["type"]: got.told["data"] for got in receiver.got}
    stage = told["fulfillment_order.stage_reached"]
    assert (stage["stage"], stage["before"], stage["node"]) == ("picked", "picking", "LYON")
    assert (told["parcel.moved"]["tracking_number"], told["parcel.moved"]["status"]) == ("LP1", "delivered")
    assert told["availability.changed"] == {"skus": ["MUG", "CARTE"]}
    of = {"order_id": order.pk, "order": {"number": order.number, "reference": order.external_ref}}
    assert told["order.expected"] == {**of, "on": "2026-12-04", "later": True, "disruption_id": None}
    assert told["order.disrupted"] == {**of, "disruption_id": 9, "effect": "redate", "until": "", "again": False}
    assert told["order.resumed"] == {**of, "disruption_id": 9, "effect": "released"}


def test_only_what_was_asked_for_is_told_and_only_of_the_own_merchant(
    world: World, order: Order, receiver: Receiver
) -> None:
    save_endpoint(world.tilleul.pk, url=receiver.url, events=["order.cancelled"], actor=SYSTEM)
    save_endpoint(world.northwind.pk, url=receiver.url, events=list(TYPES), actor=SYSTEM)
    tell_webhooks([accepted(order)])
    assert not WebhookCall.objects.exists()
    tell_webhooks([OrderCancelled(merchant_id=order.merchant_id, order_id=order.pk)])
    assert [call.type for call in WebhookCall.objects.all()] == ["order.cancelled"]


def test_history_stays_quiet(hook: Hook, order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(quiet=True)
    tell_webhooks([accepted(order)])
    assert not WebhookCall.objects.exists()


@pytest.mark.parametrize("trouble", [500, 404, "slow", "drip", "close", "redirect"])
def test_what_was_not_received_well_is_sent_again_under_the_same_id(
    hook: Hook, order: Order, receiver: Receiver, trouble: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SECONDS", 0.5)
    receiver.behaviour = [trouble]
    tell_webhooks([accepted(order)])
    assert make_calls() == 0
    call = hook.call
    assert (call.state, call.attempts) == ("waiting", 1)
    assert timedelta(seconds=3) < call.next_try_at - timezone.now() < timedelta(seconds=7)
    assert make_calls() == 0  # not before its time
    hook.due_now()
    assert make_calls() == 1
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert second.signed_by(hook.secret)
    assert [tried["status"] for tried in hook.call.tries][-1] == 200


def test_a_redirect_is_not_followed(hook: Hook, order: Order, receiver: Receiver) -> None:
    receiver.behaviour = ["redirect"]
    tell_webhooks([accepted(order)])
    make_calls()
    assert [got.path for got in receiver.got] == ["/hooks?from=colisage"]
    assert hook.call.tries[0]["status"] == 302


def test_a_receiver_that_acts_and_then_falls_silent_can_tell_that_it_has_the_message(
    hook: Hook, order: Order, receiver: Receiver
) -> None:
    receiver.behaviour = ["after"]
    tell_webhooks([accepted(order)])
    make_calls()
    hook.due_now()
    make_calls()
    assert len(receiver.got) == 2
    assert len({got.id for got in receiver.got}) == 1


def test_what_a_receiver_says_is_kept_short_and_plain(hook: Hook, order: Order, receiver: Receiver) -> None:
    receiver.behaviour = ["loud", 500]
    tell_webhooks([accepted(order), OrderCancelled(merchant_id=order.merchant_id, order_id=order.pk)])
    make_calls()
    said = [tried["said"] for call in WebhookCall.objects.order_by("pk") for tried in call.tries]
    assert len(said) == 2
    assert all(len(text) <= 300 for text in said)
    assert "no <b>thanks</b>" in said
    assert not any("\x00" in text for text in said)


def test_a_receiver_that_asks_for_time_gets_it(hook: Hook, order: Order, receiver: Receiver) -> None:
    receiver.behaviour = ["later"]
    tell_webhooks([accepted(order)])
    make_calls()
    assert timedelta(hours=1.9) < hook.call.next_try_at - timezone.now() < timedelta(hours=2.3)


def test_pauses_grow_for_three_days_and_then_it_is_given_up() -> None:
    pauses = []
    while (pause := wait(len(pauses) + 1)) is not None:
        pauses.append(pause)
    assert pauses == sorted(pauses)
    assert timedelta(days=3) <= sum(pauses, timedelta()) <= timedelta(days=4)


def test_a_call_is_given_up_after_its_last_attempt(hook: Hook, order: Order, receiver: Receiver) -> None:
    tell_webhooks([accepted(order)])
    WebhookCall.objects.update(attempts=9)
    receiver.behaviour = [500]
    make_calls()
    assert hook.call.state == "failed"


def test_an_endpoint_that_only_fails_for_days_is_switched_off_and_what_it_missed_is_kept(
    hook: Hook, order: Order, receiver: Receiver
) -> None:
    long_ago = timezone.now() - BROKEN_AFTER
    WebhookEndpoint.objects.update(failures=9, failing_since=long_ago)
    receiver.behaviour = [500]
    tell_webhooks([accepted(order)])
    make_calls()
    assert (hook.row.state, hook.call.state) == ("broken", "kept")
    assert AuditEntry.objects.filter(verb="webhook_broken", doc_id=hook.pk).count() == 1
    tell_webhooks([OrderCancelled(merchant_id=order.merchant_id, order_id=order.pk)])
    make_calls()
    assert len(receiver.got) == 1
    switch_endpoint(hook.merchant, endpoint_id=hook.pk, on=True, actor=SYSTEM)
    assert replay_calls(hook.merchant, endpoint_id=hook.pk, states=["failed", "kept"], actor=SYSTEM) == 2
    assert make_calls() == 2
    assert sorted(got.told["type"] for got in receiver.got) == ["order.accepted", "order.accepted", "order.cancelled"]


def test_one_good_answer_forgives_all_failures(hook: Hook, order: Order) -> None:
    WebhookEndpoint.objects.update(failures=9, failing_since=timezone.now() - BROKEN_AFTER)
    tell_webhooks([accepted(order)])
    assert make_calls() == 1
    assert (hook.row.state, hook.row.failures, hook.row.failing_since) == ("on", 0, None)


def test_an_endpoint_that_says_it_is_gone_is_switched_off(hook: Hook, order: Order, receiver: Receiver) -> None:
    receiver.behaviour = [410]
    tell_webhooks([accepted(order)])
    make_calls()
    assert (hook.row.state, hook.call.state) == ("broken", "failed")


def test_an_endpoint_that_fails_again_and_again_is_left_alone_for_a_while(
    hook: Hook, order: Order, receiver: Receiver
) -> None:
    receiver.behaviour = [500] * 3
    tell_webhooks([accepted(order)])
    for _ in range(3):
        make_calls()
        WebhookCall.objects.update(next_try_at=timezone.now())
    assert hook.row.paused_until is not None
    make_calls()
    assert len(receiver.got) == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert make_calls() == 1


def test_a_slow_endpoint_holds_no_other_up(
    world: World, hook: Hook, order: Order, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SECONDS", 1.5)
    with Receiver(behaviour=["slow"] * 30) as slow:
        late = Hook(world, slow)
        tell_webhooks([accepted(order)] * 12)
        make_calls()
        assert len(receiver.got) == 12
        assert len(slow.got) <= 20
        assert WebhookCall.objects.filter(endpoint=late.pk, state="sent").count() == 0


def test_both_secrets_sign_for_a_day_after_one_is_renewed(hook: Hook, order: Order, receiver: Receiver) -> None:
    new = renew_secret(hook.merchant, endpoint_id=hook.pk, actor=SYSTEM)
    tell_webhooks([accepted(order)])
    make_calls()
    [got] = receiver.got
    assert got.signed_by(hook.secret)
    assert got.signed_by(new)
    WebhookEndpoint.objects.update(former_until=timezone.now())
    try_endpoint(hook.merchant, endpoint_id=hook.pk, actor=SYSTEM)
    make_calls()
    assert receiver.got[1].signed_by(new)
    assert not receiver.got[1].signed_by(hook.secret)


def test_a_secret_is_kept_sealed(hook: Hook) -> None:
    assert hook.secret.startswith("whsec_")
    assert hook.secret.encode() not in bytes(hook.row.secret)
    assert secret_bytes(hook.secret) not in bytes(hook.row.secret)


def test_a_worker_that_died_leaves_nothing_behind(hook: Hook, order: Order, receiver: Receiver) -> None:
    tell_webhooks([accepted(order)])
    WebhookCall.objects.update(state="sending", claimed_at=timezone.now() - timedelta(minutes=1))
    assert make_calls() == 0
    WebhookCall.objects.update(claimed_at=timezone.now() - timedelta(minutes=3))
    assert make_calls() == 1
    assert len(receiver.got) == 1


def test_a_name_that_leads_inside_is_not_called(hook: Hook, order: Order, receiver: Receiver, settings: Any) -> None:
    settings.COLISAGE_WEBHOOKS_INSIDE = False
    WebhookEndpoint.objects.update(url=f"https://localhost:{receiver.port}/hooks")
    tell_webhooks([accepted(order)])
    make_calls()
    assert receiver.got == []
    assert hook.call.tries[0]["said"] == "not called: a private address"
    assert hook.call.tries[0]["why"] == "private"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "::", "ff02::1",
    ],
)  # fmt: skip
def test_a_private_address_is_known_in_every_spelling(address: str) -> None:
    assert not is_public(address)
    host = f"[{address}]" if ":" in address else address
    assert url_fault(f"https://{host}/hook", inside=False)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254", "169.254.170.2", "fe80::a9fe:a9fe", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
        "fd00:ec2::254", "fd20:ce::254", "100.100.100.200",
    ],
)  # fmt: skip
def test_where_a_machine_hears_its_own_keys_nobody_calls_even_inside(
    hook: Hook, order: Order, settings: Any, address: str
) -> None:
    settings.COLISAGE_WEBHOOKS_INSIDE = settings.COLISAGE_SHOPS_INSIDE = True
    url = f"http://[{address}]/latest" if ":" in address else f"http://{address}/latest"
    assert url_fault(url, inside=True)
    assert not url_fault("http://192.168.1.20/hook", inside=True)
    WebhookEndpoint.objects.update(url=url)  # saved before, or a name that leads there
    tell_webhooks([accepted(order)])
    make_calls()
    assert hook.call.tries[0]["why"] == "barred"
    with pytest.raises(ShopRefused) as refused:
        call(Access(options={}, secrets={}), "GET", url)
    assert refused.value.code == "private_address"


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_a_public_address_is_called(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/hook", "https://", "https://localhost/", "https://shop.local/x", "https://a b.example/",
        "https://user:pass@shop.example/", "https://shop.example/#x", "ftp://shop.example", "https://[::1", "nonsense",
        "https://shop.example:99999/", "https://shop.example/\x00", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_an_address_where_nothing_may_go_is_refused(world: World, url: str) -> None:
    with pytest.raises(BadAddress):
        save_endpoint(world.tilleul.pk, url=url, events=["order.accepted"], actor=SYSTEM)
    assert not WebhookEndpoint.objects.exists()


def test_an_endpoint_hears_of_known_events_and_there_are_not_too_many(world: World) -> None:
    for events in ([], ["order.lost"], ["order.accepted", "order.lost"]):
        with pytest.raises(UnknownEvents):
            save_endpoint(world.tilleul.pk, url="https://shop.example/", events=events, actor=SYSTEM)
    for _ in range(20):
        save_endpoint(world.tilleul.pk, url="https://shop.example/", events=["order.accepted"], actor=SYSTEM)
    with pytest.raises(TooManyEndpoints):
        save_endpoint(world.tilleul.pk, url="https://shop.example/", events=["order.accepted"], actor=SYSTEM)


def test_calls_of_a_time_are_sent_again_and_nothing_to_an_endpoint_that_is_off(
    hook: Hook, order: Order, receiver: Receiver
) -> None:
    tell_webhooks([accepted(order)] * 2)
    make_calls()
    old, new = WebhookCall.objects.order_by("pk")
    WebhookCall.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    since = timezone.now() - timedelta(days=1)
    assert replay_calls(hook.merchant, endpoint_id=hook.pk, since=since, states=["failed"], actor=SYSTEM) == 0
    assert replay_calls(hook.merchant, endpoint_id=hook.pk, since=since, actor=SYSTEM) == 1
    make_calls()
    assert [got.id for got in receiver.got][2:] == [new.message_id]
    switch_endpoint(hook.merchant, endpoint_id=hook.pk, on=False, actor=SYSTEM)
    with pytest.raises(SwitchedOff):
        replay_calls(hook.merchant, endpoint_id=hook.pk, call_ids=[old.pk], actor=SYSTEM)
    tell_webhooks([accepted(order)])
    assert WebhookCall.objects.count() == 2  # of what happens meanwhile nothing is kept: a person wanted that


def test_old_calls_are_forgotten(hook: Hook, order: Order) -> None:
    tell_webhooks([accepted(order)] * 2)
    WebhookCall.objects.filter(pk=WebhookCall.objects.order_by("pk")[0].pk).update(
        created_at=timezone.now() - timedelta(days=31)
    )
    assert forget_calls() == 1
    assert WebhookCall.objects.count() == 1


def test_telling_costs_the_same_whatever_is_told(hook: Hook, order: Order, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        tell_webhooks([accepted(order)] * 100)
