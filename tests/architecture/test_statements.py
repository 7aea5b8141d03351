"""SQL in files: every statement says what it is for, and is used."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, modules

STATEMENTS = sorted(PACKAGE.glob("*/sql/*.sql"))
USED = re.compile(r"""(?:statement|ask)\(\s*["'](\w+)["'],\s*["'](\w+)["']\s*[,)]""")
READ = re.compile(r"""["'](\w+)\.sql["']""")


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_statement_says_what_it_is_for(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("-- ")


def test_every_statement_is_used_and_every_used_one_is_there() -> None:
    used = {pair for module in modules() for pair in USED.findall(module.read_text(encoding="utf-8"))}
    migrated = {
        (module.parts[-3], name)
        for module in PACKAGE.glob("*/migrations/*.py")
        for name in READ.findall(module.read_text(encoding="utf-8"))
    }
    assert used | migrated == {(path.parts[-3], path.stem) for path in STATEMENTS}
