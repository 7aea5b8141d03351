import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from colisage.kit.walls import behind_the_wall
from colisage.tracking.actions.apply_deliveries import apply_deliveries
from colisage.tracking.actions.forget_deliveries import forget_deliveries
from colisage.tracking.models import Track, WebhookDelivery
from colisage.tracking.rules import signature
from tests.cast import World
from tests.tracking.conftest import OnTheRoad, numbers
from tests.tracking.fakes import SECRET


@pytest.fixture(autouse=True)
def _source(settings: Any) -> None:
    settings.COLISAGE_TRACKING = {"fake": "tests.tracking.fakes.FakeSource"}


def post(body: bytes, *, name: str = "msg_1", source: str = "fake", secret: bytes = SECRET, age: int = 0) -> int:
    stamp = int(time.time()) - age
    signed = {
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature(secret, message_id=name, timestamp=stamp, body=body),
    }
    client = Client(enforce_csrf_checks=True)
    url = reverse("tracking-webhook", args=[source])
    return client.post(url, body, content_type="application/json", headers=signed).status_code


def test_a_signed_message_is_kept_acknowledged_and_read_later(on_the_road: OnTheRoad) -> None:
    [part] = on_the_road((("MUG", 1),))
    body = f"{numbers(part)[0]} picked_up 0".encode()
    assert post(body) == 204
    kept = WebhookDelivery.objects.get()
    assert (kept.state, body in bytes(kept.body)) == ("waiting", False)
    assert not Track.objects.exists()
    assert ProcrastinateJob.objects.filter(task_name="tracking.apply").count() == 1
    assert apply_deliveries() == 1
    assert Track.objects.get().status == "picked_up"
    assert WebhookDelivery.objects.get().state == "applied"


def test_the_same_message_three_times_is_kept_once(on_the_road: OnTheRoad) -> None:
    [part] = on_the_road((("MUG", 1),))
    body = f"{numbers(part)[0]} picked_up 0".encode()
    assert [post(body) for _ in range(3)] == [204, 204, 204]
    assert WebhookDelivery.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="tracking.apply").count() == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"secret": b"wrong"}, 401), ({"age": 600}, 401), ({"age": -600}, 401), ({"source": "nobody"}, 404)],
)
def test_a_stranger_is_turned_away_and_nothing_is_kept(db: None, changes: dict[str, Any], status: int) -> None:
    assert post(b"x", **changes) == status
    assert not WebhookDelivery.objects.exists()


def test_unsigned_and_oversized_messages_are_refused(db: None) -> None:
    url = reverse("tracking-webhook", args=["fake"])
    assert Client().post(url, b"{}", content_type="application/json").status_code == 401
    assert Client().get(url).status_code == 405
    assert post(b"x" * 1_000_001) == 413
    assert not WebhookDelivery.objects.exists()


def test_what_cannot_be_read_stops_none_of_the_others(on_the_road: OnTheRoad) -> None:
    [part] = on_the_road((("MUG", 1),))
    post(b"\xff\xfe", name="bad")
    post(f"{numbers(part)[0]} delivered 0".encode(), name="good")
    assert apply_deliveries() == 2
    assert dict(WebhookDelivery.objects.values_list("message_id", "state")) == {"bad": "unreadable", "good": "applied"}
    assert Track.objects.get().status == "delivered"


def test_a_parcel_not_known_yet_is_tried_again_for_a_while(on_the_road: OnTheRoad) -> None:
    post(b"UNHEARD picked_up 0")
    assert apply_deliveries() == 1
    assert WebhookDelivery.objects.get().state == "unclaimed"
    assert apply_deliveries() == 0
    assert apply_deliveries(unclaimed=True) == 1
    WebhookDelivery.objects.update(received_at=timezone.now() - timedelta(hours=2))
    apply_deliveries(unclaimed=True)
    assert WebhookDelivery.objects.get().state == "applied"


def test_the_web_puts_messages_in_and_sees_none(world: World) -> None:
    post(b"x y 0")
    with behind_the_wall(merchants=[world.tilleul.pk], operators=[world.nord.pk]):
        assert WebhookDelivery.objects.count() == 0
    with connection.cursor() as db:
        db.execute("SELECT current_user, current_setting('role')")
    assert WebhookDelivery.objects.count() == 1


def test_messages_are_forgotten_after_thirty_days(db: None) -> None:
    post(b"a", name="old")
    post(b"b", name="new")
    WebhookDelivery.objects.filter(message_id="old").update(received_at=timezone.now() - timedelta(days=31))
    assert forget_deliveries() == 1
    assert WebhookDelivery.objects.get().message_id == "new"


def test_messages_are_unreadable_under_another_secret_key(db: None, settings: Any) -> None:
    post(b"x y 0")
    settings.SECRET_KEY = "another one, long enough to pass"
    apply_deliveries()
    assert WebhookDelivery.objects.get().state == "unreadable"
