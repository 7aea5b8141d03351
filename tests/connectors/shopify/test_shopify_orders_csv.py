"""Shopify's order export, and the transporter's."""

import csv
import io
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from colisage.connectors.shopify.orders_csv import ShopifyOrders
from colisage.intake.ports import REASONS, OrderDraft, ReadingOptions, RowFate
from colisage.kit.tabular import MissingColumns, open_table

SHARED = Path(os.environ.get("COLISAGE_SHARED", "../shared"))
HEAD = {
    "Name": "#1",
    "Email": "dee@example.com",
    "Financial Status": "paid",
    "Fulfillment Status": "unfulfilled",
    "Currency": "EUR",
    "Subtotal": "20.00",
    "Shipping": "5.00",
    "Taxes": "4.17",
    "Total": "25.00",
    "Discount Amount": "0.00",
    "Created at": "2026-09-01 10:00:00 +0200",
    "Lineitem quantity": "2",
    "Lineitem name": "Mug",
    "Lineitem price": "10.00",
    "Lineitem sku": "MUG",
    "Lineitem requires shipping": "true",
    "Lineitem fulfillment status": "pending",
    "Lineitem discount": "0.00",
    "Shipping Name": "Ada",
    "Shipping Address1": "1 rue de la Paix",
    "Shipping City": "Lyon",
    "Shipping Zip": "'69001",
    "Shipping Country": "FR",
    "Cancelled at": "",
    "Notes": "",
    "Note Attributes": "",
    "Id": "6001",
    "Tags": "",
}


def line(**cells: str) -> dict[str, str]:
    return {
        "Name": "#1",
        "Created at": "2026-09-01 10:00:00 +0200",
        "Lineitem quantity": "1",
        "Lineitem name": "Rug",
        "Lineitem price": "30.00",
        "Lineitem sku": "TAPIS",
        "Lineitem requires shipping": "true",
        "Lineitem fulfillment status": "pending",
        **named(cells),
    }


def named(cells: Mapping[str, str]) -> dict[str, str]:
    short = {
        "sku": "Lineitem sku",
        "count": "Lineitem quantity",
        "price": "Lineitem price",
        "state": "Lineitem fulfillment status",
        "less": "Lineitem discount",
        "ships": "Lineitem requires shipping",
        "title": "Lineitem name",
    }
    return {short.get(name, name.replace("_", " ")): value for name, value in cells.items()}


def head(**cells: str) -> dict[str, str]:
    return {**HEAD, **named(cells)}


def read(*rows: Mapping[str, str], options: ReadingOptions | None = None) -> list[OrderDraft | RowFate]:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(
        buffer, [*HEAD, "Duties", "Discount type", "Shipping line price", "Tax 1 Price"], restval=""
    )
    writer.writeheader()
    writer.writerows(rows)
    table = open_table(io.BytesIO(buffer.getvalue().encode()))
    return list(ShopifyOrders().orders(table, options=options or ReadingOptions()))


def order(*rows: Mapping[str, str], options: ReadingOptions | None = None) -> OrderDraft:
    (draft,) = (outcome for outcome in read(*rows, options=options) if isinstance(outcome, OrderDraft))
    goods = sum(line_.total_cents for line_ in draft.lines)
    tax = 0 if draft.prices_include_tax else draft.tax_cents
    charges = sum(charge.cents for charge in draft.charges)
    assert goods + draft.shipping_cents - draft.discount_cents + charges + tax == draft.total_cents
    assert len(draft.source_rows) == len(draft.lines) == len(draft.source_raw)
    return draft


def fates(*rows: Mapping[str, str]) -> list[tuple[int, str, str]]:
    found = read(*rows)
    assert all(fate.reason in REASONS for fate in found if isinstance(fate, RowFate))
    return [(fate.number, fate.fate, fate.reason) for fate in found if isinstance(fate, RowFate)]


