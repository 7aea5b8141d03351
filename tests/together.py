"""Several people at once: threads with a connection each, let go at the same moment."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """Run all at the same time; give what each gave, or the exception it raised."""
    start = threading.Barrier(len(doings))
    results: list[Any] = [None] * len(doings)

    def run(n: int, doing: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(10)
            results[n] = doing()
        except Exception as error:  # noqa: BLE001 -- the test judges what was raised
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return results


def faults(results: Sequence[Any]) -> list[Exception]:
    """Give the exceptions among results."""
    return [result for result in results if isinstance(result, Exception)]


def behind(first: Callable[[], Any], second: Callable[[], Any], *, seconds: float = 20) -> tuple[Any, Any]:
    """Let `second` come while what `first` wrote is not committed yet, and go on once it waits for that, or is done.

    Gives what each gave, or the exception `second` raised.
    """
    given: list[Any] = [None]

    def run() -> None:
        try:
            given[0] = second()
        except Exception as error:  # noqa: BLE001 -- the test judges what was raised
            given[0] = error
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with transaction.atomic():
        done = first()
        other.start()
        until = time.monotonic() + seconds
        while other.is_alive() and not _somebody_waits() and time.monotonic() < until:
            other.join(0.02)
    other.join(seconds)
    assert not other.is_alive(), "somebody waits for ever"
    return done, given[0]


def _somebody_waits() -> bool:
    with connection.cursor() as db:
        db.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(db.fetchone()[0])
