"""Messages to customers and merchants: written in the transaction of the fact, sent by a worker afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.notices.models.webhooks import CallState, EndpointState, WebhookCall, WebhookEndpoint
from colisage.orders.models import Order
from colisage.people.models import Merchant

__all__ = ["CallState", "EndpointState", "Kind", "Message", "MessageState", "WebhookCall", "WebhookEndpoint"]


class Kind(models.TextChoices):
    """What a message tells."""

    CONFIRMED = "confirmed", _("order confirmed")
    SHIPPED = "shipped", _("parcel handed over")
    OUT_FOR_DELIVERY = "out_for_delivery", _("out for delivery")
    READY_FOR_PICKUP = "ready_for_pickup", _("ready to collect")
    DELIVERED = "delivered", pgettext_lazy("parcel", "delivered")
    DELAYED = "delayed", _("delayed")
    FAILED_DELIVERY = "failed", _("not delivered")
    CANCELLED = "cancelled", _("order cancelled")
    REDATED = "redated", _("another day promised")
    OWED = "owed", _("stock comes later")
    DISRUPTED = "disrupted", _("a disruption touches the order")
    RESUMED = "resumed", _("the order goes on")
    ADDRESS = "address", _("question about the address")
    RETURN_ASKED = "return_asked", _("return asked for")
    RETURN_LABEL = "return_label", _("return approved")
    RETURN_REFUSED = "return_refused", _("return refused")
    RETURN_RECEIVED = "return_received", _("return received")
    REFUNDED = "refunded", _("refund decided")
    RULE = "rule", _("a rule asks for it")  # to the merchant
    PROBLEM = "problem", _("a customer reports a problem")  # to the merchant


class MessageState(models.TextChoices):
    """What became of a message."""

    WAITING = "waiting", _("to send")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused")
    UNKNOWN = "unknown", _("outcome unknown")  # the mail server fell silent: it may have gone out
    QUIET = "quiet", _("not sent on purpose")


class Message(models.Model):
    """One message about one document. `doc` names it (`part:17`): a kind is told once of each, however often heard."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    doc = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    to = models.CharField(max_length=300)
    reply_to = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=MessageState.choices, default=MessageState.WAITING)
    attempts = models.SmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    next_try_at = models.DateTimeField(db_default=Now())
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "doc"], name="one_message_per_fact")]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "-id"], name="messages_of_merchant"),
            models.Index(
                fields=["next_try_at"], name="message_to_send", condition=models.Q(state__in=["waiting", "sending"])
            ),
        ]
