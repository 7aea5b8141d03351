"""The tables of goods on their way in, a module for each subject."""

from colisage.inbound.models.purchasing import PurchaseLine, PurchaseOrder, PurchaseState, Supplier
from colisage.inbound.models.receipts import Receipt

__all__ = ["PurchaseLine", "PurchaseOrder", "PurchaseState", "Receipt", "Supplier"]
