"""A process of the tree that `colisage run` keeps alive."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from colisage.config.database.server import die_with_parent
from colisage.kit.terminal import either, say

RESTART_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
QUICK_SECONDS = 20.0
STOP_PATIENCE_SECONDS = 15.0


class Child:
    """A process that is started again when it ends by itself."""

    def __init__(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str], files: Sequence[int] = ()
    ) -> None:
        self.name = name
        self._command, self._environment, self._files = list(command), dict(environment), tuple(files)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._due_at = 0.0
        self._crashes = 0

    def start(self) -> None:
        """Start it in a session of its own (Ctrl-C is for us to pass on), bound to our life."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 -- our own command
            self._command,
            env={**os.environ, **self._environment},
            pass_fds=self._files,
            stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 -- the supervisor has no threads
            start_new_session=True,
        )

    def look_after(self) -> None:
        """Start it again when it has ended; the more often it ended soon after, the later."""
        if self._process is None:
            if time.monotonic() >= self._due_at:
                self.start()
        elif self._process.poll() is not None:
            quick = time.monotonic() - self._started_at < QUICK_SECONDS
            self._crashes = self._crashes + 1 if quick else 0
            wait = RESTART_SECONDS[min(self._crashes, len(RESTART_SECONDS) - 1)]
            status = self._process.returncode
            say(
                either(
                    f"{self.name} ended with status {status}; it starts again in {wait} s.",
                    f"{self.name} s’est arrêté avec le statut {status} ; il repart dans {wait} s.",
                )
            )
            self._process, self._due_at = None, time.monotonic() + wait

    def ask_to_stop(self) -> None:
        """Ask it to finish what it does and to end."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)

    def wait_stopped(self) -> None:
        """Wait until it has ended, and insist after a while."""
        if self._process is not None:
            try:
                self._process.wait(timeout=STOP_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


def stop_all(children: Sequence[Child]) -> None:
    """Stop children, all at the same time."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait_stopped()
