import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    IntegrityError,
    OperationalError,
    connection,
    connections,
    transaction,
)

from colisage.kit.expected import is_unexpected
from colisage.kit.statements import Rows
from colisage.kit.together import Talk, talk, together
from tests.sent import Sent, sent_to

pytestmark = pytest.mark.django_db

NOTE = (
    "test.note",
    "SELECT set_config('colisage.noted', coalesce(current_setting('colisage.noted', true), '') || %s::text, true)",
)
READ = ("test.read", "SELECT coalesce(current_setting('colisage.noted', true), '')")
BROKEN = ("test.broken", "SELECT 1 / %s::int")


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Give a connection of its own, outside the transaction in which a test lives."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = before.copy()
    yield
    connections[DEFAULT_DB_ALIAS].close()
    connections[DEFAULT_DB_ALIAS] = before


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[Sent]:
    with sent_to(tmp_path / "sent") as messages:
        yield messages


@contextmanager
def begun() -> Iterator[Talk]:
    with transaction.atomic(), together(ends=True):
        talking = talk()
        assert talking is not None
        yield talking


def note(talking: Talk, text: str) -> None:
    talking.tell((*NOTE, [text]))


def read(talking: Talk) -> list[tuple[str]]:
    return talking.ask((*READ, []))()


def test_the_first_message_begins_the_transaction_and_the_last_ends_it(sent: Sent) -> None:
    with begun() as talking:
        assert read(talking) == [("",)]
        note(talking, "a")
    assert sent.messages == [["begin", "test.read"], ["test.note", "commit"]]


def test_what_gives_no_rows_goes_with_what_is_asked_next(sent: Sent) -> None:
    with begun() as talking:
        note(talking, "a")
        note(talking, "b")
        assert sent.messages == []
        assert read(talking) == [("ab",)]
    assert sent.messages == [["begin", "test.note", "test.note", "test.read"], ["COMMIT"]]


def test_a_statement_is_prepared_once_in_a_connection(sent: Sent) -> None:
    for n in range(3):
        with begun() as talking:
            assert talking.ask(("test.once", "SELECT %s::int + 1", [n]))() == [(n + 1,)]
    assert sorted(sent.prepared) == ["begin", "test.once"]


def test_the_end_is_left_to_a_transaction_that_goes_on(sent: Sent) -> None:
    with transaction.atomic():
        with together(ends=False):
            talking = talk()
            assert talking is not None
            note(talking, "a")
        assert sent.messages == [["begin", "test.note"]]
    assert sent.messages[1:] == [["COMMIT"]]


def test_what_is_to_be_undone_is_not_committed(sent: Sent) -> None:
    with begun() as talking:
        note(talking, "a")
        transaction.set_rollback(True)
    assert sent.messages == [["begin", "test.note"], ["ROLLBACK"]]


