"""What is sold and counted: SKUs with their codes, sizes, and recipes. Lengths in millimetres, weights in grams."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from colisage.kit.sent_files import RefusedRow, SentFile
from colisage.network.models import StorageType
from colisage.people.models import Merchant, Operator


class SkuKind(models.TextChoices):
    """How stock of a SKU is kept: itself, as its components (bundle), or assembled beforehand (kit)."""

    UNIT = "unit", _("unit")
    BUNDLE = "bundle", _("bundle")
    KIT = "kit", _("kit")


class Rotation(models.TextChoices):
    """Which units leave first."""

    FIFO = "fifo", _("first in, first out")
    LIFO = "lifo", _("last in, first out")
    FEFO = "fefo", _("first expired, first out")


class Sku(models.Model):
    """The smallest thing sold and counted. Unknown sizes and weights are null, and said where they matter."""

    # No index of its own: the code's begins with the merchant, and of two the planner may take the worse.
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=100)
    code_key = models.GeneratedField(  # what it is found by, in any case
        expression=Upper("code"), output_field=models.CharField(max_length=100), db_persist=True
    )
    name = models.CharField(max_length=300)
    product = models.CharField(max_length=120, blank=True)  # what its variants share
    kind = models.CharField(max_length=8, choices=SkuKind.choices, default=SkuKind.UNIT)
    grams = models.IntegerField(null=True, blank=True)
    length_mm = models.IntegerField(null=True, blank=True)
    width_mm = models.IntegerField(null=True, blank=True)
    height_mm = models.IntegerField(null=True, blank=True)
    price_cents = models.BigIntegerField(default=0)
    cost_cents = models.BigIntegerField(default=0)
    hs_code = models.CharField(max_length=12, blank=True)
    origin = models.CharField(max_length=2, blank=True)
    fragile = models.BooleanField(default=False)
    stackable = models.BooleanField(default=True)
    keep_upright = models.BooleanField(default=False)
    hazardous = models.BooleanField(default=False)
    digital = models.BooleanField(default=False)
    tracks_lots = models.BooleanField(default=False)
    tracks_serials = models.BooleanField(default=False)
    tracks_expiry = models.BooleanField(default=False)
    days_left = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # units with fewer days before their date are not sold
    rotation = models.CharField(max_length=4, choices=Rotation.choices, default=Rotation.FIFO)
    storage = models.ForeignKey(StorageType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    unmeasured = models.GeneratedField(  # boxes and postage are guesses
        expression=models.Q(kind__in=["unit", "kit"], digital=False)  # type: ignore[arg-type]
        & ~(
            models.Q(grams__isnull=False, grams__gt=0)
            & models.Q(length_mm__isnull=False, length_mm__gt=0)
            & models.Q(width_mm__isnull=False, width_mm__gt=0)
            & models.Q(height_mm__isnull=False, height_mm__gt=0)
        ),
        output_field=models.BooleanField(), db_persist=True,
    )  # fmt: skip

    class Meta:
        indexes: ClassVar = [  # what is rare among many
            models.Index(
                fields=["merchant", "code_key"],
                name="skus_unmeasured",
                condition=models.Q(unmeasured=True, active=True),
            ),
            models.Index(fields=["merchant", "code_key"], name="skus_inactive", condition=models.Q(active=False)),
            models.Index(fields=["merchant", "code_key"], name="skus_kits", condition=models.Q(kind="kit")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "code_key"], name="one_sku_code"),
            models.CheckConstraint(
                condition=models.Q(grams__gte=0)
                & models.Q(length_mm__gte=0)
                & models.Q(width_mm__gte=0)
                & models.Q(height_mm__gte=0)
                | models.Q(grams__isnull=True)
                | models.Q(length_mm__isnull=True)
                | models.Q(width_mm__isnull=True)
                | models.Q(height_mm__isnull=True),
                name="sku_sizes_are_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SkuWord(models.Model):
    """A word of a SKU's name, as people look for it; the database keeps them (`sql/words.sql`)."""

    pk = models.CompositePrimaryKey("merchant_id", "word", "sku_id")
    merchant = models.ForeignKey(
        Merchant, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    word = models.CharField(max_length=60, db_collation="C")


class Barcode(models.Model):
    """A code that a scanner reads on a SKU: GTIN or the merchant's own; `units` when it stands for a case."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    code = models.CharField(max_length=80)
    units = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merchant", "code"], name="one_barcode")]


class Component(models.Model):
    """A bundle's or kit's recipe: so many units of a SKU in it."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    quantity = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parent", "sku"], name="one_component"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="component_quantity_is_positive"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("sku")), name="no_sku_contains_itself"),
        ]


class CatalogImport(SentFile):
    """A file of SKUs that somebody sent, and what became of its rows."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)


class CatalogRefusedRow(RefusedRow):
    """A row that could not be used."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(
        CatalogImport, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )


class Numbering(models.Model):
    """How a merchant or an operator numbers pallets and cartons, and what its scanners send in the place of FNC1.

    SSCC run from `next_serial` to `last_serial` after the company prefix; without one they are specimens.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    company_prefix = models.CharField(max_length=12, blank=True)
    extension = models.SmallIntegerField(default=0)
    next_serial = models.BigIntegerField(default=0)
    last_serial = models.BigIntegerField(default=0)
    plate_prefix = models.CharField(max_length=6, default="LPN")
    separator = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "operator"], name="one_numbering", nulls_distinct=False),
            models.UniqueConstraint(
                fields=["company_prefix", "extension"], name="one_sscc_range", condition=~models.Q(company_prefix="")
            ),
            models.CheckConstraint(
                condition=models.Q(merchant__isnull=True) ^ models.Q(operator__isnull=True), name="somebody_numbers"
            ),
            models.CheckConstraint(
                condition=models.Q(next_serial__gte=0, next_serial__lte=models.F("last_serial") + 1),
                name="serials_within_range",
            ),
        ]
