import subprocess
import sys
from collections.abc import Sequence

import pytest

from colisage.config import cli
from tests.config.conftest import Colisage

HEAVY = ("django", "psycopg", "numpy", "procrastinate", "ninja")


def test_the_help_loads_nothing_heavy(environment: dict[str, str]) -> None:
    code = "import sys; from colisage.config import cli; cli.main([]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "colisage run" in done.stdout
    assert not set(HEAVY) & set(done.stderr.split())


def test_the_help_is_in_french_for_who_reads_french(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert cli.main([]) == 0
    assert "tout lancer" in capsys.readouterr().out


def test_an_unknown_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["dcotor"]) == 2
    assert "doctor" in capsys.readouterr().err


def test_the_words_of_a_command_find_its_management_command(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(cli, "managed_commands", lambda: {"import_orders", "check_books", "migrate"})

    def manage(argv: Sequence[str]) -> int:
        called.append(list(argv))
        return 0

    monkeypatch.setattr(cli, "manage", manage)
    for line in (
        "import orders f.csv --json",
        "import-orders f.csv",
        "check stock",
        "check",
        "migrate",
        "manage check",
    ):
        assert cli.main(line.split()) == 0
    assert called == [
        ["import_orders", "f.csv", "--json"],
        ["import_orders", "f.csv"],
        ["check_books"],
        ["check_books"],
        ["migrate"],
        ["check"],
    ]


def test_what_is_wrong_is_said_in_one_line(colisage: Colisage) -> None:
    for words, changes in (
        (["migrate"], {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}),
        (["migrate"], {"PORT": "none"}),
        (["run", "fast"], {}),
    ):
        done = colisage(*words, **changes)
        assert done.returncode in {1, 2}
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("colisage 0.")
