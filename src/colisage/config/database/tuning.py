"""How a server is told to behave: modest memory, full durability, found on a socket where possible."""

import hashlib
import os
import shutil
import socket
import stat
import tempfile
from pathlib import Path
from typing import Final

from colisage.config.database.account import Account, give

SOCKET_PATH_BYTES: Final = 100  # the system allows 107; the server's own lock file takes some
SOCKET_NAME: Final = ".s.PGSQL.5432"
SMALL_SHM_BYTES: Final = 64 << 20
MISREAD: Final = frozenset(",\"'\\")  # the server and libpq split and unquote lists of directories

STEADY: Final = {
    "shared_buffers": "128MB",
    "max_connections": "120",
    "work_mem": "8MB",
    "maintenance_work_mem": "96MB",
    "effective_cache_size": "1GB",
    "huge_pages": "off",
    "io_workers": "2",
    "max_logical_replication_workers": "0",
    "wal_buffers": "16MB",
    "min_wal_size": "160MB",
    "max_wal_size": "1536MB",
    "checkpoint_timeout": "10min",
    "random_page_cost": "1.1",
    "jit": "off",
    "autovacuum_naptime": "20s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.03",
    "autovacuum_vacuum_insert_scale_factor": "0.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "on",  # a week of logs, one file a day
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",  # statements hold the addresses of customers
}
DURABLE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FLEETING: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "1min",
    "min_wal_size": "80MB",  # it may lie in memory
    "max_wal_size": "256MB",
}


def settings(*, durable: bool, log_dir: Path) -> dict[str, str]:
    """Give the server's settings; not `durable`, it is a test's server, whose data may be lost."""
    chosen = STEADY | (DURABLE if durable else FLEETING) | {"log_directory": str(log_dir)}
    return chosen | {"dynamic_shared_memory_type": shared_memory()}


def where(socket_dir: Path | None) -> dict[str, str]:
    """Give the settings for a socket in a directory or, without one, for a free port on loopback."""
    if socket_dir is None:
        return {"listen_addresses": "127.0.0.1", "port": str(_free_port()), "unix_socket_directories": ""}
    return {
        "listen_addresses": "",
        "port": SOCKET_NAME.rpartition(".")[2],
        "unix_socket_directories": str(socket_dir),
    }


def socket_dir(root: Path, account: Account | None) -> Path | None:
    """Give a private directory for the socket: the server's own, else a short one, or None."""
    short = f"colisage-{hashlib.sha256(os.fsencode(root)).hexdigest()[:12]}"
    places = (os.environ.get("XDG_RUNTIME_DIR"), "/run", tempfile.gettempdir(), "/tmp")  # noqa: S108 -- checked below
    for directory in (root / "socket", *(Path(place) / short for place in places if place)):
        fits = len(os.fsencode(directory / SOCKET_NAME)) <= SOCKET_PATH_BYTES
        if fits and not MISREAD & set(str(directory)) and _is_private(directory, account):
            return directory
    return None


def _is_private(directory: Path, account: Account | None) -> bool:
    """Make the directory, or make sure that the one of this name is ours alone and can be reached."""
    uid = account.uid if account else os.geteuid()
    try:
        if not all(_may_pass(parent, uid) for parent in directory.parents):
            return False
        directory.mkdir(mode=0o700)
        give(directory, account)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = directory.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid and not found.st_mode & 0o077


def _may_pass(directory: Path, uid: int) -> bool:
    """Say whether an account gets through a directory; one that is not ours to open stays closed."""
    if uid == os.geteuid():
        return os.access(directory, os.X_OK)
    found = directory.stat()
    return bool(found.st_mode & (0o100 if found.st_uid == uid else 0o001))


def environment() -> dict[str, str]:
    """Give the server an environment of its own: an uninstalled locale of ours must not matter."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def shared_memory() -> str:
    """Say where parallel queries meet: in /dev/shm or, where that is small (as in containers), in files."""
    try:
        return "posix" if shutil.disk_usage("/dev/shm").free >= SMALL_SHM_BYTES else "mmap"  # noqa: S108 -- only measured
    except OSError:
        return "mmap"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
