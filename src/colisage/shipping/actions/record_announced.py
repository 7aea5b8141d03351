from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from colisage.shipping.models import Manifest


@transaction.atomic
def record_announced(manifest_ids: Collection[int]) -> int:
    """Write that carriers know what they took."""
    return Manifest.objects.filter(pk__in=manifest_ids, announced_at=None).update(announced_at=timezone.now())
