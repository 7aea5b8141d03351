from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.kit.actors import Actor
from colisage.orders.queries import parts
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.models import PickBatch, PickTask, Wave
from tests.cast import World
from tests.picking.conftest import Ready

pytestmark = pytest.mark.django_db
Enter = Callable[[Any], Client]


def open_task() -> PickTask:
    return PickTask.objects.filter(state="open").order_by("position")[0]


def test_a_wave_is_released_from_the_desk(world: World, ready: Ready, enter: Enter) -> None:
    ready((("MUG", 2),), (("CARTE", 1),))
    chen = enter(world.chen)
    assert b"2 orders to release" in chen.get("/picking/").content
    answer = chen.post("/picking/release", {"node": world.lyon.pk, "most": 1})
    assert answer.status_code == 302
    assert Wave.objects.get().orders == 1
    assert b"1 order to release, 1 batch to take" in chen.get("/picking/").content


def test_a_wave_of_one_cut_off_leaves_the_others(world: World, ready: Ready, enter: Enter) -> None:
    soon, later = datetime(2026, 11, 24, 15, tzinfo=UTC), datetime(2026, 11, 25, 15, 0, 0, 120, tzinfo=UTC)
    [first] = ready((("MUG", 1),), ship_by=soon)
    [second] = ready((("MUG", 1),), ship_by=later)
    client = enter(world.chen)
    page = client.get("/picking/").content.decode()
    for moment, pk in ((later, second), (soon, first)):
        assert f'value="{moment.isoformat()}"' in page
        client.post("/picking/release", {"node": world.lyon.pk, "most": 5, "ship_by": moment.isoformat()})
        assert parts([pk])[pk].stage == "released"
    assert Wave.objects.count() == 2


def test_a_picker_walks_a_batch_scan_by_scan(world: World, ready: Ready, ada: Actor, enter: Enter) -> None:
    [pk] = ready((("MUG", 2), ("CARTE", 1)))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    client = enter(world.ada)
    batch = PickBatch.objects.get()
    assert f"Batch {batch.pk}".encode() in client.get("/picking/floor").content
    client.post(f"/picking/batches/{batch.pk}/take")
    assert parts([pk])[pk].stage == "picking"
    first, second = PickTask.objects.order_by("position").select_related("sku")
    page = client.get(f"/picking/batches/{batch.pk}/pick").content.decode()
    assert first.sku.name in page
    assert "1 / 2" in page
    answer = client.post(f"/picking/tasks/{first.pk}/scan", {"code": first.sku.code}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'data-verdict="ok"' in text
    assert "<html" not in text
    assert second.sku.name in text
    assert 'id="pick-bar" hx-swap-oob="true"' in text
    answer = client.post(
        f"/picking/tasks/{second.pk}/scan", {"code": second.sku.code.lower()}, headers={"hx-request": "true"}
    )
    assert "The batch is done" in answer.content.decode()
    assert parts([pk])[pk].stage == "picked"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("CARTE", "Carte postale"),
        ("nothing", "an unknown code"),
        ("A-01-1", "the label of this bin"),
        ("C-04-1", "Go to A·01·1"),
    ],
)
def test_a_wrong_scan_says_what_was_expected(  # noqa: PLR0917 -- fixtures
    world: World, ready: Ready, ada: Actor, enter: Enter, code: str, said: str
) -> None:
    ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    client = enter(world.ada)
    answer = client.post(f"/picking/tasks/{open_task().pk}/scan", {"code": code}, headers={"hx-request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-verdict="bad"' in text
    assert said in text
    assert "Mug en grès bleu" in text
    assert PickTask.objects.get().state == "open"


def test_some_are_missing_is_told_on_one_page(world: World, ready: Ready, ada: Actor, enter: Enter) -> None:
    ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    client = enter(world.ada)
    url = f"/picking/tasks/{open_task().pk}/short"
    assert b"There is none elsewhere." in client.get(url).content
    assert client.post(url, {"found": "1", "reason": "nonsense"}).status_code == 422
    answer = client.post(url, {"found": "1", "reason": "empty"}, follow=True)
    assert b"the order waits for stock" in answer.content
    assert PickTask.objects.get().state == "short"


def test_a_task_left_for_later_comes_last(world: World, ready: Ready, ada: Actor, enter: Enter) -> None:
    ready((("MUG", 1), ("CARTE", 1)))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    first = open_task()
    enter(world.ada).post(f"/picking/tasks/{first.pk}/skip")
    assert open_task() != first


def test_staff_of_another_merchant_sees_and_moves_nothing(world: World, ready: Ready, ada: Actor, enter: Enter) -> None:
    ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    client, task, batch = enter(world.dee), open_task(), PickBatch.objects.get()
    assert b"Mug" not in client.get("/picking/").content
    refused = [
        client.get("/picking/floor"),
        client.get(f"/picking/batches/{batch.pk}/pick"),
        client.post(f"/picking/batches/{batch.pk}/take"),
        client.post(f"/picking/tasks/{task.pk}/scan", {"code": "MUG"}),
        client.post(f"/picking/tasks/{task.pk}/short", {"found": 0, "reason": "empty"}),
        client.post("/picking/release", {"node": world.lyon.pk, "most": 5}),
    ]
    assert {answer.status_code for answer in refused} == {403}
    assert PickTask.objects.get().state == "open"


def test_a_packer_does_not_pick(world: World, enter: Enter) -> None:
    assert enter(world.bo).get("/picking/floor").status_code == 403


def test_the_pages_ask_as_much_for_three_orders_as_for_thirty(
    world: World, ready: Ready, ada: Actor, enter: Enter
) -> None:
    client = enter(world.chen)
    counts = []
    for many in (3, 20):
        ready(*[(("CARTE", 1),)] * many)
        release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
        ready(*[(("MUG", 1),)] * (many // 2))
        batch = PickBatch.objects.order_by("-pk")[0]
        for url in (
            "/picking/",
            "/picking/floor",
            f"/picking/batches/{batch.pk}",
            f"/picking/batches/{batch.pk}/pick",
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.append(len(queries))
    assert counts[:4] == counts[4:]
