from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from colisage.notices.models import WebhookCall, WebhookEndpoint
from colisage.notices.rules.webhooks import KEPT_DAYS


def forget_calls() -> int:
    """Delete calls that are older than we keep them, whatever became of them; give how many.

    Endpoints that were removed go with the last of their calls.
    """
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    deleted, _by_table = WebhookCall.objects.filter(created_at__lt=before).exclude(state="sending").delete()
    calls = WebhookCall.objects.filter(endpoint=OuterRef("pk"))
    WebhookEndpoint.objects.filter(~Exists(calls), state="gone").delete()
    return deleted
