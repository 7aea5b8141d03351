"""The steps of a return to a supplier: announced, sent, credited or refused; or given up before it left."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import SetAside, SupplierReturn, SupplierReturnLine
from colisage.inbound.rules.supplier_returns import may_become
from colisage.inventory.actions.post_movements import Move, NotEnoughThere, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import place_of, virtual_place

MOST_CENTS = 10**12


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
    """Take a return one step on. Sending it moves its units from quarantine to the supplier, all or none."""
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
    quarantine, supplier = place_of(document.node_id, kind="quarantine").pk, virtual_place("supplier")
    lines = list(SupplierReturnLine.objects.filter(supplier_return=document).order_by("pk"))
    moves = [
        Move(
            merchant_id=line.merchant_id, sku_id=line.sku_id, qty=line.units,
            source=Spot(
                place_id=quarantine, lot_id=line.lot_id, owner_id=line.owner_id, condition=line.condition
            ),
            target=Spot(place_id=supplier, lot_id=line.lot_id, owner_id=line.owner_id),
            reason="back_to_supplier", doc_kind="supplier_return", doc_id=document.pk, doc_line=line.pk,
        )
        for line in lines
    ]  # fmt: skip
    try:
        post_movements(moves, actor=actor)
    except NotEnoughThere as gone:
        raise NoLongerInQuarantine from gone
    for line in lines:
        if line.aside_id is not None:
            SetAside.objects.filter(pk=line.aside_id, state="open", units__lte=line.units).update(
                state="sent_back", settled_by=str(actor)[:150], settled_at=timezone.now(), note=document.number
            )
