"""Where parcels are, as people ask for it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from colisage.shipping.queries import LabelFacts, labels_of
from colisage.tracking.models import Track, TrackingEvent
from colisage.tracking.rules import FINAL, PROBLEMS, STEPS, reached
from colisage.ui import words

VERBS = {
    "parcel_pending": gettext_lazy("Parcel %(number)s is announced to the carrier."),
    "parcel_picked_up": gettext_lazy("The carrier has parcel %(number)s."),
    "parcel_in_transit": gettext_lazy("Parcel %(number)s is on its way. %(place)s"),
    "parcel_out_for_delivery": gettext_lazy("Parcel %(number)s is out for delivery."),
    "parcel_ready_for_pickup": gettext_lazy("Parcel %(number)s waits to be collected. %(place)s"),
    "parcel_delivered": gettext_lazy("Parcel %(number)s is delivered."),
    "parcel_delayed": gettext_lazy("Parcel %(number)s is delayed."),
    "parcel_failed": gettext_lazy("Parcel %(number)s could not be delivered."),
    "parcel_returning": gettext_lazy("Parcel %(number)s is on its way back."),
    "parcel_returned": gettext_lazy("Parcel %(number)s is back at the sender."),
}
TITLES: Final[dict[str, str | Promise]] = {
    "pending": pgettext_lazy("parcel", "Prepared"),
    "picked_up": gettext_lazy("Has left"),
    "in_transit": gettext_lazy("On its way"),
    "out_for_delivery": gettext_lazy("Out for delivery"),
    "delivered": pgettext_lazy("parcel", "Delivered"),
}
SENTENCES: Final[dict[str, str | Promise]] = {
    "pending": gettext_lazy("The parcel is ready for the carrier."),
    "picked_up": gettext_lazy("The carrier has the parcel."),
    "in_transit": gettext_lazy("The parcel is on its way."),
    "out_for_delivery": gettext_lazy("The parcel is out for delivery."),
    "ready_for_pickup": gettext_lazy("The parcel waits to be collected."),
    "delivered": gettext_lazy("The parcel is delivered."),
    "delayed": gettext_lazy("The parcel is delayed. Nothing is lost."),
    "failed": gettext_lazy("The parcel could not be delivered."),
    "returning": gettext_lazy("The parcel is on its way back to the sender."),
    "returned": gettext_lazy("The parcel is back at the sender."),
    "unknown": gettext_lazy("The carrier says something new."),
}
REASONS: Final[dict[str, str | Promise]] = {
    "absent": gettext_lazy("nobody was there"),
    "refused": gettext_lazy("it was refused"),
    "wrong_address": gettext_lazy("the address is not right"),
    "undeliverable": gettext_lazy("it cannot be delivered"),
    "damaged": gettext_lazy("it is damaged"),
    "lost": gettext_lazy("it is being looked for"),
    "customs": gettext_lazy("at customs"),
    "customs_held": gettext_lazy("held by customs"),
    "customs_cleared": gettext_lazy("through customs"),
    "weather": gettext_lazy("because of the weather"),
    "strike": gettext_lazy("because of a strike"),
    "carrier": gettext_lazy("held up at the carrier"),
    "solved": gettext_lazy("the problem is solved"),
    "waiting_for_round": gettext_lazy("waiting for the next round"),
}
ICONS: Final = {"delivered": "check", "failed": "alert", "returning": "back", "returned": "back", "delayed": "clock"}


def tone_of(status: str) -> str:
    """Give the tone in which a status is shown."""
    if status in PROBLEMS:
        return "bad"
    return {"delivered": "ok", "delayed": "warn"}.get(status, "road")


def progress_of(merchant_id: int, *, order_id: int) -> list[dict[str, Any]]:
    """Give the progress of each parcel of an order, as the part `tracking/progress.html` shows it; three statements.

    A parcel that has its label and of which nothing was told yet is prepared.
    """
    labels = labels_of(merchant_id, order_id=order_id)
    found = Track.objects.filter(merchant_id=merchant_id, parcel__in={label.parcel_id for label in labels})
    tracks = {(t.carrier_id, t.tracking_number): t for t in found}
    told: dict[int, list[TrackingEvent]] = defaultdict(list)
    for event in TrackingEvent.objects.filter(merchant_id=merchant_id, track__in=tracks.values()).order_by(
        "-occurred_at", "-pk"
    ):
        told[event.track_id].append(event)
    return [
        _progress(label, track, told[track.pk] if track else [])
        for label in labels
        for track in [tracks.get((label.carrier_id, label.tracking_number))]
    ]


def _progress(label: LabelFacts, track: Track | None, events: Sequence[TrackingEvent]) -> dict[str, Any]:
    status = track.status if track else "pending"
    expected = track.expected_on if track else label.arrives_on
    reason = REASONS.get(track.reason) if track else None
    return {
        "parcel": label.parcel,
        "tracking_number": label.tracking_number,
        "tracking_url": label.tracking_url,
        "specimen": label.specimen,
        "status": status,
        "tone": tone_of(status),
        "sentence": f"{SENTENCES[status]} ({reason})" if reason else SENTENCES[status],
        "expected_on": None if status in FINAL or status in PROBLEMS else expected,
        "delivered_at": track.status_at if track and status == "delivered" else None,
        "steps": _steps(status, events, place=track.place if track else "", expected_on=expected),
        "events": [_event(event) for event in events],
    }


def _steps(
    status: str, events: Sequence[TrackingEvent], *, place: str, expected_on: date | None
) -> list[dict[str, Any]]:
    """Give the strip of steps: those reached, the one it is at, those to come."""
    far = max(reached(status, told=[event.status for event in events]), 1)
    first: dict[str, datetime] = {event.status: event.occurred_at for event in events}  # the earliest comes last
    steps = []
    for n, step in enumerate(STEPS, 1):
        at = "done" if n < far or status == "delivered" else "now" if n == far else "todo"
        note = words.when(first[step]) if step in first else ""
        if at == "now" and place:
            note = f"{place}, {note}" if note else place
        if step == "delivered" and at == "todo" and expected_on and status not in PROBLEMS:
            note = words.day(expected_on, style="weekday")
        title = _("Ready to collect") if step == "out_for_delivery" and status == "ready_for_pickup" else TITLES[step]
        steps.append({"at": at, "title": title, "note": note})
    return steps


def _event(event: TrackingEvent) -> dict[str, Any]:
    reason = REASONS.get(event.reason)
    return {
        "at": event.occurred_at,
        "text": f"{SENTENCES[event.status]} ({reason})" if reason else SENTENCES[event.status],
        "note": event.place,
        "tone": tone_of(event.status),
        "icon": ICONS.get(event.status, "truck"),
    }
