"""Units of receipts onto a plate, where both stand on the dock."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.put_away_many import Portion
from colisage.inbound.actions.refuse_held import refuse_held
from colisage.inbound.actions.refuse_portions import refuse_portions
from colisage.inbound.models import PlateLoad, Receipt
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.queries.plates import places_of_plates, trees_of
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import place_of
from colisage.ui import words


class PlateUsedUp(Refused):
    """A closed plate is not used again."""

    code = "plate_is_closed"
    text = _("Plate %(plate)s is closed. Take another one.")


class PlateStandsElsewhere(Refused):
    """A plate, what is on it and what it stands on are in one place: it is not on this dock."""

    code = "plate_elsewhere"
    text = _("Plate %(plate)s stands at %(place)s. Take a plate that stands on this dock, or an empty one.")


@transaction.atomic
def load_plate(
    merchant_id: int, portions: Sequence[Portion], *, plate_id: int, document: int, actor: Actor
) -> dict[int, int]:
    """Put loose units of receipts onto a plate of the merchant, on the dock; give what stays loose of each.

    All or none: `TooMany` when fewer are loose, `UnitsHeld` when not so many of them can be sold, `PlateUsedUp`,
    `PlateStandsElsewhere`. The same document again loads nothing.
    """
    rows = Receipt.objects.filter(
        merchant_id=merchant_id, pk__in={p.receipt_id for p in portions}, undone_at=None
    ).select_for_update(no_key=True)
    receipts = {receipt.pk: receipt for receipt in rows.order_by("pk")}
    nodes = {receipt.node_id for receipt in receipts.values()}
    if len(receipts) != len(portions) or len(nodes) != 1:
        raise NotThere
    dock = place_of(nodes.pop(), kind="dock").pk
    _refuse_plate(merchant_id, plate_id=plate_id, dock=dock)
    units = {portion.receipt_id: portion.qty for portion in portions}
    refuse_portions(receipts.values(), units=units)
    refuse_held(list(receipts.values()), units=units)
    moves = [_move(receipts[p.receipt_id], p.qty, dock=dock, plate_id=plate_id, document=document) for p in portions]
    if not post_movements(moves, actor=actor):
        return {pk: receipt.loose for pk, receipt in receipts.items()}
    for portion in portions:
        load, made = PlateLoad.objects.get_or_create(
            receipt_id=portion.receipt_id, plate_id=plate_id, merchant_id=merchant_id, defaults={"qty": portion.qty}
        )
        if not made:
            PlateLoad.objects.filter(pk=load.pk).update(qty=F("qty") + portion.qty)
        receipts[portion.receipt_id].plated += portion.qty
    Receipt.objects.bulk_update(receipts.values(), ["plated"])
    return {pk: receipt.loose for pk, receipt in receipts.items()}


def _refuse_plate(merchant_id: int, *, plate_id: int, dock: int) -> None:
    trees = trees_of([merchant_id], plate_ids=[plate_id])
    plate = next((one for one in trees if one.id == plate_id), None)
    if plate is None:
        raise NotThere
    if plate.closed:
        raise PlateUsedUp(plate=plate.code)
    for place, code, _node in places_of_plates([one.id for one in trees]).values():
        if place != dock:
            raise PlateStandsElsewhere(plate=plate.code, place=words.plate(code))


def _move(receipt: Receipt, units: int, *, dock: int, plate_id: int, document: int) -> Move:
    here = Spot(place_id=dock, lot_id=receipt.lot_id, owner_id=receipt.owner_id)
    return Move(
        merchant_id=receipt.merchant_id, sku_id=receipt.sku_id, qty=units,
        source=here, target=replace(here, plate_id=plate_id),
        reason="plate_loaded", doc_kind="dock_plate", doc_id=document, doc_line=receipt.pk,
    )  # fmt: skip
