"""Order exports of WooCommerce in both their dialects."""

import csv
import io
from collections.abc import Mapping

import pytest

from colisage.connectors.woocommerce.orders_csv import WooCommerceOrders
from colisage.intake.ports import OrderDraft, ReadingOptions, RowFate
from colisage.intake.queries.mappings import format_of
from colisage.kit.tabular import open_table

OWN = {
    "order_id": "712", "order_number": "712", "date": "2026-09-01 10:00:00", "status": "processing",
    "shipping_total": "5.00", "tax_total": "9.00", "fee_total": "0.00", "order_total": "54.00",
    "refunded_total": "0.00", "order_currency": "EUR", "shipping_method": "Colissimo", "customer_note": "Sonner",
    "billing_first_name": "Zoé", "billing_last_name": "Lefèvre", "billing_email": "zoe@exemple.fr",
    "billing_phone": "0612345678", "billing_address_1": "8 rue Lepic", "billing_postcode": "75018",
    "billing_city": "Paris", "billing_country": "FR", "shipping_first_name": "", "shipping_address_1": "",
    "item_sku": "MUG", "item_name": "Mug", "item_quantity": "2", "item_subtotal": "40.00", "item_total": "36.00",
    "item_total_tax": "7.20", "item_meta": "Gravure: Zoé",
}  # fmt: skip
FREE = {
    "Order Number": "713", "Order Status": "En cours", "Order Date": "2026-09-01 10:00", "Customer Note": "",
    "First Name (Billing)": "Zoé", "Last Name (Billing)": "Lefèvre", "Email (Billing)": "zoe@exemple.fr",
    "Phone (Billing)": "0612345678", "First Name (Shipping)": "Léo", "Last Name (Shipping)": "Petit",
    "Address 1&2 (Shipping)": "9 rue Lepic, bât. C", "City (Shipping)": "Paris", "Postcode (Shipping)": "75018",
    "Country Code (Shipping)": "FR", "Cart Discount Amount": "3.00", "Order Shipping Amount": "5.00",
    "Order Refund Amount": "0.00", "Order Total Amount": "51.60", "Order Total Tax Amount": "8.60", "SKU": "MUG",
    "Item Name": "Mug", "Quantity (- Refund)": "2", "Item Cost": "19.00", "Shipping Method Title": "Colissimo",
}  # fmt: skip


def read(*rows: Mapping[str, str], **options: object) -> list[OrderDraft | RowFate]:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    table = open_table(io.BytesIO(out.getvalue().encode()))
    assert format_of(table).name == "woocommerce"
    return list(WooCommerceOrders().orders(table, options=ReadingOptions(currency="EUR", **options)))  # type: ignore[arg-type]


def one(*rows: Mapping[str, str]) -> OrderDraft:
    [draft] = read(*rows)
    assert isinstance(draft, OrderDraft), draft
    return draft


def balance(draft: OrderDraft) -> int:
    parts = sum(line.total_cents for line in draft.lines) + draft.shipping_cents - draft.discount_cents
    return parts + draft.tax_cents + sum(charge.cents for charge in draft.charges)


def test_the_extensions_export_has_a_row_for_each_item() -> None:
    draft = one(OWN, {**OWN, "item_sku": "CARTE", "item_quantity": "1", "item_subtotal": "4", "item_total": "4",
                      "item_meta": "", "order_total": "54.00"})  # fmt: skip
    assert [(line.sku, line.quantity, line.total_cents, line.discount_cents) for line in draft.lines] == [
        ("MUG", 2, 3_600, 400), ("CARTE", 1, 400, 0),
    ]  # fmt: skip
    assert (draft.external_ref, draft.total_cents, draft.tax_cents, draft.payment) == ("712", 5_400, 900, "paid")
    assert draft.total_cents == balance(draft)
    assert draft.ship_to == draft.bill_to
    assert draft.ship_to
    assert (draft.ship_to.name, draft.ship_to.country, draft.phone) == ("Zoé Lefèvre", "FR", "0612345678")
    assert (draft.lines[0].personalisation, draft.customer_note) == ("Gravure: Zoé", "Sonner")


@pytest.mark.parametrize(("total", "discount"), [("51.60", 0), ("48.60", 300)])
def test_the_free_export_is_read_with_its_discount_taken_off_or_not(total: str, discount: int) -> None:
    draft = one({**FREE, "Order Total Amount": total})
    assert (draft.total_cents, draft.discount_cents, draft.number) == (balance(draft), discount, "713")
    assert draft.ship_to
    assert (draft.ship_to.name, draft.ship_to.line1) == ("Léo Petit", "9 rue Lepic, bât. C")
    assert draft.customer_name == "Zoé Lefèvre"


def test_cents_that_rounding_made_and_money_paid_back_have_a_name() -> None:
    assert [(c.kind, c.cents) for c in one({**FREE, "Order Total Amount": "51.62"}).charges] == [("rounding", 2)]
    back = one({**FREE, "Order Refund Amount": "-10.00"})
    assert ([(c.kind, c.cents) for c in back.charges], back.total_cents) == ([("refund", -1_000)], 4_160)
    assert balance(back) == back.total_cents
    fee = one({**OWN, "item_total": "35", "tax_total": "8", "fee_total": "2.50", "order_total": "50.50"})
    assert [(c.kind, c.cents) for c in fee.charges] == [("fee", 250)]


def test_amounts_that_nothing_explains_are_refused() -> None:
    [fate] = read({**FREE, "Order Total Amount": "60.00"})
    assert isinstance(fate, RowFate)
    assert fate.reason == "amounts_do_not_balance"


@pytest.mark.parametrize(
    ("status", "fate", "reason"),
    [
        ("cancelled", "cancelled", "cancelled_by_shop"),
        ("Annulée", "cancelled", "cancelled_by_shop"),
        ("wc-refunded", "cancelled", "fully_refunded"),
        ("Failed", "cancelled", "payment_voided"),
        ("completed", "ignored", "already_fulfilled"),
    ],
)
def test_what_is_over_is_not_taken(status: str, fate: str, reason: str) -> None:
    [outcome] = read({**FREE, "Order Status": status})
    assert isinstance(outcome, RowFate)
    assert (outcome.fate, outcome.reason) == (fate, reason)


def test_what_waits_for_its_payment_says_so_and_history_takes_what_was_sent() -> None:
    [waiting] = read({**FREE, "Order Status": "on-hold"})
    [sent] = read({**FREE, "Order Status": "Completed"}, history=True)
    assert isinstance(waiting, OrderDraft)
    assert isinstance(sent, OrderDraft)
    assert (waiting.payment, sent.payment) == ("pending", "paid")


def test_one_bad_item_refuses_its_order_alone() -> None:
    bad = {**FREE, "Order Number": "714", "SKU": ""}
    outcomes = read(FREE, bad, {**bad, "SKU": "MUG"}, {**FREE, "Order Number": "715", "Quantity (- Refund)": "0"})
    reasons = [one.reason for one in outcomes if isinstance(one, RowFate)]
    assert reasons == ["missing_sku", "order_incomplete", "line_removed"]
    assert sum(isinstance(one, OrderDraft) for one in outcomes) == 1
