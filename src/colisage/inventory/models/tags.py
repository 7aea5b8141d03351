"""RFID: the readers of an operator, what was read in a place, and how far it is from the books."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.network.models import Node, Place
from colisage.people.models import Merchant, Operator


class ReaderState(models.TextChoices):
    """What was last known of a reader."""

    NEW = "new", _("not tried yet")
    ASKED = "asked", _("being asked")
    READY = "ready", _("answers")
    SILENT = "silent", _("does not answer")


class TagReader(models.Model):
    """An RFID reader in the house. `place` is the shelf it looks at; a gate has none. It has no secrets."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    connector = models.CharField(max_length=20, default="llrp")
    host = models.CharField(max_length=120)
    port = models.IntegerField(default=5084)
    state = models.CharField(max_length=6, choices=ReaderState.choices, default=ReaderState.NEW)
    told = models.CharField(max_length=200, blank=True)  # its model, or why it does not answer
    tried_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator", "name"], name="one_tag_reader"),
            models.CheckConstraint(condition=models.Q(port__gte=1, port__lte=65_535), name="tag_reader_has_a_port"),
        ]


class ReadState(models.TextChoices):
    """What became of a read."""

    READING = "reading", _("being read")
    READ = "read", _("to look at")
    FAILED = "failed", _("failed")
    COUNTING = "counting", _("handed to a count")
    PUT_ASIDE = "put_aside", _("put aside")


class TagRead(models.Model):
    """One look at the tags of a place. Tags of nobody here are counted and shown, never booked."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(TagReader, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ReadState.choices)
    tags = models.IntegerField(default=0)  # different ones
    twice = models.IntegerField(default=0)  # reads of a tag beyond the first
    foreign = models.IntegerField(default=0)  # goods nobody here has
    units = models.IntegerField(default=0)  # pallets and cartons
    unreadable = models.IntegerField(default=0)
    strangers = models.JSONField(default=list)  # the first of those three: [text, standing, name]
    told = models.CharField(max_length=200, blank=True)  # why it failed
    count_id = models.BigIntegerField(null=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["operator", "-id"], name="tag_reads_of_operator"),
            models.Index(fields=["made_at"], name="tag_reads_being_read", condition=models.Q(state="reading")),
        ]


class TagReadLine(models.Model):
    """Goods of one SKU (or one serial of it) in a read: so many expected by the books, so many tags seen."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    read = models.ForeignKey(TagRead, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    serial = models.CharField(max_length=80, blank=True)
    expected = models.IntegerField()
    seen = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["read", "sku", "serial"], name="one_tag_read_line"),
            models.CheckConstraint(condition=models.Q(expected__gte=0, seen__gte=0), name="tag_read_line_counts"),
        ]
