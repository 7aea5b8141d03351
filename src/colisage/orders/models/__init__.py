"""The promise to the customer: orders, their lines, the part each node fulfils, and the reasons to wait."""

from colisage.orders.models.doorsteps import Doorstep
from colisage.orders.models.inserts import Insert, InsertState
from colisage.orders.models.orders import (
    ChangeKind,
    ChangeSource,
    FulfillmentKind,
    FulfillmentLine,
    FulfillmentOrder,
    Hold,
    HoldKind,
    Instruction,
    InstructionKind,
    Order,
    OrderChange,
    OrderLine,
    OrderState,
    Payment,
    Stage,
)
from colisage.orders.models.owed import Backorder, QueueEnd, TurnKind, TurnRule
from colisage.orders.models.tags import TAG_KEY, OrderTag

__all__ = [
    "TAG_KEY",
    "Backorder",
    "ChangeKind",
    "ChangeSource",
    "Doorstep",
    "FulfillmentKind",
    "FulfillmentLine",
    "FulfillmentOrder",
    "Hold",
    "HoldKind",
    "Insert",
    "InsertState",
    "Instruction",
    "InstructionKind",
    "Order",
    "OrderChange",
    "OrderLine",
    "OrderState",
    "OrderTag",
    "Payment",
    "QueueEnd",
    "Stage",
    "TurnKind",
    "TurnRule",
]
