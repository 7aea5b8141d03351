"""What bins are chosen by, kept so that who asks need not read every pick and every cell.

`docs/decisions/0039-a-few-bins-of-each-kind.md` says how it is kept, and how old it may be.
"""

from typing import ClassVar

from django.db import models

from colisage.catalog.models import Sku
from colisage.kit.models import XidField
from colisage.network.models import Node, Place
from colisage.people.models import Merchant, Operator


class SkuSpeed(models.Model):
    """How fast a SKU goes: A often, B sometimes. Those picked seldom or never, C, have no row."""

    sku = models.OneToOneField(Sku, on_delete=models.PROTECT, primary_key=True, related_name="+", db_constraint=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    speed = models.CharField(max_length=1, choices=[("A", "A"), ("B", "B")])


_KIND = ("node", "storage", "cross_dock", "skus", "mm3_size", "grams_size")
_READ = ("free_mm3", "free_grams", "operator")  # all that is asked for stands in the index


class BinRoom(models.Model):
    """What kind of bin an active bin is, and where: the room left, how many SKUs lie in it. Kept by the database.

    Sizes are powers of four: 0 no room, n less than the nth and not less than the one before, 99 no limit known.
    """

    place = models.OneToOneField(Place, on_delete=models.PROTECT, primary_key=True, related_name="+")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    storage = models.CharField(max_length=20, db_collation="C")  # its own type, or its zone's
    cross_dock = models.BooleanField()
    skus = models.IntegerField()
    mm3_size = models.SmallIntegerField()
    grams_size = models.SmallIntegerField()
    free_mm3 = models.BigIntegerField(null=True)
    free_grams = models.BigIntegerField(null=True)
    distance_mm = models.IntegerField()  # from the packing bench
    walk = models.IntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=[*_KIND, "distance_mm", "walk", "place"], include=_READ, name="bins_nearest"),
            models.Index(fields=[*_KIND, "-distance_mm", "walk", "place"], include=_READ, name="bins_farthest"),
            models.Index(fields=[*_KIND, "walk", "place"], include=_READ, name="bins_along_the_walk"),
        ]


class RoomMark(models.Model):
    """Up to which transaction the rooms of bins are noted: one row, and the server that numbered it."""

    upto = XidField(default=0)
    system = models.BigIntegerField(default=0)
