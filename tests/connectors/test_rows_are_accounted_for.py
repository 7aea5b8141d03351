"""Whatever stands in a file: every row gets one fate, and every draft adds up."""

import csv
import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colisage.connectors.online_retail.orders import OnlineRetailOrders
from colisage.connectors.plain_csv.orders import PlainOrders
from colisage.connectors.shopify.orders_csv import ShopifyOrders
from colisage.connectors.woocommerce.orders_csv import WooCommerceOrders
from colisage.intake.ports import REASONS, OrderDraft, OrderFormat, ReadingOptions
from colisage.kit.tabular import TableRefused, open_table

SHOPIFY = (
    "Name,Financial Status,Fulfillment Status,Currency,Shipping,Taxes,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem requires shipping,"
    "Lineitem fulfillment status,Lineitem discount,Shipping Address1,Shipping Country,Cancelled at"
)
WOO = (
    "order_id,status,date,order_currency,order_total,shipping_total,tax_total,fee_total,refunded_total,item_sku,"
    "item_quantity,item_subtotal,item_total,item_total_tax,shipping_address_1,shipping_country"
)
RETAIL = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"
PLAIN = "order_ref,placed_at,sku,quantity,unit_price,discount,currency,address1,country,shipping,total"
FORMATS: list[tuple[OrderFormat, str]] = [
    (ShopifyOrders(), SHOPIFY),
    (WooCommerceOrders(), WOO),
    (OnlineRetailOrders(), RETAIL),
    (PlainOrders(), PLAIN),
]
LIKELY = {
    "ref": ["1", "2", "C3", ""],
    "date": ["2026-12-31", "31/12/2026 10:00", "03/04/2026", ""],
    "country": ["FR", "France", "Atlantis", ""],
    "currency": ["EUR", "JPY", "", "€"],
    "status": ["paid", "processing", "completed", "voided", "refunded", "fulfilled", "partial", "false", ""],
    "number": ["0", "1", "2", "10.00", "2,5", "-1", "1e9", "99999999999999", ""],
    "word": ["MUG", "POST", "'=1", "x" * 400, "null", ""],
}


def _cell(column: str) -> st.SearchStrategy[str]:
    name = column.casefold()
    kinds = {
        "ref": name in {"name", "invoice", "order_ref", "order_id"},
        "date": "date" in name or name.endswith("_at") or name == "created at",
        "country": "country" in name,
        "currency": name in {"currency", "order_currency"},
        "status": "status" in name or "requires" in name,
        "number": any(word in name for word in ("quantity", "price", "total", "shipping", "tax", "discount")),
    }
    kind = next((kind for kind, fits in kinds.items() if fits), "word")
    return st.sampled_from(LIKELY[kind]) | st.text(max_size=6)


@pytest.mark.parametrize(("order_format", "header"), FORMATS, ids=lambda value: getattr(value, "name", ""))
@given(data=st.data())
def test_every_row_has_one_fate_and_every_draft_adds_up(
    order_format: OrderFormat, header: str, data: st.DataObject
) -> None:
    columns = header.split(",")
    content = data.draw(st.lists(st.tuples(*map(_cell, columns)), min_size=1, max_size=6))
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([columns, *content])
    try:
        table = open_table(io.BytesIO(buffer.getvalue().encode("utf-8", "replace")))
    except TableRefused:
        return
    expected = Counter(row.number for row in table)
    found: Counter[int] = Counter()
    for outcome in order_format.orders(table, options=ReadingOptions()):
        if isinstance(outcome, OrderDraft):
            found.update(outcome.source_rows)
            goods = sum(line.total_cents for line in outcome.lines)
            tax = 0 if outcome.prices_include_tax else outcome.tax_cents
            assert outcome.lines
            charges = sum(charge.cents for charge in outcome.charges)
            assert outcome.total_cents == goods + outcome.shipping_cents - outcome.discount_cents + charges + tax
            assert min(line.quantity for line in outcome.lines) > 0
        else:
            found[outcome.number] += 1
            assert outcome.reason in REASONS
    assert found == expected
