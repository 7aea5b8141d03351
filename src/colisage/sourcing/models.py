"""Why each order is served from where it is."""

from django.db import models
from django.db.models.functions import Now

from colisage.orders.models import Order
from colisage.people.models import Merchant


class SourcingDecision(models.Model):
    """What was decided for one order, with the candidates it was chosen from, best first.

    `candidates` are dictionaries with nodes, cost parts in minor units that add up to `total`, days, and flaws.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    currency = models.CharField(max_length=3)
    chosen = models.JSONField(null=True)
    candidates = models.JSONField(default=list)
    missing = models.JSONField(default=list)  # pairs of SKU id and units that no node has
    saved_cents = models.IntegerField(default=0)  # against the next best
    decided_at = models.DateTimeField(db_default=Now())
