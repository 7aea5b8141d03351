from collections.abc import Sequence

from colisage.inventory.actions.serve_waiting import serve_waiting
from colisage.inventory.events import SellableGrew


def serve_arrivals(events: Sequence[SellableGrew]) -> None:
    """Hold what is owed wherever units became sellable."""
    serve_waiting({(event.sku_id, event.node_id) for event in events})
