"""Loose units on the dock that cannot be sold, brought to quarantine."""

from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import Receipt
from colisage.inbound.queries.held_loose import loose_of
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import place_of


class NothingHeld(Refused):
    """All that stands on the dock of the receipt can be sold: it goes into a bin."""

    code = "nothing_held"
    text = _("By the books these units can be sold: put them into a bin. Mark them as damaged first if they are.")


@transaction.atomic
def quarantine_loose(merchant_id: int, *, receipt_id: int, actor: Actor) -> int:
    """Bring the loose units of a receipt that are damaged or held back from the dock to quarantine; give how many.

    They keep their condition, and count as put away. Raises `NothingHeld` when there are none, or no longer.
    """
    rows = Receipt.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, undone_at=None)
    receipt = rows.filter(pk=receipt_id).first()
    if receipt is None:
        raise NotThere
    lock_free({receipt.sku_id})
    quarantine, left, moves = place_of(receipt.node_id, kind="quarantine").pk, receipt.loose, list[Move]()
    for cell in loose_of([receipt])[receipt.pk].held:
        units = min(left, cell.qty)
        if units:
            here = Spot(place_id=cell.place_id, lot_id=cell.lot_id, owner_id=cell.owner_id, condition=cell.condition)
            moves.append(
                Move(
                    merchant_id=merchant_id, sku_id=cell.sku_id, qty=units,
                    source=here, target=replace(here, place_id=quarantine), reason="quarantine",
                    doc_kind="putaway", doc_id=receipt.pk, seq=receipt.put_away + receipt.loose - left,
                )
            )  # fmt: skip
            left -= units
    if not moves:
        raise NothingHeld
    post_movements(moves, actor=actor)
    units = receipt.loose - left
    Receipt.objects.filter(pk=receipt.pk).update(put_away=F("put_away") + units)
    record_deeds([Deed("receipt", receipt.pk, "receipt_held_aside", {"units": units}, merchant_id)], actor=actor)
    return units
