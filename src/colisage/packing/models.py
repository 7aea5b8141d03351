"""Parcels: boxes planned, filled, weighed and closed. Lengths in millimetres, weights in grams."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from colisage.boxing.models import BoxType
from colisage.catalog.models import Sku
from colisage.orders.models import FulfillmentLine, FulfillmentOrder
from colisage.people.models import Merchant


class ParcelState(models.TextChoices):
    """How far a parcel is."""

    OPEN = "open", _("to pack")
    SEALED = "sealed", _("sealed")
    VOID = "void", _("void")


class Parcel(models.Model):
    """One box of a fulfilment order; `number` counts from 1. `layout` is how the contents lie, for the drawing."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    number = models.SmallIntegerField()
    box_type = models.ForeignKey(
        BoxType, on_delete=models.PROTECT, null=True, related_name="+"
    )  # null: the packer finds one
    state = models.CharField(max_length=6, choices=ParcelState.choices, default=ParcelState.OPEN)
    expected_grams = models.IntegerField()
    grams = models.IntegerField(null=True)
    length_mm = models.IntegerField()
    width_mm = models.IntegerField()
    height_mm = models.IntegerField()
    layout = models.JSONField(default=list)
    remarks = models.JSONField(default=list)  # [[SKU id, code of `boxing.queries.REASONS`], …]
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fulfillment_order", "number"],
                name="one_parcel_number",
                condition=~models.Q(state="void"),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sealed") | models.Q(grams__isnull=False, sealed_at__isnull=False),
                name="sealed_parcels_are_weighed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "fulfillment_order"], name="parcels_of_fulfillment"),
        ]


class ParcelLine(models.Model):
    """Units of a fulfilment line that go into one parcel; `scanned` counts those checked by scan."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    fulfillment_line = models.ForeignKey(
        FulfillmentLine, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    quantity = models.IntegerField()
    scanned = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, scanned__gte=0) & models.Q(scanned__lte=models.F("quantity")),
                name="parcel_line_is_of_units",
            ),
        ]
