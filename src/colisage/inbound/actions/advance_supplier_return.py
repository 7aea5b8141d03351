"""The steps of a return to a supplier: announced, sent, credited or refused; or given up before it left."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import SetAside, SupplierReturn, SupplierReturnLine
from colisage.inbound.rules.supplier_returns import may_become
from colisage.inventory.actions.close_plates import close_plates
from colisage.inventory.actions.post_movements import Move, NotEnoughThere, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.plates import branch, places_of_plates, trees_of
from colisage.inventory.queries.quarantine import in_quarantine
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import virtual_place

MOST_CENTS = 10**12
_Alike = tuple[int, int | None, int | None, int | None, str]  # SKU, lot, plate, owner, condition


class NotThatStep(Refused):
    """The return is not where this step begins."""

    code = "not_that_step"
    text = _("This return is “%(state)s” now. Load the page again.")


class NoLongerInQuarantine(Refused):
    """Units of the return were used otherwise."""

    code = "no_longer_in_quarantine"
    text = _("Not all of these units lie in quarantine any more. Count it, or cancel this return and write another.")


class CreditUnclear(Malformed):
    """A credit is an amount that is not negative, on a day that is not to come."""

    code = "credit_unclear"
    text = _("Write the amount credited, not negative, and the day of the credit note, not later than today.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is told with a step: how it travels, or what was credited (minor units) when and under which number."""

    to: str  # announced | sent | credited | refused | cancelled
    carrier: str = ""
    tracking_number: str = ""
    reference: str = ""
    credited_cents: int | None = None
    credited_on: date | None = None


@transaction.atomic
def advance_supplier_return(merchant_id: int, *, return_id: int, step: Step, actor: Actor) -> None:
    """Take a return one step on.

    Sending it moves its units from quarantine, off the plates they lie on, to the supplier, all or none. Plates on
    which nothing is left have gone with them, and are closed.
    """
    rows = SupplierReturn.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=return_id)
    document = rows.first()
    if document is None:
        raise NotThere
    if not may_become(document.state, step.to):
        raise NotThatStep(state=document.get_state_display())
    now = timezone.now()
    change: dict[str, object] = {"state": step.to}
    if step.to == "announced":
        change["announced_at"] = now
    elif step.to == "sent":
        _leave(document, actor=actor)
        change |= {
            "sent_at": now,
            "carrier": step.carrier.strip()[:60],
            "tracking_number": step.tracking_number.strip()[:60],
        }
    else:
        change |= {"ended_at": now, "reference": step.reference.strip()[:60]}
    if step.to == "credited":
        change |= _credit(step)
    SupplierReturn.objects.filter(pk=document.pk).update(**change)
    told = {"credited_cents": step.credited_cents} if step.to == "credited" else {}
    record_deeds([Deed("supplier_return", document.pk, f"supplier_return_{step.to}", told, merchant_id)], actor=actor)


def _credit(step: Step) -> dict[str, object]:
    if step.credited_cents is None or not 0 <= step.credited_cents <= MOST_CENTS:
        raise CreditUnclear
    if step.credited_on is None or step.credited_on > timezone.localdate():
        raise CreditUnclear
    return {"credited_cents": step.credited_cents, "credited_on": step.credited_on}


def _leave(document: SupplierReturn, *, actor: Actor) -> None:
    """Move each line's units from where they lie in quarantine, on their plate, to the supplier."""
    lines = list(SupplierReturnLine.objects.filter(supplier_return=document).order_by("pk"))
    lock_free({line.sku_id for line in lines})
    lying = defaultdict[_Alike, list[list[int]]](list)
    for cell in in_quarantine([document.merchant_id], sku_ids={line.sku_id for line in lines}):
        if cell.node_id == document.node_id:
            key = (cell.sku_id, cell.lot_id, cell.plate_id, cell.owner_id, cell.condition)
            lying[key].append([cell.place_id, cell.qty])
    supplier = virtual_place("supplier")
    try:
        moves = [move for line in lines for move in _moves(line, lying[_alike(line)], supplier=supplier)]
        post_movements(moves, actor=actor)
    except NotEnoughThere as gone:
        raise NoLongerInQuarantine from gone
    _close_emptied(document.merchant_id, {line.plate_id for line in lines if line.plate_id is not None}, actor=actor)
    for line in lines:
        if line.aside_id is not None:
            SetAside.objects.filter(pk=line.aside_id, state="open", units__lte=line.units).update(
                state="sent_back", settled_by=str(actor)[:150], settled_at=timezone.now(), note=document.number
            )


def _alike(line: SupplierReturnLine) -> _Alike:
    return line.sku_id, line.lot_id, line.plate_id, line.owner_id, line.condition


def _moves(line: SupplierReturnLine, lying: Sequence[list[int]], *, supplier: int) -> list[Move]:
    """Take a line's units from the places, [place, units], in which those alike lie; what is taken lies there no more.

    Raises `NotEnoughThere` when fewer lie there.
    """
    moves: list[Move] = []
    left = line.units
    for spot in lying:
        units = min(left, spot[1])
        if not units:
            continue
        source = Spot(
            place_id=spot[0], lot_id=line.lot_id, plate_id=line.plate_id, owner_id=line.owner_id,
            condition=line.condition,
        )  # fmt: skip
        moves.append(
            Move(
                merchant_id=line.merchant_id, sku_id=line.sku_id, qty=units, source=source,
                target=Spot(place_id=supplier, lot_id=line.lot_id, owner_id=line.owner_id),
                reason="back_to_supplier", doc_kind="supplier_return", doc_id=line.supplier_return_id,
                doc_line=line.pk, seq=len(moves),
            )
        )  # fmt: skip
        left -= units
        spot[1] -= units
    if left:
        raise NotEnoughThere
    return moves


def _close_emptied(merchant_id: int, plate_ids: Collection[int], *, actor: Actor) -> None:
    """Close the plates on which nothing is left: the pallet has left with the goods, and its code is not used again."""
    if not plate_ids:
        return
    trees = trees_of([merchant_id], plate_ids=plate_ids)
    full = places_of_plates([plate.id for plate in trees]).keys()
    emptied = [within for plate in plate_ids if not (within := branch(trees, plate_id=plate)) & full]
    if emptied:
        close_plates([merchant_id], plate_ids=set[int]().union(*emptied), actor=actor)
