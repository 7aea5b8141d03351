from collections.abc import Sequence

from procrastinate.contrib.django import app

from colisage.network.events import DisruptionBegan, DisruptionEnded


def follow_disruptions(events: Sequence[DisruptionBegan | DisruptionEnded]) -> None:
    """Have a worker go through the orders that a disruption touches, or free those it held, part by part."""
    for event in events:
        name = "disruptions.touch" if isinstance(event, DisruptionBegan) else "disruptions.free"
        app.configure_task(name, queue="orders").defer(disruption_id=event.disruption_id, merchant_id=event.merchant_id)
