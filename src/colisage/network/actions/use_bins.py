from collections.abc import Collection

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.network.actions.add_bins import SpotTaken
from colisage.network.models import Node, Place


@transaction.atomic
def use_bins(operator_id: int, *, node_id: int, place_ids: Collection[int], actor: Actor) -> set[int]:
    """Use bins again that were out of use; give those that were.

    Raises `SpotTaken` where another one stands there by now, and then uses none.
    """
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    if node is None:
        raise NotThere
    blocked = Place.objects.filter(node=node, kind="bin", active=False, pk__in=place_ids)
    found = list(blocked.order_by("pk"))
    spots = {(one.x_mm, one.y_mm, one.level) for one in found}
    standing = Place.objects.filter(node=node, kind="bin", active=True, x_mm__in={x for x, _y, _l in spots})
    codes = [code for code, *spot in standing.values_list("code", "x_mm", "y_mm", "level") if tuple(spot) in spots]
    if codes:
        raise SpotTaken(codes=", ".join(sorted(codes)[:5]))
    if found:
        Place.objects.filter(pk__in=[one.pk for one in found]).update(active=True, blocked_why="")
        told = {"bins": [one.code for one in found]}
        record_deeds([Deed("node", node.pk, "bins_used", told, operator_id=operator_id)], actor=actor)
    return {one.pk for one in found}
