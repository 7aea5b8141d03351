"""What came: deliveries, their receipts, and what was set aside at the dock."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.inbound.models.announcements import Announcement
from colisage.inbound.models.purchasing import PurchaseOrder, Supplier
from colisage.inventory.models import LicensePlate, Lot
from colisage.network.models import Node
from colisage.people.models import Merchant


class DeliveryState(models.TextChoices):
    """Whether people still take in what a delivery brought."""

    OPEN = "open", _("being received")
    FINISHED = "finished", _("received")


class Delivery(models.Model):
    """What a lorry brought at one time, from the first scan until somebody says: that was all."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    carrier = models.CharField(max_length=60, blank=True)
    note_number = models.CharField(max_length=60, blank=True)  # of the supplier's delivery note
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.OPEN)
    closed_short = models.BooleanField(default=False)  # what is missing is not waited for
    started_by_id = models.BigIntegerField(null=True)
    started_by = models.CharField(max_length=150)
    started_at = models.DateTimeField(db_default=Now())
    finished_by = models.CharField(max_length=150, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["purchase_order"],
                name="one_open_delivery_of_order",
                condition=models.Q(state="open", purchase_order__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["announcement"],
                name="one_open_delivery_of_announcement",
                condition=models.Q(state="open", announcement__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["merchant", "node", "started_by_id"],
                name="one_open_blind_delivery",
                condition=models.Q(state="open", purchase_order__isnull=True, announcement__isnull=True),
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "state", "-id"], name="deliveries_by_state"),
        ]


class Receipt(models.Model):
    """Units of one SKU taken in at one moment, against an order or blind; undone, it counts nothing."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
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
    over = models.IntegerField(default=0)  # of all of them, those that nobody ordered more of
    unexpected = models.BooleanField(default=False)  # the order does not have this SKU
    put_away = models.IntegerField(default=0)  # of the good ones
    plated = models.IntegerField(default=0)  # of the good ones on the dock, on plates: the sum of their loads
    rejected = models.IntegerField(default=0)  # of the good ones, by inspection: they are in quarantine
    checklist = models.ForeignKey(
        "inbound.Checklist", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    inspection_due = models.BooleanField(default=False)
    owner_id = models.BigIntegerField(null=True)  # the supplier, while the goods are consigned
    came_from = models.CharField(max_length=10, default="supplier")  # supplier | transit | assembly
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    good__gte=0,
                    damaged__gte=0,
                    put_away__gte=0,
                    rejected__gte=0,
                    plated__gte=0,
                    put_away__lte=models.F("good") - models.F("rejected") - models.F("plated"),
                )
                & (models.Q(good__gt=0) | models.Q(damaged__gt=0)),
                name="receipt_is_of_units",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True) | models.Q(put_away=0, plated=0),
                name="undone_is_not_put_away",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["node", "id"],
                name="receipt_on_the_dock",
                condition=models.Q(put_away__lt=models.F("good") - models.F("rejected"), undone_at__isnull=True),
            ),
            models.Index(
                fields=["merchant", "id"],
                name="receipts_standing",
                condition=models.Q(put_away__lt=models.F("good") - models.F("rejected"), undone_at__isnull=True),
            ),
        ]

    @property
    def left(self) -> int:
        """Give the units that still stand on the dock."""
        return 0 if self.undone_at is not None else self.good - self.rejected - self.put_away

    @property
    def loose(self) -> int:
        """Give the units that stand on the dock by themselves, on no plate."""
        return max(0, self.left - self.plated)


class PlateLoad(models.Model):
    """Units of a receipt that stand on the dock on a plate; gone once they are taken off it or put away with it."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    plate = models.ForeignKey(LicensePlate, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    qty = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["receipt", "plate"], name="one_load_of_a_receipt"),
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="load_is_of_units"),
        ]
        indexes: ClassVar = [models.Index(fields=["merchant", "plate"], name="loads_of_merchant")]


class AsideKind(models.TextChoices):
    """Why something was set aside at the dock."""

    UNIDENTIFIED = "unidentified", _("unidentified")
    WRONG = "wrong", _("not ordered")
    EXPIRED = "expired", _("expired")


class AsideState(models.TextChoices):
    """What became of what was set aside."""

    OPEN = "open", _("set aside")
    TAKEN = "taken", _("taken in")
    SENT_BACK = "sent_back", _("sent back")


class SetAside(models.Model):
    """What came and could not be taken in: unknown goods, a SKU nobody ordered, a lot past its date.

    Units of a known SKU are in the books, in quarantine; what nobody can name is not, until it is identified.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=12, choices=AsideKind.choices)
    state = models.CharField(max_length=9, choices=AsideState.choices, default=AsideState.OPEN)
    scanned = models.CharField(max_length=100, blank=True)
    description = models.CharField(max_length=300, blank=True)
    units = models.IntegerField(default=1)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())
    settled_by = models.CharField(max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(units__gt=0), name="aside_is_of_units"),
            models.CheckConstraint(
                condition=models.Q(kind="unidentified") | models.Q(sku__isnull=False), name="aside_names_what_it_knows"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["merchant", "state", "-id"], name="asides_of")]

    @property
    def number(self) -> str:
        """Give the number on its label."""
        return f"MC-{self.pk:06}"

    @property
    def in_books(self) -> bool:
        """Say whether its units were in the books while it waited: those of a SKU that was known at once."""
        return self.kind != AsideKind.UNIDENTIFIED

    @property
    def condition(self) -> str:
        """Give the condition in which units of a known SKU lie in quarantine."""
        return "expired" if self.kind == AsideKind.EXPIRED else "quarantine"


class DockPolicy(models.Model):
    """How a merchant's goods are taken in: above this share of an order's line, somebody has to confirm."""

    merchant = models.OneToOneField(Merchant, on_delete=models.PROTECT, related_name="+", primary_key=True)
    over_percent = models.SmallIntegerField(default=5)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(over_percent__range=(0, 100)), name="over_is_a_share")
        ]
