"""The address of the web server: held by the supervisor, so that callers wait while the web restarts."""

import errno
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from colisage.config.place import Place
from colisage.kit.terminal import Problem

FIRST_PORT: Final = 8000
PORTS: Final = 100
BACKLOG: Final = 2048
KEPT_FILE: Final = "running.json"  # there while we run; found at the start, the last run was cut off
LEAVING_SECONDS: Final = 8.0  # the processes of such a run finish their requests first


@contextmanager
def listen(here: Place) -> Iterator[socket.socket]:
    """Hold the address while the block runs: the port asked for, or the first free one."""
    kept = here.data_dir / KEPT_FILE
    last = last_port(here)
    wanted = (
        [here.port] if here.port is not None else [*([last] if last else []), *range(FIRST_PORT, FIRST_PORT + PORTS)]
    )
    for port in wanted:
        door = _bind(here.host, port, patience_seconds=LEAVING_SECONDS if port == last else 0)
        if door is not None:
            break
    else:
        raise Problem(
            f"Port {wanted[0]} is busy: choose another with PORT.",
            f"Le port {wanted[0]} est occupé : choisissez-en un autre avec PORT.",
        )
    with door:
        kept.write_text(json.dumps({"port": port}), encoding="utf-8")
        try:
            yield door
        finally:
            kept.unlink(missing_ok=True)


def address_of(here: Place, door: socket.socket) -> str:
    """Give the address a browser on this machine opens."""
    host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(here.host, here.host)  # noqa: S104 -- only compared
    return f"http://{host}:{door.getsockname()[1]}"


def last_port(here: Place) -> int | None:
    """Give the port of the run that is under way or was cut off; none after one that ended in good order."""
    try:
        port = json.loads((here.data_dir / KEPT_FILE).read_text(encoding="utf-8"))["port"]
    except (OSError, ValueError, KeyError):
        return None
    return int(port)


def _bind(host: str, port: int, *, patience_seconds: float) -> socket.socket | None:
    """Open an address, or give None when it is busy."""
    until = time.monotonic() + patience_seconds
    while True:
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            return socket.create_server((host, port), family=family, backlog=BACKLOG)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Problem(
                    f"{host}:{port} cannot be opened ({error.strerror}): choose another HOST or PORT.",
                    f"{host}:{port} ne s’ouvre pas ({error.strerror}) : choisissez un autre HOST ou PORT.",
                ) from None
            if time.monotonic() >= until:
                return None
        time.sleep(0.1)