def test_an_order_comes_out_whole() -> None:
    draft = order(head(Total="55.00", Tags="vip, gift"), line())
    assert (draft.external_ref, draft.number, draft.currency, draft.payment) == ("6001", "#1", "EUR", "paid")
    assert draft.placed_at == datetime(2026, 9, 1, 8, tzinfo=UTC)
    assert [(line_.sku, line_.quantity, line_.unit_price_cents) for line_ in draft.lines] == [
        ("MUG", 2, 1_000),
        ("TAPIS", 1, 3_000),
    ]
    assert draft.ship_to
    assert (draft.ship_to.postcode, draft.ship_to.country, draft.tags) == ("69001", "FR", ("vip", "gift"))
    assert (draft.shipping_cents, draft.tax_cents, draft.prices_include_tax) == (500, 417, True)


@pytest.mark.parametrize(
    ("cells", "discount", "own", "included"),
    [
        ({"Total": "29.17"}, 0, 0, False),
        ({"Total": "20.00", "Discount_Amount": "5.00"}, 500, 0, True),
        ({"Total": "20.00", "Discount_Amount": "5.00", "less": "5.00"}, 0, 500, True),
        ({"Total": "18.00", "Discount_Amount": "5.00", "less": "2.00"}, 500, 200, True),
        ({"Total": "20.00", "Discount_Amount": "5.00", "less": "2.00"}, 300, 200, True),
        ({"Total": "24.17", "Discount_Amount": "5.00"}, 500, 0, False),
    ],
)
def test_the_total_tells_taxes_and_discounts_apart(
    cells: dict[str, str],
    discount: int,
    own: int,
    included: bool,  # noqa: FBT001
) -> None:
    draft = order(head(**cells))
    found = (
        draft.discount_cents,
        sum(line_.discount_cents for line_ in draft.lines),
        draft.prices_include_tax,
    )
    assert found == (discount, own, included)


def test_amounts_that_no_reading_explains_are_refused() -> None:
    assert fates(head(Total="99.00")) == [(2, "refused", "amounts_do_not_balance")]


@pytest.mark.parametrize(
    ("currency", "price", "total", "cents"),
    [("JPY", "1000", "2500", 1_000), ("TND", "1.250", "7.500", 1_250)],
)
def test_currencies_have_their_own_decimals(currency: str, price: str, total: str, cents: int) -> None:
    shipping = "500" if currency == "JPY" else "5.000"
    draft = order(head(Currency=currency, price=price, Shipping=shipping, Taxes="0", Total=total))
    assert draft.lines[0].unit_price_cents == cents


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Cancelled_at": "2026-09-02 10:00:00 +0200"}, "cancelled_by_shop"),
        ({"Financial_Status": "voided"}, "payment_voided"),
        ({"Financial_Status": "refunded"}, "fully_refunded"),
    ],
)
def test_undone_orders_are_cancelled_with_all_their_rows(cells: dict[str, str], reason: str) -> None:
    assert fates(head(**cells), line()) == [(2, "cancelled", reason), (3, "cancelled", reason)]


@pytest.mark.parametrize(
    ("status", "payment"),
    [
        ("partially_refunded", "paid"),
        ("partially_paid", "pending"),
        ("authorized", "authorized"),
        ("odd", "unknown"),
    ],
)
def test_payment_is_told_in_our_words(status: str, payment: str) -> None:
    assert order(head(Financial_Status=status)).payment == payment


def test_what_was_sent_is_not_sent_again() -> None:
    assert fates(head(Fulfillment_Status="fulfilled")) == [(2, "ignored", "already_fulfilled")]
    rows = head(Fulfillment_Status="partial", state="fulfilled", Total="55.00"), line()
    assert fates(*rows) == [(2, "ignored", "already_fulfilled")]
    draft = order(*rows)
    assert ([line_.sku for line_ in draft.lines], draft.total_cents) == (["TAPIS"], 3_500)


