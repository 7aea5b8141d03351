"""`colisage doctor`: what works here and what does not, each in one line with what to do."""

import os
import shutil
import socket
import stat
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

import psycopg

from colisage.config.database import DatabaseProblem, reach
from colisage.config.place import SECRETS_FILE, Place, place
from colisage.config.prepared import is_prepared
from colisage.kit.terminal import either, say

LOW_DISK_MB: Final = 1_000
OLDEST_POSTGRESQL: Final = 150_000


class State(StrEnum):
    """How good a finding is."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "PROBLEM"


class Finding(NamedTuple):
    """One line."""

    state: State
    text: str


def main(argv: Sequence[str]) -> int:
    """Print a line for each finding; the status is 1 when something must be set right."""
    if argv:
        say(either("colisage doctor takes no words.", "colisage doctor ne prend pas de mots."))
        return 2
    here = place()
    findings = []
    for finding in _findings(here):
        findings.append(finding)
        sys.stdout.write(f"{finding.state:<8} {finding.text}\n")
    return int(any(finding.state == State.PROBLEM for finding in findings))


def _findings(here: Place) -> Iterator[Finding]:
    yield Finding(State.OK, f"Python {sys.version.split()[0]}")
    yield _disk(here)
    yield _secrets(here)
    yield from _database(here)
    yield _door(here)
    yield _mail()


def _disk(here: Place) -> Finding:
    free = shutil.disk_usage(here.data_dir).free >> 20
    text = either(f"{free} MB free in {here.data_dir}", f"{free} Mo libres dans {here.data_dir}")
    if free > LOW_DISK_MB:
        return Finding(State.OK, text)
    return Finding(State.PROBLEM, either(f"only {text}: make room", f"seulement {text} : faites de la place"))


def _secrets(here: Place) -> Finding:
    path = here.data_dir / SECRETS_FILE
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        said = f"{path} can be read by others: chmod 600 it"
        return Finding(State.PROBLEM, either(said, f"{path} est lisible par d’autres : chmod 600"))
    return Finding(State.OK, either(f"{path} is yours alone", f"{path} n’est lisible que par vous"))


def _database(here: Place) -> Iterator[Finding]:
    """Connect to the database, started for the purpose if need be."""
    try:
        with reach(here) as cluster:
            url = os.environ["DATABASE_URL"]
            with psycopg.connect(url, connect_timeout=5) as db:
                number = db.info.server_version
            where = either("of DATABASE_URL", "de DATABASE_URL") if cluster is None else str(here.database_dir)
            yield _version(number, where)
            if is_prepared(url):
                yield Finding(State.OK, either("the database is up to date", "la base est à jour"))
            else:
                said = "the database waits for `colisage migrate` (or `colisage run`)"
                yield Finding(State.NOTE, either(said, "la base attend « colisage migrate » (ou « colisage run »)"))
    except psycopg.Error as error:
        reason = str(error).strip().partition("\n")[0]
        said = f"PostgreSQL does not answer ({reason}): start it, or correct DATABASE_URL"
        en_francais = f"PostgreSQL ne répond pas ({reason}) : démarrez-le, ou corrigez DATABASE_URL"
        yield Finding(State.PROBLEM, either(said, en_francais))
    except DatabaseProblem as problem:
        yield Finding(State.PROBLEM, str(problem))


def _version(number: int, where: str) -> Finding:
    text = f"PostgreSQL {number // 10_000}.{number % 10_000}, {where}"
    if number >= OLDEST_POSTGRESQL:
        return Finding(State.OK, text)
    return Finding(
        State.PROBLEM,
        either(f"{text}: 15 or newer is needed", f"{text} : il faut la version 15 ou plus récente"),
    )


def _door(here: Place) -> Finding:
    if here.port is None:
        said = "PORT is not set: the first free one from 8000"
        return Finding(State.OK, either(said, "PORT n’est pas réglé : le premier libre à partir de 8000"))
    with socket.socket() as probe:
        is_busy = probe.connect_ex((here.host, here.port)) == 0
    if not is_busy:
        return Finding(State.OK, either(f"port {here.port} is free", f"le port {here.port} est libre"))
    said = f"port {here.port} is busy (by Colisage, if it runs)"
    return Finding(State.NOTE, either(said, f"le port {here.port} est occupé (par Colisage, s’il tourne)"))


def _mail() -> Finding:
    host = os.environ.get("COLISAGE_SMTP_HOST")
    if host:
        return Finding(State.OK, f"SMTP: {host}")
    said = "COLISAGE_SMTP_HOST is not set: messages wait in the outbox"
    return Finding(
        State.NOTE,
        either(said, "COLISAGE_SMTP_HOST n’est pas réglé : les messages restent dans la boîte d’envoi"),
    )
