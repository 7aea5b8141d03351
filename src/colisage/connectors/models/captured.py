"""What partners told us happened, kept as they told it. It is shown, and never moves stock by itself."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from colisage.catalog.models import Sku
from colisage.people.models import Merchant


class CaptureJob(models.Model):
    """One document that was sent: what came of it. `errors` are the events that were refused, with the reason."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    key_id = models.BigIntegerField()
    key_name = models.CharField(max_length=80)
    behaviour = models.CharField(max_length=10)  # rollback: all or nothing; proceed: what can be kept is kept
    success = models.BooleanField()
    captured = models.IntegerField(default=0)
    known = models.IntegerField(default=0)  # sent before, with the same content
    errors = models.JSONField(default=list)
    at = models.DateTimeField(db_default=Now())


class CapturedEvent(models.Model):
    """An event of a partner. `body` is what was sent; the columns beside it are what is asked by."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    job = models.ForeignKey(CaptureJob, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    event_id = models.CharField(max_length=500)
    digest = models.BinaryField()  # of what it says, to know it again
    type = models.CharField(max_length=300)
    action = models.CharField(max_length=10, blank=True)
    step = models.CharField(max_length=300, blank=True)
    disposition = models.CharField(max_length=300, blank=True)
    read_point = models.CharField(max_length=500, blank=True)
    biz_location = models.CharField(max_length=500, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    body = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merchant", "event_id"], name="captured_once")]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "occurred_at"], name="captured_by_time"),
        ]


class CapturedName(models.Model):
    """A thing or class that a captured event speaks about; `sku` when it is one of ours, null when foreign."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    event = models.ForeignKey(CapturedEvent, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    standing = models.CharField(max_length=12)  # epc, parent, input, output, class, input_class, output_class
    uri = models.CharField(max_length=500)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    lot = models.CharField(max_length=80, blank=True)  # or the serial

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["merchant", "uri"], name="captured_by_name"),
            models.Index(fields=["merchant", "lot"], name="captured_by_lot", condition=~models.Q(lot="")),
        ]
