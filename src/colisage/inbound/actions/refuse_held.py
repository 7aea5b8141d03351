"""Units that somebody found damaged on the dock are put away nowhere but in quarantine."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import Receipt
from colisage.inbound.queries.held_loose import loose_of
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.errors import Refused
from colisage.network.queries import place_of


class UnitsHeld(Refused):
    """Not so many of the units on the dock can be sold."""

    code = "units_held"
    text = _(
        "Only %(sellable)s of these units can be sold: %(held)s on the dock are damaged or held back. "
        "Bring those to %(quarantine)s and scan it."
    )


def refuse_held(receipts: Sequence[Receipt], *, units: Mapping[int, int]) -> None:
    """Raise `UnitsHeld` when more units of receipts, told by their keys, are asked for than are sellable on the dock.

    The caller has locked the receipts; the availability of their SKUs is locked here.
    """
    lock_free({receipt.sku_id for receipt in receipts})
    asked: dict[tuple[int, int, int | None, int | None], int] = {}
    loose = loose_of(receipts)
    for receipt in receipts:
        key = (receipt.node_id, receipt.sku_id, receipt.lot_id, receipt.owner_id)
        asked[key] = asked.get(key, 0) + units[receipt.pk]
        here = loose[receipt.pk]
        if asked[key] > here.sellable and here.held:
            quarantine = place_of(receipt.node_id, kind="quarantine").code
            raise UnitsHeld(sellable=here.sellable, held=here.held_units, quarantine=quarantine)
