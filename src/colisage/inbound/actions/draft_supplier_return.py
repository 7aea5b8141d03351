"""Writing a return to a supplier: which units in quarantine go back, why, and what is expected for them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import BackReason, Supplier, SupplierReturn, SupplierReturnLine
from colisage.inbound.queries.supplier_returns import Waiting, waiting_in_quarantine, waiting_on_plate
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.quarantine import Held, in_quarantine
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
    text = _("Units of %(sku)s in quarantine that are on no other return: %(left)s.")


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
    merchant_id: int,
    lines: Sequence[Back],
    *,
    supplier_id: int,
    actor: Actor,
    plate_ids: Collection[int] = (),
    note: str = "",
) -> int:
    """Write a return; give its id. Nothing moves yet, but no other return may have the same units.

    Of the plates named, all units go, and all on the plates that stand on them, whatever `lines` say of their units.
    The day to claim by is that of the oldest receipt plus the supplier's days, or as many days from now.
    """
    supplier = Supplier.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=supplier_id).first()
    if supplier is None:
        raise NotThere
    wanted, held = _wanted(merchant_id, lines, plate_ids=plate_ids)
    if not wanted or any(line.units < 0 or line.reason not in BackReason.values for line in wanted.values()):
        raise NothingGoesBack
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


def _wanted(
    merchant_id: int, lines: Sequence[Back], *, plate_ids: Collection[int]
) -> tuple[dict[int, Back], dict[int, Waiting]]:
    """Give what goes back, and what lies there, by cell. Raises `NotThere` when a cell or a plate is not there."""
    wanted = {line.cell_id: line for line in lines if line.units != 0}
    held = {w.held.cell_id: w for w in waiting_in_quarantine([merchant_id], cell_ids=wanted)} if wanted else {}
    if len(held) != len(wanted):
        raise NotThere
    whole = waiting_on_plate([merchant_id], plate_ids=plate_ids) if plate_ids else []
    if plate_ids and not whole:
        raise NotThere
    for one in whole:
        told = wanted.get(one.held.cell_id, Back(one.held.cell_id, 0, one.reason))
        wanted[one.held.cell_id] = replace(told, units=one.held.qty)
        held[one.held.cell_id] = one
    return wanted, held


_Alike = tuple[int, int, int | None, int | None, int | None, str]


def _refuse_twice(merchant_id: int, wanted: Mapping[int, Back], held: Mapping[int, Waiting]) -> None:
    """Refuse more units than lie there: those that are alike together, less those of other returns."""
    skus = {waiting.held.sku_id for waiting in held.values()}
    lock_free(skus)  # who writes another return of the same SKU meanwhile waits
    left = Counter[_Alike]()
    for cell in in_quarantine([merchant_id], sku_ids=skus):
        left[_alike(cell)] += cell.qty
    open_lines = SupplierReturnLine.objects.filter(
        merchant_id=merchant_id, sku__in=skus, supplier_return__state__in=["draft", "announced"]
    ).values_list("supplier_return__node_id", "sku_id", "lot_id", "plate_id", "owner_id", "condition")
    for *key, units in open_lines.annotate(n=Sum("units")):
        left[tuple(key)] -= units
    asked = Counter[_Alike]()
    for pk, line in wanted.items():
        asked[_alike(held[pk].held)] += line.units
    for pk in wanted:
        cell = held[pk].held
        if asked[_alike(cell)] > left[_alike(cell)]:
            raise NotInQuarantine(left=max(0, left[_alike(cell)]), sku=cell.code)


def _alike(cell: Held) -> _Alike:
    return cell.node_id, cell.sku_id, cell.lot_id, cell.plate_id, cell.owner_id, cell.condition


def _line(made: SupplierReturn, told: Back, waiting: Waiting) -> SupplierReturnLine:
    cell = waiting.held
    credit = waiting.unit_cost_cents if told.unit_credit_cents is None else told.unit_credit_cents
    return SupplierReturnLine(
        merchant_id=made.merchant_id, supplier_return=made, sku_id=cell.sku_id, lot_id=cell.lot_id,
        plate_id=cell.plate_id, owner_id=cell.owner_id, condition=cell.condition, units=told.units, reason=told.reason,
        unit_credit_cents=0 if cell.owner_id else min(max(credit, 0), MOST_CENTS),
        receipt_id=waiting.receipt_id, aside_id=waiting.aside_id,
    )  # fmt: skip
