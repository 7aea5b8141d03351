from collections.abc import Collection

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.network.models import Node, Place


@transaction.atomic
def stop_bins(operator_id: int, *, node_id: int, place_ids: Collection[int], why: str, actor: Actor) -> set[int]:
    """Use bins of a node no more; give those that were used. Whoever calls knows that nothing lies in them."""
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    if node is None:
        raise NotThere
    used = Place.objects.filter(node=node, kind="bin", active=True, pk__in=place_ids)
    codes = dict(used.order_by("pk").values_list("pk", "code"))
    if codes:
        Place.objects.filter(pk__in=codes).update(active=False, blocked_why=why, cross_dock=False)
        told = {"bins": list(codes.values()), "why": why}
        record_deeds([Deed("node", node.pk, "bins_blocked", told, operator_id=operator_id)], actor=actor)
    return set(codes)
