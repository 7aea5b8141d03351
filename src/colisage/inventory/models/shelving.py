"""What bins are chosen by, kept so that who asks need not read every pick."""

from django.db import models

from colisage.catalog.models import Sku
from colisage.people.models import Merchant


class SkuSpeed(models.Model):
    """How fast a SKU goes: A often, B sometimes. Those picked seldom or never, C, have no row."""

    sku = models.OneToOneField(Sku, on_delete=models.PROTECT, primary_key=True, related_name="+", db_constraint=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    speed = models.CharField(max_length=1, choices=[("A", "A"), ("B", "B")])
