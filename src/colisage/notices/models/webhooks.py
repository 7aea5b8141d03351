"""Webhooks of merchants: where news goes, and each call that was made or is to be made."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.people.models import Merchant


class EndpointState(models.TextChoices):
    """Whether news goes to an endpoint."""

    ON = "on", _("on")
    OFF = "off", _("switched off")
    BROKEN = "broken", _("switched off: it does not answer")
    GONE = "gone", pgettext_lazy("webhook", "removed")  # kept while its calls are


class WebhookEndpoint(models.Model):
    """An address of a merchant's program that hears of events. Secrets are sealed; a former one signs too for a while.

    `failing_since` is when the first of an unbroken row of failures was.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    url = models.CharField(max_length=500)
    note = models.CharField(max_length=120, blank=True)
    events = ArrayField(models.CharField(max_length=40), default=list)  # keys of `notices.rules.webhooks.TYPES`
    secret = models.BinaryField()
    former_secret = models.BinaryField(null=True)
    former_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=6, choices=EndpointState.choices, default=EndpointState.ON)
    failures = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)  # well, the last time
    changed_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())


class CallState(models.TextChoices):
    """What became of a call."""

    WAITING = "waiting", _("to send")
    SENDING = "sending", _("being sent")
    SENT = "sent", pgettext_lazy("webhook call", "delivered")
    FAILED = "failed", _("given up")
    KEPT = "kept", _("kept while switched off")


class WebhookCall(models.Model):
    """One message for one endpoint: the same id and body at every attempt, so that receivers know it again.

    `tries` tells the latest attempts: {"at", "status", "said", "took_ms"}, and "why" where nobody answered.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    message_id = models.CharField(max_length=40)
    type = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=CallState.choices, default=CallState.WAITING)
    attempts = models.SmallIntegerField(default=0)
    tries = models.JSONField(default=list)
    next_try_at = models.DateTimeField(db_default=Now())
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="one_call_per_message")
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "-id"], name="calls_of_merchant"),
            models.Index(fields=["endpoint", "-id"], name="calls_of_endpoint"),
            models.Index(
                fields=["endpoint", "next_try_at", "id"], name="call_to_make", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["claimed_at"], name="call_being_made", condition=models.Q(state="sending")),
            models.Index(fields=["created_at"], name="calls_by_time"),
        ]
