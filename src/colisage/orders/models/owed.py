"""What customers are told of what is owed, the ends of the queues it stands in, and who is served first."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.orders.models.orders import Order, OrderLine
from colisage.people.models import Merchant


class Backorder(models.Model):
    """What a customer is told of an order line of which units are owed: when they are expected to be here, and why.

    There as long as something of the line is owed. `before` is the day that was expected last, `told_on` the latest of
    the days that the customer was told; empty: nobody knew. One that is not `told` was reckoned with the queue, before
    its own order was heard of.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    order_line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    on = models.DateField(null=True)
    why = models.CharField(max_length=10)  # of `orders.rules.EXPECTED_WHY`
    before = models.DateField(null=True)
    told_on = models.DateField(null=True)
    told = models.BooleanField(default=True)
    changed_at = models.DateTimeField(db_default=Now())


class QueueEnd(models.Model):
    """Who stands last in the queue of a SKU and has a day, and what is left for whoever comes after.

    True as long as the `mark` of what comes is the same; whatever changes the queue before him reckons it anew.
    """

    sku = models.OneToOneField(Sku, on_delete=models.PROTECT, primary_key=True, related_name="+", db_constraint=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    priority = models.SmallIntegerField()
    turn = models.CharField(max_length=60)
    since = models.DateTimeField()
    reservation_id = models.BigIntegerField()
    left = models.JSONField()  # by node: when, as what, so many units; the next last
    mark = models.CharField(max_length=32)


class TurnKind(models.TextChoices):
    """What puts an order before others when units come."""

    EXPRESS = "express", _("the delivery chosen")  # `value`: words of it, parted by commas
    WANTED = "wanted", _("the wanted day, the nearest first")
    TAG = "tag", _("a tag")
    CHANNEL = "channel", _("a sales channel")  # `value`: its code
    BUSINESS = "business", _("a firm that orders")


class TurnRule(models.Model):
    """One of the things by which a merchant's waiting orders are served, the first position first; then by age."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=10, choices=TurnKind.choices)
    value = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merchant", "position"], name="one_turn_rule")]
