import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, IntegrityError, connection, connections, transaction

from colisage.kit.expected import is_unexpected
from colisage.kit.statements import Rows
from colisage.kit.together import Held, held, together
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
def begun() -> Iterator[Held]:
    with transaction.atomic(), together(ends=True):
        waiting = held()
        assert waiting is not None
        yield waiting


def note(waiting: Held, text: str) -> None:
    waiting.hold((*NOTE, [text]))


def test_the_first_message_begins_the_transaction(sent: Sent) -> None:
    with begun() as waiting:
        assert waiting.ask((*READ, [])) == [("",)]
    first, end = sent.statements
    assert first.startswith('"BEGIN;PREPARE')
    assert end == '"COMMIT"'


def test_what_gives_no_rows_goes_with_what_is_asked_next(sent: Sent) -> None:
    with begun() as waiting:
        before = len(sent.statements)
        note(waiting, "a")
        note(waiting, "b")
        assert len(sent.statements) == before
        assert waiting.ask((*READ, [])) == [("ab",)]
        assert len(sent.statements) == before + 1


def test_a_statement_is_prepared_once_in_a_connection(sent: Sent) -> None:
    with begun() as waiting:
        for n in range(3):
            assert waiting.ask(("test.once", "SELECT %s::int + 1", [n])) == [(n + 1,)]
    assert sum(text.count("PREPARE") for text in sent.statements) == 1


def test_what_still_waits_at_the_end_is_sent_with_the_end(sent: Sent) -> None:
    with begun() as waiting:
        waiting.ask((*READ, []))
        note(waiting, "a")
    assert len(sent.statements) == 2
    assert "EXECUTE" in sent.statements[-1]
    assert sent.statements[-1].endswith(';COMMIT"')


def test_the_end_is_left_to_a_transaction_that_goes_on(sent: Sent) -> None:
    with transaction.atomic():
        with together(ends=False):
            waiting = held()
            assert waiting is not None
            note(waiting, "a")
        assert not any("COMMIT" in text for text in sent.statements)
    assert sent.statements[-1] == '"COMMIT"'


def test_what_is_to_be_undone_is_not_committed_with_what_waits(sent: Sent) -> None:
    with begun() as waiting:
        note(waiting, "a")
        transaction.set_rollback(True)
    assert sent.statements[-1] == '"ROLLBACK"'
    assert not any("COMMIT" in text for text in sent.statements)


