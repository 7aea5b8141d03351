"""A pallet or carton put away whole: the plate, what is on it, and the plates that stand on it."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.choose_bin import AgainstRules, BinFrozen, WrongStorage
from colisage.inbound.actions.lock_bin import lock_bin
from colisage.inbound.actions.lock_plate import lock_plate
from colisage.inbound.actions.put_away_many import InspectionDue
from colisage.inbound.models import PlateLoad, Receipt
from colisage.inbound.queries.plated import DockPlate, goods_on, skus_on
from colisage.inbound.queries.putaway import note_says
from colisage.inbound.queries.shelving import rules_of
from colisage.inbound.rules.putaway import Bin, judge_whole
from colisage.inventory.actions.nest_plate import nest_plate
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.queries.bins import storing_of
from colisage.inventory.queries.plates import OnHand
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Refused
from colisage.network.queries import place_of
from colisage.network.queries.storing import keeps_hazardous
from colisage.ui import words


class PlateTooBig(Refused):
    """The bin has no room for all that is on the plate."""

    code = "plate_too_big"
    text = _("%(bin)s has no room for the whole plate %(plate)s. Choose another bin, or take the goods off it.")


class PlateHeld(Refused):
    """Something on the plate is damaged or expired: it goes to quarantine whole, or the goods are taken off it."""

    code = "plate_held"
    text = _(
        "On plate %(plate)s, %(sku)s cannot be sold. Bring the whole plate to %(quarantine)s, or take the goods off it."
    )


@transaction.atomic
def put_away_plate(
    merchant_ids: Collection[int], *, plate_id: int, bin_code: str, actor: Actor, override: bool = False
) -> int:
    """Put a plate from the dock into a bin with all that stands on it, in one set of movements; give the units.

    The rules are those of `put_away_many`, and all of it must fit. A plate with goods that are damaged or expired goes
    to quarantine, scanned as such, and nowhere else (`PlateHeld`); units of a lot that is held come into the bin held.
    A plate that stood on another one is taken off it. A second scan finds it no longer on the dock (`PlateNotOnDock`).
    """
    plate, receipts = lock_plate(merchant_ids, plate_id=plate_id)
    if any(receipt.inspection_due for receipt in receipts.values()):
        raise InspectionDue
    node_id = plate.lying[0].node_id
    target, overridden = _target(plate, node_id=node_id, code=bin_code, override=override)
    if plate.parent_id is not None:
        nest_plate([plate.merchant_id], plate_id=plate.id, on_id=None, actor=actor)
    loads = list(PlateLoad.objects.filter(plate__in=plate.branch).order_by("pk"))
    post_movements(_moves(plate, loads, receipts, target=target), actor=actor)
    _settle(loads, receipts)
    told = {"plate": plate.code, "units": plate.units, **({"why": overridden} if overridden else {})}
    verb = "putaway_overridden" if overridden else "plate_put_away"
    record_deeds([Deed("plate", plate.id, verb, told, merchant_id=plate.merchant_id)], actor=actor)
    return plate.units


def _target(plate: DockPlate, *, node_id: int, code: str, override: bool) -> tuple[int, str]:
    """Give where the plate goes, and the rules that are overridden; refuse where it may not go."""
    quarantine = place_of(node_id, kind="quarantine")
    scanned = code.strip().upper()
    if plate.held:
        if scanned != quarantine.code.upper():
            raise PlateHeld(plate=plate.code, sku=plate.held[0].sku, quarantine=quarantine.code)
        return quarantine.pk, ""
    target = lock_bin(node_id, code=code, sku_ids={one.sku_id for one in plate.lying})
    return target.id, _refuse(plate, target, node_id=node_id, override=override)


def _refuse(plate: DockPlate, target: Bin, *, node_id: int, override: bool) -> str:
    """Refuse what may not lie in the bin; give the rules overridden."""
    stored = storing_of([plate.merchant_id], sku_ids=skus_on([plate]))
    goods = goods_on([plate], stored=stored, hazardous={node_id: keeps_hazardous(node_id)})[plate.id]
    verdict = judge_whole(goods, target, rules_of([node_id])[node_id])
    against = {note.code for note in verdict.refusals}
    if "frozen" in against:
        raise BinFrozen(bin=words.plate(target.code))
    if "wrong_storage" in against:
        raise WrongStorage(bin=words.plate(target.code))
    if "full" in against:
        raise PlateTooBig(bin=words.plate(target.code), plate=plate.code)
    if against and not override:
        raise AgainstRules(bin=words.plate(target.code), why=", ".join(note_says(note) for note in verdict.refusals))
    return ", ".join(note.code for note in verdict.refusals)


def _moves(plate: DockPlate, loads: Sequence[PlateLoad], receipts: dict[int, Receipt], *, target: int) -> list[Move]:
    """Move each cell whole: what receipts loaded in their name, the rest in the plate's."""
    moves = []
    began = {pk: receipt.put_away for pk, receipt in receipts.items()}
    waiting = [(load, receipts[load.receipt_id]) for load in loads]
    open_units = {load.pk: load.qty for load in loads}
    for cell in plate.lying:
        left = cell.qty
        for load, receipt in waiting:
            alike = (load.plate_id, receipt.sku_id, receipt.lot_id, receipt.owner_id)
            if alike != (cell.plate_id, cell.sku_id, cell.lot_id, cell.owner_id):
                continue
            units = min(left, open_units[load.pk])
            if units:
                moves.append(_move(cell, units, target=target, document=("putaway", receipt.pk, 0, began[receipt.pk])))
                began[receipt.pk] += units
                open_units[load.pk] -= units
                left -= units
        if left:
            moves.append(_move(cell, left, target=target, document=("plate_putaway", plate.id, cell.cell_id, 0)))
    return moves


def _move(cell: OnHand, units: int, *, target: int, document: tuple[str, int, int, int]) -> Move:
    kind, number, line, seq = document
    here = Spot(
        place_id=cell.place_id, lot_id=cell.lot_id, plate_id=cell.plate_id, owner_id=cell.owner_id,
        condition=cell.condition,
    )  # fmt: skip
    return Move(
        merchant_id=cell.merchant_id, sku_id=cell.sku_id, qty=units,
        source=here, target=replace(here, place_id=target),
        reason="putaway", doc_kind=kind, doc_id=number, doc_line=line, seq=seq,
    )  # fmt: skip


def _settle(loads: Sequence[PlateLoad], receipts: dict[int, Receipt]) -> None:
    """Count what was loaded as put away."""
    for load in loads:
        receipt = receipts[load.receipt_id]
        receipt.put_away += load.qty
        receipt.plated -= load.qty
    Receipt.objects.bulk_update(receipts.values(), ["put_away", "plated"])
    PlateLoad.objects.filter(pk__in=[load.pk for load in loads]).delete()
