"""Webhooks as people ask for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from colisage.notices.models import WebhookCall, WebhookEndpoint
from colisage.notices.rules.webhooks import TYPES

__all__ = ["TYPES"]
RECENT = timedelta(days=1)
WHYS: Final[Mapping[str, str | Promise]] = {  # why nobody answered
    "silent": gettext_lazy("It did not answer in time."),
    "unreachable": gettext_lazy("It could not be reached."),
    "private": gettext_lazy("It was not called: its address lies in a private network."),
    "barred": gettext_lazy("It was not called: at its address a machine tells its own keys."),
    "unsigned": gettext_lazy("It was not sent: the secret that signs it cannot be read."),
}


def why_unanswered(tried: Mapping[str, Any]) -> str:
    """Say in the active language why nobody answered an attempt; empty where somebody did."""
    return "" if tried["status"] else str(WHYS.get(tried.get("why", ""), _("It did not answer.")))


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint, with how many calls wait and how many were given up within a day."""

    endpoint: WebhookEndpoint
    waiting: int
    failed: int


def living(merchant_id: int) -> QuerySet[WebhookEndpoint]:
    """Give the endpoints of a merchant that were not removed."""
    return WebhookEndpoint.objects.filter(merchant_id=merchant_id).exclude(state="gone")


def endpoints_of(merchant_id: int) -> list[EndpointRow]:
    """Give a merchant's endpoints, the latest first; two statements."""
    rows = list(living(merchant_id).order_by("-pk"))
    calls = WebhookCall.objects.filter(merchant_id=merchant_id, created_at__gte=timezone.now() - RECENT)
    counted = calls.filter(state__in=["waiting", "failed"]).values("endpoint_id", "state").annotate(n=Count("pk"))
    counts = {(row["endpoint_id"], row["state"]): row["n"] for row in counted}
    return [EndpointRow(e, counts.get((e.pk, "waiting"), 0), counts.get((e.pk, "failed"), 0)) for e in rows]


def endpoint_of(merchant_id: int, *, endpoint_id: int, locked: bool = False) -> WebhookEndpoint | None:
    """Find an endpoint of a merchant; `locked` until the caller's transaction ends."""
    rows = living(merchant_id).filter(pk=endpoint_id)
    return (rows.select_for_update(no_key=True) if locked else rows).first()


def calls_page(
    merchant_id: int,
    *,
    endpoint_id: int | None = None,
    state: str = "",
    kind: str = "",
    after: int | None = None,
    size: int = 50,
) -> list[WebhookCall]:
    """Give one page of calls, the newest first, and one more when there are more; one statement."""
    rows = WebhookCall.objects.filter(merchant_id=merchant_id).select_related("endpoint").defer("body")
    if endpoint_id is not None:
        rows = rows.filter(endpoint=endpoint_id)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(type=kind)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-pk")[: size + 1])


def call_of(merchant_id: int, *, call_id: int) -> WebhookCall | None:
    """Find a call of a merchant."""
    return WebhookCall.objects.filter(merchant_id=merchant_id, pk=call_id).select_related("endpoint").first()


def broken_endpoints(merchant_ids: Collection[int]) -> int:
    """Count the endpoints that were switched off because they did not answer."""
    return WebhookEndpoint.objects.filter(merchant_id__in=merchant_ids, state="broken").count()