def test_what_only_the_end_finds_wrong_is_raised_and_nothing_kept() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE one (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")

    def fail() -> None:
        with begun() as waiting:
            waiting.hold(("test.one", "INSERT INTO one VALUES (%s::int), (1)", [1]))

    with pytest.raises(IntegrityError):
        fail()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM one")
        assert cursor.fetchone() == (0,)


def test_work_is_done_while_the_server_works() -> None:
    done = []
    with begun() as waiting:
        asked = time.monotonic()
        waiting.ask(("test.sleep", "SELECT pg_sleep(0.3)", []), meanwhile=lambda: done.append(time.monotonic()))
        answered = time.monotonic()
    assert done[0] - asked < answered - done[0]


def test_what_waits_since_then_goes_with_the_next_message() -> None:
    with begun() as waiting:
        assert waiting.ask((*READ, []), meanwhile=lambda: note(waiting, "a")) == [("",)]
        assert waiting.ask((*READ, [])) == [("a",)]


def test_work_that_fails_meanwhile_leaves_the_connection_in_order() -> None:
    def fail() -> None:
        with begun() as waiting:
            waiting.ask((*READ, []), meanwhile=lambda: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        fail()
    with begun() as waiting:
        assert waiting.ask((*READ, [])) == [("",)]


def test_nothing_is_asked_of_a_server_that_works() -> None:
    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    def fail(meanwhile: Callable[[Held], object]) -> None:
        with begun() as waiting:
            waiting.ask((*READ, []), meanwhile=lambda: meanwhile(waiting))

    for meanwhile in (lambda waiting: waiting.ask((*READ, [])), lambda _waiting: read()):
        with pytest.raises(RuntimeError, match="asks nothing"):
            fail(meanwhile)


def test_what_goes_its_own_way_comes_after_what_waits() -> None:
    with begun() as waiting:
        note(waiting, "a")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('colisage.noted')")
            assert cursor.fetchone() == ("a",)


@pytest.mark.parametrize(
    "value",
    ["it's", "back\\slash", "\\'; DROP TABLE x; --", "é ’ 🎁", "", "%s $1", "a\nb", None],
)
def test_texts_arrive_as_they_are(value: str | None) -> None:
    with begun() as waiting:
        assert waiting.ask(("test.echo", "SELECT %s::text", [value])) == [(value,)]


def test_numbers_lists_bytes_and_rows_arrive_as_they_are() -> None:
    written = Rows(b'[{"name": "l\'\\u00e9t\\u00e9 \\\\ \\""}]')
    asked: list[Any] = [2**40, [1, 2**40], ["it's", 'a "b"', "c,d"], b"\x00\xff", written]
    with begun() as waiting:
        text = "SELECT %s::bigint, %s::bigint[], %s::text[], %s::bytea, %s::jsonb->0->>'name'"
        assert waiting.ask(("test.values", text, asked)) == [(*asked[:4], "l'été \\ \"")]


def test_a_percent_sign_is_written_twice_as_in_every_statement() -> None:
    with begun() as waiting:
        assert waiting.ask(("test.percent", "SELECT 'a%%' || %s::text, 7 %% %s::int", ["b", 4])) == [("a%b", 3)]


def test_an_error_is_raised_by_what_is_asked_next_and_nothing_is_kept() -> None:
    def fail() -> None:
        with begun() as waiting:
            waiting.hold((*BROKEN, [0]))
            waiting.ask((*READ, []))

    with pytest.raises(DatabaseError, match="division by zero"):
        fail()
    with begun() as waiting:  # prepared in the message that failed, and known to be
        assert waiting.ask((*BROKEN, [1])) == [(1,)]


def test_rows_that_are_not_needed_at_once_come_with_the_next_answer() -> None:
    with begun() as waiting:
        later = waiting.along(("test.once", "SELECT %s::int + 1", [1]))
        with pytest.raises(RuntimeError, match="not been sent"):
            later()
        assert waiting.ask((*READ, [])) == [("",)]
        assert later() == [(2,)]


def test_what_was_prepared_outlives_a_transaction_that_fails(sent: Sent) -> None:
    def fail() -> None:
        with begun() as waiting:
            waiting.ask((*READ, []))
            raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            fail()
    assert sum(text.count("PREPARE") for text in sent.statements) == 1
    assert [text for text in sent.statements if "ROLLBACK" in text] == ['"ROLLBACK"'] * 2
    assert not any("DEALLOCATE" in text for text in sent.statements)


def test_what_is_not_as_expected_undoes_the_transaction() -> None:
    def expect(what: str) -> None:
        with begun() as waiting:
            waiting.hold(("test.expect", "SELECT colisage_expect(%s::text = 'so')", [what]))

    expect("so")
    with pytest.raises(DatabaseError) as caught:
        expect("otherwise")
    assert is_unexpected(caught.value)
    assert not is_unexpected(DatabaseError())


def test_the_server_may_forget_what_was_prepared(sent: Sent) -> None:
    ask = ("test.once", "SELECT %s::int + 1", [1])
    with begun() as waiting:
        waiting.ask(ask)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with begun() as waiting:
        note(waiting, "a")
        assert waiting.ask(ask) == [(2,)]
        assert waiting.ask((*READ, [])) == [("a",)]
    assert [text for text in sent.statements if "COMMIT" in text or "ROLLBACK" in text] == [
        '"COMMIT"', '"ROLLBACK"', '"COMMIT"',
    ]  # fmt: skip


def test_behind_a_statement_that_goes_its_own_way_all_do(sent: Sent) -> None:
    with begun():
        with transaction.atomic():
            pass
        assert held() is None
    assert not any("EXECUTE" in text for text in sent.statements)


def test_within_a_transaction_that_sent_something_each_goes_by_itself() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        with together(ends=False):
            assert held() is None


def test_what_waits_is_forgotten_with_a_transaction_that_fails(sent: Sent) -> None:
    def fail() -> None:
        with begun() as waiting:
            note(waiting, "a")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert [text for text in sent.statements if "EXECUTE" in text] == []
    assert held() is None


def test_whoever_listens_hears_each_statement_by_itself() -> None:
    heard = []

    def listen(execute: Any, sql: str, *what: Any) -> Any:
        heard.append(sql)
        return execute(sql, *what)

    with transaction.atomic(), connection.execute_wrapper(listen), together(ends=True):
        assert held() is None
