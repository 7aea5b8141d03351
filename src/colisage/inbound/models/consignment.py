"""Consigned goods that were consumed, and so bought: a statement for each supplier and month."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.catalog.models import Sku
from colisage.inbound.models.purchasing import Supplier
from colisage.inventory.models import Lot
from colisage.people.models import Merchant


class StatementState(models.TextChoices):
    """Whether purchases are still added."""

    OPEN = "open", _("running")
    CLOSED = "closed", pgettext_lazy("statement", "closed")


class ConsignmentStatement(models.Model):
    """What was bought from a supplier in a month because it was consumed; closed, it is what is to be paid."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    month = models.DateField()  # its first day
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=6, choices=StatementState.choices, default=StatementState.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "supplier", "month"], name="one_consignment_statement")
        ]


class ConsignmentLine(models.Model):
    """Units bought by one movement of the ledger; a movement buys once. Found again: less."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    statement = models.ForeignKey(ConsignmentStatement, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    movement_id = models.BigIntegerField(unique=True)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    qty = models.IntegerField()
    unit_cost_cents = models.BigIntegerField(default=0)  # in the statement's currency
    reason = models.CharField(max_length=30)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(qty=0), name="consignment_buys_units")]
