"""Moving units by hand: from bin to bin, onto a plate, off a plate, from plate to plate."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.catalog.queries import skus_across
from colisage.inventory.actions.lock_places import lock_places
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import StockCell, StockMovement
from colisage.inventory.queries.plates import Plate, places_of_plates, trees_of
from colisage.inventory.queries.room import rooms_of
from colisage.inventory.rules.moving import (
    MOVABLE,
    ForeignBin,
    LeavesByOtherWork,
    Load,
    NoPlaceForStock,
    NotThatManyFree,
    NotThatManyHere,
    NoUnitsToMove,
    NowhereElse,
    OtherMerchant,
    PlateElsewhere,
    PlateIsClosed,
    StandsOnTheDock,
    refuse_overfull,
)
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere
from colisage.network.queries.places import PlaceFacts, places_facts
from colisage.ui import words

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Shift:
    """Units of a cell to go to a place (None: they stay there), onto a plate or onto none."""

    cell_id: int
    qty: int
    place_id: int | None = None
    plate_id: int | None = None


@transaction.atomic
def move_stock(
    merchant_ids: Collection[int], *, node_ids: Collection[int], shifts: Sequence[Shift], document: int, actor: Actor
) -> int:
    """Move units as they are: lot, condition and owner stay. Gives how many; the same document again moves nothing.

    Only what no picker was sent for can be moved, only within one of these nodes, from and to bins and quarantine, as
    far as the target has room by the sizes and weights that are known. All is moved, or nothing: raises the refusals
    of `rules.moving`, or `NotThere` for what is not among these merchants and nodes. The number of statements does not
    depend on the number of shifts.
    """
    known = StockCell.objects.filter(
        pk__in=[shift.cell_id for shift in shifts], merchant__in=merchant_ids, node__in=node_ids, kept=True
    )
    lock_free(set(known.values_list("sku_id", flat=True)))
    if StockMovement.objects.filter(doc_kind="move", doc_id=document).exists():
        return 0
    cells = {cell.pk: cell for cell in known.select_related("place")}
    targets = {s.place_id for s in shifts if s.place_id is not None} | {cell.place_id for cell in cells.values()}
    places = places_facts(targets)
    plates = _plates(merchant_ids, shifts)
    asked: dict[int, int] = {}
    moves = []
    for seq, shift in enumerate(shifts):
        cell = cells.get(shift.cell_id)
        if cell is None:
            raise NotThere
        asked[cell.pk] = asked.get(cell.pk, 0) + shift.qty
        _refuse_units(cell, qty=shift.qty, asked=asked[cell.pk])
        place = target_place(places, source=cell, place_id=shift.place_id)
        _refuse_plate(plates, shift=shift, cell=cell, place=place)
        moves.append(_move(cell, shift, place=place, document=document, seq=seq))
    refuse_no_room(merchant_ids, moves=moves)
    post_movements(moves, actor=actor)
    return sum(move.qty for move in moves)


def _refuse_units(cell: StockCell, *, qty: int, asked: int) -> None:
    if not 0 < qty <= MOST:
        raise NoUnitsToMove
    if asked > cell.qty:
        raise NotThatManyHere(here=cell.qty)
    if asked > cell.qty - cell.allocated:
        raise NotThatManyFree(free=cell.qty - cell.allocated)


def target_place(places: Mapping[int, PlaceFacts], *, source: StockCell, place_id: int | None) -> PlaceFacts:
    """Give where units of a cell may go, or raise why they may not."""
    here = places[source.place_id]
    place = here if place_id is None else places.get(place_id)
    if place is None:
        raise NotThere
    if place.node_id != source.node_id:
        raise ForeignBin(place=words.plate(place.code), node=here.node)
    if here.kind not in MOVABLE:
        raise StandsOnTheDock if here.kind == "dock" else LeavesByOtherWork(place=words.plate(here.code))
    if place.kind not in MOVABLE or not place.active:
        raise NoPlaceForStock(place=words.plate(place.code))
    return place


def _plates(merchant_ids: Collection[int], shifts: Sequence[Shift]) -> dict[int, tuple[Plate, dict[int, str]]]:
    """Give each plate that is loaded, with the places (and their codes) where its tree stands."""
    wanted = {shift.plate_id for shift in shifts if shift.plate_id is not None}
    if not wanted:
        return {}
    trees = trees_of(merchant_ids, plate_ids=wanted)
    stand = places_of_plates([plate.id for plate in trees])
    where: dict[int, dict[int, str]] = {}
    for plate in trees:
        if plate.id in stand:
            place, code, _node = stand[plate.id]
            where.setdefault(plate.root_id, {})[place] = code
    return {plate.id: (plate, where.get(plate.root_id, {})) for plate in trees if plate.id in wanted}


def _refuse_plate(
    plates: Mapping[int, tuple[Plate, dict[int, str]]], *, shift: Shift, cell: StockCell, place: PlaceFacts
) -> None:
    if shift.plate_id == cell.plate_id and place.id == cell.place_id:
        raise NowhereElse
    if shift.plate_id is None:
        return
    if shift.plate_id not in plates:
        raise NotThere
    plate, stands = plates[shift.plate_id]
    if plate.merchant_id != cell.merchant_id:
        raise OtherMerchant(plate=plate.code)
    if plate.closed:
        raise PlateIsClosed(plate=plate.code)
    if elsewhere := {code for pk, code in stands.items() if pk != place.id}:
        raise PlateElsewhere(plate=plate.code, place=", ".join(sorted(elsewhere)))


def _move(cell: StockCell, shift: Shift, *, place: PlaceFacts, document: int, seq: int) -> Move:
    stays = place.id == cell.place_id
    source = Spot(
        place_id=cell.place_id,
        lot_id=cell.lot_id,
        plate_id=cell.plate_id,
        owner_id=cell.owner_id,
        condition=cell.condition,
    )
    return Move(
        merchant_id=cell.merchant_id,
        sku_id=cell.sku_id,
        qty=shift.qty,
        source=source,
        target=Spot(
            place_id=place.id,
            lot_id=cell.lot_id,
            plate_id=shift.plate_id,
            owner_id=cell.owner_id,
            condition=cell.condition,
        ),
        reason="move" if not stays else "plate_loaded" if shift.plate_id else "plate_unloaded",
        doc_kind="move",
        doc_id=document,
        doc_line=cell.pk,
        seq=seq,
    )


def refuse_no_room(merchant_ids: Collection[int], *, moves: Sequence[Move]) -> None:
    """Lock the places that are filled, and raise `NoRoom` when one would hold more than it can.

    One that was blocked a moment ago (`block_bins`) is seen here: `NoPlaceForStock`. What stays in its place takes no
    room.
    """
    coming = [move for move in moves if move.source.place_id != move.target.place_id]
    skus = skus_across(merchant_ids, ids={move.sku_id for move in coming})
    loads = []
    for move in coming:
        sku = skus[move.sku_id]
        mm3 = (sku.length_mm or 0) * (sku.width_mm or 0) * (sku.height_mm or 0)
        loads.append(Load(move.target.place_id, move.qty, mm3, sku.grams or 0))
    into = {load.place_id for load in loads}
    lock_places(into)
    rooms = rooms_of(into)
    if blocked := [room for room in rooms.values() if not room.active]:
        raise NoPlaceForStock(place=blocked[0].code)
    refuse_overfull(loads, rooms)
