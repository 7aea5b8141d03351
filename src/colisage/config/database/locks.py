"""Locks between processes. The kernel gives them back when a process ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.05
SILENT_SECONDS = 5.0  # a wait longer than this is explained


class Lock:
    """A lock file held by one process alone, or by several together."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self, *, alone: bool) -> bool:
        """Take it, or change how it is held; say whether that was possible at once."""
        if self._handle is None:
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            if os.geteuid() == 0:  # root may use what an ordinary user made, and must leave it usable
                owner = self.path.parent.stat()
                os.fchown(self._handle, owner.st_uid, owner.st_gid)
        try:
            fcntl.flock(self._handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            self.give()
            return False
        return True

    def give(self) -> None:
        """Give it back; harmless when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    @contextmanager
    def turn(self, *, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold it alone while the block runs, however long; `waiting` is told of a long wait."""
        began = time.monotonic()
        told = False
        while not self.take(alone=True):
            if not told and time.monotonic() - began > SILENT_SECONDS:
                told = True
                waiting()
            time.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            self.give()
