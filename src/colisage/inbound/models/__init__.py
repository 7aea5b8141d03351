"""The tables of goods on their way in, a module for each subject."""

from colisage.inbound.models.announcements import (
    AnnouncedLine,
    Announcement,
    AnnouncementImport,
    AnnouncementRefusedRow,
    AnnouncementState,
)
from colisage.inbound.models.consignment import ConsignmentLine, ConsignmentStatement, StatementState
from colisage.inbound.models.inspections import Checklist, QualityCheck, Question, QuestionKind, SampleRule
from colisage.inbound.models.postponements import PostponedKind, Postponement
from colisage.inbound.models.productions import Production
from colisage.inbound.models.purchasing import (
    DueFrom,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    Supplier,
    SupplierSku,
)
from colisage.inbound.models.putaway import PutawayRule, RuleKind
from colisage.inbound.models.receipts import (
    AsideKind,
    AsideState,
    Delivery,
    DeliveryState,
    DockPolicy,
    PlateLoad,
    Receipt,
    SetAside,
)
from colisage.inbound.models.supplier_returns import BackReason, BackState, SupplierReturn, SupplierReturnLine
from colisage.inbound.models.transfers import Transfer, TransferLine, TransferState

__all__ = [
    "AnnouncedLine",
    "Announcement",
    "AnnouncementImport",
    "AnnouncementRefusedRow",
    "AnnouncementState",
    "AsideKind",
    "AsideState",
    "BackReason",
    "BackState",
    "Checklist",
    "ConsignmentLine",
    "ConsignmentStatement",
    "Delivery",
    "DeliveryState",
    "DockPolicy",
    "DueFrom",
    "PlateLoad",
    "PostponedKind",
    "Postponement",
    "Production",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseState",
    "PutawayRule",
    "QualityCheck",
    "Question",
    "QuestionKind",
    "Receipt",
    "RuleKind",
    "SampleRule",
    "SetAside",
    "StatementState",
    "Supplier",
    "SupplierReturn",
    "SupplierReturnLine",
    "SupplierSku",
    "Transfer",
    "TransferLine",
    "TransferState",
]
