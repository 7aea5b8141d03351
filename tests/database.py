"""A real PostgreSQL for the tests: a private server without fsync, a migrated template, a clone each."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from colisage.config.database import Cluster
from colisage.config.database.locks import Lock
from colisage.config.place import place

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "var" / "tests"
TEMPLATE = "colisage_template"
SHAPING = ("migrations/*.py", "sql/*.sql", "walls.py")  # what decides how a migrated database looks


@contextmanager
def test_database(worker: str) -> Iterator[str]:
    """Give the address of a migrated database of a worker's own while the block runs."""
    with ExitStack() as held:
        server = os.environ.get("COLISAGE_TEST_DATABASE_URL") or held.enter_context(_embedded().reached())
        name = f"test_{os.getpid()}_{worker}"
        renew(server, name)
        yield named(server, name)
        with _connect(server) as db:
            _drop(db, name)


def renew(server: str, name: str) -> None:
    """Make a database a fresh clone of the migrated template; the first of the workers makes that."""
    template = f"{TEMPLATE}_{_digest()}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with Lock(CACHE / "template.lock").turn(waiting=lambda: None), _connect(server) as db:
        if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [template]).fetchone():
            _sweep(db)
            _make_template(server, db, template)
        _drop(db, name)
        clone = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
        db.execute(sql.SQL(clone).format(sql.Identifier(name), sql.Identifier(template)))


def named(url: str, name: str) -> str:
    """Name another database of the same server."""
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def _embedded() -> Cluster:
    here = place()
    return Cluster(here.database_dir, password=here.database_password, durable=False)


def _connect(server: str) -> psycopg.Connection[Any]:
    return psycopg.connect(named(server, "postgres"), autocommit=True)


def _digest() -> str:
    """Tell one state of the migrations from another."""
    found = sorted(path for pattern in SHAPING for path in (ROOT / "src/colisage").glob(f"*/{pattern}"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()[:16]


def _make_template(server: str, db: psycopg.Connection[Any], template: str) -> None:
    draft = "colisage_template_draft"
    _drop(db, draft)
    db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    command = [
        sys.executable,
        "-m",
        "django",
        "migrate",
        "--settings",
        "colisage.config.settings",
        "--verbosity",
        "0",
    ]
    environment = {**os.environ, "DATABASE_URL": named(server, draft), "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(command, check=True, env=environment)
    db.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(template)))
    db.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(template)))


def _sweep(db: psycopg.Connection[Any]) -> None:
    """Drop the templates of other migrations, and what runs that were cut off left behind."""
    names = [name for (name,) in db.execute("SELECT datname FROM pg_database").fetchall()]
    for name in names:
        run = name.split("_")[1] if name.startswith("test_") else ""
        if name.startswith(TEMPLATE) or (run.isdigit() and not Path(f"/proc/{run}").exists()):
            _drop(db, name)


def _drop(db: psycopg.Connection[Any], name: str) -> None:
    if db.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]).fetchone():
        db.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(sql.Identifier(name)))
    db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
