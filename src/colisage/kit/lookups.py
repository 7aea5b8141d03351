"""What a column may be asked besides what Django knows."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, TextField
from django.db.models.lookups import GreaterThan


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
