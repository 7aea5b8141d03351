"""Statements that travel together: a short transaction takes as long as its messages, hardly less than as its work.

Within `together()` a statement that gives no rows waits for the next that does and goes with it, in one message; the
first takes the beginning of the transaction along, the last its end. Each is prepared once in a connection and only
executed afterwards. While the server works, so may who asked (`meanwhile`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import count
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import generators
from psycopg.adapt import Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

Statement: TypeAlias = tuple[str, str, Sequence[Any]]  # a name, the text with its places `%s`, what stands there
Rows: TypeAlias = list[tuple[Any, ...]]
_Waiting: TypeAlias = "tuple[Statement, Later | None]"
_OPEN: Final = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR})
_DONE: Final = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})
_FORGOTTEN: Final = (InvalidSqlStatementName.sqlstate or "").encode()
_PLACE: Final = re.compile("%([s%])")


class _Line:
    """What is known of a connection: how values are written and read on it, and which statements are prepared."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self.db = db
        self.values = Transformer(db)
        self.prepared: set[str] = set()

    def learn(self, names: Sequence[str], *, answers: Sequence[PGresult]) -> None:
        """Remember what was prepared; after an error there are no more answers."""
        faults = [answer for answer in answers if answer.status not in _DONE]
        if any(fault.error_field(DiagnosticField.SQLSTATE) == _FORGOTTEN for fault in faults):
            self.prepared.clear()  # the server forgets all at once, but what this message prepared anew
        self.prepared.update(filter(None, names[: len(answers) - len(faults)]))


_lines: WeakKeyDictionary[BaseDatabaseWrapper, _Line] = WeakKeyDictionary()


class Later:
    """The rows of a statement that waits: there once the message it goes with is answered."""

    def __init__(self) -> None:
        self._rows: Rows | None = None

    def __call__(self) -> Rows:
        """Give the rows."""
        if self._rows is None:
            msg = "the statement has not been sent yet"
            raise RuntimeError(msg)
        return self._rows

    def hear(self, rows: Rows) -> None:
        """Take the rows."""
        self._rows = rows


class Held:
    """Statements of this transaction that wait for the next message."""

    def __init__(self, wrapper: BaseDatabaseWrapper) -> None:
        self._wrapper = wrapper
        self._waiting: list[_Waiting] = []
        self._listening = False

    def hold(self, statement: Statement) -> None:
        """Let a statement wait that gives no rows."""
        self._waiting.append((statement, None))

    def along(self, statement: Statement) -> Later:
        """Let a statement wait whose rows are not needed before the next is answered."""
        later = Later()
        self._waiting.append((statement, later))
        return later

    def ask(self, statement: Statement, *, meanwhile: Callable[[], None] | None = None) -> Rows:
        """Send what waits and a statement behind it; give the rows of this one.

        `meanwhile` is done while the server works; what it lets wait goes with the message after this one.
        """
        later = self.along(statement)
        self._send(meanwhile=meanwhile)
        return later()

    def settle(self, *, ends: bool = False) -> None:
        """Send what waits, and the end of the transaction (`ends`) with it."""
        if self._waiting:
            self._send(ends=ends)

    def before(self, execute: Callable[..., Any], *what: Any) -> Any:
        """Send what waits before a statement that goes its own way, and let all behind it do the same.

        The library may make the server forget all prepared statements after one of its own, such as a rollback to a
        savepoint; at the beginning of a transaction that can be made good, later not.
        """
        self._refuse_two_at_once()
        self.settle()
        _held.set(None)
        return execute(*what)

    def give_up(self) -> None:
        """Undo the transaction, past the library, which would make the server forget what is prepared."""
        db = self._wrapper.connection
        if db is not None and db.pgconn.transaction_status in _OPEN:
            db.pgconn.exec_(b"ROLLBACK")

    def _send(self, *, meanwhile: Callable[[], None] | None = None, ends: bool = False) -> None:
        self._refuse_two_at_once()
        statements, self._waiting = self._waiting, []
        line = self._line()
        with self._wrapper.wrap_database_errors:
            begins = line.db.pgconn.transaction_status == TransactionStatus.IDLE
            self._listening = True
            try:
                _send(line, statements, begins=begins, ends=ends, meanwhile=meanwhile)
            except InvalidSqlStatementName:
                if not begins:
                    raise
                line.db.rollback()
                _send(line, statements, begins=True, ends=ends)
            finally:
                self._listening = False

    def _line(self) -> _Line:
        self._wrapper.ensure_connection()
        line = _lines.get(self._wrapper)
        if line is None or line.db is not self._wrapper.connection:
            line = _lines[self._wrapper] = _Line(self._wrapper.connection)
        return line

    def _refuse_two_at_once(self) -> None:
        if self._listening:
            msg = "what is done while the server works asks nothing of it"
            raise RuntimeError(msg)


