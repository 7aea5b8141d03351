"""Damage to the books that the database refuses: what a restore, a superuser or a disabled trigger leaves behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def unguarded(*, without: str = "") -> Iterator[Any]:
    """Give a cursor for which no trigger fires; `without` names a constraint (`table.name`) to drop as well."""
    with connection.cursor() as db:
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if without:
            table, _, name = without.partition(".")
            db.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        db.execute("SET session_replication_role = replica")
        try:
            yield db
        finally:
            db.execute("SET session_replication_role = origin")
