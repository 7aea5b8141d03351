"""Saying what zones are made for, as a program does: nodes, zones, storage types and bins by their codes."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed
from colisage.network.actions.equip_node import equip_node
from colisage.network.queries import Serving
from colisage.network.queries.storing import storage_types, storing_zones


class NoSuchZone(Malformed):
    """Zones that are named are storage zones of the node."""

    code = "no_such_zone"
    text = _("These are not storage zones of this node: %(codes)s.")


class NoSuchStorage(Malformed):
    """A storage type is one of those there are."""

    code = "no_such_storage"
    text = _("These are not storage types: %(codes)s.")


@transaction.atomic
def equip_named(at: Serving, *, zones: Mapping[str, str], cross_dock: Collection[str], actor: Actor) -> None:
    """Give storage zones of a node their storage type (empty: ambient), and name the bins for goods that go first.

    Zones that are not named stay as they are. Raises what `equip_node` raises, `NoSuchZone` and `NoSuchStorage`.
    """
    known = {zone.code.upper(): zone.id for zone in storing_zones([at.node_id])}
    types = {code: pk for pk, code, _name in storage_types()}
    if strange := [code for code in zones if code.strip().upper() not in known]:
        raise NoSuchZone(codes=", ".join(strange)[:200])
    if strange := [code for code in zones.values() if code and code not in types]:
        raise NoSuchStorage(codes=", ".join(strange)[:200])
    made_for = {known[zone.strip().upper()]: types[code] if code else None for zone, code in zones.items()}
    equip_node(at.operator_id, node_id=at.node_id, zones=made_for, cross_dock=cross_dock, actor=actor)
