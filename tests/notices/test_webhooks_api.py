"""Webhooks over the API: endpoints, secrets told once, the log of calls, calls made again."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from colisage.kit.models import AuditEntry, Receipt
from colisage.notices.models import WebhookCall, WebhookEndpoint
from colisage.notices.queries.secrets import read_secret
from tests.cast import World
from tests.program import Make, code_of, program, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.django_db
MAY = ("webhooks:read", "webhooks:write")
ENDPOINT = {"url": "https://erp.example.com/in", "events": ["order.accepted"], "note": "ERP"}


def made(ask: Any, **changes: Any) -> Any:
    answer = ask.post("webhooks", ENDPOINT | changes)
    assert answer.status_code == 201, answer.content
    return answer.json()


def call(endpoint: int, *, state: str, message: str = "m") -> int:
    e = WebhookEndpoint.objects.get(pk=endpoint)
    tries = [{"at": "2026-11-20T09:30:00+00:00", "status": 500, "said": "no", "took_ms": 12}]
    row = WebhookCall.objects.create(
        merchant_id=e.merchant_id, endpoint=e, message_id=message, type="order.accepted", body='{"a": 1}', state=state,
        tries=tries,
    )  # fmt: skip
    return int(row.pk)


def test_a_secret_is_told_once_and_kept_nowhere_open(program: Make) -> None:
    ask = program(*MAY)
    first = ask.post("webhooks", ENDPOINT, Idempotency_Key="a").json()
    again = ask.post("webhooks", ENDPOINT, Idempotency_Key="a").json()
    assert first["secret"].startswith("whsec_")
    assert again == first | {"secret": ""}
    assert WebhookEndpoint.objects.count() == 1
    assert read_secret(WebhookEndpoint.objects.get().secret) == first["secret"]
    assert b"whsec_" not in bytes(Receipt.objects.get().body or b"")
    assert "secret" not in ask.read(f"webhooks/{first['id']}")
    renewed = ask.post(f"webhooks/{first['id']}/secret").json()["secret"]
    assert renewed not in {"", first["secret"]}
    assert read_secret(WebhookEndpoint.objects.get().secret) == renewed


def test_an_endpoint_is_replaced_only_as_it_was_read(program: Make) -> None:
    ask = program(*MAY)
    path = f"webhooks/{made(ask)['id']}"
    tag = ask.get(path).headers["ETag"]
    other = ENDPOINT | {"events": ["order.held", "order.freed"]}
    assert code_of(ask.send("PUT", path, other)) == (428, "etag_needed")
    answer = ask.send("PUT", path, other, If_Match=tag)
    assert (answer.status_code, answer.json()["events"]) == (200, other["events"])
    assert answer.headers["ETag"] == ask.get(path).headers["ETag"]
    assert code_of(ask.send("PUT", path, ENDPOINT, If_Match=tag)) == (412, "etag_differs")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"url": "http://10.0.0.1/"}, "bad_webhook_address"),
        ({"url": "https://localhost/"}, "bad_webhook_address"),
        ({"events": ["order.lost"]}, "unknown_event_types"),
        ({"events": []}, "malformed"),
        ({"secret": "mine"}, "malformed"),
    ],
)
def test_news_goes_to_public_addresses_and_is_of_known_types(program: Make, changes: dict[str, Any], code: str) -> None:
    assert code_of(program(*MAY).post("webhooks", ENDPOINT | changes)) == (422, code)
    assert not WebhookEndpoint.objects.exists()


def test_an_endpoint_is_switched_off_and_on_and_removed_and_its_log_stays(program: Make) -> None:
    ask = program(*MAY)
    pk = made(ask)["id"]
    waits = call(pk, state="waiting")
    assert ask.post(f"webhooks/{pk}/switch", {"on": False}).json()["state"] == "off"
    assert WebhookCall.objects.get(pk=waits).state == "kept"
    assert code_of(ask.post(f"webhooks/{pk}/test")) == (409, "endpoint_switched_off")
    assert ask.post(f"webhooks/{pk}/switch", {"on": True}).json()["state"] == "on"
    tested = ask.post(f"webhooks/{pk}/test").json()
    assert (tested["type"], tested["state"]) == ("webhook.test", "waiting")
    assert ask.send("DELETE", f"webhooks/{pk}", Dry_Run="true").json()["outcome"] == "removed"
    assert WebhookEndpoint.objects.get().state == "on"
    assert ask.send("DELETE", f"webhooks/{pk}").json() == {"outcome": "removed", "id": pk}
    assert ask.read("webhooks")["items"] == []
    assert code_of(ask.get(f"webhooks/{pk}")) == (404, "not_there")
    given_up = ask.every("webhook-calls")
    assert [(one["endpoint"], one["state"]) for one in given_up] == [(pk, "failed")] * 2
    assert ask.post("webhook-calls/replay", {"calls": [waits]}).json()["results"][0]["code"] == "not_there"
    assert code_of(ask.send("DELETE", f"webhooks/{pk}")) == (404, "not_there")
    assert AuditEntry.objects.filter(verb="webhook_removed", actor_kind="key").count() == 1


def test_the_log_of_calls_is_narrowed_and_turned(program: Make) -> None:
    ask = program(*MAY)
    first, second = made(ask)["id"], made(ask)["id"]
    calls = [call(pk, state=state, message=state) for pk in (first, second) for state in ("failed", "sent", "kept")]
    assert [one["id"] for one in ask.every("webhook-calls", limit=2)] == calls[::-1]
    assert [one["id"] for one in ask.read("webhook-calls", endpoint=second, state="failed")["items"]] == [calls[3]]
    assert ask.read("webhook-calls", type="order.held")["items"] == []
    told = ask.read(f"webhook-calls/{calls[0]}")
    assert (told["body"], told["tries"][0]["status"], told["next_try_at"]) == ('{"a": 1}', 500, None)


def test_calls_are_made_again_one_by_one_or_those_of_a_time(program: Make) -> None:
    ask = program(*MAY)
    on, off = made(ask)["id"], made(ask)["id"]
    ask.post(f"webhooks/{off}/switch", {"on": False})
    failed, waits, stays = call(on, state="failed"), call(on, state="waiting", message="n"), call(off, state="kept")
    body = {"calls": [failed, waits, stays, 999_999]}
    assert [(r["outcome"], r.get("code")) for r in ask.post("webhook-calls/replay", body).json()["results"]] == [
        ("again", None),
        ("unchanged", None),
        ("refused", "endpoint_switched_off"),
        ("refused", "not_there"),
    ]
    assert WebhookCall.objects.get(pk=failed).state == "waiting"
    call(on, state="sent", message="o")
    span = {"since": (timezone.now() - timedelta(hours=1)).isoformat()}
    assert ask.post(f"webhooks/{on}/replay", span).json() == {"calls": 0}
    assert ask.post(f"webhooks/{on}/replay", span | {"delivered": True}).json() == {"calls": 1}
    back = {"since": "2026-11-20T09:30:00Z", "until": "2026-11-20T09:30:00Z"}
    assert code_of(ask.post(f"webhooks/{on}/replay", back)) == (422, "malformed")


def test_strangers_find_nothing(world: World, program: Make, stranger: Make) -> None:
    pk = made(program(*MAY))["id"]
    number = call(pk, state="failed")
    ask = stranger(*MAY)
    assert world.northwind.pk
    assert ask.read("webhooks")["items"] == ask.read("webhook-calls")["items"] == []
    for method, path, body in (
        ("GET", f"webhooks/{pk}", None), ("PUT", f"webhooks/{pk}", ENDPOINT), ("DELETE", f"webhooks/{pk}", None),
        ("POST", f"webhooks/{pk}/secret", None), ("POST", f"webhooks/{pk}/switch", {"on": False}),
        ("POST", f"webhooks/{pk}/test", None), ("GET", f"webhook-calls/{number}", None),
    ):  # fmt: skip
        assert code_of(ask.send(method, path, body, If_Match="*")) == (404, "not_there"), path
    assert ask.post("webhook-calls/replay", {"calls": [number]}).json()["results"][0]["code"] == "not_there"
