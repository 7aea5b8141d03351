from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from colisage.orders.actions.advance_stage import advance_stage
from colisage.tracking.models import Track
from colisage.tracking.rules import stage_of

_FROM = {"delivered": ["handed_over", "problem"], "problem": ["handed_over"], "handed_over": ["problem"]}


@transaction.atomic
def settle_parts(fulfillment_order_ids: Collection[int]) -> None:
    """Bring the stage of parts that left the house in line with where their parcels stand; harmless when repeated.

    Parts that have not left are not touched: their turn comes when they are handed over. Of a parcel the latest number
    counts: under one whose label was given back nothing ever arrives.
    """
    latest: dict[tuple[int, int], str] = {}
    found = Track.objects.filter(fulfillment_order__in=fulfillment_order_ids).order_by("pk")
    for part, parcel, status in found.values_list("fulfillment_order_id", "parcel_id", "status"):
        latest[part, parcel] = status
    statuses: dict[int, list[str]] = defaultdict(list)
    for (part, _parcel), status in latest.items():
        statuses[part].append(status)
    wanted: dict[str, list[int]] = defaultdict(list)
    for part, each in statuses.items():
        stage = stage_of(each)
        if stage:
            wanted[stage].append(part)
    for stage, parts in sorted(wanted.items()):
        advance_stage(parts, before=_FROM[stage], after=stage)
