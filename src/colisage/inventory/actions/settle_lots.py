from collections import defaultdict
from typing import Final

from django.db import connection, transaction

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.turn_lots import turn_lots
from colisage.inventory.models import Lot
from colisage.kit.actors import SYSTEM
from colisage.kit.statements import statement

BATCH: Final = 500


@transaction.atomic
def settle_lots() -> int:
    """Turn what a count kept from changing with its lot; give how many units. Harmless when repeated.

    A bin that is counted is frozen: units in it stay as they are when their lot is held or freed. Nobody is sent for
    units of a held lot meanwhile; this brings the books after when the count has ended.
    """
    with connection.cursor() as db:
        db.execute(statement("inventory", "lots_unsettled"), [BATCH])
        due: dict[str, list[int]] = defaultdict(list)
        for lot, _merchant, status in db.fetchall():
            due[status].append(lot)
    units = 0
    for status, ids in sorted(due.items()):
        lock_free(set(Lot.objects.filter(pk__in=ids).values_list("sku_id", flat=True)))
        lots = Lot.objects.select_for_update(no_key=True).filter(pk__in=ids, status=status).order_by("pk")
        units += sum(turn_lots(list(lots), status=status, actor=SYSTEM).values())
    return units
