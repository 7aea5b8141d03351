"""The doors of open orders, made as few as they may be, and as many as they must be."""

from django.db import connection

from colisage.kit.statements import ask, statement
from colisage.orders.actions.note_doorsteps import note_doorsteps

BATCH = 1_000


def tidy_doorsteps() -> int:
    """Forget the doors of orders that are done with, and note those of which none is noted; give how many these are.

    Those from before doors were noted, of orders opened again, of news that is parked. Harmless at any moment.
    """
    with connection.cursor() as db:
        db.execute(statement("orders", "forget_doorsteps"))
    missing = [pk for (pk,) in ask("orders", "doorless_orders", [])]
    for start in range(0, len(missing), BATCH):
        note_doorsteps(missing[start : start + BATCH])
    return len(missing)
