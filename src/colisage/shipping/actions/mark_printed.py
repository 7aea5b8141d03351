from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from colisage.shipping.models import Label


@transaction.atomic
def mark_printed(merchant_ids: Collection[int], *, label_ids: Collection[int]) -> int:
    """Note that labels were printed; the first time counts."""
    rows = Label.objects.filter(merchant_id__in=merchant_ids, pk__in=label_ids, printed_at=None)
    return rows.update(printed_at=timezone.now())
