from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.events import WaitingServed
from colisage.kit.events import tell
from colisage.kit.statements import statement


@transaction.atomic
def serve_waiting(keys: Iterable[tuple[int, int]]) -> int:
    """Hold what is owed where units have become free, by (SKU, node): first by priority, then first come.

    Owed units are served whole, promise by promise; the first that does not fit stops its SKU at its node, so that
    nobody overtakes. What is owed at no node in particular is served at the first of the nodes that can.
    Gives the number of promises served.
    """
    wanted = sorted(set(keys))
    free = lock_free({sku for sku, _ in wanted})
    with connection.cursor() as db:
        db.execute(statement("inventory", "waiting_at"), [[k[0] for k in wanted], [k[1] for k in wanted]])
        served, taken, stopped = dict[int, int](), Counter[tuple[int, int]](), set()
        for reservation, sku, node, qty in db.fetchall():
            key = (sku, node)
            if reservation in served:
                continue
            if key in stopped or free.get(key, 0) - taken[key] < qty:
                stopped.add(key)
                continue
            taken[key] += qty
            served[reservation] = node
        if not served:
            return 0
        db.execute(statement("inventory", "hold_waiting"), [list(served), list(served.values())])
        rows = db.fetchall()
        db.execute(
            statement("inventory", "raise_reserved"),
            [[k[0] for k in taken], [k[1] for k in taken], list(taken.values())],
        )
    tell(
        WaitingServed(
            merchant_id=m, owner_kind=kind, owner_id=owner, reservation_id=pk, sku_id=sku, node_id=node, qty=qty
        )
        for m, kind, owner, pk, sku, node, qty in rows
    )
    return len(served)
