"""Writing a purchase order, and changing one of which goods are still to come."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, skus_by_id
from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.models import PurchaseLine, PurchaseOrder, Supplier, SupplierSku
from colisage.inbound.rules.purchasing import EXPECTING, MOST_CENTS, MOST_UNITS, changed, state_after
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import nodes_serving
from colisage.people.queries import merchants_by_id
from colisage.ui import words


class NumberTaken(Refused):
    """There is a purchase order of that number already."""

    code = "number_taken"
    text = _("There is a purchase order %(number)s already.")


class NothingOrdered(Refused):
    """A purchase order has at least one line."""

    code = "nothing_ordered"
    text = _("Order at least one unit of one SKU.")


class NotOrdered(Malformed):
    """Units and costs are numbers within reason."""

    code = "not_ordered"
    text = _("A line has at least one unit and at most a million, and its cost is not negative.")


class NotBought(Refused):
    """A bundle is sold together; its parts are bought."""

    code = "not_bought"
    text = _("%(sku)s is a bundle. Order what is in it.")


class DayIsPast(Malformed):
    """Goods are expected today or later, and within five years."""

    code = "day_is_past"
    text = _("%(day)s is past, or too far away. Say when the goods will come.")


class OrderEnded(Refused):
    """What is received, closed or cancelled is not changed any more."""

    code = "order_ended"
    text = _("Order %(number)s is closed. Write another one.")


class AlreadyCame(Refused):
    """Units of this SKU came on the order: its line stays."""

    code = "already_came"
    text = _("Units of %(skus)s came on this order: these lines stay.")


@dataclass(frozen=True, slots=True)
class Want:
    """Units of a SKU, and the cost of one in minor units of the order's currency; none said: what is known of it."""

    sku_id: int
    units: int
    unit_cost_cents: int | None = None
    expected_on: date | None = None


@transaction.atomic
def write_purchase(
    merchant_id: int,
    wants: Sequence[Want],
    *,
    supplier_id: int,
    node_id: int,
    number: str,
    actor: Actor,
    purchase_id: int | None = None,
    expected_on: date | None = None,
    consigned: bool = False,
    note: str = "",
    draft: bool = False,
) -> int:
    """Write a purchase order, or change one (`purchase_id`); give its id. A SKU named twice is one line.

    The order keeps the currency of its supplier, a line the supplier's code of its SKU. What already came stays
    counted. Raises `NotThere` for ids that are not this merchant's, and the refusals of this module.
    """
    wanted = _wanted(wants)
    skus = _check(merchant_id, wanted, node_id=node_id)
    supplier = Supplier.objects.filter(merchant_id=merchant_id, pk=supplier_id).first()
    if supplier is None:
        raise NotThere
    order = _order(merchant_id, purchase_id)
    if PurchaseOrder.objects.filter(merchant_id=merchant_id, number=number).exclude(pk=purchase_id or 0).exists():
        raise NumberTaken(number=number)
    before = _facts(order)
    known_days = {line.expected_on for line in PurchaseLine.objects.filter(purchase_order=order)} if order.pk else set()
    _check_days({expected_on, *(want.expected_on for want in wanted.values())} - known_days - {order.expected_on, None})
    if order.pk is None:
        order.currency, order.state = supplier.currency, "draft" if draft else "open"
        order.sent_at = None if draft else timezone.now()
    order.supplier, order.node_id, order.number = supplier, node_id, number
    order.expected_on, order.note = expected_on, note
    if not _has_come(order):
        order.consigned = consigned
    order.save()
    own = merchants_by_id({merchant_id})[merchant_id].currency == order.currency
    lines = _write_lines(order, wanted, costs={pk: sku.cost_cents if own else 0 for pk, sku in skus.items()})
    verb = "goods_ordered" if purchase_id is None else "purchase_changed"
    data = {"number": number, "facts": {k: [v, n] for k, v in before.items() if (n := _facts(order)[k]) != v}}
    tell_incoming(merchant_id, {*wanted, *(int(sku) for sku in lines)})
    data = data | {"lines": lines} if purchase_id else {"number": number}
    record_deeds([Deed("purchase_order", order.pk, verb, data, merchant_id=merchant_id)], actor=actor)
    return order.pk


