"""Order files people make themselves, in English or in French."""

import datetime as dt
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from colisage.connectors.plain_csv.columns import SYNONYMS, places
from colisage.connectors.plain_csv.orders import PlainOrders
from colisage.intake.ports import REASONS, OrderDraft, ReadingOptions, RowFate
from colisage.kit.tabular import MissingColumns, open_table

ENGLISH = "order_ref,placed_at,sku,quantity,unit_price,currency,name,address1,postcode,city,country,shipping\n"
FRENCH = (
    "N° commande;Date de commande;Référence (SKU);Quantité;Prix unitaire;Devise;Destinataire;Adresse;"
    "Code postal;Ville;Pays;Frais de port;Mot cadeau;Gravure;Paiement\n"
)


def read(text: str, *, encoding: str = "utf-8", options: ReadingOptions | None = None) -> list[OrderDraft | RowFate]:
    table = open_table(io.BytesIO(text.encode(encoding)))
    assert PlainOrders().recognises(table.columns)
    return list(PlainOrders().orders(table, options=options or ReadingOptions()))


def one(
    sku: str = "MUG",
    *,
    ref: str = "A1",
    date: str = "2026-12-31",
    count: str = "1",
    price: str = "10.00",
    currency: str = "EUR",
    country: str = "FR",
    shipping: str = "",
) -> str:
    address = f"Ada,1 rue Neuve,69001,Lyon,{country}"
    return f'{ref},{date},{sku},"{count}","{price}",{currency},{address},{shipping}\n'


def fates(*rows: str, options: ReadingOptions | None = None) -> list[tuple[int, str, str]]:
    found = [fate for fate in read(ENGLISH + "".join(rows), options=options) if isinstance(fate, RowFate)]
    assert all(fate.reason in REASONS for fate in found)
    return [(fate.number, fate.fate, fate.reason) for fate in found]


def drafts(*rows: str, options: ReadingOptions | None = None) -> list[OrderDraft]:
    outcomes = read(ENGLISH + "".join(rows), options=options)
    return [outcome for outcome in outcomes if isinstance(outcome, OrderDraft)]


def test_an_english_file_gives_orders() -> None:
    (draft,) = drafts(one(shipping="4.90"), one("TAPIS", count="2,0", price="12,50"))
    assert [(line.sku, line.quantity, line.unit_price_cents) for line in draft.lines] == [
        ("MUG", 1, 1_000),
        ("TAPIS", 2, 1_250),
    ]
    assert (draft.total_cents, draft.shipping_cents, draft.source_rows) == (3_990, 490, (2, 3))
    assert draft.placed_at == datetime(2026, 12, 31, tzinfo=UTC)
    assert draft.ship_to
    assert (draft.ship_to.name, draft.ship_to.postcode, draft.ship_to.country) == ("Ada", "69001", "FR")


@pytest.mark.parametrize(
    ("below", "found"),
    [
        (",,TAPIS,2,12.50,,,,,,,\n", [(2, 3)]),  # as a merged cell leaves it
        (",,TAPIS,2,12.50,,,,,,,\n,,PLUME,1,1.00,,,,,,,\n", [(2, 3, 4)]),
        (one(ref="A2") + ",,TAPIS,2,12.50,,,,,,,\n", [(2,), (3, 4)]),
        (one(ref=""), [(2,)]),  # of a customer of its own
        (one(ref="") + ",,TAPIS,2,12.50,,,,,,,\n", [(2,)]),
    ],
)
def test_a_line_without_number_and_customer_goes_on_with_the_order_above(
    below: str, found: list[tuple[int, ...]]
) -> None:
    assert [draft.source_rows for draft in drafts(one(), below)] == found


def test_a_bad_line_below_takes_its_whole_order_back() -> None:
    assert fates(one(), ",,TAPIS,deux,12.50,,,,,,,\n") == [
        (2, "refused", "order_incomplete"), (3, "refused", "bad_quantity"),
    ]  # fmt: skip


