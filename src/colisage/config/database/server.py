"""One directory of the embedded PostgreSQL and its processes: made, started, waited for, stopped."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from colisage.config.database.account import account_for, give
from colisage.config.database.binaries import binaries, major
from colisage.config.database.pidfile import end_leftovers, forget, read_pidfile, serves
from colisage.config.database.problems import DatabaseProblem
from colisage.config.database.tuning import environment, settings, shared_memory, socket_dir, where
from colisage.kit.terminal import either

DATABASE: Final = "colisage"
OWNER: Final = "colisage"
POLL_SECONDS: Final = 0.03
SAY_AFTER_SECONDS: Final = 5.0
STOP_PATIENCE_SECONDS: Final = 120.0
ATTEMPTS: Final = 5
LOG_LINES: Final = 3
LOG_BEGINS: Final = "starting PostgreSQL"
NO_SOCKET: Final = ("could not create any Unix-domain sockets", "could not bind Unix address")
PASSING: Final = (
    "pre-existing shared memory block",
    "could not create any TCP/IP sockets",
    "Is another postmaster",
)


class Server:
    """A server and its directory. Only one process at a time may call these: see `Cluster`."""

    def __init__(self, root: Path, *, password: str, durable: bool, say: Callable[[str], None]) -> None:
        self.root = root
        self.data = root / "data"
        self.log_dir = root / "logs"
        self.durable = durable
        self.account = account_for(self.data)
        self._password = password
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Give the address of a database of the running server."""
        file = read_pidfile(self.data)
        if file is None:
            raise DatabaseProblem(
                "The database has stopped: start Colisage again.",
                "La base s’est arrêtée : relancez Colisage.",
            )
        login = f"postgresql://{OWNER}:{quote(self._password, safe='')}@"
        if file.socket_dir:
            return f"{login}/{database}?host={quote(file.socket_dir, safe='')}&port={file.port}"
        return f"{login}{file.listen}:{file.port}/{database}"

    def is_running(self) -> bool:
        """Say whether a living server has this directory."""
        if self._child is not None:
            self._child.poll()  # collects it when it has died
        file = read_pidfile(self.data)
        return file is not None and serves(file.pid, self.data)

    def is_ready(self) -> bool:
        """Say whether the server takes connections."""
        file = read_pidfile(self.data)
        return file is not None and file.status == "ready" and serves(file.pid, self.data)

    def ensure(self) -> None:
        """Make, start or adopt the server; return when it takes connections, however long that takes."""
        self._own(self.log_dir)
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._check_version()
        while self.is_running():
            if self._wait_ready(lambda: not self.is_running()):
                return
        self._start()

    def stop(self) -> None:
        """Stop the server at once, with every committed transaction on disk."""
        file = read_pidfile(self.data)
        if file is None or not serves(file.pid, self.data):
            return
        os.kill(file.pid, signal.SIGINT)  # its fast shutdown
        until = time.monotonic() + STOP_PATIENCE_SECONDS
        while self.is_running():
            if time.monotonic() > until:
                os.kill(file.pid, signal.SIGQUIT)  # nothing is lost: the next start recovers
            time.sleep(POLL_SECONDS)
        if self._child is not None:
            self._child.wait()

    def leave(self) -> None:
        """Leave the server to those who still use it: it is no longer our child to wait for."""
        if self._child is not None and self._child.poll() is None:
            self._child.returncode = 0
        self._child = None

    def _own(self, directory: Path) -> None:
        """Make a directory of the server's account, unless it is there."""
        if not directory.exists():
            directory.mkdir(mode=0o700)
            give(directory, self.account)

    def _make(self) -> None:
        """Make a new cluster beside its place and move it there whole."""
        self._say(either("Making the database", "Création de la base"))
        draft, secret = self.root / "data.new", self.root / "password"
        shutil.rmtree(draft, ignore_errors=True)  # what an interrupted attempt left
        secret.unlink(missing_ok=True)
        self._own(draft)
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(self._password)
        give(secret, self.account)
        # fmt: off
        self._run(
            "initdb", "-D", str(draft), "-U", OWNER, "--encoding=UTF8", "--locale=C.UTF-8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=scram-sha-256",
            f"--pwfile={secret}", "--set", f"dynamic_shared_memory_type={shared_memory()}",
            *([] if self.durable else ["--no-sync"]),
        )
        # fmt: on
        secret.unlink()
        alone = ("postgres", "--single", "-D", str(draft), "-c", "exit_on_error=on", "postgres")
        self._run(*alone, words=f"CREATE DATABASE {DATABASE};\n")
        draft.rename(self.data)

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != str(major()):
            raise DatabaseProblem(
                f"This database was made by PostgreSQL {found} and Colisage now brings {major()}: "
                "use the release of Colisage that made it, or name a server of that version in DATABASE_URL.",
                f"Cette base a été créée par PostgreSQL {found} et Colisage apporte maintenant {major()} : "
                "utilisez la version de Colisage qui l’a créée, ou nommez un tel serveur dans DATABASE_URL.",
            )

    def _start(self) -> None:
        """Start the server on what a dead one may have left, on its socket or else on loopback."""
        directory = socket_dir(self.root, self.account)
        for attempt in range(ATTEMPTS):
            if self._child is not None:
                self._child.wait()  # it is dead or dying: nothing serves the directory
            end_leftovers(self.data)
            forget(self.data, directory)
            early = self._spawn(directory)
            if self._wait_ready(self._has_ended):
                return
            said = early.read_text(encoding="utf-8", errors="replace")
            if directory is not None and any(text in said for text in NO_SOCKET):
                directory = None
            elif not any(text in said for text in PASSING):
                break
            time.sleep(attempt)
        raise self._did_not_start()

    def _has_ended(self) -> bool:
        return self._child is None or self._child.poll() is not None

    def _spawn(self, directory: Path | None) -> Path:
        """Start the process; give the file with what it says before its own log begins."""
        chosen = where(directory) | settings(durable=self.durable, log_dir=self.log_dir)
        command = [str(binaries(lent=self.account is not None) / "bin" / "postgres"), "-D", str(self.data)]
        command += [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        early = self.root / "start.log"
        with early.open("wb") as out:
            self._child = subprocess.Popen(  # noqa: S603 -- our own binaries
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.root,
                start_new_session=True,
                env=environment(),
                **(self.account.rights() if self.account else {}),
            )
        return early

    def _wait_ready(self, is_dead: Callable[[], bool]) -> bool:
        """Wait until the server takes connections, however long; False when it died instead."""
        began = said = time.monotonic()
        while not self.is_ready():
            if is_dead():
                return False
            if time.monotonic() - said > SAY_AFTER_SECONDS:
                said = time.monotonic()
                seconds = f"{said - began:.0f} s"
                self._say(either(f"The database is getting ready ({seconds})", f"La base se prépare ({seconds})"))
            time.sleep(POLL_SECONDS)
        return True

    def _did_not_start(self) -> DatabaseProblem:
        early = self.root / "start.log"
        logs = sorted(self.log_dir.glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]
        said, *later = (path.read_text(encoding="utf-8", errors="replace") for path in (early, *logs))
        this_time = "".join(later).rpartition(LOG_BEGINS)[2]
        grave = [line for line in (said + this_time).splitlines() if "FATAL" in line or "PANIC" in line]
        last = " / ".join(grave[-LOG_LINES:] or said.splitlines()[-LOG_LINES:])
        return DatabaseProblem(
            f"The database does not start; it says: {last} – the rest is in {self.log_dir}.",
            f"La base ne démarre pas ; elle dit : {last} – la suite est dans {self.log_dir}.",
        )

    def _run(self, name: str, *arguments: str, words: str = "") -> None:
        """Run one of PostgreSQL's programs as the server's account."""
        program = binaries(lent=self.account is not None) / "bin" / name
        done = subprocess.run(  # noqa: S603 -- our own binaries
            [str(program), *arguments],
            input=words.encode(),
            check=False,
            capture_output=True,
            cwd=self.root,
            env=environment(),
            preexec_fn=die_with_parent(signal.SIGKILL),
            **(self.account.rights() if self.account else {}),
        )
        if done.returncode:
            last = " / ".join(done.stderr.decode(errors="replace").strip().splitlines()[-LOG_LINES:])
            raise DatabaseProblem(
                f"The database cannot be made; {name} says: {last}",
                f"La base ne peut pas être créée ; {name} dit : {last}",
            )


def die_with_parent(number: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Make a `preexec_fn` by which the kernel signals the process when its parent dies, however it dies."""
    if sys.platform != "linux":
        return lambda: None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def bind() -> None:
        prctl(1, number)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:  # it died in between
            os.kill(os.getpid(), signal.SIGKILL)

    return bind
