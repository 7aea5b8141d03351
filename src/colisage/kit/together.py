"""Statements that travel together: a short transaction takes as long as its messages, hardly less than as its work.

Within `together()` a statement that gives no rows waits for the next that does and goes with it, in one message; the
first takes the beginning of the transaction along. Each is prepared once in a connection and only executed afterwards.
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
from psycopg import abc, generators
from psycopg.adapt import Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

Statement: TypeAlias = tuple[str, str, Sequence[Any]]  # a name, the text with its places `%s`, what stands there
_DONE: Final = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})
_PLACE: Final = re.compile("%([s%])")
_prepared: WeakKeyDictionary[psycopg.Connection[Any], set[str]] = WeakKeyDictionary()


class Held:
    """Statements of this transaction that wait for the next message."""

    def __init__(self, wrapper: BaseDatabaseWrapper) -> None:
        self._wrapper = wrapper
        self._waiting: list[Statement] = []
        self._values: abc.Transformer | None = None  # remembers how values are written and read

    def hold(self, statement: Statement) -> None:
        """Let a statement wait that gives no rows."""
        self._waiting.append(statement)

    def ask(self, statement: Statement) -> list[tuple[Any, ...]]:
        """Send what waits and a statement behind it; give the rows of this one."""
        self._waiting.append(statement)
        return self._send()

    def settle(self) -> None:
        """Send what waits."""
        if self._waiting:
            self._send()

    def before(self, execute: Callable[..., Any], *what: Any) -> Any:
        """Send what waits before a statement that goes its own way, and let all behind it do the same.

        The library may make the server forget all prepared statements after one of its own, such as a rollback to a
        savepoint; at the beginning of a transaction that can be made good, later not.
        """
        self.settle()
        _held.set(None)
        return execute(*what)

    def _send(self) -> list[tuple[Any, ...]]:
        statements, self._waiting = self._waiting, []
        self._wrapper.ensure_connection()
        db = self._wrapper.connection
        values = self._values = self._values or Transformer(db)
        with self._wrapper.wrap_database_errors:
            begins = db.pgconn.transaction_status == TransactionStatus.IDLE
            try:
                answer = _send(db, statements, values=values, begins=begins)
            except InvalidSqlStatementName:
                if not begins:
                    raise
                db.rollback()
                answer = _send(db, statements, values=values, begins=True)
            values.set_pgresult(answer)
            return values.load_rows(0, answer.ntuples, tuple)


_held: ContextVar[Held | None] = ContextVar("held", default=None)


def held() -> Held | None:
    """Give what waits for the next message, within `together()`."""
    return _held.get()


@contextmanager
def together() -> Iterator[None]:
    """Let the statements of a transaction that has just been opened travel together, to the end of this block.

    An error in one that gives no rows is raised by the next. Within a transaction that sent something already, and
    where somebody listens to the statements of this connection, each goes by itself.
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
            waiting.settle()
    finally:
        _held.reset(before)


def _has_begun(wrapper: BaseDatabaseWrapper) -> bool:
    db = wrapper.connection
    return db is not None and db.pgconn.transaction_status != TransactionStatus.IDLE


def _send(
    db: psycopg.Connection[Any], statements: Sequence[Statement], *, values: abc.Transformer, begins: bool
) -> PGresult:
    """Send statements in one message; give the last answer, or raise the first error."""
    known = _prepared.setdefault(db, set())
    parts, learned = ([b"BEGIN"], [""]) if begins else ([], [])
    for name, text, params in statements:
        if name not in known and name not in learned:
            parts.append(_preparation(name, text))
            learned.append(name)
        said = b",".join([values.as_literal(param) for param in params])
        parts.append(b'EXECUTE "%b"' % name.encode() + (b"(%b)" % said if said else b""))
        learned.append("")
    with db.lock:
        db.pgconn.send_query(b";".join(parts))
        answers: list[PGresult] = db.wait(generators.execute(db.pgconn))
    faults = [error_from_result(answer, encoding=db.info.encoding) for answer in answers if answer.status not in _DONE]
    if faults and isinstance(faults[0], InvalidSqlStatementName):
        known.clear()  # the server forgets all at once
    known.update(filter(None, learned[: len(answers) - len(faults)]))  # after an error there are no more answers
    if faults:
        raise faults[0]
    return answers[-1]


@cache
def _preparation(name: str, text: str) -> bytes:
    """Write the statement that prepares another: its places by number, and `%%`, which stands for one, as it is."""
    numbers = count(1)
    numbered = _PLACE.sub(lambda found: f"${next(numbers)}" if found[1] == "s" else "%", text)
    return f'PREPARE "{name}" AS {numbered}'.encode()
