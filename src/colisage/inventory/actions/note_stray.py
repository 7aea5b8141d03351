from typing import Any

from django.db import connection, transaction

from colisage.inventory.actions.note_units import MOST, NotACount, going
from colisage.kit.actors import Actor
from colisage.kit.statements import statement


@transaction.atomic
def note_stray(operator_id: int, *, round_id: int, code: str, units: int, actor: Actor, add: bool = True) -> int:
    """Note units whose code nobody knows: a manager will see them, the books will not. Gives what is noted."""
    begun = going(operator_id, round_id=round_id, actor=actor)
    if not code.strip() or not 0 <= units <= MOST or (add and not units):
        raise NotACount
    facts: dict[str, Any] = {
        "operator": operator_id,
        "round": begun.pk,
        "code": code.strip()[:80],
        "units": units,
        "add": add,
    }
    with connection.cursor() as db:
        db.execute(statement("inventory", "count_stray"), facts)
        noted = int(db.fetchone()[0])
    if noted > MOST:
        raise NotACount
    return noted
