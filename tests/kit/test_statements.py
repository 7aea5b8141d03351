import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from colisage.kit.statements import rows, statement


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    day: date | None = None


def test_a_statement_comes_without_its_comments() -> None:
    text = statement("orders", "advance_stage")
    assert "--" not in text
    assert text.lstrip().startswith("WITH old AS")


def test_a_statement_that_is_not_there_says_so() -> None:
    with pytest.raises(FileNotFoundError):
        statement("orders", "no_such_statement")


def test_rows_may_be_dictionaries_or_dataclasses() -> None:
    written = rows([{"name": 'é ’ " \\ \n'}, Row("b", date(2026, 11, 20))])
    assert json.loads(written) == [{"name": 'é ’ " \\ \n'}, {"name": "b", "day": "2026-11-20"}]


def test_moments_are_written_with_their_offset() -> None:
    assert json.loads(rows([{"at": datetime(2026, 1, 2, 3, tzinfo=UTC)}])) == [{"at": "2026-01-02T03:00:00Z"}]


def test_no_rows_are_an_empty_array() -> None:
    assert rows(iter(())) == b"[]"
