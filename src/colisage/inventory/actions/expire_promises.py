from collections import Counter
from datetime import datetime

from django.db import connection, transaction

from colisage.inventory.actions.reserve import ahead_of, lock_free, raise_ahead
from colisage.inventory.events import SellableGrew
from colisage.kit.events import tell
from colisage.kit.statements import statement


@transaction.atomic
def expire_promises(*, now: datetime) -> int:
    """Give back all that was held until now, exactly once; give the number of promises that ended.

    What was picked, given back or shipped meanwhile is not touched. Who is owed units hears that they are free.
    """
    with connection.cursor() as db:
        db.execute(statement("inventory", "expired_skus"), [now])
        skus = sorted({row[0] for row in db.fetchall()})
        if not skus:
            return 0
        lock_free(skus)
        db.execute(statement("inventory", "expire"), [now, skus])
        ended = db.fetchall()
        back = Counter[tuple[int, int, int]]()
        for merchant, sku, node, qty, state in ended:
            if state == "held" and node:
                back[merchant, sku, node] += qty
        raise_ahead(ahead_of(ended))
        keys = sorted(back)
        db.execute(
            statement("inventory", "raise_reserved"),
            [[k[1] for k in keys], [k[2] for k in keys], [-back[k] for k in keys]],
        )
    tell(SellableGrew(merchant_id=m, sku_id=sku, node_id=node, qty=back[m, sku, node]) for m, sku, node in keys)
    return len(ended)
