"""What carriers tell becomes where parcels stand, and then the stage of their orders."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.kit.statements import rows, statement
from colisage.shipping.queries import LabelFacts, labels_by_number, labels_of_shipments
from colisage.tracking.actions.settle_parts import settle_parts
from colisage.tracking.events import ParcelMoved
from colisage.tracking.models import Track, TrackingEvent
from colisage.tracking.ports import CarrierEvent
from colisage.tracking.rules import Told, standing


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of events: how many parcels moved, and the numbers among them that are not ours."""

    moved: int
    unclaimed: frozenset[str]


@transaction.atomic
def apply_events(events: Sequence[CarrierEvent]) -> Applied:
    """Write what carriers told about many parcels, in any order and however often.

    Where a parcel stands follows from all its events, so a late or repeated one changes nothing it should not. Parts
    become delivered when all their parcels are, and a problem when one fails. The number of statements does not depend
    on the number of events, but on that of the carriers.
    """
    labels = _labels(events)
    mine = [(e, labels[e.carrier, e.tracking_number]) for e in events if (e.carrier, e.tracking_number) in labels]
    unclaimed = frozenset(e.tracking_number for e in events if (e.carrier, e.tracking_number) not in labels)
    if not mine:
        return Applied(0, unclaimed)
    # The other parcels of a shipment are followed as well: a part is delivered when all of them are.
    tracks = open_tracks(labels_of_shipments({label.shipment_id for _, label in mine}))
    touched = _write(mine, tracks)
    moved = _move([track for track in tracks.values() if track.pk in touched], _expected(mine))
    settle_parts({track.fulfillment_order_id for track in moved})
    return Applied(len(moved), unclaimed)


def open_tracks(labels: Collection[LabelFacts]) -> dict[tuple[int, str], Track]:
    """Make the tracks of labels where there are none; give them locked, by carrier and number."""
    wanted = {(label.carrier_id, label.tracking_number): label for label in labels}
    batch = [
        {
            "merchant_id": label.merchant_id,
            "order_id": label.order_id,
            "fulfillment_order_id": label.fulfillment_order_id,
            "parcel_id": label.parcel_id,
            "carrier_id": label.carrier_id,
            "tracking_number": label.tracking_number,
            "expected_on": label.arrives_on,
        }
        for label in wanted.values()
    ]
    with connection.cursor() as db:
        db.execute(statement("tracking", "insert_tracks"), [rows(batch)])
    numbers = [number for _, number in wanted]
    found = Track.objects.select_for_update(no_key=True).filter(tracking_number__in=numbers).order_by("pk")
    return {(t.carrier_id, t.tracking_number): t for t in found if (t.carrier_id, t.tracking_number) in wanted}


def _labels(events: Sequence[CarrierEvent]) -> dict[tuple[str, str], LabelFacts]:
    numbers: dict[str, set[str]] = defaultdict(set)
    for event in events:
        numbers[event.carrier].add(event.tracking_number)
    return {
        (carrier, number): label
        for carrier, wanted in sorted(numbers.items())
        for number, label in labels_by_number(wanted, carrier_code=carrier).items()
    }


def _write(mine: Sequence[tuple[CarrierEvent, LabelFacts]], tracks: Mapping[tuple[int, str], Track]) -> set[int]:
    """Keep events; give the tracks with something new."""
    batch = [
        {
            "merchant_id": label.merchant_id,
            "track_id": tracks[label.carrier_id, label.tracking_number].pk,
            "key": event.key[:120],
            "status": event.status,
            "reason": event.reason[:40],
            "code": event.code[:40],
            "place": event.place[:120],
            "occurred_at": event.occurred_at,
        }
        for event, label in mine
    ]
    with connection.cursor() as db:
        db.execute(statement("tracking", "insert_told"), [rows(batch)])
        return {row[0] for row in db.fetchall()}


def _expected(mine: Sequence[tuple[CarrierEvent, LabelFacts]]) -> dict[str, Any]:
    """Give the day on which each parcel should arrive, as the latest of its events says."""
    ordered = sorted((event for event, _ in mine if event.expected_on), key=lambda event: event.occurred_at)
    return {event.tracking_number: event.expected_on for event in ordered}


def _move(tracks: Sequence[Track], expected: Mapping[str, Any]) -> list[Track]:
    """Let tracks stand where all their events say; give those that stand elsewhere than before."""
    told: dict[int, list[Told]] = defaultdict(list)
    events = TrackingEvent.objects.filter(track__in=tracks)
    for row in events.values_list("track_id", "status", "reason", "place", "occurred_at"):
        told[row[0]].append(Told(*row[1:]))
    changed, moved = [], []
    for track in tracks:
        now = standing(told[track.pk])
        if now is None:
            continue
        if (now.status, now.reason) != (track.status, track.reason):
            moved.append((track, now))
        changed.append(
            {
                "id": track.pk,
                "status": now.status,
                "reason": now.reason,
                "place": now.place,
                "status_at": now.occurred_at,
                "expected_on": expected.get(track.tracking_number),
            }
        )
    with connection.cursor() as db:
        db.execute(statement("tracking", "move_tracks"), [rows(changed)])
    _tell(moved)
    return [track for track, _ in moved]


def _tell(moved: Sequence[tuple[Track, Told]]) -> None:
    tell(
        ParcelMoved(
            merchant_id=track.merchant_id,
            order_id=track.order_id,
            fulfillment_order_id=track.fulfillment_order_id,
            parcel_id=track.parcel_id,
            tracking_number=track.tracking_number,
            status=now.status,
            reason=now.reason,
            before=track.status,
        )
        for track, now in moved
    )
    record_deeds(
        (
            Deed(
                "order",
                track.order_id,
                f"parcel_{now.status}",
                {"number": track.tracking_number, "place": now.place, "reason": now.reason},
                merchant_id=track.merchant_id,
            )
            for track, now in moved
        ),
        actor=Actor(kind="connector", name=""),
    )
