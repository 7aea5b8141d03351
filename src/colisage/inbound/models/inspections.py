"""What is looked at when goods arrive: checklists, and what was found."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.inbound.models.purchasing import Supplier
from colisage.people.models import Merchant


class SampleRule(models.TextChoices):
    """How many units of a receipt are looked at."""

    ALL = "all", _("every unit")
    PERCENT = "percent", _("a share of them, in per cent")
    NUMBER = "number", _("so many units")


class Checklist(models.Model):
    """What is asked of the goods of a merchant when they arrive: of one SKU, of one supplier, or of all."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    sample_rule = models.CharField(max_length=7, choices=SampleRule.choices, default=SampleRule.ALL)
    sample_value = models.IntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merchant", "supplier", "sku"],
                name="one_checklist_of_a_thing",
                condition=models.Q(active=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(sample_value__range=(0, 1_000_000)), name="sample_is_of_units"),
        ]


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    YES_NO = "yes_no", _("yes or no")
    MEASURE = "measure", _("a measure within limits")
    PHOTO = "photo", _("a photo")


class Question(models.Model):
    """A question of a checklist. Limits are in thousandths of the unit, null where there is none."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=7, choices=QuestionKind.choices)
    text = models.CharField(max_length=200)
    unit = models.CharField(max_length=12, blank=True)
    lowest_milli = models.BigIntegerField(null=True)
    highest_milli = models.BigIntegerField(null=True)


class QualityCheck(models.Model):
    """What was found on a receipt: answers, units that failed, by whom and when. Never changed."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    receipt = models.OneToOneField("inbound.Receipt", on_delete=models.PROTECT, related_name="+")
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    sample = models.IntegerField()  # units looked at
    passed = models.BooleanField()
    failed_units = models.IntegerField()
    answers = models.JSONField()  # as it was asked then: text, kind, answer, right
    note = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now())
