"""Into which bins goods are put: the rules of each node, in their order."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from colisage.network.models import Node
from colisage.people.models import Operator


class RuleKind(models.TextChoices):
    """What a rule looks at."""

    STORAGE = "storage", _("Storage type fits the goods")
    CAPACITY = "capacity", _("Volume and weight fit")
    CROSS_DOCK = "cross_dock", _("What people wait for goes near the bench first")
    SAME_LOT = "same_lot", _("Keep a lot together")
    SAME_SKU = "same_sku", _("Keep a SKU together")
    ALONE = "alone", _("One SKU in a bin")
    LOT_ALONE = "lot_alone", _("One lot of a SKU in a bin")
    FAST_NEAR = "fast_near", _("What is picked often lies near the bench")
    EMPTY = "empty", _("Empty bins first")
    NEAR = "near", _("Along the walk")


class PutawayRule(models.Model):
    """A line of a node's table; a bin that does not comply is refused when it must, else it comes later."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=12, choices=RuleKind.choices)
    must = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "kind"], name="one_rule_of_a_kind"),
            models.UniqueConstraint(
                fields=["node", "position"], name="one_rule_a_position", deferrable=models.Deferrable.DEFERRED
            ),
        ]
