import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from colisage.config.place import SECRETS_FILE, SYSTEM_DIR, Place, place
from colisage.kit.terminal import Problem


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "données"))
    return tmp_path / "données"


def look() -> Place:
    return place.__wrapped__()


def test_secrets_are_made_once_and_for_their_owner_alone(data_dir: Path) -> None:
    first = look()
    assert look() == first
    assert (data_dir / SECRETS_FILE).stat().st_mode & 0o777 == 0o600
    assert first.secret_key not in repr(first)


def test_the_encryption_key_is_one_that_fernet_takes(data_dir: Path) -> None:
    key = Fernet(look().encryption_key)
    assert key.decrypt(key.encrypt(b"x")) == b"x"


def test_two_processes_that_start_together_agree_on_the_secrets(data_dir: Path) -> None:
    code = "from colisage.config.place import place; print(place().secret_key)"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")}
    both = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in both}) == 1
    assert [path.name for path in data_dir.iterdir()] == [SECRETS_FILE]


def test_damaged_secrets_are_said_and_left_alone(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / SECRETS_FILE).write_text("{")
    with pytest.raises(Problem, match="damaged"):
        look()
    assert (data_dir / SECRETS_FILE).read_text() == "{"


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０"])
def test_a_port_that_is_none_is_refused(data_dir: Path, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Problem, match="PORT"):
        look()


def test_the_database_of_root_lies_where_an_ordinary_account_may_go(data_dir: Path) -> None:
    here = look()
    identity = json.loads((data_dir / SECRETS_FILE).read_text())["identity"]
    assert here.database_dir == (SYSTEM_DIR / identity if os.geteuid() == 0 else data_dir.resolve() / "postgres")


def test_a_problem_is_said_in_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    problem = Problem("no", "non")
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    assert str(problem) == "non"
    monkeypatch.setenv("LANG", "en_CA.UTF-8")
    assert str(problem) == "no"
