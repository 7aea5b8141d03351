"""Questions about the books that must always answer *nothing wrong*. Run by `colisage check stock`."""

from dataclasses import dataclass

from django.db import connection

from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in the books that does not follow from the movements, allocations and reservations.

    `what` names the kind (`docs/how-to/check-the-stock.md` lists them), `key` the row; where it lies is given as far as
    it lies somewhere.
    """

    what: str
    key: str
    found: int
    proven: int
    merchant_id: int | None = None
    sku_id: int | None = None
    node_id: int | None = None

    def __str__(self) -> str:
        return f"{self.what} {self.key}: {self.found}, proven {self.proven}"


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that another can be built on: all movements of older transactions than `upto`, and what they are."""

    upto: str
    movements: int
    digest: int


def differences(*, since: Proof | None = None, against: Proof | None = None) -> list[Difference]:
    """Recompute cells, availability, allocations, reservations, lots and plates; give every difference.

    What cells hold is recomputed from all movements, or `since` a proof from its balances and the movements after it.
    Reading all movements `against` a proof also gives where history is not what it was.
    """
    proof = since or against
    facts: dict[str, int | str] = {
        "after": since.upto if since else "0",
        "upto": proof.upto if proof else "0",
        "movements": proof.movements if proof else 0,
        "digest": proof.digest if proof else 0,
    }
    with connection.cursor() as db:
        db.execute("SELECT set_config('work_mem', '64MB', true)")  # sums of a million movements, in memory
        db.execute(statement("inventory", "check_books"), facts)
        found = db.fetchall()
        db.execute(statement("inventory", "check_plates"))
        return [Difference(row[0], row[1], int(row[2]), int(row[3]), *row[4:]) for row in [*found, *db.fetchall()]]


def latest_proof() -> Proof | None:
    """Give the latest proof, if it can be built on."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "latest_proof"))
        row = db.fetchone()
        return Proof(*row) if row else None