def _wanted(wants: Sequence[Want]) -> dict[int, Want]:
    """Give one want a SKU: units add up, the first cost and day count."""
    found: dict[int, Want] = {}
    for want in wants:
        if not 0 < want.units <= MOST_UNITS or not 0 <= (want.unit_cost_cents or 0) <= MOST_CENTS:
            raise NotOrdered
        first = found.get(want.sku_id)
        units = want.units + (first.units if first else 0)
        if units > MOST_UNITS:
            raise NotOrdered
        source = first or want
        found[want.sku_id] = Want(want.sku_id, units, source.unit_cost_cents, source.expected_on)
    if not found:
        raise NothingOrdered
    return found


def _check(merchant_id: int, wanted: Collection[int], *, node_id: int) -> dict[int, SkuFacts]:
    skus = skus_by_id(merchant_id, ids=wanted)
    if set(wanted) - set(skus) or node_id not in {n.node_id for n in nodes_serving([merchant_id])[merchant_id]}:
        raise NotThere
    if bundle := next((sku.code for sku in skus.values() if sku.kind == "bundle"), None):
        raise NotBought(sku=bundle)
    return skus


def _check_days(days: set[date | None]) -> None:
    today = timezone.localdate()
    for day in days:
        if day and not today <= day <= today + timedelta(days=5 * 366):
            raise DayIsPast(day=words.day(day, style="numeric"))


def _order(merchant_id: int, purchase_id: int | None) -> PurchaseOrder:
    if purchase_id is None:
        return PurchaseOrder(merchant_id=merchant_id)
    rows = PurchaseOrder.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=purchase_id)
    if (order := rows.first()) is None:
        raise NotThere
    if order.state not in {*EXPECTING, "draft"}:
        raise OrderEnded(number=order.number)
    return order


def _facts(order: PurchaseOrder) -> dict[str, object]:
    day = order.expected_on.isoformat() if order.expected_on else None
    return {
        "number": order.number, "supplier": order.supplier_id, "node": order.node_id, "expected_on": day,
        "consigned": order.consigned,
    }  # fmt: skip


def _has_come(order: PurchaseOrder) -> bool:
    return order.pk is not None and PurchaseLine.objects.filter(purchase_order=order, received__gt=0).exists()


def _write_lines(order: PurchaseOrder, wanted: dict[int, Want], *, costs: Mapping[int, int]) -> dict[str, list[object]]:
    """Make the lines of an order what is wanted; say what changed. `costs` are those known without the supplier."""
    terms = {t.sku_id: t for t in SupplierSku.objects.filter(supplier=order.supplier_id, sku__in=wanted)}
    known = {
        line.sku_id: line
        for line in PurchaseLine.objects.select_for_update(no_key=True).filter(purchase_order=order).order_by("pk")
    }
    gone = [line for sku, line in known.items() if sku not in wanted]
    if stuck := [line.sku_id for line in gone if line.received]:
        codes = skus_by_id(order.merchant_id, ids=stuck)
        raise AlreadyCame(skus=", ".join(sorted(sku.code for sku in codes.values())))
    before = {sku: _said(line) for sku, line in known.items()}
    for sku, want in wanted.items():
        line = known.setdefault(sku, PurchaseLine(merchant_id=order.merchant_id, purchase_order=order, sku_id=sku))
        term = terms.get(sku)
        line.ordered, line.expected_on = want.units, want.expected_on
        line.supplier_code = term.supplier_code if term else line.supplier_code
        if want.unit_cost_cents is not None:
            line.unit_cost_cents = want.unit_cost_cents
        elif line.pk is None:
            line.unit_cost_cents = term.unit_cost_cents if term else costs[sku]
    PurchaseLine.objects.filter(pk__in=[line.pk for line in gone]).delete()
    kept = [known[sku] for sku in wanted]
    PurchaseLine.objects.bulk_create([line for line in kept if line.pk is None])
    PurchaseLine.objects.bulk_update(
        [line for line in kept if line.sku_id in before],
        ["ordered", "expected_on", "supplier_code", "unit_cost_cents"],
    )
    if order.state in EXPECTING:
        order.state = state_after((line.ordered, line.received) for line in kept)
        order.ended_at = timezone.now() if order.state == "closed" else None
        order.save(update_fields=["state", "ended_at"])
    return changed(before, {line.sku_id: _said(line) for line in kept})


def _said(line: PurchaseLine) -> tuple[object, ...]:
    return (line.ordered, line.unit_cost_cents, line.expected_on.isoformat() if line.expected_on else None)
