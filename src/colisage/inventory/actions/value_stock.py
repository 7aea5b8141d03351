"""The value of what lies at each node: reckoned every hour, so that who looks does not read every cell."""

from django.db import connection, transaction

from colisage.kit.statements import statement


@transaction.atomic
def value_stock() -> None:
    """Value what lies at each node for each merchant, in one statement. Harmless when repeated."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "value_stock"))
