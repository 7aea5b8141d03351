"""Writing a purchase order that names everything by its code, and saying everything that is wrong with it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts
from colisage.inbound.actions.write_purchase import Want, write_purchase
from colisage.inbound.models import PurchaseOrder
from colisage.inbound.queries.suppliers import skus_said, suppliers_named
from colisage.inbound.rules.announced import REASONS
from colisage.inbound.rules.purchasing import MOST_UNITS
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere
from colisage.network.queries import nodes_serving


class NotOrderable(Malformed):
    """Members of a purchase order mean nothing; each is named by its pointer."""

    code = "not_orderable"
    text = _("This cannot be ordered as it stands: look at the members that are named.")


@dataclass(frozen=True, slots=True)
class SaidLine:
    """Units by SKU, the supplier's code or a barcode (of a case: so many cases); cost of a unit in minor units."""

    sku: str
    quantity: int
    unit_cost_cents: int | None = None
    expected_on: date | None = None


@dataclass(frozen=True, slots=True)
class SaidPurchase:
    """A purchase order as a program says it; a supplier by code or name, a node by code (none: the preferred one)."""

    number: str
    lines: Sequence[SaidLine]
    supplier: str = ""
    node: str = ""
    expected_on: date | None = None
    consigned: bool = False
    note: str = ""
    draft: bool = False


@transaction.atomic
def write_purchase_said(merchant_id: int, *, said: SaidPurchase, actor: Actor, purchase_id: int | None = None) -> int:
    """Write a purchase order, or change one (`purchase_id`), whose supplier stays; give its id.

    Raises `NotOrderable` with every member that means nothing, and what `write_purchase` raises. No supplier is made:
    a name that is misspelt is not a new one. The number of statements does not depend on the number of lines.
    """
    faults: list[tuple[str, str]] = []
    supplier = _supplier(merchant_id, said, purchase_id)
    if supplier is None:
        faults.append(("/supplier", "no_such_supplier"))
    nodes = nodes_serving([merchant_id])[merchant_id]
    node = next((one.node_id for one in nodes if said.node.upper() in {"", one.code.upper()}), None)
    if node is None:
        faults.append(("/node", "no_such_node"))
    known = skus_said(merchant_id, codes=[line.sku for line in said.lines], supplier_id=supplier)
    faults += [fault for n, line in enumerate(said.lines) for fault in _wrong(n, line, known, new=purchase_id is None)]
    if faults or supplier is None or node is None:
        raise _refusal(faults)
    return write_purchase(
        merchant_id, _wants(said.lines, known), supplier_id=supplier, node_id=node, number=said.number.strip(),
        purchase_id=purchase_id, expected_on=said.expected_on, consigned=said.consigned, note=said.note,
        draft=said.draft, actor=actor,
    )  # fmt: skip


def _supplier(merchant_id: int, said: SaidPurchase, purchase_id: int | None) -> int | None:
    if purchase_id is None:
        return suppliers_named(merchant_id, names=[said.supplier]).get(said.supplier.upper())
    rows = PurchaseOrder.objects.filter(merchant_id=merchant_id, pk=purchase_id)
    if (found := rows.values_list("supplier_id", flat=True).first()) is None:
        raise NotThere
    return found


def _wrong(n: int, line: SaidLine, known: Mapping[str, tuple[SkuFacts, int]], *, new: bool) -> list[tuple[str, str]]:
    """Say what is wrong with a line, by pointer and code. A day that passed meanwhile may stay on an order."""
    found = known.get(line.sku.upper())
    if found is None:
        return [(f"/lines/{n}/sku", "no_such_sku")]
    sku, units = found
    wrong = []
    if sku.kind == "bundle":
        wrong.append((f"/lines/{n}/sku", "bundle"))
    if line.quantity * units > MOST_UNITS:
        wrong.append((f"/lines/{n}/quantity", "bad_quantity"))
    if line.expected_on and line.expected_on > timezone.localdate() + timedelta(days=5 * 366):
        wrong.append((f"/lines/{n}/expected_on", "bad_date"))
    if new and line.expected_on and line.expected_on < timezone.localdate():
        wrong.append((f"/lines/{n}/expected_on", "day_is_past"))
    return wrong


def _refusal(faults: Sequence[tuple[str, str]]) -> NotOrderable:
    refusal = NotOrderable()
    told: list[dict[str, Any]] = [
        {"pointer": pointer, "code": code, "detail": str(REASONS[code])} for pointer, code in faults
    ]
    refusal.faults = told
    return refusal


def _wants(lines: Sequence[SaidLine], known: Mapping[str, tuple[SkuFacts, int]]) -> list[Want]:
    wants = []
    for line in lines:
        sku, units = known[line.sku.upper()]
        wants.append(Want(sku.id, line.quantity * units, line.unit_cost_cents, line.expected_on))
    return wants
