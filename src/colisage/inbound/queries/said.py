"""What the rows of an announced delivery name, of many rows at once: suppliers, orders, nodes, SKUs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from colisage.catalog.queries import SkuFacts
from colisage.inbound.models import PurchaseOrder
from colisage.inbound.queries.suppliers import skus_said, suppliers_named
from colisage.inbound.rules.announced import Item
from colisage.inbound.rules.purchasing import EXPECTING
from colisage.network.queries import nodes_serving


@dataclass(frozen=True, slots=True)
class SaidRow:
    """A row as it was said; codes and names are looked up, the rest is read already."""

    supplier: str
    order: str
    node: str
    sku: str
    gtin: str
    qty: int
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    sscc: str = ""
    pallet_sscc: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a row means; or why it means nothing, as a code of `announced.REASONS`."""

    supplier_id: int = 0
    node_id: int = 0
    item: Item | None = None
    reason: str = ""


def meant_by(merchant_id: int, rows: Sequence[SaidRow], *, today: date) -> list[Meant]:
    """Look up what rows name, in a constant number of statements for each supplier."""
    suppliers = suppliers_named(merchant_id, names={row.supplier for row in rows if row.supplier})
    found = PurchaseOrder.objects.filter(merchant_id=merchant_id, number__in={row.order for row in rows if row.order})
    orders = {order.number: order for order in found}
    nodes = {node.code.upper(): node.node_id for node in nodes_serving([merchant_id])[merchant_id]}
    whose = [_supplier(row, suppliers, orders) for row in rows]
    skus = _skus(merchant_id, rows, whose)
    return [
        Meant(reason=said)
        if isinstance(said, str)
        else _meant(row, said, order=orders.get(row.order), nodes=nodes, skus=skus, today=today)
        for row, said in zip(rows, whose, strict=True)
    ]


def _supplier(row: SaidRow, suppliers: Mapping[str, int], orders: Mapping[str, PurchaseOrder]) -> int | str:
    """Give the supplier of a row, or why there is none."""
    order = orders.get(row.order)
    if row.order and order is None:
        return "no_such_order"
    named = suppliers.get(row.supplier.upper())
    if row.supplier and named is None:
        return "no_such_supplier"
    if order and named and order.supplier_id != named:
        return "order_of_another"
    if order and order.state not in EXPECTING:
        return "order_not_open"
    return named or (order.supplier_id if order else "no_supplier")


Skus = Mapping[tuple[int, str], tuple[SkuFacts, int]]


def _skus(merchant_id: int, rows: Sequence[SaidRow], whose: Sequence[int | str]) -> Skus:
    codes: dict[int, set[str]] = {}
    for row, supplier in zip(rows, whose, strict=True):
        if isinstance(supplier, int):
            codes[supplier] = codes.get(supplier, set()) | {code for code in (row.sku, row.gtin) if code}
    return {
        (supplier, code): meant
        for supplier, wanted in codes.items()
        for code, meant in skus_said(merchant_id, codes=wanted, supplier_id=supplier).items()
    }


def _meant(
    row: SaidRow, supplier: int, *, order: PurchaseOrder | None, nodes: Mapping[str, int], skus: Skus, today: date
) -> Meant:
    node = nodes.get(row.node.upper()) if row.node else (order.node_id if order else next(iter(nodes.values()), None))
    if node is None:
        return Meant(reason="no_such_node")
    named = [skus.get((supplier, code.upper())) for code in (row.sku, row.gtin) if code]
    known = [meant for meant in named if meant]
    if not known:
        return Meant(reason="no_such_sku" if named else "no_sku")
    sku, units = known[-1] if row.gtin else known[0]
    if reason := _wrong_sku(row, sku, known, today):
        return Meant(reason=reason)
    item = Item(
        sku.id, row.qty * units, order.pk if order else None, row.lot, row.serial, row.expires_on, row.sscc,
        row.pallet_sscc,
    )  # fmt: skip
    return Meant(supplier, node, item)


def _wrong_sku(row: SaidRow, sku: SkuFacts, known: Collection[tuple[SkuFacts, int]], today: date) -> str:
    if len({one.id for one, _units in known}) > 1:
        return "codes_disagree"
    if sku.kind == "bundle":
        return "bundle"
    if row.expires_on is not None and row.expires_on < today:
        return "expired"
    return ""