def test_what_was_paid_back_is_not_sent_and_history_takes_it() -> None:
    row = "17;31/12/2026;MUG;2;10,00;EUR;Zoé;1 rue;01000;Bourg;FR;;;;Remboursée\n"
    assert [(one.fate, one.reason) for one in read(FRENCH + row) if isinstance(one, RowFate)] == [
        ("cancelled", "fully_refunded")
    ]
    [draft] = read(FRENCH + row, options=ReadingOptions(history=True))
    assert isinstance(draft, OrderDraft)
    assert draft.payment == "refunded"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_french_file_from_excel_gives_orders(encoding: str) -> None:
    cells = "17;31/12/2026 14:05;MUG;2;1 234,50 €;EUR;Zoé;1 rue Neuve;01000;Bourg;Belgique;4,90"
    (draft,) = read(f"{FRENCH}{cells};Bonne fête;Léa;payée\n", encoding=encoding)
    assert isinstance(draft, OrderDraft)
    assert (draft.number, draft.total_cents, draft.payment) == ("17", 247_390, "paid")
    assert (draft.gift_note, draft.lines[0].personalisation) == ("Bonne fête", "Léa")
    assert draft.placed_at == datetime(2026, 12, 31, 14, 5, tzinfo=UTC)
    assert draft.ship_to
    assert (draft.ship_to.country, draft.ship_to.postcode, draft.customer_name) == ("BE", "01000", "Zoé")


def test_the_order_may_be_told_once_and_its_rows_stand_apart() -> None:
    bare = "A1,,PLUME,3,1.00,,,,,,,\n"
    first, second = drafts(one(), one(ref="A2"), bare)
    assert (first.source_rows, second.source_rows, first.total_cents) == ((2, 4), (3,), 1_300)


def test_rows_that_contradict_each_other_are_refused() -> None:
    assert fates(one(), one("TAPIS", country="BE")) == [
        (2, "refused", "order_rows_disagree"),
        (3, "refused", "order_incomplete"),
    ]


def test_a_line_pasted_twice_is_sent_once() -> None:
    assert fates(one(), one()) == [(3, "ignored", "duplicate")]
    assert [draft.total_cents for draft in drafts(one(), one())] == [1_000]


def test_a_date_with_two_readings_waits_to_be_told() -> None:
    assert fates(one(date="03/04/2026")) == [(2, "refused", "ambiguous_date")]
    (draft,) = drafts(one(date="03/04/2026"), options=ReadingOptions(dates="dmy"))
    assert draft.placed_at.month == 4


def test_a_missing_date_is_the_day_of_receipt() -> None:
    now = datetime(2026, 10, 1, tzinfo=UTC)
    assert fates(one(date="")) == [(2, "refused", "bad_date")]
    assert drafts(one(date=""), options=ReadingOptions(received_at=now))[0].placed_at == now


def test_a_missing_currency_is_the_one_of_the_import() -> None:
    assert fates(one(currency="")) == [(2, "refused", "unknown_currency")]
    assert drafts(one(currency=""), options=ReadingOptions(currency="CAD"))[0].currency == "CAD"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (one(count="0"), "zero_quantity"),
        (one(count="-2"), "negative_quantity"),
        (one(count="1000001"), "huge_quantity"),
        (one(count="9" * 40), "bad_quantity"),
        (one(count="1,5"), "bad_quantity"),
        (one(count=""), "bad_quantity"),
        (one(price="1,234"), "bad_amount"),
        (one(price="-1"), "negative_amount"),
        (one(price="10.005"), "bad_amount"),
        (one(sku=""), "missing_sku"),
        (one(sku="X" * 101), "cell_too_long_for_order"),
        (one(ref=""), "missing_order_ref"),
        (one(ref="A" * 101), "cell_too_long_for_order"),
        (one(country="Atlantis"), "unknown_country"),
        (one(currency="XX"), "unknown_currency"),
        (one(date="2026-02-30"), "bad_date"),
        ("A1,2026-12-31\n", "too_few_cells"),
    ],
)
def test_a_bad_row_is_refused_and_others_go_through(row: str, reason: str) -> None:
    assert fates(row, one(ref="A2")) == [(2, "refused", reason)]
    assert [draft.number for draft in drafts(row, one(ref="A2"))] == ["A2"]


