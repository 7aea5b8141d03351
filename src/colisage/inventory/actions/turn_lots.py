"""Units of lots lie as the status of their lot says."""

from collections import Counter
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Q

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.unbind_units import unbind_units
from colisage.inventory.models import Lot, StockCell
from colisage.inventory.rules.lots import CONDITION, REASON
from colisage.kit.actors import Actor


@transaction.atomic
def turn_lots(lots: Sequence[Lot], *, status: str, actor: Actor) -> Counter[int]:
    """Turn the units of lots to the condition of a status; give how many of each lot. The caller has locked them.

    Also in a bin that is being counted: they stay where they are, and who counts does not see their condition.
    """
    cells = list(
        StockCell.objects.filter(
            Q(sellable=True) | Q(condition__in=["held", "expired"]),
            lot__in=[lot.pk for lot in lots],
            kept=True,
            qty__gt=0,
        )
        .exclude(condition=CONDITION[status])
        .order_by("pk")
    )
    if not cells:
        return Counter()
    unbind_units({cell.pk: cell.qty for cell in cells if cell.sellable})
    with connection.cursor() as db:  # a change of status is a document of its own, numbered by the audit's sequence
        db.execute("SELECT nextval(pg_get_serial_sequence('kit_auditentry', 'id'))")
        (document,) = db.fetchone()
    post_movements([_turn(cell, status=status, document=document) for cell in cells], actor=actor)
    moved: Counter[int] = Counter()
    for cell in cells:
        moved[cell.lot_id or 0] += cell.qty
    return moved


def _turn(cell: StockCell, *, status: str, document: int) -> Move:
    here = Spot(
        place_id=cell.place_id,
        lot_id=cell.lot_id,
        plate_id=cell.plate_id,
        owner_id=cell.owner_id,
        condition=cell.condition,
    )
    there = Spot(
        place_id=cell.place_id,
        lot_id=cell.lot_id,
        plate_id=cell.plate_id,
        owner_id=cell.owner_id,
        condition=CONDITION[status],
    )
    return Move(
        merchant_id=cell.merchant_id,
        sku_id=cell.sku_id,
        qty=cell.qty,
        source=here,
        target=there,
        reason=REASON[status],
        doc_kind="lot_status",
        doc_id=document,
        doc_line=cell.pk,
    )
