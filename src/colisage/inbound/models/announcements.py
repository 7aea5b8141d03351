"""What suppliers say is on its way: announced deliveries (ASN), by pallet and carton where they say so."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.catalog.models import Sku
from colisage.inbound.models.purchasing import PurchaseOrder, Supplier
from colisage.inbound.rules.purchasing import UNFINISHED
from colisage.kit.sent_files import RefusedRow, SentFile
from colisage.network.models import Node
from colisage.people.models import Merchant


class AnnouncementState(models.TextChoices):
    """How far an announced delivery is."""

    ANNOUNCED = "announced", _("announced")
    ARRIVING = "arriving", _("at the dock")
    RECEIVED = "received", pgettext_lazy("delivery", "received")
    CANCELLED = "cancelled", _("cancelled")


class Announcement(models.Model):
    """A delivery that a supplier announced; `reference` is the supplier's, sent again it is the same delivery."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=AnnouncementState.choices, default=AnnouncementState.ANNOUNCED)
    expected_on = models.DateField(null=True)
    carrier = models.CharField(max_length=80, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    came_by = models.CharField(max_length=10)  # hand | file | api
    digest = models.BinaryField(max_length=32, default=b"")  # of what was announced: the same again is known by it
    by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now())
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "supplier", "reference"], name="one_announcement")
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "state", "-id"], name="announcements_by_state"),
            models.Index(
                fields=["merchant", "expected_on", "id"],
                name="announcements_due",
                condition=models.Q(state__in=UNFINISHED),
            ),
        ]


class AnnouncedLine(models.Model):
    """So many units of a SKU in an announced delivery, in a carton or on a pallet when its SSCC is known.

    `sscc` is the unit the goods lie in, `pallet_sscc` the one that carries it. A serial number is one unit.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    qty = models.IntegerField()
    received = models.IntegerField(default=0)
    lot = models.CharField(max_length=80, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    expires_on = models.DateField(null=True)
    sscc = models.CharField(max_length=18, blank=True)
    pallet_sscc = models.CharField(max_length=18, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(qty__gt=0, received__gte=0) & (models.Q(serial="") | models.Q(qty=1)),
                name="announced_are_units",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "sscc"], name="announced_by_sscc", condition=~models.Q(sscc="")),
            models.Index(
                fields=["merchant", "pallet_sscc"], name="announced_by_pallet", condition=~models.Q(pallet_sscc="")
            ),
        ]


class AnnouncementImport(SentFile):
    """A file of announced deliveries that somebody sent, and what became of its rows."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    options = models.JSONField(default=dict)  # what holds for rows that do not say theirs, and how days are read


class AnnouncementRefusedRow(RefusedRow):
    """A row that could not be used."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(
        AnnouncementImport, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
