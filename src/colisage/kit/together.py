"""Statements that travel together: a short transaction takes as long as its messages, hardly less than as its work.

Within `together()` a statement is sent as soon as it is said, and its answer waited for only when somebody needs it:
the server works while Python goes on. The first statement takes the beginning of the transaction along, the last its
end. Each is prepared once in a connection. This is the pipeline of PostgreSQL's protocol, below the library, whose own
takes longer for a statement than the server does.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from itertools import count
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import waiting
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

Statement: TypeAlias = tuple[str, str, Sequence[Any]]  # a name, the text with its places `%s`, what stands there
Rows: TypeAlias = list[tuple[Any, ...]]
_BEGIN: Final[Statement] = ("begin", "BEGIN", ())
_COMMIT: Final[Statement] = ("commit", "COMMIT", ())
_OPEN: Final = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR})
_DONE: Final = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})
_FORGOTTEN: Final = (InvalidSqlStatementName.sqlstate or "").encode()
_PLACE: Final = re.compile("%([s%])")


class Answer:
    """The rows of a statement; whoever wants them waits until the server has answered."""

    def __init__(self, hear: Callable[[], None]) -> None:
        self._hear = hear
        self._rows: Rows | None = None

    def __call__(self) -> Rows:
        """Give the rows."""
        if self._rows is None:
            self._hear()
        if self._rows is None:
            msg = "the transaction of this statement failed before it was answered"
            raise RuntimeError(msg)
        return self._rows

    def take(self, rows: Rows) -> None:
        """Take the rows."""
        self._rows = rows


class _Line:
    """A connection: how values are written and read on it, and which statements are prepared."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self.db = db
        self._values = Transformer(db)
        self._prepared: set[str] = set()
        self._said: list[tuple[str, Answer | None]] = []  # for each answer to come, what it prepares and who wants it

    def say(self, statement: Statement, answer: Answer | None) -> None:
        """Send a statement, without waiting."""
        name, text, params = statement
        line = self.db.pgconn
        if line.pipeline_status == PipelineStatus.OFF:
            line.enter_pipeline_mode()
        if name not in self._prepared:
            line.send_prepare(name.encode(), _numbered(text))
            self._prepared.add(name)
            self._said.append((name, None))
        written = self._values.dump_sequence(params, [PyFormat.TEXT] * len(params)) if params else None
        line.send_query_prepared(name.encode(), written)
        self._said.append(("", answer))

    def flush(self) -> None:
        """Let go what was said, as far as the server takes it."""
        self.db.pgconn.flush()

    def hear(self) -> None:
        """Wait for the answers to all that was said; tell those who want them, or raise the first error."""
        line, said = self.db.pgconn, self._said
        if line.pipeline_status == PipelineStatus.OFF:
            return
        self._said = []
        try:
            line.pipeline_sync()
            answers = self.db.wait(_answers(line))
            line.exit_pipeline_mode()
        except BaseException:
            self.db.close()  # in the middle of a talk nobody can go on
            raise
        faults = [answer for answer in answers if answer.status not in _DONE]
        if faults:
            self._unlearn([name for name, _ in said], answers)
            raise error_from_result(faults[0], encoding=self.db.info.encoding)
        for (_, wanted), answer in zip(said, answers, strict=True):
            if wanted:
                self._values.set_pgresult(answer)
                wanted.take(self._values.load_rows(0, answer.ntuples, tuple))

    def _unlearn(self, names: Sequence[str], answers: Sequence[PGresult]) -> None:
        """Forget which statements are not prepared after all."""
        done = {name for name, answer in zip(names, answers, strict=True) if name and answer.status in _DONE}
        if any(answer.error_field(DiagnosticField.SQLSTATE) == _FORGOTTEN for answer in answers):
            self._prepared = set(done)  # the server forgets all at once, but what was prepared anew
        self._prepared -= set(names) - done


_lines: WeakKeyDictionary[BaseDatabaseWrapper, _Line] = WeakKeyDictionary()


