"""Closing a node for good, when nothing of any step stands in the way."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.desk.queries.in_the_way import in_the_way
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.network.actions.close_node import close_node
from colisage.network.queries.nodes import node_of


class NodeInUse(Refused):
    """Goods lie there, or somebody still works on something."""

    code = "node_in_use"
    text = _("%(name)s cannot be closed yet. %(reasons)s")


@transaction.atomic
def shut_node(operator_id: int, *, node_id: int, why: str, actor: Actor) -> bool:
    """Close a node for good; say whether it was open.

    Raises `NodeInUse` with each thing that is to be ended first, `SayWhy` without a reason, `NotThere`.
    """
    node = node_of([operator_id], node_id=node_id, locked=True)
    if node is None:
        raise NotThere
    if node.active and (found := in_the_way(node_id)):
        refusal = NodeInUse(name=node.name, reasons=" ".join(one.text for one in found))
        refusal.faults = [{"pointer": "", "code": one.code, "detail": one.text} for one in found]
        raise refusal
    return close_node(operator_id, node_id=node_id, why=why, actor=actor)
