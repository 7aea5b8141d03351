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


class Watch(models.Model):
    """What a merchant wants looked at when orders come in: those that came before, and signs of risk."""

    merchant = models.OneToOneField(Merchant, on_delete=models.PROTECT, related_name="+")
    duplicates = models.BooleanField(default=False)
    window_hours = models.IntegerField(default=24)  # two orders further apart are no duplicates
    risk = models.BooleanField(default=False)
    threshold = models.IntegerField(default=50)  # weights that add up to it hold an order
    weights = models.JSONField(default=dict)  # of signals, where they are not those of `automation.rules.signals`
    dear_cents = models.BigIntegerField(default=30_000)  # in the merchant's currency
    many_units = models.IntegerField(default=10)
    changed_at = models.DateTimeField(db_default=Now())


class Trace(models.Model):
    """What an order of a merchant who has them watched is compared by (`automation.rules.traces`): keys, not words."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    who_what = models.CharField(max_length=32, blank=True)
    where_what = models.CharField(max_length=32, blank=True)
    place = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=32, blank=True)
    placed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["merchant", key], name=f"trace_by_{key}", condition=~models.Q(**{key: ""}))
            for key in ("who_what", "where_what", "place")
        ]


class SuspicionKind(models.TextChoices):
    """What is suspected."""

    DUPLICATE = "duplicate", pgettext_lazy("suspicion", "possible duplicate")
    RISK = "risk", pgettext_lazy("suspicion", "risk")


class Suspicion(models.Model):
    """Why an order was found to look like another, or to be a risk. Found once: a hold that is released stays so."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    kind = models.CharField(max_length=9, choices=SuspicionKind.choices)
    other = models.ForeignKey(  # the one it looks like
        Order, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    score = models.IntegerField(default=0)
    threshold = models.IntegerField(default=0)  # of then
    signals = models.JSONField(default=list)  # [[signal, weight], …]
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "kind"], name="one_suspicion_of_a_kind")]


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
        indexes: ClassVar = [models.Index(fields=["merchant", "rule", "at"], name="runs_of_rule")]
