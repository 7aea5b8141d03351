"""`colisage worker`: hand events to their handlers and run background jobs, until told to stop."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from procrastinate.contrib.django import app

from colisage.inventory.actions.note_rooms import note_rooms
from colisage.inventory.actions.tell_published import tell_published
from colisage.kit.outbox import drain
from colisage.kit.settling import settle
from colisage.kit.wake import CHANNEL

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0  # the guarantee; a notice only shortens the wait
LOOK_SECONDS = 2.0  # what channels may sell, and the room in bins: all changes of so long are seen together


class Command(BaseCommand):
    """Run a worker."""

    help = "Run background work: events to their handlers, imports, labels, messages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at the same time")
        parser.add_argument("--once", action="store_true", help="do what waits now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM or SIGINT."""
        if options["once"]:
            drain()
            app.run_worker(wait=False, concurrency=options["concurrency"], install_signal_handlers=False)
            tell_published()
            note_rooms()
            drain()
            return
        settle()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        outbox = threading.Thread(target=_drain_until, args=(stop,), name="outbox")
        outbox.start()
        connector: Any = app.connector  # Django's, which knows the asynchronous one that workers need
        worker_app = app.with_connector(connector.get_worker_connector())
        jobs = threading.Thread(
            target=_work_until, args=(stop, worker_app, options["concurrency"]), name="jobs", daemon=True
        )
        jobs.start()
        stop.wait()
        outbox.join(timeout=10)


def _work_until(stop: threading.Event, worker_app: Any, concurrency: int) -> None:
    """Do jobs; begin again where a database that was away for a moment ended it."""
    while not stop.is_set():
        try:
            worker_app.run_worker(concurrency=concurrency, install_signal_handlers=False, shutdown_graceful_timeout=5)
        except Exception:  # whatever ended it, the next turn begins with a new connection
            log.exception("The jobs were interrupted.")
        stop.wait(POLL_SECONDS)


def _drain_until(stop: threading.Event) -> None:
    """Drain the outbox again and again; sleep until a notice or the next poll.

    A database that is away for a while is waited for: what happened meanwhile is still in the outbox.
    """
    looked = 0.0
    while not stop.is_set():
        close_old_connections()
        try:
            if time.monotonic() - looked >= LOOK_SECONDS:
                tell_published()
                note_rooms()
                looked = time.monotonic()
            drain()
            _wait_for_notice()
        except (DatabaseError, psycopg.Error):
            log.exception("the outbox could not be read; trying again")
            connection.close()
            stop.wait(POLL_SECONDS)


def _wait_for_notice() -> None:
    with connection.cursor() as db:
        db.execute(f"LISTEN {CHANNEL}")
    raw: psycopg.Connection[Any] = connection.connection
    for _ in raw.notifies(timeout=POLL_SECONDS, stop_after=1):
        break
