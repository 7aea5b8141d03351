"""What came, in one moment, of one SKU."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from colisage.catalog.models import Sku
from colisage.inbound.models.announcements import Announcement
from colisage.inbound.models.purchasing import PurchaseOrder
from colisage.inventory.models import Lot
from colisage.network.models import Node
from colisage.people.models import Merchant


class Receipt(models.Model):
    """Units of one SKU taken in at one moment, against an order or blind."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    good = models.IntegerField()
    damaged = models.IntegerField(default=0)
    put_away = models.IntegerField(default=0)  # of the good ones
    owner_id = models.BigIntegerField(null=True)  # the supplier, while the goods are consigned
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(good__gte=0, damaged__gte=0, put_away__gte=0, put_away__lte=models.F("good"))
                & (models.Q(good__gt=0) | models.Q(damaged__gt=0)),
                name="receipt_is_of_units",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["node", "id"], name="receipt_to_put_away", condition=models.Q(put_away__lt=models.F("good"))
            )
        ]
