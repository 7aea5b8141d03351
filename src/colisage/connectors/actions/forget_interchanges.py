"""The bodies of interchanges hold names and addresses, as messages of shops do: they are kept as long."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from colisage.connectors.models import Interchange

KEPT_FOR = timedelta(days=90)


@transaction.atomic
def forget_interchanges() -> int:
    """Empty the bodies of interchanges that came long ago; what was in them stays known. Gives how many."""
    old = Interchange.objects.filter(received_at__lt=timezone.now() - KEPT_FOR).exclude(body=b"")
    return old.update(body=b"")
