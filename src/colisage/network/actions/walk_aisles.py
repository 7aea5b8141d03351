"""The order in which the standing walk enters aisles."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.kit.statements import perform
from colisage.network.models import Node
from colisage.network.queries.aisles import walked
from colisage.network.rules import walk_by_aisles


class NoSuchAisle(Malformed):
    """The walk goes through aisles that are there, once through each."""

    code = "no_such_aisle"
    text = _("Name aisles of this node, each once: %(aisles)s.")


@transaction.atomic
def walk_aisles(operator_id: int, *, node_id: int, order: Sequence[tuple[str, bool]], actor: Actor) -> bool:
    """Let the walk of a node enter its aisles in this order; say whether anything changed.

    An aisle that is turned (`True`) is walked from its last bay to its first. Those that are not named come afterwards,
    as they stood. Batches that are made already keep their way. Raises `NoSuchAisle`.
    """
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    if node is None:
        raise NotThere
    walk = walked(node_id)
    named = [(name.strip().upper(), turned) for name, turned in order]
    names = [name for name, _turned in named]
    known = {one.aisle for one in walk}
    if strange := [name for name in names if name not in known or names.count(name) > 1]:
        raise NoSuchAisle(aisles=", ".join(dict.fromkeys(strange))[:200])
    ids = walk_by_aisles(walk, order=named)
    if ids == [one.id for one in walk]:
        return False
    perform("network", "renumber_walk", {"bins": ids, "node": node_id})
    told = {"aisles": names, "turned": [name for name, turned in named if turned]}
    record_deeds([Deed("node", node_id, "walk_changed", told, operator_id=operator_id)], actor=actor)
    return True
