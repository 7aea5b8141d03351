"""Several people at once: threads with a connection each, let go at the same moment."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection


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
