"""The bodies of messages hold names and addresses: they are kept for as long as somebody may ask what a shop said."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from colisage.intake.models import ShopMessage

KEPT_FOR = timedelta(days=90)


@transaction.atomic
def forget_messages() -> int:
    """Empty the bodies of messages that were read long ago; what they did stays known. Gives how many."""
    old = ShopMessage.objects.filter(read_at__lt=timezone.now() - KEPT_FOR).exclude(state="waiting").exclude(body=b"")
    return old.update(body=b"")
