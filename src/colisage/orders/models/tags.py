"""What orders are found by besides what they hold."""

from typing import ClassVar, Final

from django.db import models

from colisage.orders.models.orders import Order
from colisage.people.models import Merchant

TAG_KEY: Final = 300  # letters of a tag that it is found by


class OrderTag(models.Model):
    """A tag of an order as it is found, in capitals: no index over `Order.tags` can be used behind the second wall.

    Written by the statements that write `Order.tags`, and by nothing else.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    key = models.CharField(max_length=TAG_KEY, db_collation="C")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "key"], name="one_tag_of_a_key")]
        indexes: ClassVar = [models.Index(fields=["merchant", "key", "order"], name="orders_by_tag")]
