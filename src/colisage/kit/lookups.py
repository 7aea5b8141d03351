"""What a column may be asked besides what Django knows."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, TextField, Value
from django.db.models.lookups import GreaterThan
from django.db.models.sql.compiler import SQLCompiler


@CharField.register_lookup
@TextField.register_lookup
class Begins(GreaterThan):
    """Ask whether a text begins with another, to the letter: `code_key__begins="MUG"`.

    `startswith` writes LIKE, which is not leakproof: behind the wall it reads every row. This operator is, and reads
    the index of a column that is compared in the collation "C".
    """

    lookup_name = "begins"

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        """Write it with the operator of PostgreSQL."""
        return f"^@ {rhs}"


class Word(Value):
    """Write a word of ours into the statement itself: `filter(state=Word("cancelled"))`.

    For a state that is rare, with an index of its own. A statement that has been asked some times with a parameter is
    planned for any state: the index of the rare one is forgotten then, and the list of them reads all rows. What is no
    plain word stays a parameter.
    """

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        """Write it in quotes."""
        word = str(self.value)
        return (f"'{word}'", ()) if word.isascii() and word.isidentifier() else ("%s", (word,))
