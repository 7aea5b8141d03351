"""Waking the workers after a commit, outside its transaction: a notice is a courtesy, the poll is the guarantee."""

import time

from django.db import connection, transaction

CHANNEL = "colisage_outbox"
_QUIET_SECONDS = 0.1
_last = [0.0]


def wake_after_commit() -> None:
    """Wake the outbox readers once this transaction has committed, at most ten times a second per process.

    A NOTIFY inside the transaction would serialise every commit of the installation on one lock.
    """
    now = time.monotonic()
    if now - _last[0] < _QUIET_SECONDS:
        return
    _last[0] = now
    transaction.on_commit(_notify, robust=True)


def _notify() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
