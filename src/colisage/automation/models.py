"""The merchant's own rules, and what each did."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import pgettext_lazy

from colisage.orders.models import Order
from colisage.people.models import Merchant


class RuleState(models.TextChoices):
    """Whether a rule acts. What it did is kept when it is removed."""

    ON = "on", pgettext_lazy("rule", "on")
    OFF = "off", pgettext_lazy("rule", "off")
    REMOVED = "removed", pgettext_lazy("rule", "removed")


class Rule(models.Model):
    """When, if, then. Conditions and effects are data whose shape is checked (`automation.rules.shape`), never code."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    position = models.IntegerField()  # the lower first
    moments = ArrayField(models.CharField(max_length=10), default=list)
    mode = models.CharField(max_length=3, default="all")  # all | any
    conditions = models.JSONField(default=list)  # [{fact, op, value, currency}]
    effects = models.JSONField(default=list)  # [{does, …}]
    stops = models.BooleanField(default=False)  # later rules do not look at an order on which it acted
    state = models.CharField(max_length=7, choices=RuleState.choices, default=RuleState.OFF)
    changed_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["merchant", "position"], name="rules_of_merchant", condition=~models.Q(state="removed")
            )
        ]


class RuleRun(models.Model):
    """What a rule did with an order, and why: it acts on each order once. The reasons are those of then."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    name = models.CharField(max_length=80)
    moment = models.CharField(max_length=10)
    because = models.JSONField(default=list)
    effects = models.JSONField(default=list)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "order"], name="one_run_of_a_rule_and_order")]
