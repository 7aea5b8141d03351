"""A shipment, or a hold, in the words of the shop whose order it is."""

import json
from dataclasses import dataclass

from colisage.connectors.ports import ShipmentTold
from colisage.kit.statements import ask
from colisage.orders.queries import hold_reason, holds_of, orders_across

THEIRS = frozenset({"payment", "channel"})  # kinds of holds that come from the shop


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


@dataclass(frozen=True, slots=True)
class HoldTold:
    """Why an order waits here; no `kind` when it does not, or for a reason that its shop knows better."""

    external_ref: str
    kind: str
    words: str


def hold_told(order_id: int) -> HoldTold:
    """Give what a shop is told about the holds of an order now. Raises `LookupError` when there is no such order."""
    order = orders_across([order_id])[order_id]
    holds = [hold for hold in holds_of([order_id])[order_id] if hold.released_at is None and hold.kind not in THEIRS]
    if not holds or order.state != "open":
        return HoldTold(order.external_ref, "", "")
    return HoldTold(order.external_ref, holds[0].kind, hold_reason(holds[0].reason)[:250])