def test_history_takes_what_was_sent_or_refunded() -> None:
    past = ReadingOptions(history=True)
    assert order(head(Fulfillment_Status="fulfilled"), options=past).payment == "paid"
    assert order(head(Financial_Status="refunded"), options=past).payment == "refunded"


def test_gift_cards_need_no_parcel() -> None:
    draft = order(head(Total="75.00"), line(sku="CARD", ships="false", price="50.00"))
    assert [line_.requires_shipping for line_ in draft.lines] == [True, False]
    assert fates(head(Total="75.00"), line(sku="", ships="false", price="50.00")) == [(3, "ignored", "nothing_to_send")]


def test_tips_and_duties_are_charges_of_the_order() -> None:
    rows = head(Total="31.50", Duties="4.00"), line(sku="", ships="false", price="2.50", title="Tip")
    draft = order(*rows)
    assert [(charge.kind, charge.cents) for charge in draft.charges] == [("tip", 250), ("duty", 400)]
    assert (draft.shipping_cents, draft.total_cents) == (500, 3_150)
    assert fates(*rows) == [(3, "ignored", "not_a_product")]


def test_lines_taken_out_and_rows_without_line_are_ignored() -> None:
    assert fates(head(), line(count="0"), line(sku="", count="", title="")) == [
        (3, "ignored", "line_removed"),
        (4, "ignored", "no_line"),
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"count": "-1"}, "negative_quantity"),
        ({"count": "1.5"}, "bad_quantity"),
        ({"count": "1000001"}, "huge_quantity"),
        ({"price": "abc"}, "bad_amount"),
        ({"price": "-1"}, "negative_amount"),
        ({"price": "1" * 20}, "huge_amount"),
        ({"less": "30.01"}, "discount_too_large"),
        ({"sku": ""}, "missing_sku"),
        ({"sku": "X" * 101}, "cell_too_long_for_order"),
    ],
)
def test_a_bad_line_refuses_its_order_and_no_other(cells: dict[str, str], reason: str) -> None:
    other = head(Name="#2", Id="6002")
    assert fates(head(), line(**cells), other) == [(2, "refused", "order_incomplete"), (3, "refused", reason)]
    assert order(head(), line(**cells), other).number == "#2"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Currency": "EURO"}, "unknown_currency"),
        ({"Shipping_Country": "Atlantis"}, "unknown_country"),
        ({"Created_at": "03/04/2026"}, "ambiguous_date"),
        ({"Created_at": "soon"}, "bad_date"),
        ({"Name": ""}, "missing_order_ref"),
    ],
)
def test_a_bad_head_refuses_its_order(cells: dict[str, str], reason: str) -> None:
    assert fates(head(**cells)) == [(2, "refused", reason)]


def test_rows_that_stand_apart_come_together() -> None:
    draft, other = read(head(Total="55.00"), head(Name="#2", Id="6002"), line())
    assert isinstance(draft, OrderDraft)
    assert isinstance(other, OrderDraft)
    assert (draft.source_rows, other.source_rows) == ((2, 4), (3,))


def test_rows_without_their_head_are_refused() -> None:
    assert fates(line(), line(sku="MUG")) == [
        (2, "refused", "order_head_missing"),
        (3, "refused", "order_head_missing"),
    ]


def test_the_same_order_twice_is_taken_once() -> None:
    rows = head(Total="55.00"), line()
    assert fates(*rows, *rows) == [(4, "ignored", "duplicate"), (5, "ignored", "duplicate")]
    assert order(*rows, *rows).source_rows == (2, 3)


def test_two_orders_under_one_number_are_refused() -> None:
    assert {reason for _, _, reason in fates(head(), head(Total="26.00", Shipping="6.00"))} == {"order_rows_disagree"}


def test_a_head_filled_into_every_row_is_one_order() -> None:
    second = head(Total="55.00") | line()
    draft = order(head(Total="55.00"), second)
    assert (draft.source_rows, draft.total_cents) == ((2, 3), 5_500)


