"""The tables of goods on their way in, a module for each subject."""

from colisage.inbound.models.announcements import (
    AnnouncedLine,
    Announcement,
    AnnouncementImport,
    AnnouncementRefusedRow,
    AnnouncementState,
)
from colisage.inbound.models.consignment import ConsignmentLine, ConsignmentStatement, StatementState
from colisage.inbound.models.productions import Production
from colisage.inbound.models.purchasing import (
    DueFrom,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    Supplier,
    SupplierSku,
)
from colisage.inbound.models.receipts import (
    AsideKind,
    AsideState,
    Delivery,
    DeliveryState,
    DockPolicy,
    Receipt,
    SetAside,
)
from colisage.inbound.models.transfers import Transfer, TransferLine, TransferState

__all__ = [
    "AnnouncedLine",
    "Announcement",
    "AnnouncementImport",
    "AnnouncementRefusedRow",
    "AnnouncementState",
    "AsideKind",
    "AsideState",
    "ConsignmentLine",
    "ConsignmentStatement",
    "Delivery",
    "DeliveryState",
    "DockPolicy",
    "DueFrom",
    "Production",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseState",
    "Receipt",
    "SetAside",
    "StatementState",
    "Supplier",
    "SupplierSku",
    "Transfer",
    "TransferLine",
    "TransferState",
]
