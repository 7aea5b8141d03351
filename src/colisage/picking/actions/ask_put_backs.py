from collections.abc import Sequence

from django.db import connection

from colisage.kit.statements import statement
from colisage.orders.events import OrderCancelled


def ask_put_backs(events: Sequence[OrderCancelled]) -> None:
    """Ask the floor to put back what was picked for orders that are cancelled now; asked once, however often told."""
    with connection.cursor() as db:
        db.execute(statement("picking", "ask_put_backs"), [sorted({event.order_id for event in events})])
