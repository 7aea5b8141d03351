from datetime import datetime

from django.db import connection, transaction

from colisage.inventory.events import SellableGrew
from colisage.kit.events import tell
from colisage.kit.statements import statement


@transaction.atomic
def release_preorders(*, now: datetime) -> int:
    """Let go of SKUs whose day has come where their merchant is; give how many. Who pre-ordered them is served."""
    with connection.cursor() as db:
        db.execute(statement("inventory", "release_due"), [now])
        rows = db.fetchall()
    tell(SellableGrew(merchant_id=m, sku_id=sku, node_id=node, qty=0) for m, sku, node in rows)
    return len(rows)
