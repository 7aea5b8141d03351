"""Carriage: accounts and number ranges of operators, shipments bought, their labels, and the manifests they left with.

Weights in grams, money in minor units of `currency`.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.carriers.models import Carrier, Service
from colisage.network.models import Node
from colisage.orders.models import FulfillmentOrder, Order
from colisage.packing.models import Parcel
from colisage.people.models import Merchant, Operator


class CarrierAccount(models.Model):
    """How an operator buys labels of a carrier: `connector` names the port; without an account labels are made here."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    connector = models.CharField(max_length=40)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator", "carrier"], name="one_account_per_carrier")
        ]


class NumberRange(models.Model):
    """Tracking numbers a carrier gave to an operator: UPU S10, `prefix` 8 digits and a check digit `country`.

    Without a range of its own, every number is a specimen's and every label says so.
    """

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=2)
    country = models.CharField(max_length=2)
    next = models.IntegerField()
    last = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator", "carrier"], name="one_range_per_carrier"),
            models.CheckConstraint(
                condition=models.Q(next__gte=0, last__lte=99_999_999) & models.Q(next__lte=models.F("last") + 1),
                name="range_has_eight_digits",
            ),
        ]


class Manifest(models.Model):
    """What one carrier took at one node, at one time: the sheet its driver signs."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    shipments = models.IntegerField()
    parcels = models.IntegerField()
    grams = models.BigIntegerField()
    closed_at = models.DateTimeField(db_default=Now())
    closed_by = models.CharField(max_length=150, blank=True)
    announced_at = models.DateTimeField(null=True)  # the carrier's system knows; null where it has none, or not yet

    class Meta:
        indexes: ClassVar = [models.Index(fields=["operator", "-id"], name="manifests_of_operator")]

    @property
    def number(self) -> str:
        """Give the number people call it by."""
        return f"B{self.pk:06d}"


class ShipmentState(models.TextChoices):
    """What is known of a shipment at the carrier."""

    REQUESTED = "requested", _("label wanted")
    UNKNOWN = (
        "unknown",
        pgettext_lazy("shipment", "outcome unknown"),
    )  # asked, no answer recorded: ask again by key, never buy twice
    BOUGHT = "bought", _("label there")
    FAILED = "failed", pgettext_lazy("shipment", "refused")
    VOIDING = "voiding", _("being voided")
    VOID = "void", pgettext_lazy("shipment", "void")
    HANDED_OVER = "handed_over", pgettext_lazy("shipment", "handed over")


class Shipment(models.Model):
    """Parcels of one fulfilment order that one carrier takes to one address; `why` explains the choice of service."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, related_name="+"
    )  # null: nobody carries there
    state = models.CharField(max_length=12, choices=ShipmentState.choices, default=ShipmentState.REQUESTED)
    idempotency_key = models.CharField(max_length=40, unique=True)
    carrier_ref = models.CharField(max_length=80, blank=True)
    quoted_cents = models.IntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    promised_on = models.DateField(null=True)
    arrives_on = models.DateField(null=True)  # as the service announces it
    ship_by = models.DateTimeField(null=True)
    parcels = models.SmallIntegerField()
    grams = models.IntegerField()
    why = models.JSONField(default=dict)
    problem = models.CharField(max_length=40, blank=True)  # a code of `shipping.queries.PROBLEMS`
    problem_text = models.CharField(max_length=300, blank=True)  # the carrier's own words
    attempts = models.SmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField(db_default=Now())
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fulfillment_order"],
                name="one_living_shipment",
                condition=~models.Q(state__in=["failed", "void", "voiding"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "fulfillment_order"], name="shipments_of_fulfillment"),
            models.Index(
                fields=["node", "state", "carrier"],
                name="shipment_open",
                condition=models.Q(state__in=["requested", "unknown", "bought", "failed", "voiding"]),
            ),
        ]


class LabelState(models.TextChoices):
    """Whether a label may be stuck on a parcel."""

    GOOD = "good", _("good")
    VOID = "void", pgettext_lazy("shipment", "void")


class Label(models.Model):
    """What is stuck on one parcel. `face` is what is printed on it, kept as it was when the label was bought."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+", db_index=False)
    tracking_number = models.CharField(max_length=40)
    specimen = models.BooleanField(default=True)
    face = models.JSONField()
    state = models.CharField(max_length=4, choices=LabelState.choices, default=LabelState.GOOD)
    made_at = models.DateTimeField(db_default=Now())
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tracking_number", "carrier"], name="one_label_per_number"),
            models.UniqueConstraint(fields=["parcel"], name="one_good_label", condition=models.Q(state="good")),
        ]
