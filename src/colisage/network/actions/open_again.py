from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.network.models import Node


@transaction.atomic
def open_again(operator_id: int, *, node_id: int, actor: Actor) -> bool:
    """Use a node again that was closed for good; say whether it was. It serves whom it served."""
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    if node is None:
        raise NotThere
    if node.active:
        return False
    Node.objects.filter(pk=node_id).update(active=True, closed_at=None, closed_why="")
    record_deeds([Deed("node", node_id, "node_opened_again", {}, operator_id=operator_id)], actor=actor)
    return True
