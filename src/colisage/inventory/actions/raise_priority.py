from collections.abc import Collection

from django.db import transaction
from django.db.models import Max

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.events import SellableGrew, TurnsChanged
from colisage.inventory.models import Reservation
from colisage.inventory.queries.owed import OWED
from colisage.inventory.rules import RELEASABLE
from colisage.kit.events import tell

HIGHEST = 32_000


@transaction.atomic
def raise_priority(owner_kind: str, *, owner_ids: Collection[int], to: int | None = None) -> bool:
    """Have owners served before others when units come; `to` a priority, or before everybody who waits for the same.

    Whoever has a higher one keeps it. Gives whether anything of them waits: units that are free already serve them.
    """
    mine = Reservation.objects.filter(owner_kind=owner_kind, owner_id__in=owner_ids, state__in=RELEASABLE)
    skus = set(mine.values_list("sku_id", flat=True))
    if not skus:
        return False
    lock_free(skus)
    waits = Reservation.objects.filter(sku__in=skus, state__in=OWED)
    if to is None:
        owed = mine.filter(state__in=OWED).values("sku_id")
        to = (waits.filter(sku__in=owed).aggregate(n=Max("priority"))["n"] or 0) + 1
    changed = list(mine.filter(priority__lt=min(to, HIGHEST)).select_for_update(no_key=True).order_by("pk"))
    Reservation.objects.filter(pk__in=[row.pk for row in changed]).update(priority=min(to, HIGHEST))
    late = [row for row in changed if row.state in OWED]
    tell(
        [
            *(TurnsChanged(merchant_id=m, sku_id=sku) for m, sku in sorted({(r.merchant_id, r.sku_id) for r in late})),
            *(
                SellableGrew(merchant_id=row.merchant_id, sku_id=row.sku_id, node_id=row.node_id, qty=0)
                for row in late
                if row.node_id is not None
            ),
        ]
    )
    return bool(late)
