"""Units of a receipt that leave the dock other than by put-away: the loose ones go first, then those on plates."""

from collections.abc import Iterator, Sequence

from django.db.models import F

from colisage.inbound.models import PlateLoad, Receipt
from colisage.inventory.actions.post_movements import Spot
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.plates import OnHand, loose_on_docks, lying_at
from colisage.network.queries import place_of


def take_units_off(receipt: Receipt, *, units: int) -> list[tuple[Spot, int]]:
    """Say from which spots of the dock so many units of a receipt are taken, and unload their plates.

    The sellable ones go first, then those found damaged there or held back. The caller has locked the receipt, and
    moves the units; the availability of their SKU is locked here.
    """
    lock_free({receipt.sku_id})
    taken = _unload(receipt, units=units)
    lying = _lying(receipt, plates=[plate for plate, _qty in taken if plate is not None])
    dock = place_of(receipt.node_id, kind="dock").pk
    return [
        (Spot(place_id=dock, lot_id=receipt.lot_id, plate_id=plate, owner_id=receipt.owner_id, condition=kind), qty)
        for plate, wanted in taken
        for kind, qty in _by_condition([one for one in lying if one.plate_id == plate], units=wanted)
    ]


def _unload(receipt: Receipt, *, units: int) -> list[tuple[int | None, int]]:
    """Take the units off the books of the plates; say how many come from which (None: from none)."""
    taken: list[tuple[int | None, int]] = [(None, min(units, receipt.loose))]
    left = units - taken[0][1]
    loads = list(PlateLoad.objects.filter(receipt=receipt).order_by("pk")) if left else []
    for load in loads:
        if not left:
            break
        off = min(left, load.qty)
        taken.append((load.plate_id, off))
        left -= off
        if off == load.qty:
            load.delete()
        else:
            PlateLoad.objects.filter(pk=load.pk).update(qty=F("qty") - off)
    unloaded = sum(qty for plate, qty in taken if plate is not None)
    if unloaded:
        Receipt.objects.filter(pk=receipt.pk).update(plated=F("plated") - unloaded)
    return [(plate, qty) for plate, qty in taken if qty]


def _lying(receipt: Receipt, *, plates: Sequence[int]) -> list[OnHand]:
    """Give what lies on the dock of the kind of a receipt, the sellable units first."""
    merchants = [receipt.merchant_id]
    lying = loose_on_docks(merchants, node_ids=[receipt.node_id], sku_ids=[receipt.sku_id])
    if plates:
        lying += lying_at(merchants, plate_ids=plates)
    kind = (receipt.sku_id, receipt.lot_id, receipt.owner_id)
    alike = [one for one in lying if (one.sku_id, one.lot_id, one.owner_id) == kind]
    return sorted(alike, key=lambda one: one.condition != "sellable")


def _by_condition(lying: Sequence[OnHand], *, units: int) -> Iterator[tuple[str, int]]:
    """Share units over what lies there; those that are not there are looked for among the sellable ones."""
    for one in lying:
        here = min(units, one.qty)
        if here:
            yield one.condition, here
        units -= here
    if units:
        yield "sellable", units
