"""A bin that somebody scanned, held until its goods lie in it."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from colisage.inbound.queries.shelving import bin_now
from colisage.inbound.rules.putaway import Bin
from colisage.inventory.actions.lock_places import lock_places
from colisage.kit.errors import Refused
from colisage.network.queries.places import places_with_code


class NoSuchBin(Refused):
    """The code is no bin of this node."""

    code = "no_such_bin"
    text = _("%(code)s is not a bin here. Scan the plate of a bin.")


def lock_bin(node_id: int, *, code: str, sku_ids: Collection[int]) -> Bin:
    """Give the bin of a node with this code, to put these SKUs into, as it is now that nobody else fills it.

    The caller is in a transaction, and has locked the availability of what it moves. Raises `NoSuchBin`.
    """
    printable = code.strip() if "\0" not in code else ""
    known = {place.id for place in places_with_code([node_id], code=printable) if place.kind == "bin" and place.active}
    lock_places(known)
    target = bin_now(node_id, place_ids=known, sku_ids=sku_ids) if known else None
    if target is None:
        raise NoSuchBin(code=code[:30])
    return target
