from collections.abc import Mapping

from django.db import connection, transaction

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.events import UnitsUnbound
from colisage.inventory.models import StockCell
from colisage.kit.events import tell
from colisage.kit.statements import statement


@transaction.atomic
def unbind_units(wanted: Mapping[int, int]) -> int:
    """Make so many units of each cell free of pickers; `wanted` is units by cell id. Gives how many were unbound.

    The last bound lose them, allocation by allocation. Their promises stay held, and it is told, so that the units are
    fetched from elsewhere. Locks availability, promises and cells: call it before anything else of them is locked.
    """
    cells = StockCell.objects.filter(pk__in=wanted)
    skus = sorted(set(cells.values_list("sku_id", flat=True)))
    lock_free(skus)
    with connection.cursor() as db:
        db.execute(statement("inventory", "lock_held"), [skus])
        list(cells.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
        db.execute(statement("inventory", "unbind"), [list(wanted), list(wanted.values())])
        rows = db.fetchall()
    tell(
        UnitsUnbound(
            merchant_id=m, owner_kind=kind, owner_id=owner, reservation_id=pk, sku_id=sku, node_id=node, qty=qty
        )
        for m, kind, owner, pk, sku, node, qty in rows
    )
    return sum(row[6] for row in rows)
