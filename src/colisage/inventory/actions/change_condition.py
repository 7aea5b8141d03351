"""Units are not what the books say: damaged, to be looked at, or good again."""

from collections.abc import Collection, Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.unbind_units import unbind_units
from colisage.inventory.models import StockCell, StockMovement
from colisage.inventory.rules.lots import ReasonMissing
from colisage.inventory.rules.moving import NoUnitsToMove, NowhereElse
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused

BY_HAND: Final = ("sellable", "damaged", "quarantine", "returned")  # held and expired follow from the lot


class UnknownCondition(Malformed):
    """Units are sellable, damaged, in quarantine or returned."""

    code = "unknown_condition"
    text = _("Choose the condition the units are in.")


class NotThatManyThere(Refused):
    """More units than lie there."""

    code = "not_that_many_there"
    text = _("Only %(there)s lie there.")


@transaction.atomic
def change_condition(
    merchant_ids: Collection[int],
    *,
    changes: Sequence[tuple[int, int]],
    condition: str,
    reason: str,
    document: int,
    actor: Actor,
) -> int:
    """Say in which condition units are, told as (cell, units); give how many changed. Once for each document.

    Reality wins: units that a picker was sent for are taken from the picker, promises too many are demoted, and both
    are told. Units of a lot that is held come no further than the condition of their lot (`LotIsHeld`).
    """
    if condition not in BY_HAND:
        raise UnknownCondition
    if not reason.strip():
        raise ReasonMissing
    units = dict(changes)
    known = StockCell.objects.filter(pk__in=units, merchant__in=merchant_ids, kept=True)
    lock_free(set(known.values_list("sku_id", flat=True)))
    if StockMovement.objects.filter(doc_kind="condition", doc_id=document).exists():
        return 0
    cells = list(known.order_by("pk"))
    if len(cells) < len(units) or not units:
        raise NotThere
    for cell in cells:
        if units[cell.pk] < 1:
            raise NoUnitsToMove
        if units[cell.pk] > cell.qty:
            raise NotThatManyThere(there=cell.qty)
        if cell.condition == condition:
            raise NowhereElse(_("They are in this condition already."))
    unbind_units({cell.pk: units[cell.pk] for cell in cells if cell.allocated})
    post_movements([_turn(c, units[c.pk], condition=condition, document=document) for c in cells], actor=actor)
    record_deeds(
        (
            Deed(
                "sku",
                cell.sku_id,
                "condition_changed",
                {"from": cell.condition, "to": condition, "units": units[cell.pk], "reason": reason.strip()[:200]},
                merchant_id=cell.merchant_id,
            )
            for cell in cells
        ),
        actor=actor,
    )
    return sum(units.values())


def _turn(cell: StockCell, units: int, *, condition: str, document: int) -> Move:
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
        condition=condition,
    )
    return Move(
        merchant_id=cell.merchant_id,
        sku_id=cell.sku_id,
        qty=units,
        source=here,
        target=there,
        reason="condition",
        doc_kind="condition",
        doc_id=document,
        doc_line=cell.pk,
    )
