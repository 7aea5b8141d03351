"""A shipment in the words of the shop whose order it is."""

import json

from colisage.connectors.ports import ShipmentTold
from colisage.kit.statements import ask


def shipment_told(key: str, *, order_id: int) -> ShipmentTold:
    """Give what a shop is told of a shipment: its own lines with the units that left, the carrier, the numbers.

    `key` is an errand's: the shipment's id, and for an order that went in the parcel of another one more. Of a bundle
    those sets are told that are complete. Raises `LookupError` when there is no such shipment.
    """
    asked = {"shipment": int(key.partition(":")[0]), "order": order_id}
    (facts,) = ask("connectors", "shipment_told", asked)
    ref, carrier, left_at, last, lines, tracking = facts
    return ShipmentTold(
        key=f"shipment-{key.replace(':', '-')}",
        external_ref=ref,
        lines=[(line, units) for line, units in json.loads(lines) if units],
        carrier=carrier,
        tracking=[(number, page) for number, page in json.loads(tracking)],
        shipped_at=left_at,
        last=last,
    )
