from django.db.models import Q

from colisage.desk.queries.saved import SavedView


def remove_view(merchant_id: int, *, view_id: int, owner_id: int, manages: bool) -> bool:
    """Remove a person's own view, or, for who manages the merchant, one that is shared; say whether it was there."""
    whose = Q(owner_id=owner_id) | Q(shared=True) if manages else Q(owner_id=owner_id)
    return bool(SavedView.objects.filter(whose, merchant_id=merchant_id, pk=view_id).delete()[0])
