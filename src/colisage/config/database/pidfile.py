"""Who is at a data directory: what `postmaster.pid` says, and whether it is still true."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
POLL_SECONDS = 0.05
POLITE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class PidFile:
    """The lines of `postmaster.pid`; the later ones are empty while a server is young."""

    pid: int
    port: str
    socket_dir: str
    listen: str
    segment: str  # the shared memory its processes are attached to
    status: str  # starting, ready, stopping


def read_pidfile(data: Path) -> PidFile | None:
    """Read what the server on a directory wrote, or None when there is none."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    lines += [""] * 8
    segment = lines[6].split()[-1] if lines[6].split() else ""
    return PidFile(pid, lines[3].strip(), lines[4], lines[5].strip(), segment, lines[7].strip())


def serves(pid: int, data: Path) -> bool:
    """Say whether a process is a living server on this directory; numbers are reused and zombies linger."""
    if sys.platform != "linux":
        ps = ["ps", "-o", "stat=,command=", "-p", str(pid)]
        told = subprocess.run(ps, check=False, capture_output=True).stdout  # noqa: S603 -- everybody has ps
        return b"postgres" in told and os.fsencode(data) in told and not told.startswith(b"Z")
    try:
        state = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except (OSError, IndexError):
        return False
    return state not in {"Z", "X"} and words[0].endswith(b"postgres") and os.fsencode(data) in words


def end_leftovers(data: Path) -> None:
    """End the processes of a server whose head was killed: until they are gone no other may start there."""
    until = time.monotonic() + POLITE_SECONDS
    while left := _leftovers(data):
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT if time.monotonic() < until else signal.SIGKILL)
        time.sleep(POLL_SECONDS)


def forget(data: Path, socket_dir: Path | None) -> None:
    """Remove what a dead server wrote about itself: its number may be a zombie's, or a stranger's, by now.

    Call it only where nobody else can start a server. While processes are attached to the dead server's
    memory `postmaster.pid` stays: it is by this file that PostgreSQL refuses to start beside them.
    """
    left = read_pidfile(data)
    if left is not None and not _attached(left.segment):
        (data / "postmaster.pid").unlink(missing_ok=True)
    for path in socket_dir.glob(".s.PGSQL.*") if socket_dir else ():
        path.unlink(missing_ok=True)


def _leftovers(data: Path) -> list[int]:
    """Find living processes that work in the directory, as every process of a server does."""
    found = []
    for folder in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            state = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
            at_home = (folder / "cwd").readlink() == data
            if at_home and state not in {"Z", "X"} and (folder / "exe").readlink().name.startswith("postgres"):
                found.append(int(folder.name))
    return found


def _attached(segment: str) -> bool:
    """Say whether processes are attached to a shared memory segment; unknown counts as none."""
    try:
        rows = [line.split() for line in (PROC / "sysvipc/shm").read_text(encoding="ascii").splitlines()]
    except OSError:
        return False
    return any(row[1] == segment and row[6] != "0" for row in rows[1:])
