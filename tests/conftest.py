"""A real PostgreSQL for every test run: a private server without fsync, one migrated template, a clone per worker."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
TEMPLATE = "colisage_template"
_held = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the server (in the controlling process), and name the worker's own database before Django is loaded."""
    if not hasattr(config, "workerinput"):
        os.environ["COLISAGE_TEST_RUN"] = str(os.getpid())
        _start_server()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    url = os.environ["COLISAGE_TEST_SERVER"]
    os.environ["DATABASE_URL"] = _with_name(url, f"test_{os.environ['COLISAGE_TEST_RUN']}_{worker}")


def _start_server() -> None:
    cache = ROOT / "var" / "tests"
    os.environ.setdefault("DATA_DIR", str(cache))
    if "COLISAGE_TEST_DATABASE_URL" in os.environ:  # a server of one's own, such as another version
        os.environ["COLISAGE_TEST_SERVER"] = os.environ["COLISAGE_TEST_DATABASE_URL"]
    else:
        from colisage.config.database import Cluster
        from colisage.config.place import place

        here = place()
        cluster = Cluster(here.database_dir, password=here.database_password, durable=False)
        os.environ["COLISAGE_TEST_SERVER"] = _held.enter_context(cluster.reached())
    _make_template(os.environ["COLISAGE_TEST_SERVER"])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server."""
    if not hasattr(config, "workerinput"):
        _held.close()


def _make_template(url: str) -> None:
    """Migrate a database once for each state of the migrations; the workers clone it."""
    import psycopg

    files = sorted(SRC.glob("colisage/*/migrations/*.py")) + sorted(SRC.glob("colisage/*/sql/*.sql"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
    name = f"{TEMPLATE}_{digest}"
    os.environ["COLISAGE_TEST_TEMPLATE"] = name
    with psycopg.connect(_with_name(url, "postgres"), autocommit=True) as db:
        if db.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]).fetchone():
            return
        _sweep(db)
        db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        db.execute(f'CREATE DATABASE "{name}"')
    environment = {**os.environ, "DATABASE_URL": _with_name(url, name), "PYTHONPATH": str(SRC)}
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--settings", "colisage.config.settings", "--verbosity", "0"],
        check=True,
        env=environment,
    )
    with psycopg.connect(_with_name(url, "postgres"), autocommit=True) as db:
        db.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')


def _sweep(db: Any) -> None:
    """Drop the templates of other migrations and the databases of runs that were cut off."""
    for (name,) in db.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'").fetchall():
        run = name.split("_")[1]
        if run.isdigit() and not Path(f"/proc/{run}").exists():
            db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    for (name,) in db.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{TEMPLATE}%"]).fetchall():
        db.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE false')
        db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _with_name(url: str, name: str) -> str:
    """Name another database of the same server."""
    head, _, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Give this worker its clone of the template."""
    import psycopg
    from django.db import connections

    url, name, template = os.environ["COLISAGE_TEST_SERVER"], connections["default"].settings_dict["NAME"], os.environ["COLISAGE_TEST_TEMPLATE"]
    with psycopg.connect(_with_name(url, "postgres"), autocommit=True) as db:
        db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    with psycopg.connect(_with_name(url, "postgres"), autocommit=True) as db:
        db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def _only_loopback(socket_disabled_but_loopback: None) -> None:
    """Let no test reach the outside."""


@pytest.fixture(scope="session")
def socket_disabled_but_loopback() -> Iterator[None]:
    """Allow loopback and Unix sockets only."""
    import pytest_socket

    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.fixture(autouse=True)
def _settings_for_tests(settings: Any, tmp_path: Path) -> None:
    """Keep files apart, mail in memory, passwords cheap."""
    settings.COLISAGE_DATA_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture(autouse=True)
def _forget_places() -> Iterator[None]:
    """Forget the ids that queries keep for the length of a process: each test has rows of its own."""
    yield
    from colisage.network.queries import virtual_place

    virtual_place.cache_clear()


@pytest.fixture
def world(db: None) -> Any:
    """Give the small world every test knows (`tests/cast.py`)."""
    from tests.cast import world as make

    return make()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of shared data, where it exists."""
    path = Path(os.environ.get("COLISAGE_SHARED") or ROOT.parent / "shared")
    if not path.is_dir():
        pytest.skip("the shared data is not here (COLISAGE_SHARED)")
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Give Debian's Chromium under Playwright; missing, it fails CI and is said loudly elsewhere."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is missing: the browser tests did not run")
    # fmt: off
    quiet = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ]
    # fmt: on
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=quiet)
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many tests could not run here for want of the shared data or of Chromium."""
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    shared_ones = sum("COLISAGE_SHARED" in text or "shared" in text for text in skipped)
    browser_ones = sum("Chromium" in text for text in skipped)
    terminalreporter.write_line(f"not run for want of shared data: {shared_ones}; for want of Chromium: {browser_ones}")
