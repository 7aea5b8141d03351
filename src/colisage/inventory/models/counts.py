"""Counts: what is due, who counts which bin, what was noted, and how far it was from the books.

Work on the floor belongs to the operator; what was counted of a merchant's goods is seen by who sees the merchant.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.catalog.models import Sku
from colisage.inventory.models.stock import Condition, Lot
from colisage.inventory.rules.counting import LIVE, TO_DO
from colisage.network.models import Node, Place
from colisage.people.models import Merchant, Operator, User


class CountMethod(models.TextChoices):
    """How bins are chosen for a count."""

    ABC = "abc", _("by ABC class")
    RISK = "risk", _("by risk")
    HAND = "hand", _("chosen by hand")
    TAGS = "tags", _("after reading tags")


class CountPlan(models.Model):
    """Bins of a node are counted day by day: so many, chosen by class or by risk."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    method = models.CharField(max_length=4, choices=CountMethod.choices, default=CountMethod.ABC)
    bins_a_day = models.IntegerField(default=10)
    a_days = models.IntegerField(default=30)
    b_days = models.IntegerField(default=90)
    c_days = models.IntegerField(default=180)
    active = models.BooleanField(default=True)
    made_on = models.DateField(null=True)  # the last day, local to the node, for which bins were chosen

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "method"], name="one_count_plan"),
            models.CheckConstraint(
                condition=models.Q(bins_a_day__gt=0, a_days__gt=0, b_days__gt=0, c_days__gt=0),
                name="count_plan_is_of_days",
            ),
        ]


class CountRule(models.Model):
    """How far a count may be from the books at a node; without a merchant, for those that have no rule of their own."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, related_name="+")
    tolerance = models.IntegerField(default=0)  # units of one sort; above, a second person counts
    limit_units = models.IntegerField(default=10)  # of a bin; above, a manager decides
    limit_cents = models.BigIntegerField(default=10_000)
    idle_hours = models.SmallIntegerField(default=8)  # without a scan; then a bin being counted is free again

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "merchant"], name="one_count_rule", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(tolerance__gte=0, limit_units__gte=0, limit_cents__gte=0),
                name="count_rule_is_not_negative",
            ),
            models.CheckConstraint(condition=models.Q(idle_hours__range=(1, 72)), name="idle_is_of_hours"),
        ]


class Count(models.Model):
    """Bins to be counted together: those of a plan's day, or chosen by hand."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(CountPlan, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    method = models.CharField(max_length=4, choices=CountMethod.choices)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now())


class CountState(models.TextChoices):
    """How far the count of a bin is; the bin is frozen only while it is being counted."""

    OPEN = "open", _("to count")
    COUNTING = "counting", _("being counted")
    RECOUNT = "recount", _("to count again")
    COUNTED = "counted", _("to approve")
    APPROVED = "approved", _("posted")
    REJECTED = "rejected", _("rejected")
    CANCELLED = "cancelled", pgettext_lazy("count", "cancelled")


class CountTask(models.Model):
    """Count one bin. `why` is a code: what made it due."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    count = models.ForeignKey(Count, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=9, choices=CountState.choices, default=CountState.OPEN)
    rounds = models.SmallIntegerField(default=0)  # finished ones
    right = models.BooleanField(null=True)  # the books were right; known when it is settled
    strays = models.IntegerField(default=0)  # units of the last round whose code nobody knows
    left_at = models.DateTimeField(null=True)  # when the bin was freed, because its counter did not come back
    left_by = models.CharField(max_length=150, blank=True)
    counted_at = models.DateTimeField(null=True)  # when the last round was finished
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place"], condition=models.Q(state__in=LIVE), name="one_count_of_a_bin"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["node", "state", "id"], name="count_tasks_open", condition=models.Q(state__in=LIVE)),
            models.Index(
                fields=["node", "counted_at"],
                name="count_tasks_approved",
                include=["right", "operator"],
                condition=models.Q(state="approved"),
            ),
            models.Index(fields=["operator", "id"], name="count_tasks_to_do", condition=models.Q(state__in=TO_DO)),
            models.Index(fields=["operator", "id"], name="count_tasks_counted", condition=models.Q(state="counted")),
        ]


class CountRound(models.Model):
    """One person counts one bin, from the first scan to the last word; a round left is `dropped`."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(CountTask, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()  # among those that were not dropped
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    person_name = models.CharField(max_length=150)
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())  # the last scan
    finished_at = models.DateTimeField(null=True)
    dropped = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(finished_at=None, dropped=False), name="one_count_at_a_time"
            ),
        ]


class CountLine(models.Model):
    """Units of one sort that a counter noted in a round. It knows nothing of the books."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.ForeignKey(CountRound, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    condition = models.CharField(max_length=12, choices=Condition.choices, default=Condition.SELLABLE)
    qty = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "sku", "lot", "condition"], name="one_count_line", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(qty__gte=0), name="count_line_is_of_units"),
        ]


class CountStray(models.Model):
    """Units lying in a bin whose code nobody knows: noted, shown to the manager, never posted."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.ForeignKey(CountRound, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=80)
    qty = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "code"], name="one_count_stray")]


class CountFinding(models.Model):
    """What a finished round found of one sort, beside what the books expected at that moment."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(CountTask, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.SmallIntegerField()  # of the round
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    owner_id = models.BigIntegerField(null=True)
    condition = models.CharField(max_length=12, choices=Condition.choices, default=Condition.SELLABLE)
    expected = models.IntegerField()
    counted = models.IntegerField()
    unit_cents = models.BigIntegerField()  # at cost, at price where the cost is not known

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task", "number", "sku", "lot", "owner_id", "condition"],
                name="one_count_finding",
                nulls_distinct=False,
            ),
        ]
