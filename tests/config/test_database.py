"""The embedded server: made, shared, adopted, never twice, and durable."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from colisage.config.database import AlreadyRunning, Cluster, DatabaseProblem, server, tuning
from colisage.config.database.account import account_for
from colisage.config.database.pidfile import read_pidfile, serves
from tests.config.conftest import PASSWORD, SRC

HOLD = """
import signal, sys, time
from pathlib import Path
from colisage.config.database import Cluster
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background work begins with it ignored
with Cluster(Path(sys.argv[1]), password=sys.argv[2], durable=False).reached() as url:
    print(url, flush=True)
    time.sleep(600)
"""


def ask(url: str, query: str) -> Any:
    with psycopg.connect(url) as db:
        row = db.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def head_of(cluster: Cluster) -> int:
    file = read_pidfile(cluster.root / "data")
    assert file is not None
    return file.pid


def until(is_so: Callable[[], bool]) -> None:
    patience = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < patience
        time.sleep(0.02)


def hold(cluster: Cluster) -> "subprocess.Popen[str]":
    """Use the server from another process, until that is ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(cluster.root), PASSWORD],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    process.stdout.close()
    return process


def test_it_is_made_in_any_path_with_the_collation_that_is_everywhere(cluster: Cluster) -> None:
    with cluster.reached() as url:
        assert ask(url, "SHOW server_encoding") == "UTF8"
        query = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'colisage'"
        assert ask(url, query) == "bC.UTF-8"
    assert not cluster.is_running()


def test_a_locale_that_is_not_installed_does_not_matter(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "tlh_QO.UTF-8")
    with cluster.reached() as url:
        assert ask(url, "SELECT lower('É')") == "é"


def test_it_never_runs_as_root_and_opens_no_parent(cluster: Cluster) -> None:
    before = {parent: parent.stat().st_mode for parent in cluster.root.parents if parent.exists()}
    with cluster.reached():
        assert Path(f"/proc/{head_of(cluster)}").stat().st_uid != 0
        assert (cluster.root / "data").stat().st_mode & 0o077 == 0
    assert before == {parent: parent.stat().st_mode for parent in before}


def test_a_second_whole_colisage_is_refused_and_a_command_connects(cluster: Cluster, database_dir: Path) -> None:
    other = Cluster(database_dir, password=PASSWORD, durable=False)
    with cluster.owned() as url:
        with pytest.raises(AlreadyRunning, match="DATA_DIR"), other.owned():
            pass
        with other.reached() as same:
            assert same == url
        assert ask(url, "SELECT 1") == 1


def test_the_last_one_out_stops_it(cluster: Cluster) -> None:
    other = hold(cluster)
    with cluster.reached():
        pass
    assert cluster.is_running()
    other.send_signal(signal.SIGINT)
    other.wait(60)
    assert not cluster.is_running()


def test_a_server_whose_user_was_killed_is_adopted(cluster: Cluster) -> None:
    user = hold(cluster)
    orphan = head_of(cluster)
    user.kill()
    user.wait(60)
    assert cluster.is_running()
    with cluster.owned():
        assert head_of(cluster) == orphan
    assert not cluster.is_running()


def test_what_was_committed_survives_the_death_of_the_server(database_dir: Path) -> None:
    cluster = Cluster(database_dir, password=PASSWORD, durable=True)
    with cluster.owned() as url:
        assert ask(url, "SHOW fsync") == "on"
        assert ask(url, "SHOW synchronous_commit") == "on"
        with psycopg.connect(url, autocommit=True) as db:
            db.execute("CREATE TABLE kept (n int)")
            for n in range(5):
                db.execute("INSERT INTO kept VALUES (%s)", [n])
                os.kill(head_of(cluster), signal.SIGKILL)
                until(lambda: not cluster.is_running())
                cluster.revive()
                db.close()
                db = psycopg.connect(cluster.url(), autocommit=True)  # noqa: PLW2901 -- the old one is dead
                assert ask(cluster.url(), "SELECT count(*) FROM kept") == n + 1
            db.close()


