from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection, transaction

from colisage.inventory.actions.reserve import lock_free, raise_ahead
from colisage.inventory.events import SellableGrew, WaitingServed
from colisage.inventory.rules.waiting import Wait, serve
from colisage.kit.events import tell
from colisage.kit.statements import statement


@transaction.atomic
def serve_waiting(keys: Iterable[tuple[int, int]]) -> int:
    """Hold what is owed or pre-ordered where units have become free, by (SKU, node): by priority, then first come.

    Owed units are served whole, promise by promise, the components of a bundle together; the first that does not fit
    stops its SKU at its node, so that nobody overtakes. What is kept back from a promise's channel stays untouched.
    What is owed at no node in particular is served at the first of the nodes that can.
    Gives the number of promises served.
    """
    wanted = sorted(set(keys))
    asked = [[k[0] for k in wanted], [k[1] for k in wanted]]
    with connection.cursor() as db:
        db.execute(statement("inventory", "waiting_skus"), asked)
        locked = {row[0] for row in db.fetchall()} | {sku for sku, _ in wanted}
        free = lock_free(locked)
        db.execute(statement("inventory", "waiting_at"), asked)
        found = db.fetchall()
        late = {(row[1], sku, node) for row in found if row[4] not in locked for sku, node in wanted}
        served = serve(_waits(found, locked=locked, free=free), free=free)
        if (
            late
        ):  # somebody began to wait for more than we locked: they are looked at again, in a transaction of their own
            tell(SellableGrew(merchant_id=m, sku_id=sku, node_id=node, qty=0) for m, sku, node in sorted(late))
        if not served:
            return 0
        db.execute(statement("inventory", "hold_waiting"), [list(served), list(served.values())])
        rows = db.fetchall()
        taken: Counter[tuple[int, int]] = Counter()
        fewer: Counter[tuple[int, int]] = Counter()
        for row in rows:
            taken[row[4], row[5]] += row[6]
            if row[7]:
                fewer[row[4], row[5]] -= row[6]
        raise_ahead(fewer)
        db.execute(
            statement("inventory", "raise_reserved"),
            [[k[0] for k in taken], [k[1] for k in taken], list(taken.values())],
        )
    tell(
        WaitingServed(
            merchant_id=m, owner_kind=kind, owner_id=owner, reservation_id=pk, sku_id=sku, node_id=node, qty=qty
        )
        for m, kind, owner, pk, sku, node, qty, _ahead in rows
    )
    return len(served)


def _waits(
    found: Iterable[tuple[Any, ...]], *, locked: Collection[int], free: Mapping[tuple[int, int], int]
) -> list[Wait]:
    """Turn rows, one for each node that may serve, into what waits; who waits for what is not locked is left out."""
    rows = list(found)
    unsafe = {(row[2], row[3]) for row in rows if row[4] not in locked}
    nodes: dict[int, list[int]] = {}
    first: dict[int, tuple[Any, ...]] = {}
    for row in rows:
        if (row[2], row[3]) in unsafe:
            continue
        first.setdefault(row[0], row)
        anywhere = [node for sku, node in free if sku == row[4]]
        nodes.setdefault(row[0], []).extend([row[5]] if row[5] is not None else anywhere)
    return [Wait(pk, (row[2], row[3]), row[4], tuple(nodes[pk]), row[6], row[7]) for pk, row in first.items()]