class Talk:
    """The statements of a transaction that travel together."""

    def __init__(self, wrapper: BaseDatabaseWrapper) -> None:
        self._wrapper = wrapper
        self._line: _Line | None = None
        self._said: list[tuple[Statement, Answer | None]] = []  # since somebody last waited for answers

    def tell(self, statement: Statement) -> None:
        """Send a statement that gives no rows; what is wrong with it is raised where the next answer is waited for."""
        self._say(statement, None)

    def ask(self, statement: Statement) -> Answer:
        """Send a statement, and give what waits for its rows."""
        answer = Answer(self.hear)
        self._say(statement, answer)
        return answer

    def hear(self, *, ends: bool = False) -> None:
        """Wait for the answers to what was said, and let the transaction end with it (`ends`)."""
        if self._line is None or not self._said:
            return
        with self._wrapper.wrap_database_errors:
            if ends:
                self._say(_COMMIT, None)
            said, self._said = self._said, []
            try:
                self._line.hear()
            except InvalidSqlStatementName:
                if said[0][0] is not _BEGIN:
                    raise
                self._line.db.rollback()
                for statement, answer in said:
                    self._line.say(statement, answer)
                self._line.hear()

    def before(self, execute: Callable[..., Any], *what: Any) -> Any:
        """Hear the answers before a statement that goes its own way, and let all behind it do the same.

        The library may make the server forget all prepared statements after one of its own, such as a rollback to a
        savepoint; at the beginning of a transaction that can be made good, later not.
        """
        self.hear()
        _talk.set(None)
        return execute(*what)

    def give_up(self, *, ends: bool) -> None:
        """Hear what is still said, whatever it is, so that the connection can be used again.

        What `ends` is undone past the library, which would make the server forget what is prepared.
        """
        if self._line is None:
            return
        self._said = []
        with suppress(psycopg.Error, DatabaseError):
            self._line.hear()
        line = self._line.db.pgconn
        if ends and line.transaction_status in _OPEN:
            line.exec_(b"ROLLBACK")

    def _say(self, statement: Statement, answer: Answer | None) -> None:
        with self._wrapper.wrap_database_errors:
            if self._line is None:
                self._line = _line_of(self._wrapper)
                self._line.say(_BEGIN, None)
                self._said.append((_BEGIN, None))
            self._line.say(statement, answer)
            self._said.append((statement, answer))
            if answer:
                self._line.flush()


def _line_of(wrapper: BaseDatabaseWrapper) -> _Line:
    wrapper.ensure_connection()
    line = _lines.get(wrapper)
    if line is None or line.db is not wrapper.connection:
        line = _lines[wrapper] = _Line(wrapper.connection)
    return line


_talk: ContextVar[Talk | None] = ContextVar("talk", default=None)


def talk() -> Talk | None:
    """Give that in which statements travel together, within `together()`."""
    return _talk.get()


@contextmanager
def together(*, ends: bool) -> Iterator[None]:
    """Let the statements of a transaction that has just been opened travel together, to the end of this block.

    Where the transaction `ends` with the block, it is committed with the last statements whose answers nobody waited
    for. Within a transaction that sent something already, and where somebody listens to the statements of this
    connection, each goes by itself.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    if wrapper.execute_wrappers or wrapper.queries_logged or _has_begun(wrapper):
        yield
        return
    talking = Talk(wrapper)
    before = _talk.set(talking)
    try:
        with wrapper.execute_wrapper(talking.before):
            yield
            talking.hear(ends=ends and not wrapper.needs_rollback)
    except BaseException:
        talking.give_up(ends=ends)
        raise
    finally:
        _talk.reset(before)


def _has_begun(wrapper: BaseDatabaseWrapper) -> bool:
    db = wrapper.connection
    return db is not None and db.pgconn.transaction_status != TransactionStatus.IDLE


def _answers(line: PGconn) -> PQGen[list[PGresult]]:
    """Send what is still to be sent and read all answers, as the library runs such work; errors are among them."""
    answers: list[PGresult] = []
    while line.flush():
        if (yield waiting.Wait.RW) & waiting.Ready.R:
            line.consume_input()
    while True:
        while line.is_busy():
            if (yield waiting.Wait.R):
                line.consume_input()
        answer = line.get_result()
        if answer is None:
            if line.status != ConnStatus.OK:
                msg = "the connection was lost"
                raise psycopg.OperationalError(msg)
        elif answer.status == ExecStatus.PIPELINE_SYNC:
            return answers
        else:
            answers.append(answer)


@cache
def _numbered(text: str) -> bytes:
    """Write a statement as it is prepared: its places by number, and `%%`, which stands for one, as it is."""
    numbers = count(1)
    return _PLACE.sub(lambda found: f"${next(numbers)}" if found[1] == "s" else "%", text).encode()
