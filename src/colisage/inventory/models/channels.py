"""What is kept back from a channel, SKU by SKU."""

from typing import ClassVar

from django.db import models

from colisage.catalog.models import Sku
from colisage.network.models import Channel
from colisage.people.models import Merchant


class ChannelBuffer(models.Model):
    """Units of one SKU that a channel leaves at each node, instead of the channel's own buffer."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    units = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "sku"], name="one_channel_buffer"),
            models.CheckConstraint(condition=models.Q(units__gte=0), name="channel_buffer_is_not_negative"),
        ]


class PublishedMark(models.Model):
    """Up to where changes of what channels may sell have been told: one row, the snapshot of the database of then."""

    snapshot = models.TextField(default="")
    told_at = models.DateTimeField(null=True)
