from collections.abc import Collection

from django.db import transaction

from colisage.inventory.models import Reservation


@transaction.atomic
def consume(owner_kind: str, *, owner_ids: Collection[int]) -> int:
    """End the promises whose units have left the house; give how many. Harmless when repeated."""
    return Reservation.objects.filter(owner_kind=owner_kind, owner_id__in=owner_ids, state="picked").update(
        state="consumed"
    )
