"""Making zones, as a program says: the node by its code, where the floor is the merchant's own."""

from collections.abc import Sequence

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Refused
from colisage.network.actions.add_zone import add_zone
from colisage.network.queries.floors import floors_of


@transaction.atomic
def add_zones_named(
    merchant_id: int, zones: Sequence[tuple[str, str]], *, node: str, actor: Actor
) -> list[Refused | int]:
    """Make zones of a node, each a code and what it is for; give the id of each, or why it was refused.

    What `add_zone` raises is an answer. Raises `NotThere` for a node that does not serve the merchant, `NotYourFloor`
    where its operator works for others too.
    """
    at = floors_of(merchant_id).called(node)
    return each(zones, lambda one: add_zone(at.operator_id, node_id=at.node_id, code=one[0], kind=one[1], actor=actor))
