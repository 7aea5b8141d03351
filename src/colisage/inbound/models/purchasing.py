"""Suppliers, what they sell us and on which terms, and what was ordered from them."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.catalog.models import Sku
from colisage.inbound.rules.purchasing import EXPECTING
from colisage.network.models import Node
from colisage.people.models import Merchant


class DueFrom(models.TextChoices):
    """From when the days of payment are counted."""

    INVOICE = "invoice", _("from the invoice")
    END_OF_MONTH = "month", _("from the end of the month")


class Supplier(models.Model):
    """Who a merchant buys from, and on which terms."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.JSONField(default=dict)  # line1, line2, postcode, city, region, country
    language = models.CharField(max_length=2, default="fr")
    currency = models.CharField(max_length=3, default="EUR")
    lead_days = models.SmallIntegerField(default=14)
    due_days = models.SmallIntegerField(default=30)
    due_from = models.CharField(max_length=7, choices=DueFrom.choices, default=DueFrom.INVOICE)
    minimum_cents = models.BigIntegerField(default=0)  # of one order, in the supplier's currency
    incoterm = models.CharField(max_length=3, blank=True)
    claim_days = models.SmallIntegerField(default=7)  # after a receipt, to claim what came damaged
    pays_lost = models.BooleanField(default=True)  # consigned units that we lose are ours to pay
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merchant", "code"], name="one_supplier_code")]

    def __str__(self) -> str:
        return self.name


class SupplierSku(models.Model):
    """How a supplier sells one SKU: under which code, at which cost, in packs of how many."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    supplier_code = models.CharField(max_length=80, blank=True)
    unit_cost_cents = models.BigIntegerField(default=0)  # in the supplier's currency
    pack_units = models.IntegerField(default=1)
    minimum_units = models.IntegerField(default=1)
    lead_days = models.SmallIntegerField(null=True)  # null: the supplier's own

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["supplier", "sku"], name="one_supplier_sku"),
            models.CheckConstraint(
                condition=models.Q(pack_units__gt=0, minimum_units__gt=0, unit_cost_cents__gte=0),
                name="supplier_sells_units",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["supplier", "supplier_code"], name="supplier_sku_by_code")]


class PurchaseState(models.TextChoices):
    """How far a purchase order is."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("expected")
    PARTLY = "partly", _("partly received")
    CLOSED = "closed", pgettext_lazy("delivery", "received")
    SHORT = "short", _("closed short")
    CANCELLED = "cancelled", _("cancelled")


class PurchaseOrder(models.Model):
    """What was ordered from a supplier, to one node; consigned goods stay the supplier's until they are consumed."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=PurchaseState.choices, default=PurchaseState.OPEN)
    expected_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    consigned = models.BooleanField(default=False)
    note = models.TextField(blank=True)  # for the supplier, printed
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merchant", "number"], name="one_purchase_number")]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "state", "-id"], name="purchases_by_state"),
            models.Index(fields=["supplier", "-id"], name="purchases_of_supplier"),
            models.Index(  # by day: what is late, what comes first; and how much each supplier still owes
                fields=["merchant", "expected_on", "id"],
                include=["supplier"],
                name="purchases_due",
                condition=models.Q(state__in=EXPECTING),
            ),
        ]


class PurchaseLine(models.Model):
    """So many of one SKU ordered; `received` are those that came, good or damaged."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    supplier_code = models.CharField(max_length=80, blank=True)
    ordered = models.IntegerField()
    received = models.IntegerField(default=0)
    unit_cost_cents = models.BigIntegerField(default=0)  # in the order's currency
    expected_on = models.DateField(null=True)  # null: the order's date

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purchase_order", "sku"], name="one_purchase_line"),
            models.CheckConstraint(condition=models.Q(ordered__gt=0, received__gte=0), name="purchase_is_of_units"),
        ]
