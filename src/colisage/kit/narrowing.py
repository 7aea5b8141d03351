"""Lists narrowed by what a person typed.

What is typed is found by an index of its own, in an order that is not the list's. Where it finds few rows they are read
first; where it finds many, the list is read in its own order and a page is soon full. Either way a page costs the same,
however long the list.
"""

from typing import Any, Final, TypeVar

from django.db.models import Exists, Model, Q, QuerySet, Value
from django.db.models.functions import Upper

COUNTED: Final = 1_000  # rows: nobody needs to know exactly how many more there are
MANY: Final = 2_000  # rows: so many are read in some milliseconds
M = TypeVar("M", bound=Model)


class OneByOne(Exists):
    """Ask of each row by itself whether others exist: for a list that is soon full.

    Without OFFSET the planner may read all the others first, to look them up.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"


class RowCount(int):
    """A number of rows, counted so far and no further where there are `more`: words say *1,000+*."""

    more: bool

    @classmethod
    def of(cls, rows: QuerySet[Any, Any], *, most: int = COUNTED) -> "RowCount":
        """Count the rows of a list, to a limit: the same work however many there are."""
        found = rows.order_by()[: most + 1].count()
        counted = cls(min(found, most))
        counted.more = found > most
        return counted


def key(text: str) -> Upper:
    """Write what was typed as a key column is written: in capitals, as the database writes them."""
    return Upper(Value(text))


def narrowed(rows: QuerySet[M], *, found: QuerySet[Any, Any], otherwise: Q) -> QuerySet[M]:
    """Narrow a list to the rows whose ids are `found`; `otherwise` says the same of each row. One statement more."""
    ids = [pk for (pk,) in found[: MANY + 1]]
    return rows.filter(pk__in=ids) if len(ids) <= MANY else rows.filter(otherwise)
