"""The tables of goods on their way in, a module for each subject."""

from colisage.inbound.models.announcements import (
    AnnouncedLine,
    Announcement,
    AnnouncementImport,
    AnnouncementRefusedRow,
    AnnouncementState,
)
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

__all__ = [
    "AnnouncedLine",
    "Announcement",
    "AnnouncementImport",
    "AnnouncementRefusedRow",
    "AnnouncementState",
    "AsideKind",
    "AsideState",
    "Delivery",
    "DeliveryState",
    "DockPolicy",
    "DueFrom",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseState",
    "Receipt",
    "SetAside",
    "Supplier",
    "SupplierSku",
]
