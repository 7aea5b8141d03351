"""Doors at the same moment, on real connections."""

import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from colisage.intake import api
from colisage.intake.actions import run_import as module
from colisage.intake.actions.run_import import run_import
from colisage.intake.actions.start_import import start_import
from colisage.intake.api import answer_posts, sender_of
from colisage.intake.api.reading import Post, read_post
from colisage.intake.models import ImportRun
from colisage.intake.queries import report_of
from colisage.inventory.models import Reservation
from colisage.kit.actors import SYSTEM
from colisage.kit.expected import Hope
from colisage.kit.models import Event
from colisage.network.models import Channel
from colisage.network.queries import channels_of
from colisage.orders.models import Order
from colisage.people.actions.make_api_key import make_api_key
from tests.books import stand
from tests.cast import World
from tests.intake.test_api import order
from tests.intake.test_run_import import HEAD, row
from tests.sent import Sent, sent_to
from tests.together import at_once, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("balanced")]


@pytest.fixture
def posted(world: World) -> list[Post]:
    """Give a request with an idempotency key, as four servers would read it."""
    Channel.objects.create(merchant=world.tilleul, kind="api", code="api", name="API")
    token = make_api_key(world.tilleul.pk, name="Shop", scopes=["orders:write"], actor=SYSTEM)
    sender = sender_of(f"Bearer {token}")
    assert sender
    body = json.dumps(order()).encode()
    return [read_post(body, key=sender[0], channels=sender[1], language="en", idempotency_key="k") for _ in range(4)]


def test_one_request_at_four_servers_at_once_gets_one_answer(world: World, posted: list[Post]) -> None:
    replies = at_once(*(lambda post=post: answer_posts([post])[0] for post in posted))
    assert not faults(replies)
    given = {(reply.status, reply.body) for reply in replies if reply.status == 201}
    assert len(given) == 1
    assert all(b'"in_flight"' in reply.body for reply in replies if reply.status != 201), (
        "who came meanwhile waits for none"
    )
    again = answer_posts([posted[0]])[0]
    assert {(again.status, again.body)} == given
    assert Order.objects.count() == 1
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)


@pytest.fixture
def hope(monkeypatch: pytest.MonkeyPatch) -> Hope:
    """Give the hope of the door, which a test before may have lost."""
    monkeypatch.setattr(api, "_hope", fresh := Hope())
    return fresh


def _messages(sent: Sent) -> list[list[str]]:
    """Give the messages, without those that wake readers."""
    return [message for message in sent.messages if not any("NOTIFY" in text for text in message)]


def _without_key(post: Post, body: dict[str, Any]) -> Post:
    text = json.dumps(body).encode()
    return read_post(text, key=post.key, channels=post.channels, language="en", idempotency_key="")


@pytest.mark.usefixtures("hope")
def test_a_lone_order_takes_two_messages(world: World, posted: list[Post], tmp_path: Path) -> None:
    with sent_to(tmp_path / "sent") as sent:
        (reply,) = answer_posts([_without_key(posted[0], order())])
        assert len(_messages(sent)) == 2, "what is read, and what is written with the end of the transaction"
    assert reply.status == 201
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)
    assert Event.objects.filter(kind="OrderAccepted").count() == 1


