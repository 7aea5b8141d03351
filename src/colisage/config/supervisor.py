"""`colisage run`: database, web server and worker as one tree that starts and stops as a whole."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Final

from colisage.config.child import Child, stop_all
from colisage.config.database import Cluster, DatabaseProblem, reach
from colisage.config.database.server import die_with_parent
from colisage.config.doors import address_of, listen
from colisage.config.place import Place, place
from colisage.config.prepared import is_prepared, mark_prepared
from colisage.kit.terminal import either, say

LOGINS_FILE: Final = "first-logins.json"
TICK_SECONDS: Final = 0.2
SORE_SECONDS: Final = 5.0  # between two attempts to start a database that does not want to
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(argv: Sequence[str]) -> int:
    """Run everything until Ctrl-C or SIGTERM."""
    if argv:
        said = "colisage run takes no words: set DATABASE_URL, DATA_DIR, HOST or PORT instead."
        say(
            either(
                said,
                "colisage run ne prend pas de mots : réglez plutôt DATABASE_URL, DATA_DIR, HOST ou PORT.",
            )
        )
        return 2
    here = place()
    os.environ.setdefault("PYTHONUTF8", "1")
    try:
        with _stopped_by_signals(), reach(here, alone=True) as cluster, listen(here) as door:
            if not _prepared():
                return 1
            _look_after(here, cluster, door)
    except KeyboardInterrupt:
        say(either("Colisage has stopped.", "Colisage est arrêté."))
    return 0


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Turn the first signal into `KeyboardInterrupt`; the later ones find us stopping already."""

    def stop(_number: int, _frame: object) -> None:
        for number in SIGNALS:
            signal.signal(number, lambda *_: None)
        raise KeyboardInterrupt

    for number in SIGNALS:
        signal.signal(number, stop)
    yield


def _prepared() -> bool:
    """Bring the database up to date, in a process of its own: this one stays small."""
    url = os.environ["DATABASE_URL"]
    if is_prepared(url):
        return True
    command = [sys.executable, "-m", "colisage", "manage", "prepare"]
    done = subprocess.run(command, check=False, preexec_fn=die_with_parent())  # noqa: S603 -- our own command
    if done.returncode == 0:
        mark_prepared(url)
    return done.returncode == 0


def _look_after(here: Place, cluster: Cluster | None, door: socket.socket) -> None:
    """Keep the tree alive until a signal."""
    simulated = _simulated_door(here)
    children = _children(here, door, simulated)
    try:
        for child in children:
            child.start()
        is_announced = False
        sore_until = 0.0
        while True:
            for child in children:
                child.look_after()
            if cluster is not None and time.monotonic() > sore_until and not _revived(cluster, children):
                sore_until = time.monotonic() + SORE_SECONDS
            if not is_announced and _answers(door):
                is_announced = True
                _announce(here, door)
            time.sleep(TICK_SECONDS)
    finally:
        stop_all(children)


def _simulated_door(here: Place) -> socket.socket | None:
    """Give the demo a carrier to talk to: a socket of its own on loopback. A real shop gets none."""
    if not (here.data_dir / LOGINS_FILE).exists() or "COLISAGE_CARRIER_SIMULATOR" in os.environ:
        return None
    return socket.create_server(("127.0.0.1", 0))


def _children(here: Place, door: socket.socket, simulated: socket.socket | None) -> list[Child]:
    """Name the processes: the web server on the door we hold open for it, the worker, and the demo's carrier."""
    common = {"COLISAGE_URL": os.environ.get("COLISAGE_URL") or address_of(here, door)}
    carrier = []
    if simulated is not None:
        common["COLISAGE_CARRIER_SIMULATOR"] = f"http://127.0.0.1:{simulated.getsockname()[1]}"
        command = [sys.executable, "-m", "colisage", "manage", "simulate_carrier", "--fd", str(simulated.fileno())]
        carrier = [Child("carrier", command, environment=common, files=[simulated.fileno()])]
    # fmt: off
    web = [
        sys.executable, "-m", "uvicorn", "colisage.config.asgi:application", "--fd", str(door.fileno()),
        "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning",
        "--timeout-graceful-shutdown", "5",
    ]
    # fmt: on
    worker = [sys.executable, "-m", "colisage", "manage", "worker"]
    return [
        Child("web", web, environment={**common, "COLISAGE_DB_ROLE": "colisage_web"}, files=[door.fileno()]),
        Child("worker", worker, environment={**common, "COLISAGE_DB_ROLE": "colisage_worker"}),
        *carrier,
    ]


def _revived(cluster: Cluster, children: Sequence[Child]) -> bool:
    """Start a database again that has died, and the children with it.

    It may have another address now, and not everything in the children takes a new connection: the library that
    runs the worker's jobs stops working when it loses its own.
    """
    try:
        if cluster.revive():
            os.environ["DATABASE_URL"] = cluster.url()
            stop_all(children)
    except DatabaseProblem as problem:
        say(str(problem))
        return False
    return True


def _answers(door: socket.socket) -> bool:
    """Say whether the web server answers; until then callers wait at the door."""
    host, port = door.getsockname()[:2]
    connection = http.client.HTTPConnection(host, port, timeout=TICK_SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _announce(here: Place, door: socket.socket) -> None:
    """Say in one line where it is and who may log in."""
    logins = here.data_dir / LOGINS_FILE
    people = json.loads(logins.read_text(encoding="utf-8")) if logins.exists() else []
    who = "; ".join(f"{p['login']} / {p['password']} ({p['role']})" for p in people)
    sys.stdout.write(" – ".join(filter(None, (f"Colisage: {address_of(here, door)}", who))) + "\n")
    sys.stdout.flush()
