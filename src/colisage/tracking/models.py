"""Where parcels are on the road: what carriers told, in one vocabulary, and the raw messages it came in."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.carriers.models import Carrier
from colisage.orders.models import FulfillmentOrder, Order
from colisage.packing.models import Parcel
from colisage.people.models import Merchant


class Status(models.TextChoices):
    """Where a parcel is, in one vocabulary for all carriers (`tracking.ports.STATUSES`)."""

    PENDING = "pending", pgettext_lazy("parcel", "announced")
    PICKED_UP = "picked_up", _("with the carrier")
    IN_TRANSIT = "in_transit", _("on its way")
    OUT_FOR_DELIVERY = "out_for_delivery", _("out for delivery")
    READY_FOR_PICKUP = "ready_for_pickup", _("ready to collect")
    DELIVERED = "delivered", pgettext_lazy("parcel", "delivered")
    DELAYED = "delayed", _("delayed")
    FAILED = "failed", _("not delivered")
    RETURNING = "returning", _("on its way back")
    RETURNED = "returned", _("back at the sender")
    UNKNOWN = "unknown", _("not known")


class Track(models.Model):
    """One parcel on the road. `status` follows from its events alone, whatever the order in which they came."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+", db_index=False)
    tracking_number = models.CharField(max_length=40)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING)
    reason = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=120, blank=True)
    status_at = models.DateTimeField(null=True)  # when it happened, as the carrier says
    expected_on = models.DateField(null=True)
    started_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tracking_number", "carrier"], name="one_track_per_number"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["merchant", "status"],
                name="track_on_the_road",
                condition=~models.Q(status__in=["delivered", "returned"]),
            ),
        ]


class TrackingEvent(models.Model):
    """One thing a carrier told about a parcel. The same thing told again has the same `key` and is not kept twice."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    key = models.CharField(max_length=120)
    status = models.CharField(max_length=16, choices=Status.choices)
    reason = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40, blank=True)  # the carrier's own
    place = models.CharField(max_length=120, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["track", "key"], name="told_once")]


class DeliveryState(models.TextChoices):
    """What became of a message."""

    WAITING = "waiting", _("to read")
    APPLIED = "applied", _("read")
    UNCLAIMED = "unclaimed", _("of no parcel of ours")  # tried again for a while: the label may not be recorded yet
    UNREADABLE = "unreadable", _("cannot be read")


class WebhookDelivery(models.Model):
    """A signed message as it came, kept before it is answered. It belongs to no merchant until a worker has read it.

    The web role may add rows and see none; bodies are encrypted, and erased after 30 days.
    """

    source = models.CharField(max_length=40)
    message_id = models.CharField(max_length=200)
    body = models.BinaryField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    problem = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(db_default=Now())
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "message_id"], name="one_delivery")]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="delivery_waiting", condition=models.Q(state__in=["waiting", "unclaimed"])
            ),
        ]
