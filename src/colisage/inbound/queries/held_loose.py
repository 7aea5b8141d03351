"""Loose units on a dock that cannot be sold: damaged there, or to be looked at. They go to quarantine, into no bin."""

from collections.abc import Sequence
from dataclasses import dataclass

from colisage.inbound.models import Receipt
from colisage.inventory.queries.plates import Alike, OnHand, held_on_docks, loose_on_docks


@dataclass(frozen=True, slots=True)
class Loose:
    """What lies loose on the dock of the kind of a receipt: the sellable units, and the cells of the others."""

    sellable: int
    held: tuple[OnHand, ...]

    @property
    def held_units(self) -> int:
        """Give the units that cannot be sold."""
        return sum(one.qty for one in self.held)


def loose_of(receipts: Sequence[Receipt]) -> dict[int, Loose]:
    """Give what lies loose on the dock, by receipt; receipts of one SKU, lot and owner share it. One statement."""
    if not receipts:
        return {}
    lying: dict[Alike, list[OnHand]] = {}
    for one in loose_on_docks(
        {r.merchant_id for r in receipts}, node_ids={r.node_id for r in receipts}, sku_ids={r.sku_id for r in receipts}
    ):
        lying.setdefault((one.node_id, one.sku_id, one.lot_id, one.owner_id), []).append(one)
    found = {}
    for r in receipts:
        alike = lying.get((r.node_id, r.sku_id, r.lot_id, r.owner_id), [])
        sellable = sum(one.qty for one in alike if one.condition == "sellable")
        found[r.pk] = Loose(sellable, tuple(one for one in alike if one.condition != "sellable"))
    return found


def held_units(receipts: Sequence[Receipt]) -> dict[int, int]:
    """Give how many loose units of receipts cannot be sold, by receipt: all that `loose_of` has of them. One statement.

    Receipts of one SKU, lot and owner share what lies there; of each it is its own units at most.
    """
    held = held_on_docks(
        {r.merchant_id for r in receipts}, node_ids={r.node_id for r in receipts}, sku_ids={r.sku_id for r in receipts}
    )
    return {r.pk: min(r.loose, held.get((r.node_id, r.sku_id, r.lot_id, r.owner_id), 0)) for r in receipts}
