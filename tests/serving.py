"""Real servers on loopback sockets, for as long as a test runs."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette

from colisage.config.place import place

_processes: dict[str, int] = {}
SRC = Path(__file__).resolve().parents[1] / "src"


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """Serve an application on a loopback socket while the block runs; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        config = uvicorn.Config(
            app, log_level="critical", access_log=False, loop="asyncio", timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[door])), daemon=True)
        thread.start()
        while not server.started:
            threading.Event().wait(0.01)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


def process_of(url: str) -> int:
    """Give the process that answers at an address of `house`."""
    return _processes[url]


@contextmanager
def house() -> Iterator[str]:
    """Run our own web process on this worker's database while the block runs; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        command = [sys.executable, "-m", "uvicorn", "colisage.config.asgi:application", "--fd", str(door.fileno())]
        # The settings may have been read before the tests said where they keep things: both have the same secrets.
        environment = {**os.environ, "DATA_DIR": str(place().data_dir), "COLISAGE_DB_ROLE": "colisage_web"}
        environment["PYTHONPATH"] = str(SRC)
        process = subprocess.Popen(
            [*command, "--log-level", "critical"], env=environment, pass_fds=[door.fileno()], stdout=subprocess.DEVNULL
        )
        try:
            url = f"http://127.0.0.1:{door.getsockname()[1]}"
            httpx.get(f"{url}/healthz", timeout=60, trust_env=False).raise_for_status()  # it waits at the door
            _processes[url] = process.pid
            yield url
        finally:
            process.terminate()
            process.wait(timeout=30)
