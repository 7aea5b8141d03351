"""Shops we are connected with, and what we have to tell them."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from colisage.network.models import Channel
from colisage.people.models import Merchant


class Connection(models.Model):
    """How a sales channel is reached: which connector speaks to it, with which settings, and how it went lately.

    Secrets are sealed (`kit.sealing`); `hook` is the part of the address to which the shop sends its messages.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    connector = models.CharField(max_length=40)  # a name of settings.COLISAGE_CHANNELS
    hook = models.CharField(max_length=43, unique=True)
    options = models.JSONField(default=dict)  # by the names of the connector's fields
    secrets = models.BinaryField()  # JSON by the same names, sealed
    active = models.BooleanField(default=True)
    cursor = models.JSONField(default=dict)  # where the poll goes on; the connector's own
    looked_after = models.BigIntegerField(default=0)  # the last order that it was asked for, whether it still has it
    heard_at = models.DateTimeField(null=True)  # the shop sent a signed message
    polled_at = models.DateTimeField(null=True)  # we asked it, and it answered
    asked_at = models.DateTimeField(null=True)  # a person wanted it tried
    tried_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=200, blank=True)  # who the shop said it is, when it was tried last
    # What is wrong, by the door where it is (`actions.note_health`): a code of connectors.ports.PROBLEMS, what the shop
    # said, since when, and how often one after another.
    problems = models.JSONField(default=dict)
    next_poll_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())


class ErrandState(models.TextChoices):
    """How far an errand is."""

    WAITING = "waiting", _("waiting")
    UNKNOWN = "unknown", _("outcome unknown")  # it may have arrived: asked before it is told again
    DONE = "done", _("told")
    REFUSED = "refused", _("refused")  # the shop said no; a person decides
    DROPPED = "dropped", _("dropped")


class Errand(models.Model):
    """Something a shop has to be told: a parcel that left, a quantity that changed.

    `key` names what is told: the same thing is told once. `id` is the idempotency key where the shop takes one.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=12)  # shipment, stock
    key = models.CharField(max_length=80)
    order_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=ErrandState.choices, default=ErrandState.WAITING)
    tries = models.IntegerField(default=0)
    detail = models.CharField(max_length=300, blank=True)  # what the shop said last
    made_at = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["connection", "kind", "key"], name="errand_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["connection", "next_try_at"],
                name="errands_to_run",
                condition=models.Q(state__in=["waiting", "unknown"]),
            ),
            models.Index(fields=["connection", "-id"], name="errands_of_connection"),
        ]