def test_what_only_the_end_finds_wrong_is_raised_and_nothing_kept() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE one (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")

    def fail() -> None:
        with begun() as talking:
            talking.tell(("test.one", "INSERT INTO one VALUES (%s::int), (1)", [1]))

    with pytest.raises(IntegrityError):
        fail()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM one")
        assert cursor.fetchone() == (0,)


def test_work_is_done_while_the_server_works() -> None:
    with begun() as talking:
        asked = time.monotonic()
        answer = talking.ask(("test.sleep", "SELECT pg_sleep(0.3)", []))
        done = time.monotonic()
        answer()
        answered = time.monotonic()
    assert done - asked < answered - done


def test_what_is_asked_since_then_is_answered_with_it(sent: Sent) -> None:
    with begun() as talking:
        first = talking.ask((*READ, []))
        note(talking, "a")
        second = talking.ask((*READ, []))
        assert second() == [("a",)]
        assert first() == [("",)]
    assert sent.messages[0] == ["begin", "test.read", "test.note", "test.read"]


def test_work_that_fails_meanwhile_leaves_the_connection_in_order(sent: Sent) -> None:
    def fail(*, ends: bool) -> None:
        with transaction.atomic(), together(ends=ends):
            talking = talk()
            assert talking is not None
            note(talking, "a")
            talking.ask((*READ, []))
            raise LookupError

    for ends in (True, False):
        with pytest.raises(LookupError):
            fail(ends=ends)
        assert talk() is None
        with begun() as talking:
            assert read(talking) == [("",)]
    assert sent.statements.count("ROLLBACK") == 2


def test_more_than_the_line_holds_goes_through_while_nobody_listens() -> None:
    many = "x" * 2**22
    with begun() as talking:
        answers = [talking.ask(("test.echo", "SELECT %s::text", [many])) for _ in range(4)]
        assert all(answer() == [(many,)] for answer in answers)


def test_a_connection_that_is_lost_is_an_error_and_the_next_is_another() -> None:
    end = ("test.end", "SELECT pg_terminate_backend(pg_backend_pid())", [])

    def lose() -> None:
        with begun() as talking:
            talking.ask(end)()

    with pytest.raises(OperationalError):
        lose()
    with begun() as talking:
        assert read(talking) == [("",)]


def test_what_failed_before_it_was_answered_has_no_rows() -> None:
    answers = []

    def fail() -> None:
        with begun() as talking:
            talking.tell((*BROKEN, [0]))
            answers.append(talking.ask((*READ, [])))

    with pytest.raises(DatabaseError):
        fail()
    with pytest.raises(RuntimeError, match="failed before"):
        answers[0]()


def test_what_goes_its_own_way_comes_after_what_waits() -> None:
    with begun() as talking:
        note(talking, "a")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('colisage.noted')")
            assert cursor.fetchone() == ("a",)


@pytest.mark.parametrize(
    "value",
    ["it's", "back\\slash", "\\'; DROP TABLE x; --", "é ’ 🎁", "", "%s $1", "a\nb", None],
)
def test_texts_arrive_as_they_are(value: str | None) -> None:
    with begun() as talking:
        assert talking.ask(("test.echo", "SELECT %s::text", [value]))() == [(value,)]


def test_numbers_lists_bytes_and_rows_arrive_as_they_are() -> None:
    written = Rows(b'[{"name": "l\'\\u00e9t\\u00e9 \\\\ \\""}]')
    asked: list[Any] = [2**40, [1, 2**40], ["it's", 'a "b"', "c,d"], b"\x00\xff", written]
    with begun() as talking:
        text = "SELECT %s::bigint, %s::bigint[], %s::text[], %s::bytea, %s::jsonb->0->>'name'"
        assert talking.ask(("test.values", text, asked))() == [(*asked[:4], "l'été \\ \"")]


def test_a_percent_sign_is_written_twice_as_in_every_statement() -> None:
    with begun() as talking:
        assert talking.ask(("test.percent", "SELECT 'a%%' || %s::text, 7 %% %s::int", ["b", 4]))() == [("a%b", 3)]


def test_an_error_is_raised_by_what_is_asked_next_and_nothing_is_kept() -> None:
    def fail() -> None:
        with begun() as talking:
            talking.tell((*BROKEN, [0]))
            read(talking)

    with pytest.raises(DatabaseError, match="division by zero"):
        fail()
    with begun() as talking:  # prepared in the message that failed, and known to be
        assert talking.ask((*BROKEN, [1]))() == [(1,)]


def test_what_was_prepared_outlives_a_transaction_that_fails(sent: Sent) -> None:
    def fail() -> None:
        with begun() as talking:
            read(talking)
            raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            fail()
    assert sorted(sent.prepared) == ["begin", "test.read"]
    assert sent.messages == [["begin", "test.read"], ["ROLLBACK"]] * 2


def test_what_is_not_as_expected_undoes_the_transaction() -> None:
    def expect(what: str) -> None:
        with begun() as talking:
            talking.tell(("test.expect", "SELECT colisage_expect(%s::text = 'so')", [what]))

    expect("so")
    with pytest.raises(DatabaseError) as caught:
        expect("otherwise")
    assert is_unexpected(caught.value)
    assert not is_unexpected(DatabaseError())


def test_the_server_may_forget_what_was_prepared(sent: Sent) -> None:
    ask = ("test.once", "SELECT %s::int + 1", [1])
    with begun() as talking:
        talking.ask(ask)()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    before = len(sent.messages)
    with begun() as talking:
        note(talking, "a")
        assert talking.ask(ask)() == [(2,)]
        assert read(talking) == [("a",)]
    first = ["begin", "test.note", "test.once"]
    assert sent.messages[before:] == [first, first, ["test.read"], ["COMMIT"]]


def test_behind_a_statement_that_goes_its_own_way_all_do(sent: Sent) -> None:
    with begun():
        with transaction.atomic():
            pass
        assert talk() is None
    assert sent.prepared == []


def test_within_a_transaction_that_sent_something_each_goes_by_itself() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        with together(ends=False):
            assert talk() is None


def test_whoever_listens_hears_each_statement_by_itself() -> None:
    heard = []

    def listen(execute: Any, sql: str, *what: Any) -> Any:
        heard.append(sql)
        return execute(sql, *what)

    with transaction.atomic(), connection.execute_wrapper(listen), together(ends=True):
        assert talk() is None
