"""Named SQL kept in files: a statement has a comment that explains it and a place where it is found.

Many rows travel as one JSON parameter (`rows`): for a few thousand it is cheaper than parameters of their own, and one
statement serves any number. COPY is not used: PostgreSQL refuses it on tables behind row-level security.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from django.apps import apps
from django.db import connection
from psycopg.abc import Buffer
from psycopg.adapt import Dumper

from colisage.kit.together import talk

_COMMENT = re.compile(r"^\s*--.*\n?", re.MULTILINE)
_ENCODER = msgspec.json.Encoder()


class Rows(bytes):
    """Rows as a JSON array, the way they travel: the bytes that were encoded are the bytes that are sent."""

    __slots__ = ()


class _RowsDumper(Dumper):
    """Sends rows as they are; their statement says the type (`%s::jsonb`)."""

    def dump(self, obj: Buffer) -> Buffer:
        """Give the bytes."""
        return obj


psycopg.adapters.register_dumper(Rows, _RowsDumper)  # before the first connection: Django copies what is known then


@cache
def statement(app: str, name: str) -> str:
    """Give the text of `<app>/sql/<name>.sql`, without its comments."""
    text = (Path(apps.get_app_config(app).path) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return _COMMENT.sub("", text)


def rows(items: Iterable[Any]) -> Rows:
    """Write rows (dictionaries, dataclasses) as the JSON array that a statement takes."""
    return Rows(_ENCODER.encode(list(items)))


def ask(
    app: str,
    name: str,
    params: Sequence[Any] | Mapping[str, Any],
    *,
    meanwhile: Callable[[], None] | None = None,
) -> list[tuple[Any, ...]]:
    """Run `<app>/sql/<name>.sql` and give its rows.

    `meanwhile` is work that does not need them: where statements travel `together`, it is done while the server works,
    else before, so that nobody waits longer for what the statement locks.
    """
    if (talking := talk()) and isinstance(params, Sequence):
        answer = talking.ask((f"{app}.{name}", statement(app, name), params))
        if meanwhile:
            meanwhile()
        return answer()
    if meanwhile:
        meanwhile()
    with connection.cursor() as db:
        db.execute(statement(app, name), params)
        found: list[tuple[Any, ...]] = db.fetchall()
        return found


def ask_along(app: str, name: str, params: Sequence[Any] | Mapping[str, Any]) -> Callable[[], list[tuple[Any, ...]]]:
    """Run `<app>/sql/<name>.sql`, whose rows are not needed before the next is asked; give what then gives them."""
    if (talking := talk()) and isinstance(params, Sequence):
        return talking.ask((f"{app}.{name}", statement(app, name), params))
    found = ask(app, name, params)
    return lambda: found


def perform(app: str, name: str, params: Sequence[Any] | Mapping[str, Any]) -> None:
    """Run `<app>/sql/<name>.sql`, which gives no rows."""
    if (talking := talk()) and isinstance(params, Sequence):
        talking.tell((f"{app}.{name}", statement(app, name), params))
        return
    with connection.cursor() as db:
        db.execute(statement(app, name), params)
