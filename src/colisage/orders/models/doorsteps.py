"""Who goes to whose door, written down for the list of what could go in one parcel."""

from typing import ClassVar

from django.db import models

from colisage.orders.models.orders import Order
from colisage.people.models import Merchant


class Doorstep(models.Model):
    """The person, the door and the delivery of an open order, as a digest: what orders for one parcel have in common.

    `shared` when another open order had the same. Whoever shares a door has a row that says so; who has one may be
    alone again: who reads it looks (0046).
    """

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )
    merchant = models.ForeignKey(  # not checked by itself: the order belongs to it
        Merchant, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    key = models.CharField(max_length=32, db_collation="C")  # empty: it says too little of who it is for
    shared = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["key", "merchant"], name="doorstep_by_key", condition=~models.Q(key="")),
            models.Index(fields=["-order", "merchant"], name="doorstep_shared", condition=models.Q(shared=True)),
        ]
