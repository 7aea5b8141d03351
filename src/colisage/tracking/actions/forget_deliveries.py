from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from colisage.tracking.models import WebhookDelivery

KEPT_DAYS = 30


@transaction.atomic
def forget_deliveries() -> int:
    """Erase messages that are older than we may keep them; give how many."""
    return WebhookDelivery.objects.filter(received_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]
