"""Taking goods in: what came is in the books at once, on the dock."""

from datetime import date

from colisage.inbound.actions.receive_many import (
    MOST_UNITS,
    Against,
    LotMissing,
    NotThatMany,
    Origin,
    OverDelivered,
    SerialMissing,
    Taken,
    receive_many,
)
from colisage.kit.actors import Actor

__all__ = [
    "MOST_UNITS", "LotMissing", "NotThatMany", "OverDelivered", "SerialMissing",
    "receive_goods",
]  # fmt: skip


def receive_goods(
    merchant_id: int,
    *,
    node_id: int,
    sku_id: int,
    sku_code: str,
    good: int,
    actor: Actor,
    damaged: int = 0,
    purchase_order_id: int | None = None,
    announcement_id: int | None = None,
    delivery_id: int | None = None,
    lot: str = "",
    lot_id: int | None = None,
    serial: str = "",
    expires_on: date | None = None,
    tracks_lots: bool = False,
    tracks_serials: bool = False,
    unexpected: bool = False,
    over_confirmed: bool = False,
    origin: Origin | None = None,
) -> int:
    """Take units of a SKU in, against an order, an announced delivery, or blind; give the id of the receipt.

    One of many: `receive_many` says what is promised and refused. The lot is named by `lot`, or known by `lot_id`.
    """
    taken = Taken(
        sku_id=sku_id, sku_code=sku_code, good=good, damaged=damaged, lot=lot, lot_id=lot_id, serial=serial,
        expires_on=expires_on, tracks_lots=tracks_lots, tracks_serials=tracks_serials, unexpected=unexpected,
    )  # fmt: skip
    against = Against(purchase_order_id=purchase_order_id, announcement_id=announcement_id, delivery_id=delivery_id)
    (receipt,) = receive_many(
        merchant_id,
        [taken],
        node_id=node_id,
        against=against,
        over_confirmed=over_confirmed,
        origin=origin,
        actor=actor,
    )
    return receipt
