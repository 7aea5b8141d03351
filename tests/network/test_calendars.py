"""New nodes, and the days on which nodes do not work."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from colisage.kit.models import AuditEntry
from colisage.network.models import Closure, Node, NodeService
from colisage.network.queries import departures, nodes_serving
from colisage.network.queries.calendars import public_holidays
from tests.cast import World
from tests.network.test_nodes import HOURS, client_of

NOW = datetime(2026, 12, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def chen(world: World) -> Client:
    return client_of(world.chen)


def new_node(world: World, chen: Client, **changes: Any) -> Any:
    told = {
        **HOURS,
        "operator": world.nord.pk,
        "code": "nice",
        "merchants": [world.tilleul.pk],
        "name": "Nice",
        **changes,
    }
    return chen.post(reverse("node-new"), told)


def test_a_manager_makes_a_node_that_serves_after_the_others(world: World, chen: Client) -> None:
    assert new_node(world, chen).status_code == 302
    made = Node.objects.get(code="NICE")
    assert (made.operator_id, made.working_days) == (world.nord.pk, [1, 2, 3, 4, 5, 6])
    assert [s.code for s in nodes_serving([world.tilleul.pk])[world.tilleul.pk]][-1] == "NICE"
    assert AuditEntry.objects.filter(verb="node_opened", doc_id=made.pk).exists()


@pytest.mark.parametrize(
    "wrong", [{"code": "LYON"}, {"merchants": []}, {"country": "Nulle part"}, {"working_days": []}]
)
def test_a_node_that_cannot_be_is_refused_and_nothing_is_made(
    world: World, chen: Client, wrong: dict[str, Any]
) -> None:
    before = (Node.objects.count(), NodeService.objects.count())
    assert new_node(world, chen, **wrong).status_code == 422
    assert (Node.objects.count(), NodeService.objects.count()) == before


def test_only_managers_make_nodes_and_close_them(world: World) -> None:
    for person in (world.ada, world.dee):
        assert client_of(person).get(reverse("node-new")).status_code == 403
    assert client_of(world.ada).post(reverse("node-holidays", args=[world.lyon.pk])).status_code == 403
    assert client_of(world.dee).post(reverse("node-holidays", args=[world.lyon.pk])).status_code == 404


@time_machine.travel(NOW, tick=False)
def test_nothing_leaves_on_a_closed_day(world: World) -> None:
    chen = client_of(world.chen)  # logged in on that day
    usual = departures([world.lyon.pk], now=NOW)[world.lyon.pk]
    assert usual.date() == date(2026, 12, 23)
    chen.post(reverse("node-close", args=[world.lyon.pk]), {"day": "2026-12-23", "reason": "Inventaire"})
    chen.post(reverse("node-close", args=[world.lyon.pk]), {"day": "2026-12-24"})
    assert departures([world.lyon.pk], now=NOW)[world.lyon.pk].date() == date(2026, 12, 25)
    chen.post(reverse("node-holidays", args=[world.lyon.pk]))
    assert departures([world.lyon.pk], now=NOW)[world.lyon.pk].date() == date(2026, 12, 28)
    chen.post(reverse("node-open", args=[world.lyon.pk]), {"day": "2026-12-23"})
    assert departures([world.lyon.pk], now=NOW)[world.lyon.pk] == usual


@time_machine.travel(NOW, tick=False)
def test_holidays_added_again_and_days_that_are_gone_change_nothing(world: World) -> None:
    chen = client_of(world.chen)
    chen.post(reverse("node-holidays", args=[world.lyon.pk]))
    count = Closure.objects.count()
    assert count == 12  # Christmas, and the eleven of the next year
    chen.post(reverse("node-holidays", args=[world.lyon.pk]))
    chen.post(reverse("node-close", args=[world.lyon.pk]), {"day": "2026-12-01"})
    chen.post(reverse("node-close", args=[world.lyon.pk]), {"day": "demain"})
    assert Closure.objects.count() == count
    assert AuditEntry.objects.filter(verb="days_closed").count() == 1


def test_regions_have_holidays_of_their_own() -> None:
    country, quebec = public_holidays("CA", years=(2027,)), public_holidays("CA", years=(2027,), region="QC")
    assert date(2027, 6, 24) in quebec
    assert date(2027, 6, 24) not in country
    assert public_holidays("QQ", years=(2027,)) == {}
