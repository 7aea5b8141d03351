"""The tables of the stock, a module for each subject."""

from colisage.inventory.models.channels import ChannelBuffer, PublishedMark
from colisage.inventory.models.counts import (
    Count,
    CountFinding,
    CountLine,
    CountMethod,
    CountPlan,
    CountRound,
    CountRule,
    CountState,
    CountStray,
    CountTask,
)
from colisage.inventory.models.files import SafetyFile, SafetyRefusedRow
from colisage.inventory.models.holds import StockHold, StockHoldLine
from colisage.inventory.models.kits import Assembly, AssemblyKind, AssemblyLine
from colisage.inventory.models.proofs import ProvenCell, StockProof
from colisage.inventory.models.reasons import AdjustmentReason, Direction
from colisage.inventory.models.shelving import BinRoom, RoomMark, SkuSpeed
from colisage.inventory.models.stock import (
    Allocation,
    Availability,
    Condition,
    Lacking,
    LicensePlate,
    Lot,
    LotStatus,
    Reservation,
    ReservationState,
    StockCell,
    StockMovement,
    StockValue,
)
from colisage.inventory.models.tags import ReaderState, ReadState, TagRead, TagReader, TagReadLine

__all__ = [
    "AdjustmentReason",
    "Allocation",
    "Assembly",
    "AssemblyKind",
    "AssemblyLine",
    "Availability",
    "BinRoom",
    "ChannelBuffer",
    "Condition",
    "Count",
    "CountFinding",
    "CountLine",
    "CountMethod",
    "CountPlan",
    "CountRound",
    "CountRule",
    "CountState",
    "CountStray",
    "CountTask",
    "Direction",
    "Lacking",
    "LicensePlate",
    "Lot",
    "LotStatus",
    "ProvenCell",
    "PublishedMark",
    "ReadState",
    "ReaderState",
    "Reservation",
    "ReservationState",
    "RoomMark",
    "SafetyFile",
    "SafetyRefusedRow",
    "SkuSpeed",
    "StockCell",
    "StockHold",
    "StockHoldLine",
    "StockMovement",
    "StockProof",
    "StockValue",
    "TagRead",
    "TagReadLine",
    "TagReader",
]
