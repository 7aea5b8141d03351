"""SQL in files: every statement says what it is for, and is used."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, modules

STATEMENTS = sorted(PACKAGE.glob("*/sql/*.sql"))
USED = re.compile(r"""\b(?:statement|ask|perform)\(\s*["'](\w+)["'],\s*["'](\w+)["']\s*[,)]""")
# One row, or rows that only who holds a lock above them writes (their SKUs, their keys, the check of the books).
MET_BY_NONE = {
    "catalog/words", "inventory/insert_movements", "inventory/prove_cells", "inventory/triggers", "kit/claim_keys",
    "shipping/open_account", "shipping/set_range",
}  # fmt: skip
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


def test_rows_that_may_meet_anothers_are_written_in_the_order_of_their_key() -> None:
    """Two INSERTs of the same rows in different orders deadlock; `kit.once` and an ORDER BY keep them from it."""
    told = re.compile(r"(?:ignore|update)_conflicts=")
    writers = {str(path.relative_to(PACKAGE)) for path in modules() if told.search(path.read_text(encoding="utf-8"))}
    # What a shop says is kept in its own order, in which it is read: polls of a shop take turns, webhooks bring one.
    assert writers == {"kit/once.py", "intake/actions/keep_messages.py"}
    unordered = {
        f"{path.parts[-3]}/{path.stem}"
        for path in STATEMENTS
        for before in path.read_text(encoding="utf-8").split("ON CONFLICT")[:-1]
        if (source := before.rpartition("INSERT INTO")[2]) and "VALUES" not in source and "ORDER BY" not in source
    }
    assert unordered == MET_BY_NONE
