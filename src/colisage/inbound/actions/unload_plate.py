"""Everything off a plate that stands on the dock: its goods are put away one by one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Sum

from colisage.inbound.actions.lock_plate import lock_plate
from colisage.inbound.models import PlateLoad, Receipt
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.queries.documents import new_document
from colisage.inventory.queries.plates import OnHand
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.network.queries import place_of


@transaction.atomic
def unload_plate(merchant_ids: Collection[int], *, plate_id: int, actor: Actor) -> int:
    """Take all units off a plate on the dock, and off the plates that stand on it; give how many.

    They stand on the dock by themselves then, but what is damaged or expired goes to quarantine. Raises what
    `lock_plate` raises.
    """
    plate, receipts = lock_plate(merchant_ids, plate_id=plate_id)
    quarantine, document = place_of(plate.lying[0].node_id, kind="quarantine").pk, new_document()
    post_movements([_move(cell, quarantine=quarantine, document=document) for cell in plate.lying], actor=actor)
    loads = PlateLoad.objects.filter(plate__in=plate.branch)
    _set_aside(list(loads.order_by("pk")), receipts, plate.held)
    for receipt_id, units in loads.values_list("receipt_id").annotate(n=Sum("qty")):
        receipts[receipt_id].plated -= units
    Receipt.objects.bulk_update(receipts.values(), ["put_away", "plated"])
    loads.delete()
    told = {"units": plate.units}
    record_deeds([Deed("plate", plate.id, "plate_unloaded", told, merchant_id=plate.merchant_id)], actor=actor)
    return plate.units


def _set_aside(loads: Sequence[PlateLoad], receipts: Mapping[int, Receipt], held: Sequence[OnHand]) -> None:
    """Count what went to quarantine as gone from the dock, of the receipts that brought it."""
    left = {load.pk: load.qty for load in loads}
    for cell in held:
        units = cell.qty
        for load in loads:
            receipt = receipts[load.receipt_id]
            alike = (load.plate_id, receipt.sku_id, receipt.lot_id, receipt.owner_id)
            if alike == (cell.plate_id, cell.sku_id, cell.lot_id, cell.owner_id):
                gone = min(units, left[load.pk])
                receipt.put_away += gone
                left[load.pk] -= gone
                units -= gone


def _move(cell: OnHand, *, quarantine: int, document: int) -> Move:
    here = Spot(
        place_id=cell.place_id, lot_id=cell.lot_id, plate_id=cell.plate_id, owner_id=cell.owner_id,
        condition=cell.condition,
    )  # fmt: skip
    sound = cell.condition == "sellable"
    there = replace(here, plate_id=None, place_id=cell.place_id if sound else quarantine)
    return Move(
        merchant_id=cell.merchant_id, sku_id=cell.sku_id, qty=cell.qty, source=here, target=there,
        reason="plate_unloaded" if sound else "quarantine",
        doc_kind="dock_plate", doc_id=document, doc_line=cell.cell_id,
    )  # fmt: skip
