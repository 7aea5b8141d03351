from collections import Counter
from collections.abc import Collection

from django.db import connection, transaction

from colisage.inventory.actions.reserve import ahead_of, lock_free, raise_ahead
from colisage.inventory.events import SellableGrew
from colisage.kit.events import tell
from colisage.kit.statements import statement


@transaction.atomic
def release(owner_kind: str, *, owner_ids: Collection[int]) -> int:
    """Give back all that is held or owed to these owners, exactly once; give the number of units given back.

    Units already picked are not given back here: they lie in a tote and return by movement. Harmless when repeated.
    """
    with connection.cursor() as db:
        db.execute(statement("inventory", "owned_skus"), [owner_kind, list(owner_ids)])
        lock_free({row[0] for row in db.fetchall()})
        db.execute(statement("inventory", "release"), [owner_kind, list(owner_ids)])
        ended = db.fetchall()
        given = [(m, sku, node, qty) for m, sku, node, qty, state in ended if state == "held" and node]
        back = Counter[tuple[int, int, int]]()
        for merchant, sku, node, qty in given:
            back[merchant, sku, node] += qty
        raise_ahead(ahead_of(ended))
        keys = sorted(back)
        db.execute(
            statement("inventory", "raise_reserved"),
            [[k[1] for k in keys], [k[2] for k in keys], [-back[k] for k in keys]],
        )
    tell(SellableGrew(merchant_id=m, sku_id=sku, node_id=node, qty=back[m, sku, node]) for m, sku, node in keys)
    return sum(back.values())
