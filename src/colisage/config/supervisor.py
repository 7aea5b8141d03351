"""`colisage run`: database, web server and worker as one tree that starts and stops as a whole."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from colisage.config.cli import french
from colisage.config.database import Cluster, DatabaseProblem, die_with_parent
from colisage.config.place import Place, place

FIRST_PORT = 8000
LOGINS_FILE = "first-logins.json"
RESTART_SECONDS = (0.5, 1, 2, 5, 10)
FAST_CRASH_SECONDS = 20


@dataclass
class Child:
    """A process of the tree, started again when it dies."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    crashes: int = 0
    due_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it, bound to our own life."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 -- our own command
            self.command, env={**os.environ, **self.environment}, preexec_fn=die_with_parent, start_new_session=True
        )

    def look_after(self) -> None:
        """Start it again when it died; the more often it died quickly, the later."""
        if self.process is None:
            if time.monotonic() >= self.due_at:
                self.start()
        elif self.process.poll() is not None:
            quick = time.monotonic() - self.started_at < FAST_CRASH_SECONDS
            self.crashes = self.crashes + 1 if quick else 0
            wait = RESTART_SECONDS[min(self.crashes, len(RESTART_SECONDS) - 1)]
            _say(f"{self.name} stopped with status {self.process.returncode}; starting it again in {wait} s")
            self.process, self.due_at = None, time.monotonic() + wait

    def stop(self) -> None:
        """Ask it to stop, and insist after a while."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def main(argv: Sequence[str]) -> int:
    """Run everything until Ctrl-C or SIGTERM."""
    if argv:
        sys.stderr.write("colisage run takes no words; set DATABASE_URL, DATA_DIR, HOST or PORT instead.\n")
        return 2
    here = place()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with _database(here):
        port = _port(here)
        # In a process of its own: this one stays small for as long as the tree lives.
        if subprocess.run([sys.executable, "-m", "colisage", "manage", "prepare"], check=False).returncode:  # noqa: S603
            return 1
        children = _children(here, port=port)
        try:
            for child in children:
                child.start()
            _announce(here, port=port, stop=stop, children=children)
            while not stop.wait(0.5):
                for child in children:
                    child.look_after()
        finally:
            for child in children:
                child.stop()
    return 0


@contextlib.contextmanager
def _database(here: Place) -> Iterator[None]:
    """Own the embedded database, unless another one is named."""
    if here.database_url:
        yield
        return
    cluster = Cluster(here.database_dir, password=here.database_password, say=_say)
    with cluster.owned() as url:
        os.environ["DATABASE_URL"] = url
        place.cache_clear()
        yield


def _children(here: Place, *, port: int) -> list[Child]:
    python = sys.executable
    address = f"http://{here.host}:{port}"
    common = {"PYTHONUTF8": "1", "COLISAGE_URL": os.environ.get("COLISAGE_URL", address)}
    # fmt: off
    web = [
        python, "-m", "uvicorn", "colisage.config.asgi:application", "--host", here.host, "--port", str(port),
        "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "5",
    ]
    # fmt: on
    return [
        Child("web", web, {**common, "COLISAGE_DB_ROLE": "colisage_web"}),
        Child("worker", [python, "-m", "colisage", "manage", "worker"], {**common, "COLISAGE_DB_ROLE": "colisage_worker"}),
    ]


def _port(here: Place) -> int:
    """Give the port asked for, or the first free one; one that was asked for and is busy is an answer, not a guess."""
    wanted = [here.port] if here.port is not None else range(FIRST_PORT, FIRST_PORT + 100)
    for port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((here.host, port))
            except OSError:
                continue
            return port
    raise DatabaseProblem(
        f"Le port {here.port} est occupé. Choisissez-en un autre avec PORT."
        if french()
        else f"Port {here.port} is busy. Choose another with PORT."
    )


def _announce(here: Place, *, port: int, stop: threading.Event, children: Sequence[Child]) -> None:
    """Say where it is and who may log in, once it answers."""
    address = f"http://{here.host}:{port}"
    while not stop.wait(0.1):
        for child in children:
            child.look_after()
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 -- our own address
            break
    logins = here.data_dir / LOGINS_FILE
    people = json.loads(logins.read_text(encoding="utf-8")) if logins.exists() else []
    who = "; ".join(f"{p['login']} / {p['password']} ({p['role']})" for p in people)
    sys.stdout.write(f"Colisage: {address}" + (f"  –  {who}" if who else "") + "\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
