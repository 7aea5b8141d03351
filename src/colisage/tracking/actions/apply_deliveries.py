"""Reading the messages that came in."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from colisage.tracking.actions.apply_events import apply_events
from colisage.tracking.models import WebhookDelivery
from colisage.tracking.ports import CarrierEvent, Unreadable
from colisage.tracking.queries.messages import opened, source_called

AT_ONCE = 200
PATIENCE = timedelta(hours=1)  # a carrier may tell of a parcel before we have recorded its label


def apply_deliveries(*, unclaimed: bool = False) -> int:
    """Read every message that waits, many in one transaction; give how many.

    One that cannot be read is kept with the reason and stops none of the others. `unclaimed` also reads those again
    whose parcels were not known yet, for an hour.
    """
    states = ["waiting", "unclaimed"] if unclaimed else ["waiting"]
    total, last = 0, 0
    while ids := _apply_some(states, after=last):
        total, last = total + len(ids), ids[-1]
    return total


@transaction.atomic
def _apply_some(states: Collection[str], *, after: int) -> list[int]:
    now = timezone.now()
    waiting = list(
        WebhookDelivery.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(state__in=states, pk__gt=after)
        .order_by("pk")[:AT_ONCE]
    )
    told: dict[int, Sequence[CarrierEvent]] = {}
    for delivery in waiting:
        try:
            told[delivery.pk] = _read(delivery)
        except Unreadable as reason:
            delivery.state, delivery.problem = "unreadable", str(reason)[:300]
    applied = apply_events([event for events in told.values() for event in events])
    for delivery in waiting:
        delivery.applied_at = now
        if delivery.pk in told:
            strange = any(event.tracking_number in applied.unclaimed for event in told[delivery.pk])
            delivery.state = "unclaimed" if strange and now - delivery.received_at < PATIENCE else "applied"
    WebhookDelivery.objects.bulk_update(waiting, ["state", "problem", "applied_at"])
    return [delivery.pk for delivery in waiting]


def _read(delivery: WebhookDelivery) -> Sequence[CarrierEvent]:
    source = source_called(delivery.source)
    if source is None:
        raise Unreadable("its source is not known any more")
    return source.read(opened(bytes(delivery.body)))
