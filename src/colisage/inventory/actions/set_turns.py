from collections.abc import Collection, Mapping

from django.db import connection, transaction

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.events import TurnsChanged
from colisage.inventory.queries.owed import owed_skus
from colisage.kit.events import tell
from colisage.kit.statements import statement

UNRANKED = "~"  # after all that have a turn


@transaction.atomic
def set_turns(owner_kind: str, turns: Mapping[int, str], *, joining: Collection[int] = ()) -> None:
    """Say what owners that wait are sorted by, before their age, among those of equal priority: the lower goes first.

    An empty turn is none: by age alone. What is served already is not touched. That somebody is `joining` the queue
    nobody is told here: their acceptance tells it.
    """
    skus = owed_skus(owner_kind, turns)
    if not skus:
        return
    lock_free(skus)
    with connection.cursor() as db:
        owners = sorted(turns)
        db.execute(statement("inventory", "set_turns"), [owners, [turns[pk] or UNRANKED for pk in owners], owner_kind])
        changed = {(merchant, sku) for merchant, sku, owner in db.fetchall() if owner not in joining}
    tell(TurnsChanged(merchant_id=merchant, sku_id=sku) for merchant, sku in sorted(changed))
