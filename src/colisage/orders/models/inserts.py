"""What goes into a parcel beside what was ordered: leaflets, samples, gifts."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import pgettext_lazy

from colisage.catalog.models import Sku
from colisage.orders.models.orders import Order
from colisage.people.models import Merchant


class InsertState(models.TextChoices):
    """What became of an insert."""

    ASKED = "asked", pgettext_lazy("insert", "comes with the order")  # no node was chosen yet
    ADDED = "added", pgettext_lazy("insert", "goes with the order")
    LEFT_OUT = "left_out", pgettext_lazy("insert", "left out")


class Insert(models.Model):
    """One unit of a SKU that a rule puts into an order's parcel, for nothing: once, whoever asks again.

    It is no line of the order: nobody paid for it, nobody returns it, no shop knows it. It is a line of a part without
    an order line (`line_id`), and its promise belongs to that line (owner kind `insert`).
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    state = models.CharField(max_length=8, choices=InsertState.choices, default=InsertState.ASKED)
    why = models.CharField(max_length=10, blank=True)  # it was left out: a code of `orders.rules.LEFT_OUT`
    line_id = models.BigIntegerField(null=True)  # the fulfilment line that sends it; parts may be chosen anew
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "sku"], name="one_insert_of_a_sku")]
        indexes: ClassVar = [
            models.Index(fields=["line_id"], name="insert_of_line", condition=models.Q(line_id__isnull=False))
        ]
