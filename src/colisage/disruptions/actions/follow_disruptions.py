from collections.abc import Sequence
from typing import Final

from procrastinate.contrib.django import app

from colisage.network.events import DisruptionBegan, DisruptionChanged, DisruptionEnded

_TASKS: Final = {
    DisruptionBegan: "disruptions.touch",
    DisruptionChanged: "disruptions.change",
    DisruptionEnded: "disruptions.free",
}


def follow_disruptions(events: Sequence[DisruptionBegan | DisruptionChanged | DisruptionEnded]) -> None:
    """Have a worker go through the orders that a disruption touches, or free those it held, part by part."""
    for event in events:
        job = app.configure_task(_TASKS[type(event)], queue="orders")
        job.defer(disruption_id=event.disruption_id, merchant_id=event.merchant_id)
