"""What lies at a node, and what is promised and counted there: nobody closes it before."""

from django.db.models import Q

from colisage.inventory.models import Availability, CountTask, Reservation
from colisage.inventory.queries.room import goods_in
from colisage.inventory.rules.counting import LIVE
from colisage.network.queries.places import place_ids_of


def stock_at(node_id: int) -> dict[str, int]:
    """Count the places of a node in which goods lie, what it still sells of others' counts, promises, open counts."""
    others = Availability.objects.filter(node=node_id).exclude(source="ledger")
    promised = Q(state__in=["held", "waiting", "ahead"])
    return {
        "places": len(goods_in(place_ids_of(node_id))),
        "reported": others.filter(Q(source="unlimited") | Q(sellable__gt=0)).count(),
        "promised": Reservation.objects.filter(promised, node=node_id).count(),
        "counts": CountTask.objects.filter(node=node_id, state__in=LIVE).count(),
    }
