"""Having bins counted that a program names, where the floor is the merchant's own."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.count_bins import count_bins
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed
from colisage.network.queries.floors import floors_of
from colisage.network.queries.places import places_coded


class UnknownBins(Malformed):
    """Every bin that is to be counted is one of the node's."""

    code = "unknown_bins"
    text = _("There are no bins with these codes at this node: %(codes)s.")


@transaction.atomic
def count_named(merchant_id: int, bins: Sequence[str], *, node: str, actor: Actor) -> int:
    """Ask for a count of bins of a node, all by their codes; give the count's id.

    Raises `NotYourFloor`, `UnknownBins`, `NotThere` for a node that does not serve the merchant, and `NothingToCount`.
    """
    at = floors_of(merchant_id).called(node)
    known = {code: place for (_node, code), place in places_coded([at.node_id], codes=bins).items()}
    places = {code.strip().upper(): known.get(code.strip().upper()) for code in bins}
    strange = [code for code, place in places.items() if place is None or place.kind != "bin" or not place.active]
    if strange:
        raise UnknownBins(codes=", ".join(strange)[:200])
    chosen = [(place.id, "hand") for place in places.values() if place]
    return count_bins(at.operator_id, node_id=at.node_id, bins=chosen, actor=actor)
