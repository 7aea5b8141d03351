"""What makes the killing harmless, piece by piece: connections that were cut, files left half-read."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from colisage.intake.actions import run_import as module
from colisage.intake.actions.run_import import run_import
from colisage.intake.actions.start_import import start_import
from colisage.intake.api import answer_posts, sender_of
from colisage.intake.api.reading import Post, read_post
from colisage.intake.models import ImportRun
from colisage.intake.tasks import read_file, sweep
from colisage.kit.actors import SYSTEM
from colisage.orders.models import Order
from colisage.people.actions.make_api_key import make_api_key
from tests.cast import World

pytestmark = pytest.mark.django_db(transaction=True)
FILE: Final = b"order_ref,sku,quantity\n" + b"".join(b"F-%d,CARTE,1\n" % n for n in range(9))


@pytest.fixture
def thread() -> Iterator[Callable[..., Any]]:
    """Call things in a thread of their own, as group commit does: outside the requests that Django watches over."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda do, *words: pool.submit(do, *words).result()
        pool.submit(connections.close_all).result()


def cut() -> None:
    """End the server's side of this thread's connection, as a database that is killed does."""
    with connection.cursor() as db:
        db.execute("SELECT pg_backend_pid()")
        (pid,) = db.fetchone()
    with ThreadPoolExecutor(1) as other:
        other.submit(_terminate, pid).result()


def _terminate(pid: int) -> None:
    with connection.cursor() as db:
        db.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    connection.close()


def test_the_api_knows_its_callers_again_after_its_connection_was_cut(world: World, thread: Callable[..., Any]) -> None:
    words = f"Bearer {_key(world)}"
    assert thread(sender_of, words)
    thread(cut)
    with pytest.raises(OperationalError):
        thread(sender_of, words)
    assert thread(sender_of, words)


def test_orders_are_taken_again_after_the_connection_was_cut(world: World, thread: Callable[..., Any]) -> None:
    post = _post(world)
    assert thread(answer_posts, [post])[0].status == 201
    thread(cut)
    with pytest.raises(OperationalError):
        thread(answer_posts, [post])
    assert [reply.status for reply in thread(answer_posts, [post])] == [200]
    assert Order.objects.count() == 1


def test_a_file_left_half_read_is_read_to_its_end_and_no_row_twice(
    world: World, thread: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PIECE", 2)
    run_id = _start(world)
    with pytest.raises(KeyboardInterrupt):
        run_import(run_id, progress=_die)
    # The first piece was told, two were under way: each is there whole, and counted, or not at all.
    assert Order.objects.count() == ImportRun.objects.get().orders == 6
    ProcrastinateJob.objects.all().update(status="doing")  # by a worker that is no more
    ImportRun.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    sweep(0)
    sweep(0)
    assert [job.args for job in ProcrastinateJob.objects.filter(status="todo")] == [{"run_id": run_id}]
    read_file(run_id=run_id)
    assert (ImportRun.objects.get().state, ImportRun.objects.get().orders) == ("done", 9)
    assert Order.objects.count() == 9


def test_a_file_that_is_being_read_is_left_to_its_reader(
    world: World, thread: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PIECE", 4)
    run_id = _start(world)
    seen: list[str] = []
    run_import(run_id, progress=lambda run: seen.append(thread(run_import, run.pk).state))
    assert seen == ["reading"] * 3, "the second reader did not read it to its end"
    assert (ImportRun.objects.get().items, Order.objects.count()) == (9, 9)


def test_a_file_of_the_last_minute_is_left_to_whom_it_was_given(world: World) -> None:
    _start(world)
    sweep(0)
    assert ProcrastinateJob.objects.count() == 1


def _die(run: ImportRun) -> None:
    raise KeyboardInterrupt


def _start(world: World) -> int:
    return start_import(
        world.tilleul.pk, channel="shop", source=io.BytesIO(FILE), file_name="f.csv", options={}, actor=SYSTEM
    )


def _key(world: World) -> str:
    return make_api_key(world.tilleul.pk, name="shop", scopes=["orders:write"], actor=SYSTEM)


def _post(world: World) -> Post:
    sender = sender_of(f"Bearer {_key(world)}")
    assert sender is not None
    body = b'{"reference": "A", "channel": "shop", "currency": "EUR", "lines": [{"sku": "MUG", "quantity": 1}]}'
    return read_post(body, key=sender[0], channels=sender[1], language="en", idempotency_key="")
