"""Know a database that needs no preparing without loading Django: what was done is written on it."""

import hashlib
from importlib.metadata import version
from typing import Final

import psycopg
from psycopg import sql

from colisage.config.place import PACKAGE

BESIDE: Final = ("django", "procrastinate", "django-axes")  # packages that bring migrations of their own
# The rows are part of the mark: who takes a migration back by hand makes it wrong.
ROWS: Final = "SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM django_migrations"
MARK: Final = "SELECT obj_description('django_migrations'::regclass, 'pg_class')"


def is_prepared(url: str) -> bool:
    """Say whether the database was prepared by just this release."""
    try:
        with psycopg.connect(url, connect_timeout=10) as db:
            return _one(db, MARK) == _mark(db)
    except psycopg.Error:
        return False  # preparing finds out what is wrong, and says it


def mark_prepared(url: str) -> None:
    """Write on the database that it is prepared; one that does not let us is prepared again next time."""
    try:
        with psycopg.connect(url, connect_timeout=10) as db:
            db.execute(sql.SQL("COMMENT ON TABLE django_migrations IS {}").format(sql.Literal(_mark(db))))
    except psycopg.Error:
        return


def _mark(db: psycopg.Connection[tuple[object, ...]]) -> str:
    return f"prepared by Colisage {_release()} {_one(db, ROWS)}"


def _one(db: psycopg.Connection[tuple[object, ...]], query: str) -> object:
    row = db.execute(query.encode()).fetchone()
    return row[0] if row else None


def _release() -> str:
    """Give a digest of all migrations of this release."""
    digest = hashlib.sha256(" ".join(version(name) for name in BESIDE).encode())
    for path in sorted(PACKAGE.glob("*/migrations/*.py")) + sorted(PACKAGE.glob("*/sql/*.sql")):
        digest.update(str(path.relative_to(PACKAGE)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
