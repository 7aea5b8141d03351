"""Days on which goods were expected and which a disruption moved."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.network.models import Disruption
from colisage.people.models import Merchant


class PostponedKind(models.TextChoices):
    """Whose day was moved."""

    PURCHASE_ORDER = "purchase_order", _("purchase order")
    PURCHASE_LINE = "purchase_line", _("line of a purchase order")  # where it has a day of its own
    ANNOUNCEMENT = "announcement", _("announced delivery")
    TRANSFER = "transfer", _("transfer")


class Postponement(models.Model):
    """A day that a disruption moved, once: the day before, and the day it made of it (null: nobody knows).

    The document itself carries the day that counts; one that a person gave another day since is not touched again.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    disruption = models.ForeignKey(Disruption, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=14, choices=PostponedKind.choices)
    doc_id = models.BigIntegerField()
    before = models.DateField()
    after = models.DateField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["disruption", "merchant", "kind", "doc_id"], name="one_postponement")
        ]
        indexes: ClassVar = [models.Index(fields=["merchant", "kind", "doc_id"], name="postponements_of_document")]
