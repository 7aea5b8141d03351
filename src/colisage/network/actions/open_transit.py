from django.db import transaction

from colisage.network.models import Place


@transaction.atomic
def open_transit(node_id: int) -> int:
    """Find the place where units are that are on their way to a node, or make it; give its id."""
    place, _made = Place.objects.get_or_create(node_id=node_id, code="TRANSIT", defaults={"kind": "transit"})
    return place.pk
