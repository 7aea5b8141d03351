"""A real PostgreSQL for the tests: a private server without fsync for each worker, a migrated template, a clone.

The servers are copies of one, whose template is migrated once for a state of the migrations and kept. A server each,
because events are read below the oldest running transaction of a whole server: workers that share one wait in turns.
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from colisage.config.database import Cluster
from colisage.config.database.locks import Lock
from colisage.config.database.server import DATABASE
from colisage.config.place import SECRETS_FILE, SYSTEM_DIR, place

ROOT = Path(__file__).resolve().parent.parent
SHARED = os.environ.get("COLISAGE_TEST_DATABASE_URL")  # a server that is there: all workers use it
CACHE = ROOT / "var" / "tests"
TEMPLATE = "colisage_template"
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 << 30  # a server takes 200 MB
SHAPING = ("migrations/*.py", "sql/*.sql", "walls.py")  # what decides how a migrated database looks


@contextmanager
def test_database(worker: str) -> Iterator[str]:
    """Give the address of a migrated database of a worker's own while the block runs."""
    name = f"test_{os.getpid()}_{worker}"
    with nullcontext(SHARED) if SHARED else _server_of(worker) as server:
        renew(server, name)
        yield named(server, name)
        with _connect(server) as db:
            _drop(db, name)


def renew(server: str, name: str) -> None:
    """Make a database a fresh clone of the migrated template; on a shared server the first worker makes that."""
    with _alone() if SHARED else nullcontext(), _connect(server) as db:
        _clone(db, name, _have_template(server, db))


def named(url: str, name: str) -> str:
    """Name another database of the same server."""
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@contextmanager
def _server_of(worker: str) -> Iterator[str]:
    """Run a server of a worker's own while the block runs: a copy of the one that has the template, and is at rest."""
    first = place().database_dir
    ours = f"colisage-{hashlib.sha256(os.fsencode(first)).hexdigest()[:8]}"
    own = _cluster(_roomy(first.parent) / f"{ours}-{os.getpid()}-{worker}")
    with _alone():
        for left in own.root.parent.glob(f"{ours}-*-*"):
            if not Path(f"/proc/{left.name.split('-')[2]}").exists():
                _remove(_cluster(left))
        _copy_first(own.root)
    try:
        with own.reached() as url:
            yield url
    finally:
        _remove(own)


def settle(data_dir: Path) -> None:
    """Make an installation whose database has been migrated, for a test of what comes after that."""
    known = json.loads((place().data_dir / SECRETS_FILE).read_text()) | {"identity": secrets.token_hex(6)}
    data_dir.mkdir(parents=True)
    (data_dir / SECRETS_FILE).write_text(json.dumps(known))
    with _alone():
        _copy_first(SYSTEM_DIR / known["identity"] if os.geteuid() == 0 else data_dir / "postgres")


def _copy_first(root: Path) -> None:
    """Copy the server that has the template, made if it is not there. It is at rest whenever one is alone."""
    first, stamp = place().database_dir, CACHE / "settled"
    if not (first / "data").exists() or not stamp.exists() or stamp.read_text() != _digest():
        with _cluster(first).reached() as url, _connect(url) as db:
            _clone(db, DATABASE, _have_template(url, db))
        stamp.write_text(_digest())
    root.mkdir(parents=True)
    root.chmod(first.stat().st_mode)  # whatever the umask says
    os.chown(root, first.stat().st_uid, first.stat().st_gid)
    # With its owner: root lends the server an account.
    subprocess.run(["cp", "-a", first / "data", root / "data"], check=True)


def _roomy(otherwise: Path) -> Path:
    """Say where servers lie: in memory where that has room.

    On a disk a clone costs ten times as much (1 s) once many were dropped: ext4 does not give the place of a file away
    that went a moment ago, and looks at each of them whenever one is made.
    """
    try:
        return MEMORY if shutil.disk_usage(MEMORY).free > ROOM_BYTES else otherwise
    except OSError:
        return otherwise


def _remove(cluster: Cluster) -> None:
    cluster.server.stop()
    shutil.rmtree(cluster.root, ignore_errors=True)


def _cluster(root: Path) -> Cluster:
    return Cluster(root, password=place().database_password, durable=False)


def _alone() -> AbstractContextManager[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    return Lock(CACHE / "template.lock").turn(waiting=lambda: None)


def _connect(server: str) -> psycopg.Connection[Any]:
    return psycopg.connect(named(server, "postgres"), autocommit=True)


@cache
def _digest() -> str:
    """Tell one state of the migrations from another."""
    found = sorted(path for pattern in SHAPING for path in (ROOT / "src/colisage").glob(f"*/{pattern}"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()[:16]


def _have_template(server: str, db: psycopg.Connection[Any]) -> str:
    """Give the name of the template of these migrations, made if it is not there."""
    template = f"{TEMPLATE}_{_digest()}"
    if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [template]).fetchone():
        _sweep(db)
        _make_template(server, db, template)
    return template


def _clone(db: psycopg.Connection[Any], name: str, template: str) -> None:
    _drop(db, name)
    clone = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
    db.execute(sql.SQL(clone).format(sql.Identifier(name), sql.Identifier(template)))


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
