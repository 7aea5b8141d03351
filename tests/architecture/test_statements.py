"""Named statements are run as what they are: `ask` for those that give rows, `perform` for those that give none."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "colisage"
CALL = re.compile(r"\b(ask|perform)\(\s*\"(\w+)\",\s*\"(\w+)\"")
CALLS = sorted({match.groups() for file in SOURCE.rglob("*.py") for match in CALL.finditer(file.read_text("utf-8"))})


def outermost(sql: str) -> str:
    """Give what of a statement stands in no parentheses, without comments and quoted text."""
    told, depth = [], 0
    for sign in re.sub(r"--.*|'[^']*'|\bFOR (NO KEY )?UPDATE\b", "", sql):
        depth += (sign == "(") - (sign == ")")
        told.append(sign if depth == 0 else "")
    return "".join(told).upper()


@pytest.mark.parametrize(("how", "app", "name"), CALLS)
def test_a_statement_is_asked_for_rows_when_it_gives_some(how: str, app: str, name: str) -> None:
    words = outermost((SOURCE / app / "sql" / f"{name}.sql").read_text("utf-8"))
    writes = re.search(r"\b(INSERT|UPDATE|DELETE|MERGE)\b", words)
    assert (how == "ask") == (not writes or "RETURNING" in words)
