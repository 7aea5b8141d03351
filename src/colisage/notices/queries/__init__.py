"""Messages as people ask for them, and the links that customers get."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from colisage.notices.models import Message
from colisage.notices.queries.links import read_link, token_of, url_of

__all__ = ["read_link", "token_of", "url_of"]

VERBS = {
    "told_confirmed": _("The customer was told: the order is confirmed."),
    "told_shipped": _("The customer was told: the parcel has left."),
    "told_out_for_delivery": _("The customer was told: out for delivery."),
    "told_ready_for_pickup": _("The customer was told: ready to collect."),
    "told_delivered": _("The customer was told: delivered."),
    "told_delayed": _("The customer was told: the parcel is late."),
    "told_failed": _("The customer was told: not delivered."),
    "told_cancelled": _("The customer was told: the order is cancelled."),
    "told_disrupted": _("The customer was told of the disruption."),
    "told_resumed": _("The customer was told: the disruption is over."),
    "told_redated": _("The customer was told: another day is promised."),
    "told_address": _("The customer was asked whether the address is right."),
    "told_return_asked": _("The customer was told: the return is being looked at."),
    "told_return_label": _("The customer was told how to send the return."),
    "told_return_refused": _("The customer was told why the return is refused."),
    "told_return_received": _("The customer was told: the return has come."),
    "told_refunded": _("The customer was told what is paid back."),
    "told_problem": _("The shop was told of the problem."),
    "message_asked_again": _("%(actor)s had a message sent again."),
}


def doors_open() -> bool:
    """Say whether messages leave at all: without a mail server they wait, and the outbox shows them."""
    return bool(settings.EMAIL_HOST) or not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")


def messages_page(
    merchant_ids: Collection[int], *, state: str = "", after: int | None = None, size: int = 50
) -> list[Message]:
    """Give one page of messages, the newest first, and one more when there are more."""
    rows = Message.objects.filter(merchant_id__in=merchant_ids).select_related("order").defer("text", "html")
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-pk")[: size + 1])


def message_counts(merchant_ids: Collection[int]) -> dict[str, int]:
    """Count the messages of merchants by state."""
    rows = Message.objects.filter(merchant_id__in=merchant_ids).values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def message_of(merchant_ids: Collection[int], *, message_id: int) -> Message | None:
    """Find a message of these merchants."""
    return Message.objects.filter(merchant_id__in=merchant_ids, pk=message_id).select_related("order").first()


def messages_about(merchant_id: int, *, order_id: int) -> list[Message]:
    """Give the messages about an order, the latest first."""
    return list(Message.objects.filter(merchant_id=merchant_id, order=order_id).order_by("-pk"))


def told_docs(kind: str, *, docs: Collection[str]) -> set[str]:
    """Give those documents about which a message of a kind was written, of any merchant: a question of workers."""
    return set(Message.objects.filter(kind=kind, doc__in=docs).values_list("doc", flat=True))
