"""The outbox: a handler hears every event once, in the order of its stream, whatever fails or comes late."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
import pytest
from django.db import connection, transaction

from colisage.kit import outbox
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import SHARDS, Event, shard_of, tell
from colisage.kit.models import AuditEntry, Cursor, Parked
from colisage.kit.outbox import drain, retry_parked, skip_parked

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelWeighed(Event):
    topic: ClassVar[str] = "parcel"
    parcel_id: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelPainted(Event):
    topic: ClassVar[str] = "parcel"
    chosen_by: ClassVar[str] = "colour"
    parcel_id: int
    n: int
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRang(Event):
    topic: ClassVar[str] = "bell"
    bell_id: int


heard: dict[str, list[int]] = {}
broken: set[int] = set()  # numbers of events on which `careful` fails
crash: list[BaseException] = []  # raised once, from outside of what the outbox catches


def listen(events: Sequence[ParcelWeighed]) -> None:
    heard.setdefault("listen", []).extend(event.n for event in events)


def careful(events: Sequence[ParcelWeighed]) -> None:
    record_deeds((Deed("parcel", event.parcel_id, f"heard_{event.n}") for event in events), actor=SYSTEM)
    for event in events:
        if event.n in broken:
            raise ValueError(event.n)
    if crash:
        raise crash.pop()
    heard.setdefault("careful", []).extend(event.n for event in events)


def newcomer(events: Sequence[ParcelWeighed]) -> None:
    heard.setdefault("newcomer", []).extend(event.n for event in events)


def blue_ones(events: Sequence[ParcelPainted | ParcelWeighed]) -> None:
    heard.setdefault("blue_ones", []).extend(event.n for event in events)


CAREFUL = f"{__name__}.careful"
BOTH: outbox.Journey = {ParcelWeighed: (listen, careful)}
AFTER: outbox.After = {careful: (listen,)}
BEFORE: outbox.After = {listen: (careful,)}
PAINTED: outbox.Journey = {
    ParcelWeighed: (blue_ones,),
    ParcelPainted.only("blue"): (blue_ones,),
    ParcelPainted: (listen,),
}
UPGRADED: outbox.Journey = {ParcelWeighed: (listen, careful, newcomer)}


@pytest.fixture(autouse=True)
def _journey(settings: Any) -> Iterator[None]:
    settings.COLISAGE_JOURNEY = f"{__name__}.BOTH"
    yield
    heard.clear()
    broken.clear()
    crash.clear()


@pytest.fixture
def other() -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(os.environ["DATABASE_URL"]) as made:
        yield made


def weigh(*pairs: tuple[int, int]) -> None:
    """Tell, in one transaction, that parcels were weighed: (parcel, number of the event)."""
    with transaction.atomic():
        tell(ParcelWeighed(merchant_id=1, parcel_id=parcel, n=n) for parcel, n in pairs)


def weigh_over(db: "psycopg.Connection[Any]", parcel: int, n: int) -> None:
    """Tell the same on another connection, whose transaction stays open."""
    db.execute(
        "INSERT INTO kit_event (stream, shard, kind, payload, merchant_id) VALUES (%s, %s, %s, %s, 1)",
        [
            f"parcel:{parcel}",
            shard_of(f"parcel:{parcel}"),
            "ParcelWeighed",
            psycopg.types.json.Jsonb({"merchant_id": 1, "parcel_id": parcel, "n": n}),
        ],
    )


def verbs() -> set[str]:
    return set(AuditEntry.objects.values_list("verb", flat=True))


def test_every_handler_hears_every_event_once_and_in_the_order_of_its_stream() -> None:
    for n in range(0, 60, 3):
        weigh((n % 7, n), (n % 5, n + 1), (n % 7, n + 2))
    assert drain() == 120
    assert drain() == 0
    streams: dict[int, list[int]] = {}
    for n in range(0, 60, 3):
        for parcel, number in ((n % 7, n), (n % 5, n + 1), (n % 7, n + 2)):
            streams.setdefault(parcel, []).append(number)
    for name in ("listen", "careful"):
        assert sorted(heard[name]) == list(range(60))
        for numbers in streams.values():
            assert [n for n in heard[name] if n in numbers] == numbers


def test_events_that_nobody_hears_hold_nobody_up() -> None:
    with transaction.atomic():
        tell(BellRang(merchant_id=1, bell_id=n) for n in range(40))
    weigh((1, 1))
    assert drain() == 2
    assert heard["listen"] == [1]
    assert drain() == 0


def test_a_handler_hears_only_those_of_a_kind_that_it_chose(settings: Any) -> None:
    settings.COLISAGE_JOURNEY = f"{__name__}.PAINTED"
    with transaction.atomic():
        tell(
            ParcelPainted(merchant_id=1, parcel_id=n, n=n, colour=colour)
            for n, colour in enumerate(("blue", "red", "blue", "blue-green", "", "Blue"))
        )
    weigh((1, 7))
    assert outbox.is_heard(ParcelPainted)
    assert not outbox.is_heard(BellRang)
    lags = {lag.handler.rpartition(".")[2]: lag.waiting for lag in outbox.lags()}
    assert lags == {"blue_ones": 0, "listen": 0}, "nobody has a cursor yet"
    drain()
    assert heard == {"blue_ones": [0, 2, 7], "listen": [0, 1, 2, 3, 4, 5]}
    with transaction.atomic():
        tell([ParcelPainted(merchant_id=1, parcel_id=1, n=8, colour="red")])
    lags = {lag.handler.rpartition(".")[2]: lag.waiting for lag in outbox.lags()}
    assert lags == {"blue_ones": 0, "listen": 1}


def test_a_kind_that_is_chosen_by_nothing_is_heard_whole() -> None:
    with pytest.raises(TypeError):
        ParcelWeighed.only("blue")


def test_shards_with_little_to_read_are_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    windows: list[int] = []
    handed = outbox._hand_over
    monkeypatch.setattr(outbox, "BATCH", 20)
    monkeypatch.setattr(outbox, "_hand_over", lambda sub, window: (windows.append(len(window)), handed(sub, window)))
    streams = [next(n for n in range(1_000) if shard_of(f"parcel:{n}") == shard) for shard in range(SHARDS)]
    for n, parcel in enumerate(streams):
        weigh((parcel, 3 * n), (parcel, 3 * n + 1), (parcel, 3 * n + 2))
    weigh(*((streams[4], 100 + n) for n in range(30)))  # more than a batch in one shard: by itself
    drain()
    assert windows == [12, 33, 18, 15] * 2, "shards 0 to 3, 4, 5 to 10, 11 to 15, for both handlers"
    assert sorted(heard["listen"]) == sorted([*range(48), *range(100, 130)])


def test_a_failing_stream_is_parked_and_the_others_go_on() -> None:
    broken.add(21)
    weigh(*((parcel, 10 * parcel + n) for n in range(3) for parcel in range(8)))
    drain()
    assert sorted(heard["careful"]) == sorted(
        set(range(8 * 10)) & {10 * p + n for p in range(8) if p != 2 for n in range(3)}
    )
    assert len(heard["listen"]) == 24
    assert list(Parked.objects.order_by("event_id").values_list("stream", flat=True)) == ["parcel:2"] * 3
    assert Parked.objects.exclude(reason="").get().reason == "ValueError: 21"
    assert not {"heard_20", "heard_21"} & verbs(), "what the handler wrote before it failed is undone"


def test_later_events_of_a_parked_stream_wait_behind_it() -> None:
    broken.add(1)
    weigh((2, 1))
    drain()
    broken.clear()
    weigh((2, 2), (3, 3))
    drain()
    assert heard["careful"] == [3]
    assert Parked.objects.filter(stream="parcel:2").count() == 2


def test_a_retry_hands_the_parked_stream_over_in_order() -> None:
    broken.add(1)
    weigh((2, 1), (2, 2))
    drain()
    weigh((2, 3))
    drain()
    assert not retry_parked(handler=CAREFUL, stream="parcel:2", actor=SYSTEM)
    assert Parked.objects.count() == 3
    broken.clear()
    assert retry_parked(handler=CAREFUL, stream="parcel:2", actor=SYSTEM)
    assert heard["careful"] == [1, 2, 3]
    assert not Parked.objects.exists()
    weigh((2, 4))
    drain()
    assert heard["careful"] == [1, 2, 3, 4]


def test_skipping_gives_up_the_first_event_and_hands_the_later_ones_over() -> None:
    broken.add(1)
    weigh((2, 1), (2, 2), (2, 3))
    drain()
    skip_parked(handler=CAREFUL, stream="parcel:2", actor=Actor(kind="person", id=7, name="Chen"))
    assert heard["careful"] == [2, 3]
    assert not Parked.objects.exists()
    entry = AuditEntry.objects.get(verb="news_skipped")
    assert (entry.doc_kind, entry.doc_id, entry.actor_id, entry.data["event"]) == ("parcel", 2, 7, "ParcelWeighed")


def test_each_handler_says_how_far_it_is_behind() -> None:
    drain()
    weigh((1, 1), (2, 2))
    assert {lag.handler.rpartition(".")[2]: lag.waiting for lag in outbox.lags()} == {"careful": 2, "listen": 2}
    assert all(0 < lag.seconds < 60 for lag in outbox.lags())
    drain()
    assert all((lag.waiting, lag.seconds) == (0, 0.0) for lag in outbox.lags())


def test_a_handler_that_fails_again_keeps_the_rest_parked_with_the_new_reason() -> None:
    broken.update({1, 3})
    weigh((2, 1), (2, 2), (2, 3))
    drain()
    skip_parked(handler=CAREFUL, stream="parcel:2", actor=SYSTEM)
    assert heard.get("careful", []) == []
    assert Parked.objects.order_by("event_id").first().reason == "ValueError: 3"  # type: ignore[union-attr]
    assert Parked.objects.count() == 2


def test_effects_and_cursor_commit_together() -> None:
    weigh((1, 1))
    crash.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        drain()
    assert "heard_1" not in verbs()
    drain()
    assert heard["careful"] == [1]
    assert AuditEntry.objects.filter(verb="heard_1").count() == 1


def test_no_event_is_lost_when_transactions_commit_out_of_order(other: "psycopg.Connection[Any]") -> None:
    weigh_over(other, 1, 1)  # has the lower id and the lower transaction, and is still open
    weigh((1, 2), (2, 3))
    drain()
    assert heard.get("listen", []) == [], "nothing is read beyond a transaction that still runs"
    other.commit()
    drain()
    assert [n for n in heard["listen"] if n != 3] == [1, 2]
    assert sorted(heard["listen"]) == [1, 2, 3]


def test_an_event_that_overtook_an_earlier_one_of_its_stream_still_comes_second(
    other: "psycopg.Connection[Any]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BATCH", 1)
    other.execute("SELECT pg_current_xact_id()")  # an old transaction …
    weigh((1, 1))
    weigh_over(other, 1, 2)  # … that reaches the stream late
    other.commit()
    drain()
    assert heard["listen"] == [1, 2]
    assert heard["careful"] == [1, 2]


def test_what_was_rolled_back_is_never_heard(other: "psycopg.Connection[Any]") -> None:
    weigh_over(other, 1, 1)
    weigh((1, 2))
    other.rollback()
    drain()
    assert heard["listen"] == [2]


def test_a_shard_that_another_worker_reads_is_left_to_it(other: "psycopg.Connection[Any]") -> None:
    drain()
    weigh((1, 1))
    other.execute("SELECT 1 FROM kit_cursor FOR UPDATE")
    assert drain() == 0
    other.rollback()
    assert drain() == 2


def test_who_hears_after_another_waits_for_it_and_nothing_is_lost(
    other: "psycopg.Connection[Any]", settings: Any
) -> None:
    settings.COLISAGE_AFTER = f"{__name__}.AFTER"
    drain()
    weigh((1, 1))
    weigh((2, 2))
    other.execute("SELECT 1 FROM kit_cursor WHERE handler = %s FOR UPDATE", [f"{__name__}.listen"])  # a slow worker
    assert drain() == 0
    other.rollback()
    assert drain() == 4
    assert sorted(heard["careful"]) == [1, 2]


def test_who_hears_after_another_is_not_held_up_by_what_parks_there(settings: Any) -> None:
    settings.COLISAGE_AFTER = f"{__name__}.BEFORE"
    broken.add(1)
    weigh((1, 1), (2, 2))
    drain()
    assert sorted(heard["listen"]) == [1, 2]
    assert Parked.objects.get().handler == CAREFUL


def test_windows_are_cut_and_nothing_falls_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "BATCH", 3)
    for n in range(25):
        weigh((n % 2, n))
    drain()
    assert sorted(heard["listen"]) == list(range(25))
    assert [n for n in heard["listen"] if n % 2] == list(range(1, 25, 2))


def test_a_transaction_larger_than_a_window_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "BATCH", 3)
    weigh(*((1, n) for n in range(10)))
    weigh((1, 10))
    drain()
    assert heard["careful"] == list(range(11))


def test_an_event_behind_many_that_nobody_hears_is_heard_in_the_same_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "BATCH", 5)
    for _ in range(4):
        with transaction.atomic():
            tell(BellRang(merchant_id=1, bell_id=n) for n in range(10 * SHARDS))
    weigh((1, 1))
    drain()
    assert heard["listen"] == [1]


def test_in_a_new_installation_a_handler_hears_from_the_first_event() -> None:
    weigh((1, 1))
    assert not Cursor.objects.exists()
    drain()
    assert heard["listen"] == [1]
    assert Cursor.objects.count() == 2 * SHARDS


def test_a_handler_that_an_upgrade_brings_begins_with_what_happens_from_then_on(settings: Any) -> None:
    weigh((1, 1))
    drain()
    settings.COLISAGE_JOURNEY = f"{__name__}.UPGRADED"
    drain()
    weigh((1, 2))
    drain()
    assert heard["newcomer"] == [2]
    assert heard["listen"] == [1, 2]


def test_telling_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        tell([ParcelWeighed(merchant_id=1, parcel_id=1, n=1)])


def test_telling_nothing_asks_nothing_of_the_database(django_assert_num_queries: Any) -> None:
    with transaction.atomic(), django_assert_num_queries(0):
        tell([])


def test_draining_nothing_takes_few_statements(django_assert_max_num_queries: Any) -> None:
    drain()
    with django_assert_max_num_queries(4):
        drain()


def test_an_event_written_by_a_newer_version_is_still_read() -> None:
    with transaction.atomic(), connection.cursor() as db:
        db.execute(
            "INSERT INTO kit_event (stream, shard, kind, payload, merchant_id)"
            " VALUES ('parcel:1', %s, 'ParcelWeighed', %s, 1)",
            [shard_of("parcel:1"), '{"merchant_id": 1, "parcel_id": 1, "n": 5, "colour": "blue"}'],
        )
    drain()
    assert heard["listen"] == [5]


def test_every_stream_has_one_shard_on_every_machine() -> None:
    assert shard_of("order:17") == 1
    assert {shard_of(f"order:{n}") for n in range(2_000)} == set(range(SHARDS))