def test_what_is_not_as_expected_is_done_step_by_step(
    world: World, posted: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent again, for more than there is, twice in one group: each at a moment when the best is expected."""
    first = _without_key(posted[0], order())
    groups = [
        ([first], [201]),
        ([first], [200]),
        ([_without_key(posted[0], order(ref, ("MUG", n))) for ref, n in (("B-1", 50), ("B-2", 1))], [201, 201]),
        ([_without_key(posted[0], order("B-3", ("MUG", 1)))] * 2, [201, 200]),
    ]
    for group, statuses in groups:
        monkeypatch.setattr(api, "_hope", Hope())
        assert [reply.status for reply in answer_posts(group)] == statuses
    assert sorted(Order.objects.values_list("external_ref", flat=True)) == ["A-1", "B-1", "B-2", "B-3"]
    assert Event.objects.filter(kind="OrderAccepted").count() == 4
    held, owed = (
        sum(Reservation.objects.filter(state=state, sku=world.sku("MUG")).values_list("qty", flat=True))
        for state in ("held", "waiting")
    )
    assert (held, owed) == (stand(world.sku("MUG"), world.lyon)[1], 2 + 50 + 1 + 1 - held)


def test_after_a_disappointment_the_best_is_not_expected_for_a_moment(
    posted: list[Post], hope: Hope, tmp_path: Path
) -> None:
    first = _without_key(posted[0], order())
    answer_posts([first])
    with sent_to(tmp_path / "sent") as sent:
        assert [reply.status for reply in answer_posts([first])] == [200]
        hopeful, _written, undone, careful = _messages(sent)[:4]
        assert (hopeful[0], undone, careful[0]) == ("begin", ["ROLLBACK"], "begin")
        assert not hope
        assert not connection.errors_occurred, "the connection is as good as before"
        before = len(_messages(sent))
        assert [reply.status for reply in answer_posts([first])] == [200]
        assert ["ROLLBACK"] not in _messages(sent)[before:]


def test_hope_comes_back() -> None:
    hope = Hope(seconds=0.05)
    assert hope
    hope.lose()
    assert not hope
    time.sleep(0.06)
    assert hope


def test_a_lone_order_for_more_than_there_is_leaves_nothing(world: World, posted: list[Post]) -> None:
    Channel.objects.update(may_owe=False)
    asked = read_post(
        json.dumps(order("B-1", ("MUG", 99))).encode(),
        key=posted[0].key,
        channels=channels_of(world.tilleul.pk),
        language="en",
        idempotency_key="many",
    )
    (reply,) = answer_posts([asked])
    assert (reply.status, json.loads(reply.body)["code"]) == (409, "no_stock")
    assert answer_posts([asked]) == [reply]
    assert not Order.objects.exists()
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


def test_two_workers_at_one_file_take_no_row_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 2)
    rows = [row(f"R{n}", "CARTE") for n in range(9)]
    run_id = start_import(
        world.tilleul.pk,
        channel="shop",
        source=io.BytesIO((HEAD + "".join(rows)).encode()),
        file_name="a.csv",
        options={},
        actor=SYSTEM,
        in_background=False,
    )
    at_once(*[lambda: run_import(run_id)] * 2)
    report = report_of(ImportRun.objects.get())
    assert (report["rows"], report["orders"], report["ignored"]) == (9, 9, {})


def _started(world: World, *rows: str) -> int:
    return start_import(
        world.tilleul.pk,
        channel="shop",
        source=io.BytesIO((HEAD + "".join(rows)).encode()),
        file_name="a.csv",
        options={},
        actor=SYSTEM,
        in_background=False,
    )


def test_pieces_under_way_together_give_scarce_stock_in_the_order_of_the_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PIECE", 3)
    Channel.objects.filter(merchant=world.tilleul, code="shop").update(may_owe=False)
    run = run_import(_started(world, *[row(f"R{n:02}", "MUG", 3) for n in range(12)]))
    assert list(Order.objects.order_by("id").values_list("external_ref", flat=True)) == [f"R{n:02}" for n in range(6)]
    assert (run.items, run.refused) == (12, {"no_stock": 6})
    assert stand(world.sku("MUG"), world.lyon) == (20, 18)


def test_an_order_that_two_pieces_bring_is_the_one_of_the_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 70)  # rows of one order that stand nearby are one; these do not
    rows = [
        row("TWICE", "CARTE"),
        *(row(f"R{n}", "CARTE") for n in range(69)),
        *(row(f"S{n}", "CARTE") for n in range(69)),
    ]
    report = report_of(run_import(_started(world, *rows, row("TWICE", "CARTE"), row("R0", "CARTE", 2))))
    assert (report["orders"], report["ignored"], report["refused"]) == (
        139, {"already_imported": 1}, {"order_came_differently": 1},
    )  # fmt: skip


def test_a_piece_that_fails_takes_the_next_one_with_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 3)
    run_id = _started(world, *[row(f"R{n}", "CARTE") for n in range(12)])
    count = module._count

    def fails(run: ImportRun, **counted: Any) -> None:
        count(run, **counted)
        if run.items == 6:
            raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(module, "_count", fails)
        with pytest.raises(ZeroDivisionError):
            run_import(run_id)
    assert (ImportRun.objects.get().items, Order.objects.count()) == (3, 3)
    assert report_of(run_import(run_id))["orders"] == 12
