from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.network.models import Node


class SayWhy(Malformed):
    """Who finds a node closed in a year asks why."""

    code = "say_why"
    text = _("Say in a few words why.")


@transaction.atomic
def close_node(operator_id: int, *, node_id: int, why: str, actor: Actor) -> bool:
    """Close a node for good: nothing is promised, bought or counted there any more; say whether it was open.

    What was done there stays in the books. Whoever calls knows that nothing lies there and nobody works on anything.
    """
    if not why.strip():
        raise SayWhy
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    if node is None:
        raise NotThere
    if not node.active:
        return False
    Node.objects.filter(pk=node_id).update(active=False, closed_at=timezone.now(), closed_why=why.strip()[:120])
    record_deeds(
        [Deed("node", node_id, "node_closed", {"why": why.strip()[:120]}, operator_id=operator_id)], actor=actor
    )
    return True
