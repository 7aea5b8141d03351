"""SQL in files: every statement says what it is for, and is used."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, modules

STATEMENTS = sorted(PACKAGE.glob("*/sql/*.sql"))
USED = re.compile(r"""\b(?:statement|ask|ask_along|perform)\(\s*["'](\w+)["'],\s*["'](\w+)["']\s*[,)]""")
# One row, or rows that only who holds a lock above them writes (their SKUs, their keys, the check of the books).
MET_BY_NONE = {
    "catalog/words", "inventory/insert_movements", "inventory/prove_cells", "inventory/triggers", "kit/claim_keys",
    "shipping/open_account", "shipping/set_range",
}  # fmt: skip
RUN = re.compile(r"""\b(ask|ask_along|perform)\(\s*["'](\w+)["'],\s*["'](\w+)["']""")
ASIDE = re.compile(r"--.*|'[^']*'|\bFOR (NO KEY )?UPDATE\b")
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


RUNS = sorted({run for module in modules() for run in RUN.findall(module.read_text(encoding="utf-8"))})


@pytest.mark.parametrize(("how", "app", "name"), RUNS)
def test_a_statement_is_asked_when_it_gives_rows_and_performed_when_it_gives_none(
    how: str, app: str, name: str
) -> None:
    words = _outermost((PACKAGE / app / "sql" / f"{name}.sql").read_text(encoding="utf-8"))
    silent = re.search(r"\b(INSERT|UPDATE|DELETE|MERGE)\b", words) and "RETURNING" not in words
    sets = set(re.findall(r"\w+", words)) == {"SELECT", "SET_CONFIG"}  # gives back what it was told
    assert how in ({"perform"} if silent or sets else {"ask", "ask_along"})


def _outermost(sql: str) -> str:
    """Give what of a statement stands in no parentheses, without comments and quoted text."""
    told, depth = [], 0
    for sign in ASIDE.sub("", sql):
        depth += (sign == "(") - (sign == ")")
        told.append(sign if depth == 0 else "")
    return "".join(told).upper()
