"""Questions about the books that must always answer *nothing wrong*. Run by `colisage check stock`."""

from dataclasses import dataclass

from django.db import connection

from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in the books that does not follow from the movements."""

    what: str  # cell | availability | allocated | reserved
    key: str
    found: int
    proven: int


def differences() -> list[Difference]:
    """Recompute cells, availability, allocations and reservations; give every difference."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "check_books"))
        return [Difference(*row) for row in db.fetchall()]