_held: ContextVar[Held | None] = ContextVar("held", default=None)


def held() -> Held | None:
    """Give what waits for the next message, within `together()`."""
    return _held.get()


@contextmanager
def together(*, ends: bool) -> Iterator[None]:
    """Let the statements of a transaction that has just been opened travel together, to the end of this block.

    Where the transaction `ends` with the block, it is committed by the message that carries what still waits. An error
    in one that gives no rows is raised by the next. Within a transaction that sent something already, and where
    somebody listens to the statements of this connection, each goes by itself.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    if wrapper.execute_wrappers or wrapper.queries_logged or _has_begun(wrapper):
        yield
        return
    waiting = Held(wrapper)
    before = _held.set(waiting)
    try:
        with wrapper.execute_wrapper(waiting.before):
            yield
            waiting.settle(ends=ends and not wrapper.needs_rollback)
    except BaseException:
        if ends:
            waiting.give_up()
        raise
    finally:
        _held.reset(before)


def _has_begun(wrapper: BaseDatabaseWrapper) -> bool:
    db = wrapper.connection
    return db is not None and db.pgconn.transaction_status != TransactionStatus.IDLE


def _send(
    line: _Line,
    statements: Sequence[_Waiting],
    *,
    begins: bool,
    ends: bool,
    meanwhile: Callable[[], None] | None = None,
) -> None:
    """Send statements in one message; tell those who wait for rows, or raise the first error."""
    parts: list[bytes] = [b"BEGIN"] if begins else []
    learned = [""] * len(parts)
    heard: list[tuple[int, Later]] = []
    for (name, text, params), later in statements:
        if name not in line.prepared and name not in learned:
            parts.append(_preparation(name, text))
            learned.append(name)
        if later is not None:
            heard.append((len(parts), later))
        said = b",".join([line.values.as_literal(param) for param in params])
        parts.append(b'EXECUTE "%b"' % name.encode() + (b"(%b)" % said if said else b""))
        learned.append("")
    if ends:
        parts.append(b"COMMIT")
    answers = _talk(line, b";".join(parts), learned=learned, meanwhile=meanwhile)
    fault = next((answer for answer in answers if answer.status not in _DONE), None)
    if fault is not None:
        raise error_from_result(fault, encoding=line.db.info.encoding)
    for place, later in heard:
        line.values.set_pgresult(answers[place])
        later.hear(line.values.load_rows(0, answers[place].ntuples, tuple))


def _talk(
    line: _Line, message: bytes, *, learned: Sequence[str], meanwhile: Callable[[], None] | None
) -> list[PGresult]:
    """Send a message and give the answers to it; whatever becomes of `meanwhile`, they are waited for.

    `learned` is for each answer the name of the statement that it prepared, or nothing.
    """
    with line.db.lock:
        line.db.pgconn.send_query(message)
        try:
            if meanwhile:
                meanwhile()
        finally:
            answers: list[PGresult] = line.db.wait(generators.execute(line.db.pgconn))
            line.learn(learned, answers=answers)
    return answers


@cache
def _preparation(name: str, text: str) -> bytes:
    """Write the statement that prepares another: its places by number, and `%%`, which stands for one, as it is."""
    numbers = count(1)
    numbered = _PLACE.sub(lambda found: f"${next(numbers)}" if found[1] == "s" else "%", text)
    return f'PREPARE "{name}" AS {numbered}'.encode()
