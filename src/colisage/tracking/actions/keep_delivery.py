from django.db import connection, transaction

from colisage.kit.statements import statement


@transaction.atomic
def keep_delivery(source: str, *, message_id: str, body: bytes) -> None:
    """Keep a signed message as it came; the same one again is not kept twice. `body` is sealed already."""
    with connection.cursor() as db:
        db.execute(statement("tracking", "keep_delivery"), [source, message_id, body])
