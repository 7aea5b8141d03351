from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.models import Node, Place, Zone, ZoneKind
from colisage.network.rules import floor_code


class ZoneTaken(Refused):
    """A node has one zone, and one place, of a code."""

    code = "zone_taken"
    text = _("%(code)s is taken at this node. Choose another code.")


class UnknownZoneKind(Malformed):
    """Nobody would know what this zone is for."""

    code = "unknown_zone_kind"
    text = _("Choose what the zone is for.")


@transaction.atomic
def add_zone(operator_id: int, *, node_id: int, code: str, kind: str, actor: Actor) -> int:
    """Make a zone of a node; give its id.

    Its code is written in capitals (`NotACode`). A storage zone waits for its bins. Any other zone is one spot, as
    every node has, and gets its place at once.
    """
    code = floor_code(code)
    if kind not in ZoneKind.values:
        raise UnknownZoneKind
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    if node is None:
        raise NotThere
    taken = Zone.objects.filter(node=node, code__iexact=code).exists()
    spot = kind != ZoneKind.STORAGE
    if taken or (spot and Place.objects.filter(node=node, code__iexact=code).exists()):
        raise ZoneTaken(code=code)
    zone = Zone.objects.create(node=node, code=code, kind=kind)
    if spot:
        Place.objects.create(node=node, zone=zone, kind=kind, code=code)
    record_deeds(
        [Deed("node", node.pk, "zone_added", {"code": code, "kind": kind}, operator_id=operator_id)], actor=actor
    )
    return zone.pk
