"""Moving plates whole: with all that is on them and all that stands on them."""

from collections.abc import Collection

from django.db import transaction

from colisage.inventory.actions.move_stock import refuse_no_room, target_place
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import LicensePlate, StockCell, StockMovement
from colisage.inventory.queries.plates import branch, trees_of
from colisage.inventory.rules.moving import NowhereElse, PlateCarriesNothing, PlateIsClosed, PlateIsPromised
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.network.queries.places import places_facts


@transaction.atomic
def move_plates(
    merchant_ids: Collection[int],
    *,
    node_ids: Collection[int],
    plate_ids: Collection[int],
    place_id: int,
    document: int,
    actor: Actor,
) -> int:
    """Move plates with all that stands on them into a place, in one statement; give how many units went.

    A plate that stood on another one is taken off it. A plate with units that a picker was sent for does not move
    (`PlateIsPromised`): the picker would stand before an empty bin. The same document again moves nothing.
    """
    trees = trees_of(merchant_ids, plate_ids=plate_ids)
    codes = {plate.id: plate for plate in trees}
    if not set(plate_ids) <= codes.keys():
        raise NotThere
    going = set[int]().union(*(branch(trees, plate_id=pk) for pk in plate_ids))
    known = StockCell.objects.filter(plate__in=going, kept=True, qty__gt=0)
    lock_free(set(known.values_list("sku_id", flat=True)))
    if StockMovement.objects.filter(doc_kind="plate_move", doc_id=document).exists():
        return 0
    cells = list(known.order_by("pk"))
    for pk in plate_ids:
        if codes[pk].closed:
            raise PlateIsClosed(plate=codes[pk].code)
    if not cells:
        raise PlateCarriesNothing(plate=codes[min(plate_ids)].code)
    if not {cell.node_id for cell in cells} <= set(node_ids):
        raise NotThere
    for cell in cells:
        if cell.allocated:
            raise PlateIsPromised(plate=codes[cell.plate_id or 0].code, units=sum(c.allocated for c in cells))
    places = places_facts({place_id, *(cell.place_id for cell in cells)})
    moves = [_move(c, target_place(places, source=c, place_id=place_id).id, document=document) for c in cells]
    if any(move.source == move.target for move in moves):
        raise NowhereElse
    refuse_no_room(merchant_ids, moves=moves)
    loose = [pk for pk in plate_ids if codes[pk].parent_id not in going]
    LicensePlate.objects.filter(pk__in=loose).update(parent=None)
    post_movements(moves, actor=actor)
    record_deeds(
        (
            Deed("plate", pk, "plate_moved", {"place": places[place_id].code}, merchant_id=codes[pk].merchant_id)
            for pk in plate_ids
        ),
        actor=actor,
    )
    return sum(move.qty for move in moves)


def _move(cell: StockCell, place_id: int, *, document: int) -> Move:
    spot = Spot(
        place_id=cell.place_id,
        lot_id=cell.lot_id,
        plate_id=cell.plate_id,
        owner_id=cell.owner_id,
        condition=cell.condition,
    )
    there = Spot(
        place_id=place_id,
        lot_id=cell.lot_id,
        plate_id=cell.plate_id,
        owner_id=cell.owner_id,
        condition=cell.condition,
    )
    return Move(
        merchant_id=cell.merchant_id,
        sku_id=cell.sku_id,
        qty=cell.qty,
        source=spot,
        target=there,
        reason="plate_moved",
        doc_kind="plate_move",
        doc_id=document,
        doc_line=cell.pk,
    )
