"""Units sent from one node to another."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.catalog.models import Sku
from colisage.inventory.models import Lot
from colisage.network.models import Node
from colisage.people.models import Merchant


class TransferState(models.TextChoices):
    """How far a transfer is."""

    SENT = "sent", _("on its way")
    PARTLY = "partly", _("partly arrived")
    ARRIVED = "arrived", _("arrived")


class Transfer(models.Model):
    """A lorry, a van or a parcel between two nodes of a merchant; what is in it is in transit until it arrives."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    to_node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=TransferState.choices, default=TransferState.SENT)
    expected_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    once = models.CharField(max_length=40)  # of the form: sent twice, it is one transfer
    by_name = models.CharField(max_length=150)
    sent_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "once"], name="one_transfer"),
            models.CheckConstraint(condition=~models.Q(from_node=models.F("to_node")), name="transfer_goes_elsewhere"),
        ]
        indexes: ClassVar = [models.Index(fields=["merchant", "state", "-id"], name="transfers_by_state")]


class TransferLine(models.Model):
    """Units of a SKU, of one lot and owner, in a transfer: those sent, and what became of them."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, related_name="+")
    owner_id = models.BigIntegerField(null=True)
    sent = models.IntegerField()
    good = models.IntegerField(default=0)
    damaged = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)  # did not arrive, and why is known
    reason = models.CharField(max_length=12, blank=True)
    bins = models.CharField(max_length=300, blank=True)  # where they were taken, for who loads

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(sent__gt=0, good__gte=0, damaged__gte=0, settled__gte=0)
                & models.Q(sent__gte=models.F("good") + models.F("damaged") + models.F("settled")),
                name="no_more_arrive_than_sent",
            )
        ]
