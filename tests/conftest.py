"""What every test stands on: a database of its own, no network but loopback, cheap passwords, a browser."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).resolve().parent.parent
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_SHARED = "the shared data is not here (COLISAGE_SHARED)"
NO_CHROMIUM = "Chromium is missing"

# No claim depends on how fast this machine is just now.
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")

# Settings are loaded right after this file: no test may touch the data of whoever runs it.
os.environ["DATA_DIR"] = str(ROOT / "var" / "tests")
os.environ["DATABASE_URL"] = NOWHERE
for name in [name for name in os.environ if name.startswith("PG") or name == "COLISAGE_DB_ROLE"]:
    del os.environ[name]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Give this worker a database, made when the first test asks for one."""
    from django.conf import settings
    from django.db import connections
    from django.db.backends.postgresql.base import DatabaseWrapper
    from django.test import TransactionTestCase

    from colisage.config.settings import database
    from tests.database import renew, test_database

    with test_database(os.environ.get("PYTEST_XDIST_WORKER", "main")) as url:
        here = database(url, role="")
        for known in (settings.DATABASES["default"], connections.settings["default"]):
            known.update({key: here[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
        os.environ["DATABASE_URL"] = url

        opened: WeakSet[Any] = WeakSet()
        connect = DatabaseWrapper.get_new_connection

        def remember(self: DatabaseWrapper, params: dict[str, Any]) -> Any:
            opened.add(self)
            return connect(self, params)

        def start_afresh(self: TransactionTestCase) -> None:
            """Replace the database instead of emptying it: what migrations filled in is there again.

            Each context has connections of its own, and a browser's loop is another context: all of them are closed.
            """
            for connection in list(opened):
                connection.inc_thread_sharing()
                connection.close()
                connection.dec_thread_sharing()
            renew(url, here["NAME"])

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(DatabaseWrapper, "get_new_connection", remember)
            patch.setattr(TransactionTestCase, "_fixture_teardown", start_afresh)
            yield
        with django_db_blocker.unblock():
            connections.close_all()
        os.environ["DATABASE_URL"] = NOWHERE


@pytest.fixture(autouse=True)
def _settings_for_tests(settings: Any, tmp_path: Path) -> None:
    """Keep files apart and passwords cheap."""
    settings.COLISAGE_DATA_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["*"]
    settings.COLISAGE_SHOPS_INSIDE = True  # simulators stand on loopback


@pytest.fixture(autouse=True)
def _forget_places() -> Iterator[None]:
    """Forget the ids that queries keep for the length of a process: each test has rows of its own."""
    yield
    from colisage.network.queries import virtual_place

    virtual_place.cache_clear()


@pytest.fixture(autouse=True)
def _first_language() -> None:
    """Let each test begin in the language of the installation, whatever the one before spoke."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def _full_meters(settings: Any) -> Iterator[None]:
    """Let nobody pay for the requests of the test before; no request has a statement more once a second."""
    settings.COLISAGE_METERS_SHARED_SECONDS = None
    yield
    from colisage.people.queries import meter, order_meter

    meter.cache_clear()
    order_meter.cache_clear()


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
        pytest.skip(NO_SHARED)
    return path


@pytest.fixture(scope="module")  # its event loop runs in this thread, and other modules have loops of their own
def chromium() -> Iterator[Any]:
    """Give Debian's Chromium under Playwright; missing, it fails CI and is said loudly elsewhere."""
    from playwright.sync_api import expect, sync_playwright

    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    # fmt: off
    quiet = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    ]
    # fmt: on
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv(
            "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
        )  # its event loop waits in this thread; nothing of ours runs in it
        expect.set_options(timeout=15_000)
        browser = playwright.chromium.launch(executable_path=found, args=quiet)
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly how many tests did not run here for want of the shared data or of Chromium."""
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    for reason, said in ((NO_SHARED, "for want of the shared data"), (NO_CHROMIUM, "for want of CHROMIUM")):
        count = sum(reason in text for text in reasons)
        if count:
            terminalreporter.write_line(f"!!! {count} tests did not run {said}", yellow=True, bold=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Run a test that commits while no other worker has a transaction open, where they share a server.

    Events are read below the oldest running transaction of the whole server: another worker's would hold them back.
    """
    if not os.environ.get("COLISAGE_TEST_DATABASE_URL"):
        return (yield)
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "turns").open("w") as turns:
        fcntl.flock(turns, fcntl.LOCK_EX if _commits(item) else fcntl.LOCK_SH)
        return (yield)


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Distribute modules in the order they have; this is asked where there are workers to distribute to."""
    from tests.scheduling import Together

    config.option.loadscopereorder = False
    return Together(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long, where several workers share the tests."""
    if hasattr(config, "workerinput"):
        from tests.scheduling import long_first

        long_first(items)


@pytest.fixture
def enter(client: Any) -> Callable[[Any], Any]:
    """Give a function that logs a person in, to read English, and gives the client."""

    def log_in(person: Any) -> Any:
        client.force_login(person)
        client.cookies["language"] = "en"
        return client

    return log_in