def test_a_total_that_does_not_add_up_is_refused() -> None:
    text = "order,sku,qty,price,currency,date,total\n1,MUG,2,5.00,EUR,2026-01-31,{}\n"
    assert isinstance(read(text.format("10.00"))[0], OrderDraft)
    (fate,) = read(text.format("11.00"))
    assert isinstance(fate, RowFate)
    assert fate.reason == "amounts_do_not_balance"


def test_orders_marked_cancelled_are_cancelled() -> None:
    (fate,) = read("order,sku,qty,payment\n1,MUG,2,annulée\n")
    assert isinstance(fate, RowFate)
    assert (fate.fate, fate.reason) == ("cancelled", "cancelled_by_shop")


def test_no_name_means_two_columns() -> None:
    names = [name for names in SYNONYMS.values() for name in names.split(", ")]
    assert len(names) == len(set(names))


def test_the_first_of_two_columns_for_one_thing_counts() -> None:
    assert places(["nom", "client", "sku"]) == {"name": "nom", "sku": "sku"}


def test_another_table_is_refused_by_its_missing_columns() -> None:
    table = open_table(io.BytesIO(b"order_ref;qty\n1;2\n"))
    assert not PlainOrders().recognises(table.columns)
    with pytest.raises(MissingColumns, match="sku"):
        PlainOrders().orders(table, options=ReadingOptions())


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "numéro de commande, sku, quantité"), ("en", "order number, sku, quantity")]
)
def test_missing_columns_are_named_in_the_language_of_the_reader_by_names_that_are_known(
    language: str, said: str
) -> None:
    with pytest.raises(MissingColumns) as refused:
        PlainOrders().orders(open_table(io.BytesIO(b"Date;Ville\n1;2\n")), options=ReadingOptions())
    with override(language):
        assert f": {said}." in str(refused.value)
    assert PlainOrders().recognises(said.split(", "))


def test_a_wanted_day_is_read_as_it_is_written_and_an_unreadable_one_refuses_its_order() -> None:
    head = "order ref,date,sku,quantity,currency,requested delivery date\n"
    row = "A{0},2026-12-01,MUG,1,EUR,{1}\n"
    told = [row.format(n, day) for n, day in enumerate(["2026-12-24", "24.12.2026", "", "soon", "03/04/2027"])]
    paris = ReadingOptions(zone=ZoneInfo("Europe/Paris"))
    found = read(head + "".join(told), options=paris)
    assert [one.wanted_on for one in found if isinstance(one, OrderDraft)] == [dt.date(2026, 12, 24)] * 2 + [None]
    assert [one.reason for one in found if isinstance(one, RowFate)] == ["bad_wanted_date", "ambiguous_date"]


def test_a_column_without_a_name_is_none_of_ours() -> None:
    options = ReadingOptions(currency="EUR", received_at=datetime(2026, 11, 1, tzinfo=UTC))
    (draft,) = read("order_ref,sku,,quantity\nA1,MUG,to wrap,2\n", options=options)
    assert isinstance(draft, OrderDraft)
    assert [(line.name, line.unit_price_cents, line.personalisation) for line in draft.lines] == [("", 0, "")]


def test_a_later_row_that_says_the_same_or_less_is_no_contradiction() -> None:
    (draft,) = drafts(one(shipping="4.90"), one("TAPIS", shipping="4.90"), one("LAMPE"))
    assert (len(draft.lines), draft.shipping_cents) == (3, 490)
    disagreeing = one(shipping="4.90"), one("TAPIS"), one("LAMPE", shipping="5.90")
    assert fates(*disagreeing)[0] == (2, "refused", "order_rows_disagree")
