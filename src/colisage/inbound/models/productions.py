"""Goods made in the house, by batch."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from colisage.catalog.models import Sku
from colisage.inbound.models.receipts import Receipt
from colisage.inventory.models import Lot
from colisage.network.models import Node
from colisage.people.models import Merchant


class Production(models.Model):
    """A batch of one SKU made in the house and brought to the dock; `parts` are (SKU code, units) used for it."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    serials = models.JSONField(default=list, db_default=[])  # as they were told, of units that have them
    batch = models.CharField(max_length=80, blank=True)  # the number of the batch sheet
    qty = models.IntegerField()
    parts = models.JSONField(default=list)
    once = models.CharField(max_length=40)  # of the form: sent twice, it is one batch
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "once"], name="one_production"),
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="production_is_of_units"),
        ]
        indexes: ClassVar = [models.Index(fields=["merchant", "-id"], name="productions_of")]
