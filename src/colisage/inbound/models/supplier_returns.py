"""Goods that go back to a supplier, and the credit that is expected for them."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.inbound.models.purchasing import Supplier
from colisage.inbound.models.receipts import Receipt, SetAside
from colisage.inventory.models import LicensePlate, Lot
from colisage.network.models import Node
from colisage.people.models import Merchant


class BackState(models.TextChoices):
    """How far a return to a supplier is."""

    DRAFT = "draft", _("draft")
    ANNOUNCED = "announced", _("announced to the supplier")
    SENT = "sent", _("sent, credit expected")
    CREDITED = "credited", _("credited")
    REFUSED = "refused", _("refused by the supplier")
    CANCELLED = "cancelled", _("cancelled")


class BackReason(models.TextChoices):
    """Why goods go back."""

    DAMAGED = "damaged", _("damaged on arrival")
    WRONG = "wrong", _("not ordered")
    EXPIRED = "expired", _("expired or too short a date")
    QUALITY = "quality", _("failed inspection")
    OTHER = "other", _("other reason")


class SupplierReturn(models.Model):
    """A document: so many units go back to a supplier, who is to credit them."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=BackState.choices, default=BackState.DRAFT)
    currency = models.CharField(max_length=3)
    claim_until = models.DateField()  # the supplier's days to claim, from the oldest receipt
    note = models.CharField(max_length=500, blank=True)  # for the supplier, printed
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    credited_cents = models.BigIntegerField(null=True)
    credited_on = models.DateField(null=True)
    reference = models.CharField(max_length=60, blank=True)  # of the supplier's credit note, or refusal
    by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now())
    announced_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(credited_cents__isnull=True) | models.Q(credited_cents__gte=0), name="credit_is_ours"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "state", "-id"], name="supplier_returns_of"),
            models.Index(  # what is overdue is counted from these two
                fields=["merchant", "claim_until"],
                name="supplier_returns_to_claim",
                condition=models.Q(state__in=("draft", "announced")),
            ),
            models.Index(
                fields=["merchant", "sent_at"], name="supplier_returns_to_credit", condition=models.Q(state="sent")
            ),
        ]

    @property
    def number(self) -> str:
        """Give the number of the document."""
        return f"RF-{self.pk:06}"


class SupplierReturnLine(models.Model):
    """So many units of one SKU in quarantine, the reason, and the credit expected for one of them."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier_return = models.ForeignKey(SupplierReturn, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    plate = models.ForeignKey(LicensePlate, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    owner_id = models.BigIntegerField(null=True)
    condition = models.CharField(max_length=12)
    units = models.IntegerField()
    reason = models.CharField(max_length=8, choices=BackReason.choices)
    unit_credit_cents = models.BigIntegerField(default=0)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="+")
    aside = models.ForeignKey(SetAside, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(units__gt=0, unit_credit_cents__gte=0), name="back_are_units_with_a_credit"
            )
        ]
