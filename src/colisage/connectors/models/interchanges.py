"""Interchanges of partners, kept whole as they came: the proof of what was sent, and what was answered."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.network.models import Channel
from colisage.people.models import Merchant


class InterchangeState(models.TextChoices):
    """What became of an interchange at the door."""

    TAKEN = "taken", pgettext_lazy("interchange", "taken in")
    REFUSED = "refused", _("refused")
    ASIDE = "aside", _("set aside")  # refused, and a person has seen to it


class Interchange(models.Model):
    """One interchange, X12 or EDIFACT, with the messages found in it and the acknowledgement that was made of it.

    `messages` are in their order: kind, group, number, the key of the message in intake, and what its syntax is refused
    for. `digest` is of the body: the same bytes again are the same interchange.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    standard = models.CharField(max_length=8, blank=True)  # x12, edifact, or nothing where it is neither
    sender = models.CharField(max_length=80, blank=True)
    receiver = models.CharField(max_length=80, blank=True)
    number = models.CharField(max_length=40, blank=True)
    test = models.BooleanField(default=False)
    via = models.CharField(max_length=8)  # webhook, hand
    by_name = models.CharField(max_length=150, blank=True)
    digest = models.CharField(max_length=64)
    body = models.BinaryField()  # sealed; emptied when it may not be kept longer
    state = models.CharField(max_length=8, choices=InterchangeState.choices)
    reason = models.CharField(max_length=40, blank=True)  # a code of edi.words.FAULTS
    detail = models.CharField(max_length=300, blank=True)
    messages = models.JSONField(default=list)
    answer = models.TextField(blank=True)  # the acknowledgement: names no customer
    received_at = models.DateTimeField(db_default=Now())
    times = models.IntegerField(default=1)  # how often it came

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "digest"], name="interchange_once")]
        indexes: ClassVar = [
            models.Index(fields=["channel", "-id"], name="interchanges_of_channel"),
            models.Index(fields=["channel", "sender", "number"], name="interchanges_by_number"),
            models.Index(fields=["merchant"], name="interchanges_refused", condition=models.Q(state="refused")),
        ]
