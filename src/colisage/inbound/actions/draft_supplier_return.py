"""Writing a return to a supplier: which units in quarantine go back, why, and what is expected for them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import BackReason, Supplier, SupplierReturn, SupplierReturnLine
from colisage.inbound.queries.supplier_returns import Waiting, waiting_in_quarantine
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused

MOST_CENTS = 10**12


class NothingGoesBack(Malformed):
    """A return has at least one unit."""

    code = "nothing_goes_back"
    text = _("Choose what goes back: at least one unit.")


class NotInQuarantine(Refused):
    """More units than lie in quarantine and are on no other return."""

    code = "not_in_quarantine"
    text = _("Only %(left)s units of %(sku)s lie in quarantine and are on no other return.")


class OneNode(Refused):
    """A return leaves from one node."""

    code = "one_node"
    text = _("These units lie at several nodes. Write a return for each.")


@dataclass(frozen=True, slots=True)
class Back:
    """Units of one cell in quarantine that go back, and why; the credit in minor units, None: what they cost."""

    cell_id: int
    units: int
    reason: str
    unit_credit_cents: int | None = None


@transaction.atomic
def draft_supplier_return(
    merchant_id: int, lines: Sequence[Back], *, supplier_id: int, actor: Actor, note: str = ""
) -> int:
    """Write a return; give its id. Nothing moves yet, but no other return may have the same units.

    The day to claim by is that of the oldest receipt plus the supplier's days, or as many days from now.
    """
    supplier = Supplier.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=supplier_id).first()
    if supplier is None:
        raise NotThere
    wanted = {line.cell_id: line for line in lines if line.units != 0}
    if not wanted or any(line.units < 0 or line.reason not in BackReason.values for line in wanted.values()):
        raise NothingGoesBack
    held = {w.held.cell_id: w for w in waiting_in_quarantine([merchant_id]) if w.held.cell_id in wanted}
    if len(held) != len(wanted):
        raise NotThere
    if len({w.held.node_id for w in held.values()}) > 1:
        raise OneNode
    _refuse_twice(merchant_id, wanted, held)
    came = [w.came_at for w in held.values() if w.came_at is not None]
    since = min(came) if came else timezone.now()
    made = SupplierReturn.objects.create(
        merchant_id=merchant_id, supplier=supplier, node_id=next(iter(held.values())).held.node_id,
        currency=supplier.currency, note=note.strip()[:500], by_name=str(actor)[:150],
        claim_until=timezone.localdate(since) + timedelta(days=supplier.claim_days),
    )  # fmt: skip
    SupplierReturnLine.objects.bulk_create(_line(made, wanted[pk], held[pk]) for pk in wanted)
    told = {"supplier": supplier.pk, "units": sum(line.units for line in wanted.values())}
    record_deeds([Deed("supplier_return", made.pk, "supplier_return_drafted", told, merchant_id)], actor=actor)
    return made.pk


def _refuse_twice(merchant_id: int, wanted: Mapping[int, Back], held: Mapping[int, Waiting]) -> None:
    taken = Counter[tuple[int, int, int | None, int | None, str]]()
    open_lines = SupplierReturnLine.objects.filter(
        merchant_id=merchant_id, supplier_return__state__in=["draft", "announced"]
    ).values("supplier_return__node_id", "sku_id", "lot_id", "owner_id", "condition")
    for row in open_lines.annotate(n=Sum("units")):
        key = (row["supplier_return__node_id"], row["sku_id"], row["lot_id"], row["owner_id"], row["condition"])
        taken[key] += row["n"]
    for pk, line in wanted.items():
        cell = held[pk].held
        left = cell.qty - taken[cell.node_id, cell.sku_id, cell.lot_id, cell.owner_id, cell.condition]
        if line.units > left:
            raise NotInQuarantine(left=max(0, left), sku=cell.code)


def _line(made: SupplierReturn, told: Back, waiting: Waiting) -> SupplierReturnLine:
    cell = waiting.held
    credit = waiting.unit_cost_cents if told.unit_credit_cents is None else told.unit_credit_cents
    return SupplierReturnLine(
        merchant_id=made.merchant_id, supplier_return=made, sku_id=cell.sku_id, lot_id=cell.lot_id,
        owner_id=cell.owner_id, condition=cell.condition, units=told.units, reason=told.reason,
        unit_credit_cents=0 if cell.owner_id else min(max(credit, 0), MOST_CENTS),
        receipt_id=waiting.receipt_id, aside_id=waiting.aside_id,
    )  # fmt: skip
