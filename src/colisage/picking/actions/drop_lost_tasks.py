from collections.abc import Collection

from django.db import connection, transaction

from colisage.kit.statements import statement


@transaction.atomic
def drop_lost_tasks(fulfillment_order_ids: Collection[int]) -> set[int]:
    """Cancel the open tasks of orders whose units were lost or given to others; give the orders that had any."""
    with connection.cursor() as db:
        db.execute(statement("picking", "cancel_lost"), [sorted(fulfillment_order_ids)])
        return {row[0] for row in db.fetchall()}
