"""Suppliers, and what was ordered from them."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.network.models import Node
from colisage.people.models import Merchant


class Supplier(models.Model):
    """Who a merchant buys from."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    lead_days = models.SmallIntegerField(default=14)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merchant", "code"], name="one_supplier_code")]

    def __str__(self) -> str:
        return self.name


class PurchaseState(models.TextChoices):
    """How far a purchase order is."""

    OPEN = "open", _("expected")
    CLOSED = "closed", _("received")
    CANCELLED = "cancelled", _("cancelled")


class PurchaseOrder(models.Model):
    """What was ordered from a supplier, to one node."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=PurchaseState.choices, default=PurchaseState.OPEN)
    expected_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merchant", "number"], name="one_purchase_number")]


class PurchaseLine(models.Model):
    """So many of one SKU ordered; `received` are those that came, good or damaged."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    purchase_order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    ordered = models.IntegerField()
    received = models.IntegerField(default=0)
    unit_cost_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purchase_order", "sku"], name="one_purchase_line"),
            models.CheckConstraint(condition=models.Q(ordered__gt=0, received__gte=0), name="purchase_is_of_units"),
        ]
