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
from colisage.inbound.models.receipts import Receipt

__all__ = [
    "AnnouncedLine",
    "Announcement",
    "AnnouncementImport",
    "AnnouncementRefusedRow",
    "AnnouncementState",
    "DueFrom",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseState",
    "Receipt",
    "Supplier",
    "SupplierSku",
]
