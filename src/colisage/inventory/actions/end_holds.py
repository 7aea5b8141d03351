from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from colisage.inventory.actions.release import release
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import Reservation, StockHold, StockHoldLine


@transaction.atomic
def end_holds(
    holds: Collection[tuple[int, int]], *, now: datetime, ordered: bool = False, also: Collection[int] = ()
) -> int:
    """Give back what carts hold, as (merchant, hold), exactly once, or (`ordered`) for their orders; give the units.

    `also` are SKUs that this transaction will lock next: all are locked together, in key order. Holds that are not
    there, or have ended, change nothing.
    """
    known = StockHold.objects.filter(merchant_id__in={m for m, _pk in holds}, pk__in={pk for _m, pk in holds})
    ids = [pk for merchant, pk in known.values_list("merchant_id", "pk") if (merchant, pk) in set(holds)]
    owners = list(StockHoldLine.objects.filter(hold__in=ids).order_by("pk").values_list("pk", flat=True))
    held = Reservation.objects.filter(owner_kind="hold_line", owner_id__in=owners)
    lock_free(set(held.values_list("sku_id", flat=True)) | set(also))
    units = release("hold_line", owner_ids=owners)
    StockHold.objects.filter(pk__in=ids, ended_at=None).update(ended_at=now, ordered=ordered)
    return units
