"""Kits made and taken apart: one document for each time, with what went in and where it lay."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.inventory.models.stock import LicensePlate, Lot
from colisage.network.models import Node, Place
from colisage.people.models import Merchant


class AssemblyKind(models.TextChoices):
    """Whether kits were made or taken apart."""

    ASSEMBLED = "assembled", _("assembled")
    DISASSEMBLED = "disassembled", _("taken apart")


class Assembly(models.Model):
    """Kits made at a node, or taken apart, in one moment; `made_by` is the assembly that kits taken apart came from.

    `once` identifies the form that asked: sent twice, it is done once.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    kind = models.CharField(max_length=12, choices=AssemblyKind.choices)
    qty = models.IntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    once = models.UUIDField()
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "once"], name="assembly_once"),
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="assembly_is_of_kits"),
        ]
        indexes: ClassVar = [models.Index(fields=["sku", "-id"], name="assemblies_of_kit")]


class AssemblyLine(models.Model):
    """Units of one component that went into kits, or came out of them: from (to) one place, of one lot.

    `per_kit` is the recipe of then.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    per_kit = models.IntegerField()
    qty = models.IntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    plate = models.ForeignKey(LicensePlate, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(qty__gt=0), name="assembly_line_is_of_units")
        ]
