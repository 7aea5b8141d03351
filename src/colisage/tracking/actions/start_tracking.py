from collections.abc import Sequence

from django.db import transaction

from colisage.shipping.events import ShipmentHandedOver
from colisage.shipping.queries import labels_of_shipments
from colisage.tracking.actions.apply_events import open_tracks
from colisage.tracking.actions.settle_parts import settle_parts


@transaction.atomic
def start_tracking(events: Sequence[ShipmentHandedOver]) -> None:
    """Follow the parcels a carrier took; what it told of them before counts from now on. Harmless when repeated."""
    labels = labels_of_shipments({event.shipment_id for event in events})  # orders in one parcel are told of each
    open_tracks(labels)
    settle_parts({label.fulfillment_order_id for label in labels})
