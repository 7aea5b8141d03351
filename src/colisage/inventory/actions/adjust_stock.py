"""Correcting the books by hand: with a reason, and never below what is bound to a picker."""

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import StockCell
from colisage.inventory.queries import ADJUSTMENTS
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.network.queries import virtual_place


class UnknownReason(Malformed):
    """Stock is adjusted for one of the listed reasons only."""

    code = "unknown_reason"
    text = _("Choose one of the reasons.")


@transaction.atomic
def adjust_stock(merchant_id: int, *, cell_id: int, counted: int, reason: str, actor: Actor) -> int:
    """Set what lies in a cell to what was counted; give the difference. Promises too many are demoted, and told."""
    if reason not in ADJUSTMENTS or counted < 0:
        raise UnknownReason
    cells = StockCell.objects.filter(merchant_id=merchant_id, pk=cell_id, kept=True)
    lock_free(cells.values_list("sku_id", flat=True))  # availability before cells, as everybody
    cell = cells.select_for_update(no_key=True).first()
    if cell is None:
        raise NotThere
    difference = counted - cell.qty
    if not difference:
        return 0
    here = Spot(
        place_id=cell.place_id,
        lot_id=cell.lot_id,
        plate_id=cell.plate_id,
        owner_id=cell.owner_id,
        condition=cell.condition,
    )
    there = Spot(
        place_id=virtual_place("found" if difference > 0 else "loss"), lot_id=cell.lot_id, owner_id=cell.owner_id
    )
    with connection.cursor() as db:  # an adjustment is a document of its own, numbered by the audit's sequence
        db.execute("SELECT nextval(pg_get_serial_sequence('kit_auditentry', 'id'))")
        (document,) = db.fetchone()
    post_movements(
        [
            Move(
                merchant_id=merchant_id,
                sku_id=cell.sku_id,
                qty=abs(difference),
                source=there if difference > 0 else here,
                target=here if difference > 0 else there,
                reason=reason,
                doc_kind="adjustment",
                doc_id=document,
            )
        ],
        actor=actor,
    )
    record_deeds(
        [
            Deed(
                "sku",
                cell.sku_id,
                "stock_adjusted",
                {"difference": difference, "reason": reason},
                merchant_id=merchant_id,
            )
        ],
        actor=actor,
    )
    return difference
