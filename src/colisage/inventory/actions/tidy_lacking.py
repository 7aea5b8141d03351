"""What is written as lacking, made as little as it may be: what has come in again is taken away."""

from django.db import connection, transaction

from colisage.kit.statements import statement


@transaction.atomic
def tidy_lacking() -> int:
    """Take away what is written as lacking and does not lack; give how many rows. Harmless at any moment, and again.

    Lists are right without it, and slower the longer it did not run.
    """
    with connection.cursor() as db:
        db.execute(statement("inventory", "tidy_lacking"))
        return int(db.rowcount)
