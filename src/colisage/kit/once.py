"""Rows that somebody else may be writing at this very moment.

An INSERT that meets a row which another transaction is writing waits for it. Two that write the same rows in different
orders wait for each other, and PostgreSQL ends one of them: twelve serial numbers scanned at two docks were enough. So
rows that may meet are written in the order of their unique key, here and nowhere else.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)

_MOST = 2_000  # rows a statement


def insert_once(rows: Iterable[Row], *, by: Sequence[str]) -> None:
    """Insert rows of one model; one that is there already, by its unique key `by`, stays as it is.

    `by` names attributes (`sku_id`, not `sku`). A statement for each 2,000 rows.
    """
    _insert(rows, by=by)


def insert_or_change(rows: Iterable[Row], *, by: Sequence[str], change: Sequence[str]) -> None:
    """Insert rows of one model, or set the fields `change` of those that are there already, by their unique key `by`.

    Of rows with the same key the last counts.
    """
    key = attrgetter(*by)
    _insert({key(row): row for row in rows}.values(), by=by, change=change)


def _insert(rows: Iterable[Row], *, by: Sequence[str], change: Sequence[str] = ()) -> None:
    ordered = sorted(rows, key=attrgetter(*by))
    if not ordered:
        return
    type(ordered[0])._default_manager.bulk_create(  # noqa: SLF001 -- documented by Django
        ordered,
        batch_size=_MOST,
        ignore_conflicts=not change,
        update_conflicts=bool(change),
        unique_fields=list(by) if change else None,
        update_fields=list(change) or None,
    )
