"""Writing a return to a supplier that names it and the plates by their codes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.draft_supplier_return import Back, draft_supplier_return
from colisage.inbound.queries.supplier_returns import waiting_in_quarantine
from colisage.inbound.queries.suppliers import NoSuchSupplier, suppliers_named
from colisage.inventory.queries.plates import plates_with
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere


class NoSuchPlates(Malformed):
    """Every plate that goes back is known."""

    code = "no_such_plates"
    text = _("There are no plates with these codes: %(codes)s.")


class CellTwice(Malformed):
    """Units of a cell go back on one line."""

    code = "cell_twice"
    text = _("Name each cell once, with all of its units that go back.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBack:
    """Units of a cell in quarantine that go back; without a reason the usual one, without a credit what they cost."""

    cell: int
    units: int
    reason: str = ""
    unit_credit_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidReturn:
    """A return as a program says it: the supplier by code or name, units by cell, plates that go whole by code."""

    supplier: str
    lines: Sequence[SaidBack] = ()
    plates: Sequence[str] = ()
    note: str = ""


@transaction.atomic
def draft_return_said(merchant_id: int, *, said: SaidReturn, actor: Actor) -> int:
    """Write a return; give its id.

    Raises `NoSuchSupplier`, `NoSuchPlates`, `CellTwice`, and what `draft_supplier_return` raises.
    """
    supplier = suppliers_named(merchant_id, names=[said.supplier.strip()]).get(said.supplier.strip().upper())
    if supplier is None:
        raise NoSuchSupplier
    codes = {code.strip().upper() for code in said.plates}
    plates = {plate.code: plate.id for plate in plates_with([merchant_id], codes=codes)} if codes else {}
    if strange := sorted(codes - set(plates)):
        raise NoSuchPlates(codes=", ".join(strange)[:200])
    cells = [one.cell for one in said.lines]
    if len(set(cells)) < len(cells):
        raise CellTwice
    waiting = {w.held.cell_id: w for w in waiting_in_quarantine([merchant_id], cell_ids=cells)} if cells else {}
    if len(waiting) < len(cells):
        raise NotThere
    lines = [
        Back(one.cell, one.units, one.reason or waiting[one.cell].reason, one.unit_credit_cents) for one in said.lines
    ]
    return draft_supplier_return(
        merchant_id, lines, supplier_id=supplier, plate_ids=plates.values(), note=said.note, actor=actor
    )
