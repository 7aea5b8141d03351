from collections.abc import Sequence

from django.db import connection

from colisage.kit.statements import statement
from colisage.orders.events import OrderCancelled, StageReached


def ask_put_backs(events: Sequence[OrderCancelled | StageReached]) -> None:
    """Ask the floor to put back what was picked for orders, or parts of them, that are cancelled now.

    A part ends by itself when what it was to send is not wanted any more: an insert may be picked for it by then. Asked
    once, however often told.
    """
    with connection.cursor() as db:
        db.execute(statement("picking", "ask_put_backs"), [sorted({event.order_id for event in events})])
