"""A year of a real shop's invoices, every row accounted for."""

import io
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from colisage.connectors.online_retail.catalogue import ImpliedProduct, implied_catalogue
from colisage.connectors.online_retail.orders import OnlineRetailOrders
from colisage.intake.ports import REASONS, OrderDraft, ReadingOptions, RowFate
from colisage.kit.tabular import MissingColumns, open_table

SHARED = Path(os.environ.get("COLISAGE_SHARED", "../shared"))
HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"


def row(
    sku: str,
    *,
    invoice: str = "1",
    count: str = "1",
    price: str = "2.50",
    who: str = "17850.0",
    country: str = "France",
) -> str:
    return f"{invoice},{sku},{sku.lower()} thing ,{count},2010-12-01 08:26:00,{price},{who},{country}\n"


def read(*rows: str) -> list[OrderDraft | RowFate]:
    table = open_table(io.BytesIO((HEADER + "".join(rows)).encode()))
    return list(OnlineRetailOrders().orders(table, options=ReadingOptions()))


def fates(*rows: str) -> list[tuple[int, str, str]]:
    found = [fate for fate in read(*rows) if isinstance(fate, RowFate)]
    assert all(fate.reason in REASONS for fate in found)
    return [(fate.number, fate.fate, fate.reason) for fate in found]


def drafts(*rows: str) -> list[OrderDraft]:
    return [outcome for outcome in read(*rows) if isinstance(outcome, OrderDraft)]


def test_an_invoice_becomes_an_order_for_a_country() -> None:
    (draft,) = drafts(row("15056n", count="3"), row("22086", price="0.85"), row("POST", price="18.00"))
    assert [(line.sku, line.quantity, line.unit_price_cents, line.name) for line in draft.lines] == [
        ("15056N", 3, 250, "15056n thing"),
        ("22086", 1, 85, "22086 thing"),
    ]
    assert (draft.shipping_cents, draft.total_cents, draft.currency) == (1_800, 2_635, "GBP")
    assert (draft.customer_name, draft.source_rows) == ("17850", (2, 3))
    assert draft.placed_at == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    assert draft.ship_to
    assert draft.ship_to.country == "FR"


@pytest.mark.parametrize(("country", "code"), [("EIRE", "IE"), ("RSA", "ZA"), ("Channel Islands", "JE"), ("USA", "US")])
def test_countries_are_told_by_their_code(country: str, code: str) -> None:
    (draft,) = drafts(row("22086", country=country))
    assert draft.ship_to
    assert draft.ship_to.country == code


def test_an_unknown_country_or_customer_refuses_nothing() -> None:
    (draft,) = drafts(row("22086", who="", country="Unspecified"))
    assert (draft.ship_to, draft.customer_name) == (None, "")


def test_credit_notes_are_cancellations_whatever_they_hold() -> None:
    rows = row("22086", invoice="C2", count="-1"), row("POST", invoice="C2", count="-1")
    assert fates(*rows) == [(2, "cancelled", "credit_note"), (3, "cancelled", "credit_note")]


@pytest.mark.parametrize(
    ("code", "reason"),
    [(code, "carriage") for code in ("POST", "DOT", "C2", "post")]
    + [
        (code, "not_a_product")
        for code in (
            "M",
            "m",
            "D",
            "S",
            "B",
            "BANK CHARGES",
            "ADJUST",
            "ADJUST2",
            "AMAZONFEE",
            "CRUK",
            "PADS",
            "TEST001",
        )
    ]
    + [("gift_0001_20", "not_a_product")],
)
def test_codes_that_are_no_product_are_ignored(code: str, reason: str) -> None:
    assert fates(row(code)) == [(2, "ignored", reason)]
    assert drafts(row(code)) == []


def test_a_row_written_twice_counts_once() -> None:
    rows = row("22086"), row("POST"), row("22086"), row("POST")
    assert fates(*rows) == [
        (3, "ignored", "carriage"),
        (4, "ignored", "duplicate"),
        (5, "ignored", "duplicate"),
    ]
    assert [draft.total_cents for draft in drafts(*rows)] == [500]


def test_negative_quantities_outside_credit_notes_correct_a_stock() -> None:
    assert fates(row("22086", count="-5", price="0.0", who="")) == [(2, "ignored", "stock_adjustment")]


def test_lines_without_price_are_presents_or_notes() -> None:
    assert fates(row("22086", price="0.0", who="")) == [(2, "ignored", "unpriced")]
    assert len(drafts(row("22086", price="0.0"))[0].lines) == 1
    assert len(drafts(row("22086", price="0.0", who=""), row("22087", who=""))[0].lines) == 2


def test_interleaved_invoices_come_together() -> None:
    first, second = drafts(row("22086"), row("22086", invoice="2"), row("22087"))
    assert (first.source_rows, second.source_rows) == ((2, 4), (3,))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row("22087", count="0"), "zero_quantity"),
        (row("22087", count="1.5"), "bad_quantity"),
        (row("22087", count="1000001"), "huge_quantity"),
        (row("22087", price="-1"), "negative_amount"),
        (row("22087", price="x"), "bad_amount"),
        (row(""), "missing_sku"),
        ("1,22087\n", "too_few_cells"),
    ],
)
def test_a_bad_row_refuses_its_order_and_no_other(bad: str, reason: str) -> None:
    rows = row("22086"), bad, row("22086", invoice="2")
    assert fates(*rows) == [(2, "refused", "order_incomplete"), (3, "refused", reason)]
    assert [draft.number for draft in drafts(*rows)] == ["2"]


def test_rows_without_invoice_are_refused() -> None:
    assert fates(row("22086", invoice="")) == [(2, "refused", "missing_order_ref")]


def test_both_published_sets_of_columns_are_recognised() -> None:
    other = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    table = open_table(io.BytesIO((other + row("22086")).encode()))
    assert OnlineRetailOrders().recognises(table.columns)
    assert len(list(OnlineRetailOrders().orders(table, options=ReadingOptions()))) == 1


def test_another_table_is_refused_by_its_missing_columns() -> None:
    table = open_table(io.BytesIO(b"Invoice,Quantity\n1,2\n"))
    with pytest.raises(MissingColumns, match="stockcode"):
        OnlineRetailOrders().orders(table, options=ReadingOptions())


def test_the_catalogue_is_what_the_orders_imply() -> None:
    rows = [
        row("22086"),
        row("22086", invoice="2", count="4"),
        row("22086", invoice="3", price="2.00"),
        row("POST"),
    ]
    assert list(implied_catalogue(read(*rows))) == [ImpliedProduct("22086", "22086 thing", 250, 6, 3)]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared data folder is not here")
def test_every_row_of_the_real_year_has_one_fate() -> None:
    table = open_table(SHARED / "data/online_retail_2010_2011.csv.gz")
    assert OnlineRetailOrders().recognises(table.columns)
    counts: Counter[str] = Counter()
    numbers: list[int] = []
    references: list[str] = []
    for outcome in OnlineRetailOrders().orders(table, options=ReadingOptions()):
        if isinstance(outcome, RowFate):
            counts[outcome.reason] += 1
            numbers.append(outcome.number)
        else:
            counts["lines"] += len(outcome.lines)
            numbers.extend(outcome.source_rows)
            references.append(outcome.external_ref)
    assert counts == {
        "lines": 522_597,
        "credit_note": 9_288,
        "duplicate": 5_231,
        "carriage": 1_981,
        "stock_adjustment": 1_336,
        "unpriced": 1_096,
        "not_a_product": 380,
    }
    assert sorted(numbers) == list(range(2, 541_911))
    assert len(references) == len(set(references)) == 19_776
