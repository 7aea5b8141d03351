"""A real installation in processes of its own: `colisage run`, its database, its web server and its worker."""

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
from collections.abc import Callable
from pathlib import Path

from colisage.config.database import Cluster
from colisage.config.database.pidfile import read_pidfile
from colisage.config.place import SECRETS_FILE, SYSTEM_DIR
from tests.database import settle

SRC = Path(__file__).resolve().parents[1] / "src"


class Tree:
    """An installation and its `colisage run`; `changes` are settings of its environment."""

    def __init__(self, data_dir: Path, **changes: str) -> None:
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
        self.environment = {**kept, **ours, **changes}
        self.process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Say where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def colisage(self, *words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of this installation to its end."""
        command = [sys.executable, "-m", "colisage", *words]
        environment = {**self.environment, **changes}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)

    def settle(self) -> None:
        """Have the database made and migrated before the first start, as the tests have it once."""
        settle(self.data_dir)

    def start(self) -> str:
        """Start everything; give the line that says where it is."""
        command = [sys.executable, "-m", "colisage", "run"]
        self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def end(self, number: signal.Signals) -> int:
        """Stop everything by a signal; give the status it ends with."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(number)
        self.process.stdout.close()
        return self.process.wait(timeout=60)

    def remove(self) -> None:
        """Stop the database, whoever left it, and remove its data."""
        root = self.cluster.root
        self.cluster.server.stop()
        shutil.rmtree(root, ignore_errors=True)

    def status(self) -> int:
        """Ask for its health; give the status of the answer."""
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    @property
    def cluster(self) -> Cluster:
        """Give the database's directory and server."""
        identity = json.loads((self.data_dir / SECRETS_FILE).read_text())["identity"]
        return Cluster(SYSTEM_DIR / identity if os.geteuid() == 0 else self.data_dir / "postgres", password="")

    def database(self) -> int:
        """Give the process id of the database, or 0."""
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
    """Wait until something is so; fail after 40 seconds."""
    patience = time.monotonic() + 40
    while not is_so():
        assert time.monotonic() < patience
        time.sleep(0.05)
