from collections.abc import Mapping

from django.db import transaction
from django.db.models import Sum

from colisage.inventory.actions.give_back import UnitsAreTaken
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import Allocation, Reservation


@transaction.atomic
def split_promises(units: Mapping[int, int]) -> dict[int, int]:
    """Make so many units of each open promise a promise of their own; give its id by that of the old one.

    What is promised stays the same, and so does its place in the queue. Raises `UnitsAreTaken`, and splits none, when
    a promise has not more units than these, or fewer that are bound to no bin.
    """
    lock_free(set(Reservation.objects.filter(pk__in=units).values_list("sku_id", flat=True)))
    rows = list(
        Reservation.objects.select_for_update(no_key=True)
        .filter(pk__in=units, state__in=["held", "waiting", "ahead"])
        .order_by("pk")
    )
    bound = dict(
        Allocation.objects.filter(reservation__in=rows, open=True)
        .values("reservation_id")
        .annotate(n=Sum("qty"))
        .values_list("reservation_id", "n")
    )
    if len(rows) < len(units) or any(
        not 0 < units[row.pk] < row.qty or units[row.pk] > row.qty - bound.get(row.pk, 0) for row in rows
    ):
        raise UnitsAreTaken
    made = Reservation.objects.bulk_create(
        Reservation(
            merchant_id=row.merchant_id, owner_kind=row.owner_kind, owner_id=row.owner_id, sku_id=row.sku_id,
            node_id=row.node_id, qty=units[row.pk], state=row.state, priority=row.priority, turn=row.turn,
            since=row.since, buffer=row.buffer, expires_at=row.expires_at,
        )
        for row in rows
    )  # fmt: skip
    for row in rows:
        row.qty -= units[row.pk]
    Reservation.objects.bulk_update(rows, ["qty"], batch_size=500)
    return {row.pk: fresh.pk for row, fresh in zip(rows, made, strict=True)}
