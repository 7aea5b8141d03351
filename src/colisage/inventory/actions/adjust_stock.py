"""Correcting the books by hand: with a reason, and what is bound to a picker is fetched elsewhere."""

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.unbind_units import unbind_units
from colisage.inventory.models import StockCell
from colisage.inventory.queries.reasons import reasons_of
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.statements import statement
from colisage.network.queries import virtual_place


class UnknownReason(Malformed):
    """Stock is adjusted for one of the listed reasons only."""

    code = "unknown_reason"
    text = _("Choose one of the reasons.")


class WrongDirection(Refused):
    """Units do not appear for a reason for which they disappear, nor the other way round."""

    code = "wrong_direction"
    text = _("“%(reason)s” does not explain a difference of %(difference)+d. Choose another reason.")


@transaction.atomic
def adjust_stock(merchant_id: int, *, cell_id: int, counted: int, reason: str, actor: Actor) -> int:
    """Set what lies in a cell to what was counted; give the difference.

    The reason is one that the merchant uses, and explains the difference. Promises too many are demoted, and told;
    units bound to pickers that are not there are unbound, and told (`UnitsUnbound`).
    """
    chosen = next((one for one in reasons_of(merchant_id) if one.code == reason and one.active), None)
    if chosen is None or counted < 0:
        raise UnknownReason
    cell = _locked(merchant_id, cell_id=cell_id)
    difference = counted - cell.qty
    if not difference:
        return 0
    if not chosen.fits(difference):
        raise WrongDirection(reason=chosen.name, difference=difference)
    if difference < 0:
        unbind_units({cell.pk: -difference})
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


def _locked(merchant_id: int, *, cell_id: int) -> StockCell:
    """Lock a cell after its SKU and the promises of it, as everywhere; behind the wall only of a place that is seen."""
    mine = StockCell.objects.filter(merchant_id=merchant_id, pk=cell_id, kept=True)
    found = mine.select_related("place").first()
    if found is None:
        raise NotThere
    lock_free({found.sku_id})
    with connection.cursor() as db:
        db.execute(statement("inventory", "lock_held"), [[found.sku_id]])
    return mine.select_for_update(no_key=True).get()
