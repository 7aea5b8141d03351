"""The tables of the stock, a module for each subject."""

from colisage.inventory.models.stock import (
    Allocation,
    Availability,
    Condition,
    LicensePlate,
    Lot,
    LotStatus,
    Reservation,
    ReservationState,
    StockCell,
    StockMovement,
    StockProof,
)

__all__ = [
    "Allocation",
    "Availability",
    "Condition",
    "LicensePlate",
    "Lot",
    "LotStatus",
    "Reservation",
    "ReservationState",
    "StockCell",
    "StockMovement",
    "StockProof",
]
