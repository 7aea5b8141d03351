"""Units held for somebody who has not ordered yet: a cart at the checkout."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from colisage.catalog.models import Sku
from colisage.network.models import Channel
from colisage.people.models import Merchant


class StockHold(models.Model):
    """Units that a channel asked to be held until a moment; `reference` is its own identity of the cart."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    reference = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # given back, or turned into an order
    ordered = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "reference"], condition=models.Q(ended_at__isnull=True), name="one_open_hold"
            )
        ]


class StockHoldLine(models.Model):
    """So many of one SKU of a hold; what is reserved belongs to the line."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    hold = models.ForeignKey(StockHold, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    quantity = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="hold_line_is_of_units")
        ]
