from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, Refused
from colisage.network.actions.change_node import change_node
from colisage.network.actions.open_node import open_node
from colisage.network.models import Node, NodeService


class NodeCodeTaken(Refused):
    """A code names one node of an operator."""

    code = "node_code_taken"
    text = _("A node has the code %(code)s already.")


class ServesNobody(Malformed):
    """A node that serves no merchant would never be chosen."""

    code = "serves_nobody"
    text = _("Choose at least one merchant that the node serves.")


@transaction.atomic
def found_node(operator_id: int, *, code: str, merchant_ids: Collection[int], actor: Actor, **facts: Any) -> int:
    """Make a node with its dock, bench, hand-over, returns table and quarantine; its bins are added afterwards.

    Its code is written in capitals, as plates have it. `facts` are those of `change_node`. It serves the merchants
    after the nodes that serve them already. Gives its id; raises `NodeCodeTaken`, `ServesNobody` or what `change_node`
    raises, and then makes nothing.
    """
    code = code.strip().upper()
    if Node.objects.filter(operator_id=operator_id, code=code).exists():
        raise NodeCodeTaken(code=code)
    if not merchant_ids:
        raise ServesNobody
    pk = open_node(operator_id, code=code, name=facts["name"], bins=[])
    change_node(operator_id, node_id=pk, actor=actor, **facts)
    for merchant in sorted(set(merchant_ids)):
        last = NodeService.objects.filter(merchant=merchant).order_by("-rank").values_list("rank", flat=True).first()
        NodeService.objects.create(merchant_id=merchant, node_id=pk, rank=(last or 0) + 1)
    record_deeds(
        [Deed("node", pk, "node_opened", {"code": code, "serves": sorted(merchant_ids)}, operator_id=operator_id)],
        actor=actor,
    )
    return pk
