"""A witness of locks: does a transaction lock rows of availability once, or come back for more?

Two transactions that each come back for more may wait for each other. That is rare and shows as a deadlock once in
hours; that one came back shows at once.
"""

import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection

# Rows that this transaction, or a savepoint in it, has locked or changed.
HELD = """
WITH mine AS MATERIALIZED (
  SELECT transactionid::text AS xid FROM pg_locks
  WHERE locktype = 'transactionid' AND pid = pg_backend_pid() AND mode = 'ExclusiveLock' AND granted
)
SELECT pg_current_xact_id_if_assigned()::text, coalesce(array_agg(v.sku_id || ' ' || v.node_id), '{}')
FROM inventory_availability v WHERE v.xmin::text IN (SELECT xid FROM mine) OR v.xmax::text IN (SELECT xid FROM mine)
"""


class Witness:
    """Watches all statements of a connection (`with connection.execute_wrapper(witness)`); objections are `seen`."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._transaction: str | None = None
        self._held: set[str] = set()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if connection.in_atomic_block and not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            with connection.connection.cursor() as beside:  # not Django's: it would be watched itself
                transaction, rows = beside.execute(HELD).fetchone()
            if transaction != self._transaction:
                self._transaction, self._held = transaction, set()
            more = set(rows) - self._held
            if more and self._held:
                self.seen.append(f"{sql}\n{''.join(traceback.format_stack(limit=14))}")
            self._held |= more
        return answer
