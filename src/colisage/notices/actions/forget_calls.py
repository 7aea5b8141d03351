from datetime import timedelta

from django.utils import timezone

from colisage.notices.models import WebhookCall
from colisage.notices.rules.webhooks import KEPT_DAYS


def forget_calls() -> int:
    """Delete calls that are older than we keep them, whatever became of them; give how many."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    deleted, _by_table = WebhookCall.objects.filter(created_at__lt=before).exclude(state="sending").delete()
    return deleted
