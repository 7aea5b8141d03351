"""Making bins, as a program says: nodes and zones by their codes, where the floor is the merchant's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.network.actions.add_bins import add_bins
from colisage.network.actions.equip_named import NoSuchZone
from colisage.network.queries.floors import floors_of
from colisage.network.queries.storing import storing_zones
from colisage.network.rules import NewBin


@dataclass(frozen=True, slots=True)
class BinsMade:
    """How many bins were made, and the codes of the first and the last along the walk."""

    count: int
    first: str
    last: str


@transaction.atomic
def add_bins_named(merchant_id: int, bins: Sequence[NewBin], *, node: str, zone: str, actor: Actor) -> BinsMade:
    """Make bins in a storage zone of a node, all or none; along the walk they come after its last bin, in their order.

    Raises `NotThere` for a node that does not serve the merchant, `NotYourFloor` where its operator works for others
    too, `NoSuchZone`, and what `add_bins` raises.
    """
    at = floors_of(merchant_id).called(node)
    zones = {one.code.upper(): one.id for one in storing_zones([at.node_id])}
    found = zones.get(zone.strip().upper())
    if found is None:
        raise NoSuchZone(codes=zone)
    count = add_bins(at.operator_id, node_id=at.node_id, zone_id=found, bins=bins, actor=actor)
    return BinsMade(count, bins[0].code.strip().upper(), bins[-1].code.strip().upper())
