"""Work on the floor: waves released, batches walked by one picker, tasks of one bin each.

Waves and batches belong to the operator; a batch may hold units of several merchants, so a task names its own.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.catalog.models import Sku
from colisage.inventory.models import Allocation
from colisage.network.models import Node, Place
from colisage.orders.models import FulfillmentLine, FulfillmentOrder
from colisage.people.models import Merchant, Operator, User


class Wave(models.Model):
    """Orders of one node released to the floor together, usually for one cut-off."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    cutoff = models.DateTimeField(null=True)  # the earliest among its orders
    orders = models.IntegerField()
    released_at = models.DateTimeField(db_default=Now())
    released_by = models.CharField(max_length=150)


class BatchState(models.TextChoices):
    """How far a batch is."""

    WAITING = "waiting", _("to take")
    TAKEN = "taken", pgettext_lazy("batch", "being picked")
    DONE = "done", pgettext_lazy("batch", "done")


class PickBatch(models.Model):
    """One walk with a cart. `walk` is the drawn way: [[x, y], …] in millimetres, from the bench and back."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.WAITING)
    picker = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    picked_by = models.CharField(max_length=150, blank=True)  # a person's name, or a machine's
    cutoff = models.DateTimeField(null=True)
    totes = models.SmallIntegerField()
    walk = models.JSONField(default=list)
    walk_millimetres = models.IntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["node", "state", "id"], name="batch_open", condition=~models.Q(state="done")),
        ]

    @property
    def walk_metres(self) -> int:
        """Give the length of the walk in metres."""
        return round(self.walk_millimetres / 1000)


class TaskState(models.TextChoices):
    """What became of a task."""

    OPEN = "open", _("to pick")
    DONE = "done", _("picked")
    SHORT = "short", _("short")  # fewer were there; `picked` says how many
    CANCELLED = "cancelled", pgettext_lazy("pick", "cancelled")  # its units were lost or given back before the pick


class PickTask(models.Model):
    """Take so many units of a SKU from one place and put them into one tote."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(PickBatch, on_delete=models.PROTECT, related_name="+", db_index=False)
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    fulfillment_line = models.ForeignKey(
        FulfillmentLine, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    allocation = models.OneToOneField(Allocation, on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    picked = models.IntegerField(default=0)
    tote = models.SmallIntegerField()  # on the cart, from 1
    position = models.IntegerField()  # in the walk
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, picked__gte=0) & models.Q(picked__lte=models.F("quantity")),
                name="task_is_of_units",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch", "position", "id"], name="tasks_of_batch"),
        ]


class PutBack(models.Model):
    """Units that were picked for an order and will not be sent: they lie on the bench until they are in a bin again."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    task = models.OneToOneField(PickTask, on_delete=models.PROTECT, related_name="+")
    units = models.IntegerField()
    back = models.IntegerField(default=0)  # in a bin again
    missing = models.IntegerField(default=0)  # not found, or damaged: written off
    since = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(units__gt=0, back__gte=0, missing__gte=0)
                & models.Q(units__gte=models.F("back") + models.F("missing")),
                name="put_back_at_most_all",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["operator", "id"], name="put_back_open", condition=models.Q(done_at__isnull=True)),
        ]

    @property
    def left(self) -> int:
        """Give the units that still lie there."""
        return self.units - self.back - self.missing
