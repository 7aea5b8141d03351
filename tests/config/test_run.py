"""`colisage run`: one tree that starts, survives, is refused twice, and stops as a whole."""

import json
import os
import signal
import socket
from collections.abc import Iterator

import pytest

from tests.tree import Tree, until

# Somebody is there already, so that the demo is not loaded: it has tests of its own.
SETTLE = """
from colisage.people.models import User
User.objects.create(email="someone@example.org", name="Someone")
"""


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    tree = Tree(tmp_path_factory.mktemp("installation") / "à l’atelier")
    tree.settle()
    done = tree.colisage("manage", "shell", "-v", "0", "-c", SETTLE)
    assert done.returncode == 0, done.stderr
    yield tree
    tree.remove()


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
