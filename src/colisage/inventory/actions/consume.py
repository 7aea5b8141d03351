from collections.abc import Collection

from django.db import transaction

from colisage.inventory.models import Reservation


@transaction.atomic
def consume(owner_kind: str, *, owner_ids: Collection[int], node_id: int) -> int:
    """End the promises whose units have left a node; give how many. Harmless when repeated.

    What another node picked for the same owners is still in its house, and stays promised.
    """
    kept = Reservation.objects.filter(owner_kind=owner_kind, owner_id__in=owner_ids, node_id=node_id, state="picked")
    locked = kept.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    return Reservation.objects.filter(pk__in=list(locked), state="picked").update(state="consumed")
