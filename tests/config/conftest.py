import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from colisage.config.database import Cluster
from colisage.config.place import SECRETS_FILE, SYSTEM_DIR

SRC = Path(__file__).resolve().parents[2] / "src"
PASSWORD = "a word/with @ and é"
Colisage = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def database_dir(tmp_path: Path) -> Iterator[Path]:
    """Give a directory the server's account may reach, in a path with spaces and accents."""
    directory = SYSTEM_DIR / f"test {os.getpid()} é" if os.geteuid() == 0 else tmp_path / "données à moi"
    yield directory
    Cluster(directory, password=PASSWORD).server.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def cluster(database_dir: Path) -> Cluster:
    return Cluster(database_dir, password=PASSWORD, durable=False)


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give the environment of a fresh installation that nobody has told anything."""
    said = ("DATABASE_URL", "DATA_DIR", "PORT", "HOST", "LANG", "LC_ALL", "DJANGO_SETTINGS_MODULE")
    ours = {name: value for name, value in os.environ.items() if name not in said}
    secrets = tmp_path / "à part" / SECRETS_FILE
    yield {**ours, "PYTHONPATH": str(SRC), "DATA_DIR": str(secrets.parent), "LANG": "C.UTF-8"}
    if secrets.exists() and os.geteuid() == 0:
        directory = SYSTEM_DIR / json.loads(secrets.read_text())["identity"]
        Cluster(directory, password="").server.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def colisage(environment: dict[str, str]) -> Colisage:
    """Run a command of Colisage to its end: `colisage("doctor", PORT="8123")`."""

    def run(*words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "colisage", *words]
        return subprocess.run(
            command, env={**environment, **changes}, capture_output=True, text=True, check=False, timeout=120
        )

    return run