def test_notes_and_gift_notes_are_told_apart() -> None:
    attributes = "gift_message: Joyeux anniversaire !\nPapa & Maman\ngift_wrap: true\nEngraving: Léa"
    draft = order(head(Notes="Sonner chez Bo", Note_Attributes=attributes))
    assert draft.gift_note == "Joyeux anniversaire !\nPapa & Maman"
    assert draft.customer_note == "Sonner chez Bo\ngift_wrap: true\nEngraving: Léa"


def test_an_id_mangled_by_a_spreadsheet_is_not_used() -> None:
    assert order(head(Id="6E+12")).external_ref == "#1"


def test_an_order_of_too_many_rows_is_refused() -> None:
    found = fates(head(), *[line() for _ in range(10_050)])
    assert len(found) == 10_051
    assert {reason for _, _, reason in found} == {"too_many_lines"}


def test_another_table_is_refused_by_its_missing_columns() -> None:
    table = open_table(io.BytesIO(b"Name,Currency\n#1,EUR\n"))
    assert not ShopifyOrders().recognises(table.columns)
    with pytest.raises(MissingColumns, match="Financial Status, Lineitem price, Lineitem quantity, Lineitem sku"):
        ShopifyOrders().orders(table, options=ReadingOptions())


def test_the_transporter_dialect_adds_taxes_and_takes_discounts_off() -> None:
    text = (
        "Name,Financial Status,Currency,Processed At,Lineitem name,Lineitem quantity,Lineitem price,"
        "Lineitem sku,Shipping Name,Shipping Address1,Shipping City,Shipping Zip,Shipping Country,"
        "Shipping Country Code,"
        "Tax 1 Price,Shipping line price,Shipping line title,Discount amount,Discount type,Cancelled At\n"
        "#T1,paid,CAD,2018-01-04 15:51:23 -0800,Trowel,2,10,a-123,Joe,57 Erb St W,Waterloo,N2L 6C2,"
        "Canaada,CA,2.60,,,10,percentage,\n"
        "#T1,,,,Shovel,3,20,a-456,,,,,,,7.80,,,,,\n"
        "#T1,,,,,,,,,,,,,,,12.00,UPS 2nd Day,,,\n"
    )
    table = open_table(io.BytesIO(text.encode()))
    ignored, draft = ShopifyOrders().orders(table, options=ReadingOptions())
    assert isinstance(ignored, RowFate)
    assert isinstance(draft, OrderDraft)
    assert (ignored.number, ignored.reason) == (4, "no_line")
    assert (draft.discount_cents, draft.tax_cents, draft.shipping_cents, draft.total_cents) == (
        800,
        1_040,
        1_200,
        9_440,
    )
    assert (draft.shipping_method, draft.prices_include_tax, draft.lines[0].tax_cents) == (
        "UPS 2nd Day",
        False,
        260,
    )
    assert draft.ship_to
    assert draft.ship_to.country == "CA"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared data folder is not here")
def test_the_published_exports_are_accounted_for() -> None:
    export = open_table(SHARED / "fixtures/csv/shopify_orders_export.csv")
    drafts = list(ShopifyOrders().orders(export, options=ReadingOptions()))
    assert [(d.number, d.total_cents, d.source_rows) for d in drafts if isinstance(d, OrderDraft)] == [
        ("#3001", 4_980, (2, 3)),
        ("#3002", 1_390, (4,)),
    ]
    # One row of this file is shifted by a column: its order is refused, the cancelled one is cancelled.
    other = open_table(SHARED / "fixtures/csv/shopify_transporter_orders.csv")
    found = [f for f in ShopifyOrders().orders(other, options=ReadingOptions()) if isinstance(f, RowFate)]
    assert [(f.number, f.fate, f.reason) for f in found] == [
        (2, "refused", "order_incomplete"),
        (3, "refused", "bad_quantity"),
        (4, "refused", "order_incomplete"),
        (5, "cancelled", "cancelled_by_shop"),
    ]