def test_it_starts_beside_no_process_of_the_one_before(cluster: Cluster) -> None:
    with cluster.owned() as url, psycopg.connect(url) as db:
        backend = db.info.backend_pid
        os.kill(head_of(cluster), signal.SIGSTOP)  # the head neither ends its processes nor …
        os.kill(head_of(cluster), signal.SIGKILL)
        until(lambda: not cluster.is_running())
        cluster.revive()
        assert not Path(f"/proc/{backend}/cwd").exists()
        assert ask(cluster.url(), "SELECT 1") == 1


def test_a_number_that_went_to_another_process_is_no_server(cluster: Cluster) -> None:
    with cluster.reached():
        lines = (cluster.root / "data/postmaster.pid").read_text().splitlines()
    assert not serves(os.getpid(), cluster.root / "data")
    stale = cluster.root / "data/postmaster.pid"
    stale.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    with cluster.reached() as url:
        assert ask(url, "SELECT 1") == 1


def test_a_dead_process_nobody_has_collected_is_no_server(cluster: Cluster) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    until(lambda: Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z")
    assert not serves(process.pid, cluster.root / "data")
    process.wait()


def test_an_interrupted_making_is_begun_anew(cluster: Cluster) -> None:
    (cluster.root / "data.new").mkdir(parents=True)
    (cluster.root / "data.new" / "half").write_text("")
    (cluster.root / "password").write_text("old")
    cluster.root.chmod(0o755)
    with cluster.reached() as url:
        assert ask(url, "SELECT 1") == 1
    assert not (cluster.root / "password").exists()


def test_a_long_path_gets_a_short_private_place_for_its_socket(tmp_path: Path) -> None:
    root = tmp_path / ("d" * 60) / ("e" * 60)
    found = tuning.socket_dir(root, account_for(root))
    assert found is not None
    try:
        assert len(os.fsencode(found / tuning.SOCKET_NAME)) <= tuning.SOCKET_PATH_BYTES
        assert found.stat().st_mode & 0o777 == 0o700
        assert tuning.socket_dir(root, account_for(root)) == found
    finally:
        found.rmdir()


def test_a_short_place_that_is_not_private_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / ("d" * 60) / ("e" * 60)
    account = account_for(root)
    found = tuning.socket_dir(root, account)
    assert found is not None
    try:
        found.chmod(0o777)
        assert tuning.socket_dir(root, account) != found
    finally:
        for directory in (found, tuning.socket_dir(root, account)):
            if directory is not None and directory.exists():
                directory.rmdir()


def test_without_a_place_for_a_socket_it_listens_on_loopback(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "socket_dir", lambda *_: None)
    with cluster.reached() as url:
        assert "@127.0.0.1:" in url
        assert ask(url, "SELECT 1") == 1


def test_little_shared_memory_is_not_relied_upon(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "SMALL_SHM_BYTES", 1 << 60)
    with cluster.reached() as url:
        assert ask(url, "SHOW dynamic_shared_memory_type") == "mmap"
    assert "\ndynamic_shared_memory_type = mmap" in (cluster.root / "data/postgresql.conf").read_text()


def test_a_database_of_another_version_is_left_alone_and_said(cluster: Cluster) -> None:
    with cluster.reached():
        pass
    (cluster.root / "data/PG_VERSION").write_text("15\n")
    with pytest.raises(DatabaseProblem, match="PostgreSQL 15"), cluster.reached():
        pass
    (cluster.root / "data/PG_VERSION").write_text("18\n")


def test_a_server_that_does_not_start_says_why(cluster: Cluster) -> None:
    with cluster.reached():
        pass
    (cluster.root / "data/global/pg_control").rename(cluster.root / "data/global/hidden")
    with pytest.raises(DatabaseProblem, match="pg_control"), cluster.reached():
        pass
