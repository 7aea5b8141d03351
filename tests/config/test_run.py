"""`colisage run`: one tree that starts, survives, is refused twice, and stops as a whole."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from colisage.config.database import Cluster
from colisage.config.database.pidfile import read_pidfile
from colisage.config.place import SECRETS_FILE, SYSTEM_DIR
from tests.config.conftest import SRC

# Somebody is there already, so that the demo is not loaded: it has tests of its own.
SETTLE = """
from django.core.management import call_command
from colisage.people.models import User
call_command("migrate", verbosity=0)
User.objects.create(email="someone@example.org", name="Someone")
"""


class Tree:
    """An installation and its `colisage run`."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "HOST"}}
        ours = {
            "PYTHONPATH": str(SRC),
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "LC_ALL": "C.UTF-8",
        }
        self.environment = {**kept, **ours}
        self.process: subprocess.Popen[str] | None = None

    def colisage(self, *words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "colisage", *words]
        environment = {**self.environment, **changes}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)

    def start(self) -> str:
        """Start everything; give the line that says where it is."""
        command = [sys.executable, "-m", "colisage", "run"]
        self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(number)
        self.process.stdout.close()
        return self.process.wait(timeout=60)

    def status(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    @property
    def cluster(self) -> Cluster:
        identity = json.loads((self.data_dir / SECRETS_FILE).read_text())["identity"]
        return Cluster(SYSTEM_DIR / identity if os.geteuid() == 0 else self.data_dir / "postgres", password="")

    def database(self) -> int:
        file = read_pidfile(self.cluster.root / "data")
        return file.pid if file else 0

    def children(self) -> dict[str, int]:
        """Give the living processes of ours by what they do."""
        found: dict[str, int] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes()
                mine = f"DATA_DIR={self.data_dir}\0".encode() in (folder / "environ").read_bytes()
            except OSError:
                continue
            if mine:
                found |= {name: int(folder.name) for name in ("uvicorn", "worker") if name.encode() in words}
        return found


def until(is_so: Callable[[], bool]) -> None:
    patience = time.monotonic() + 40
    while not is_so():
        assert time.monotonic() < patience
        time.sleep(0.05)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    tree = Tree(tmp_path_factory.mktemp("installation") / "à l’atelier")
    done = tree.colisage("manage", "shell", "-v", "0", "-c", SETTLE)
    assert done.returncode == 0, done.stderr
    yield tree
    root = tree.cluster.root
    tree.cluster.server.stop()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def tree(settled: Tree) -> Iterator[Tree]:
    """Give an installation that runs."""
    assert settled.start() == f"Colisage: http://127.0.0.1:{settled.port}\n"
    yield settled
    assert settled.process is not None
    if settled.process.poll() is None:
        settled.end(signal.SIGTERM)


def test_ctrl_c_leaves_nothing_behind(tree: Tree) -> None:
    assert tree.status() == 200
    assert set(tree.children()) == {"uvicorn", "worker"}
    assert tree.end(signal.SIGINT) == 0
    assert tree.children() == {}
    assert not tree.cluster.is_running()


def test_a_second_one_is_refused_and_commands_use_the_first_ones_database(tree: Tree) -> None:
    second = tree.colisage("run")
    assert second.returncode == 1
    assert "already" in second.stderr
    before = tree.database()
    assert tree.colisage("manage", "check").returncode == 0
    assert tree.database() == before
    assert tree.status() == 200


def test_what_dies_is_started_again(tree: Tree) -> None:
    before = tree.children()
    for pid in (*before.values(), tree.database()):
        os.kill(pid, signal.SIGKILL)
    until(
        lambda: (
            set(tree.children()) == {"uvicorn", "worker"} and not set(tree.children().values()) & set(before.values())
        )
    )
    until(tree.cluster.is_running)
    until(lambda: tree.status() == 200)


def test_a_killed_run_takes_its_processes_along_and_the_next_adopts_the_database(tree: Tree) -> None:
    orphan = tree.database()
    tree.end(signal.SIGKILL)
    until(lambda: tree.children() == {})
    assert tree.start() == f"Colisage: http://127.0.0.1:{tree.port}\n"
    assert tree.database() == orphan
    assert tree.status() == 200


def test_a_busy_port_that_was_asked_for_is_an_answer(settled: Tree) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = settled.colisage("run", PORT=str(port))
    assert done.returncode == 1
    assert done.stderr.strip() == f"Port {port} is busy: choose another with PORT."
    assert not settled.cluster.is_running()


def test_first_log_ins_are_told_with_the_address(settled: Tree) -> None:
    people = [{"login": "ada@example.org", "password": "x-y-z", "role": "picker"}]
    (settled.data_dir / "first-logins.json").write_text(json.dumps(people))
    line = settled.start()
    settled.end(signal.SIGTERM)
    (settled.data_dir / "first-logins.json").unlink()
    assert line == f"Colisage: http://127.0.0.1:{settled.port} – ada@example.org / x-y-z (picker)\n"
