"""Why stock is corrected: a merchant's own reasons, and which of the usual ones it does without."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from colisage.people.models import Merchant


class Direction(models.TextChoices):
    """What a correction for a reason may do."""

    IN = "in", _("units come in")
    OUT = "out", _("units go out")
    EITHER = "either", _("either")


class AdjustmentReason(models.Model):
    """A reason of a merchant's own; or, with the code of a usual one, whether the merchant uses that."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=30)
    name_fr = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=60, blank=True)
    direction = models.CharField(max_length=6, choices=Direction.choices, default=Direction.EITHER)
    shrinkage = models.BooleanField(default=True)  # what goes out for it went missing; False: it was used
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merchant", "code"], name="one_adjustment_reason")]
