"""`colisage doctor`: what works here and what does not, each in one line with what to do."""

import os
import shutil
import socket
import sys
from collections.abc import Iterator, Sequence

from colisage.config.cli import french
from colisage.config.database import Cluster, DatabaseProblem
from colisage.config.place import Place, place


def main(argv: Sequence[str]) -> int:
    """Print a line for each finding; the status is 1 when something needs doing."""
    findings = list(_findings(place()))
    for good, text in findings:
        sys.stdout.write(f"{'ok ' if good else '-> '} {text}\n")
    return int(any(not good for good, _ in findings))


def _findings(here: Place) -> Iterator[tuple[bool, str]]:
    fr = french()
    yield True, f"Python {sys.version.split()[0]}"
    free = shutil.disk_usage(here.data_dir).free >> 20
    text = f"{free} Mo libres dans {here.data_dir}" if fr else f"{free} MB free in {here.data_dir}"
    yield free > 1_000, text
    yield _database(here)
    if here.port is not None:
        with socket.socket() as probe:
            busy = probe.connect_ex((here.host, here.port)) == 0
        yield not busy, f"Port {here.port}: " + (("occupé" if busy else "libre") if fr else ("busy" if busy else "free"))
    smtp = os.environ.get("COLISAGE_SMTP_HOST")
    hint = "COLISAGE_SMTP_HOST n’est pas réglé : les messages attendent" if fr else "COLISAGE_SMTP_HOST is not set: messages wait"
    yield bool(smtp), f"SMTP: {smtp}" if smtp else hint


def _database(here: Place) -> tuple[bool, str]:
    """Connect to the database and ask its version."""
    import psycopg  # noqa: PLC0415 -- the other findings do not need it

    try:
        if here.database_url:
            url = here.database_url
            with psycopg.connect(url, connect_timeout=5) as db:
                number = db.info.server_version
        else:
            cluster = Cluster(here.database_dir, password=here.database_password)
            with cluster.reached() as url, psycopg.connect(url, connect_timeout=5) as db:
                number = db.info.server_version
    except (psycopg.Error, DatabaseProblem) as problem:
        return False, f"PostgreSQL: {str(problem).strip().splitlines()[0]}"
    return number >= 150_000, f"PostgreSQL {number // 10_000}.{number % 10_000}"
