"""A rare state is written into the statement, where the planner sees it; anything else stays a parameter."""

import pytest
from django.db import connection

from colisage.kit.lookups import Word
from colisage.orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("word", "parameters"), [("cancelled", ()), ("it's", ("it's",)), ("", ("",)), ("é", ("é",))])
def test_a_plain_word_is_written_and_nothing_else(word: str, parameters: tuple[str, ...]) -> None:
    rows = Order.objects.filter(state=Word(word))
    sql, asked = rows.query.sql_with_params()
    assert (f"= '{word}'" in sql, asked) == (not parameters, parameters)
    with connection.cursor() as db:
        db.execute(sql, asked)
        assert db.fetchall() == []
