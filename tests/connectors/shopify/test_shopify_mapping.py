import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.connectors.shopify.conftest import shopify_order

from colisage.connectors.shopify.channel import Shopify
from colisage.connectors.shopify.client import document
from colisage.connectors.shopify.graphql import parsed
from colisage.connectors.shopify.sim_answers import answered
from colisage.connectors.shopify.sim_orders import order_node, refund_node
from colisage.intake.ports import AskFor, DraftCharge, Nothing, OrderDraft, OrderTold, Unreadable
from colisage.intake.rules import refusal
from colisage.intake.rules.messages import balanced


def told(order: Any, *, topic: str = "orders/updated") -> OrderTold:
    """Read an order that has to be one."""
    found = Shopify().read(json.dumps(order).encode(), topic=topic)
    assert isinstance(found, OrderTold)
    return found


def draft(order: Any) -> OrderDraft:
    """Read an order whose money adds up by itself, without an unexplained difference."""
    found = told(order).draft
    assert refusal(found, now=timezone.now()) is None
    return found


def both(shop: str, customer: str, currency: str = "GBP") -> dict[str, Any]:
    """Write an amount in the shop's currency and in the customer's."""
    return {
        "shop_money": {"amount": shop, "currency_code": "EUR"},
        "presentment_money": {"amount": customer, "currency_code": currency},
    }


def abroad(currency: str, unit: str, carriage: str, total: str) -> dict[str, Any]:
    """Write an order that was paid in another currency than the shop's: two mugs."""
    order = shopify_order(3, ("MUG", 2, "18.00"), presentment_currency=currency)
    order["line_items"][0]["price_set"] = both("18.00", unit, currency)
    order["shipping_lines"][0]["discounted_price_set"] = both("4.90", carriage, currency)
    for name in ("total_price", "current_total_price"):
        order[f"{name}_set"] = both("40.90", total, currency)
    for name in ("total_tax", "current_total_tax", "total_discounts"):
        order[f"{name}_set"] = both("0.00", "0.00", currency)
    return order


@pytest.mark.parametrize(
    ("currency", "unit", "carriage", "total", "cents"),
    [
        ("GBP", "15.12", "4.11", "34.35", (1512, 411, 3435)), ("JPY", "2900", "790", "6590", (2900, 790, 6590)),
        ("JPY", "2900.0", "790.0", "6590.0", (2900, 790, 6590)),
        ("TND", "60.125", "16.366", "136.616", (60125, 16366, 136616)),
    ],
)  # fmt: skip
def test_amounts_are_those_the_customer_paid_to_the_last_decimal_of_the_currency(
    currency: str, unit: str, carriage: str, total: str, cents: tuple[int, int, int]
) -> None:
    found = draft(abroad(currency, unit, carriage, total))
    assert (found.currency, found.lines[0].unit_price_cents, found.shipping_cents, found.total_cents) == (
        currency, *cents,
    )  # fmt: skip
    assert found.charges == ()


def test_an_amount_of_which_only_the_shops_currency_is_told_is_not_taken_for_the_customers() -> None:
    order = abroad("GBP", "15.12", "4.11", "34.35")
    del order["line_items"][0]["price_set"]
    with pytest.raises(Unreadable) as fault:
        told(order)
    assert (fault.value.code, fault.value.detail, fault.value.external_ref) == ("missing_field", "price_set", "3")


def test_a_tip_that_is_told_in_the_shops_currency_is_named_by_what_the_total_says() -> None:
    order = abroad("GBP", "15.12", "4.11", "38.55")
    order["total_price_set"] = order["current_total_price_set"] = both("45.90", "38.55")
    order.update(total_tip_received="5.00", total_price="45.90")
    assert draft(order).charges == (DraftCharge("tip", 420),)
    order["total_tip_received"] = "2.00"
    assert told(order).draft.charges == ()  # it explains too little: a person looks


def test_tax_on_top_duties_fees_and_a_tip_of_its_own_line_add_up() -> None:
    order = shopify_order(4, ("MUG", 2, "18.00"), ("TIP", 1, "3.00"), taxes_included=False)
    order["line_items"][0]["tax_lines"] = [{"price": "7.20"}]
    order["line_items"][1].update(
        name="Tip", sku=None, variant_id=None, requires_shipping=False, tip_payment_gateway="shopify_payments"
    )
    order.update(
        total_tax="7.20", current_total_tax="7.20", total_price="57.60", current_total_price="57.60",
        total_tip_received="3.00", original_total_duties_set={"shop_money": {"amount": "4.00"}},
        current_total_duties_set={"shop_money": {"amount": "4.00"}},
        current_total_additional_fees_set={"shop_money": {"amount": "2.50"}},
    )  # fmt: skip
    found = draft(order)
    assert [(charge.kind, charge.cents) for charge in found.charges] == [("tip", 300), ("duty", 400), ("fee", 250)]
    assert ([line.sku for line in found.lines], found.tax_cents, found.prices_include_tax) == (["MUG"], 720, False)
    order.update(duties_included=True, current_total_price="53.60")
    assert [charge.kind for charge in draft(order).charges] == ["tip", "fee"]


def test_discounts_are_taken_from_the_lines_they_are_allocated_to() -> None:
    order = shopify_order(5, ("MUG", 3, "18.00"), ("CARTE", 1, "2.50"))
    order["line_items"][0]["discount_allocations"] = [{"amount": "5.00"}, {"amount": "0.01"}]
    order.update(current_total_price="56.39", total_price="56.39", total_discounts="5.01")
    assert [(line.quantity, line.discount_cents) for line in draft(order).lines] == [(3, 501), (1, 0)]
    order["line_items"][0]["discount_allocations"] = []
    found = draft(order)  # an old version of the API names only the sum
    assert ([line.discount_cents for line in found.lines], found.discount_cents) == ([0, 0], 501)


def test_units_that_were_given_back_are_not_wanted_and_take_their_own_discount_with_them() -> None:
    order = shopify_order(6, ("MUG", 3, "18.00"), ("CARTE", 1, "2.50"))
    order["line_items"][0].update(current_quantity=2, discount_allocations=[{"amount": "10.00"}])
    order["line_items"][1]["current_quantity"] = 0
    order.update(total_price="51.40", current_total_price="34.23")
    gone = [
        {"line_item_id": 60, "quantity": 1, "subtotal": 14.67, "total_tax": 0.0},
        {"line_item_id": 61, "quantity": 1, "subtotal": 2.5, "total_tax": 0.0},
    ]
    order["refunds"] = [{"id": 1, "refund_line_items": gone, "order_adjustments": [], "transactions": []}]
    [line] = draft(order).lines
    assert (line.sku, line.quantity, line.discount_cents, line.total_cents) == ("MUG", 2, 667, 2933)
    order["refunds"] = []  # an edit: the shop names no amounts
    [line] = told(order).draft.lines
    assert (line.quantity, line.discount_cents) == (2, 667)


def test_money_given_back_for_no_line_lowers_the_total_and_is_named() -> None:
    order = shopify_order(7, ("MUG", 1, "18.00"), current_total_price="17.90", financial_status="partially_refunded")
    order["refunds"] = [
        {"id": 1, "refund_line_items": [], "order_adjustments": [{"kind": "refund_discrepancy", "amount": "-5.00"}]}
    ]
    found = draft(order)
    assert (found.total_cents, found.charges, found.payment) == (1790, (DraftCharge("refund", -500),), "paid")


def test_what_the_parts_do_not_explain_is_left_for_a_person() -> None:
    order = shopify_order(8, ("MUG", 1, "18.00"), total_price="99.00", current_total_price="99.00")
    found = balanced(told(order).draft)
    assert found.charges == (DraftCharge("difference", 7610),)


def test_lines_say_who_sends_them_and_whether_they_need_a_parcel() -> None:
    order = shopify_order(9, *[("MUG", 1, "10.00")] * 5)
    for line, changes in zip(
        order["line_items"],
        [
            {}, {"fulfillment_service": "amazon_marketplace_web"}, {"fulfillment_service": "manual"},
            {"gift_card": True, "fulfillment_service": "gift_card"}, {"requires_shipping": False, "sku": None},
        ],
        strict=True,
    ):  # fmt: skip
        line.update(changes)
    assert [(line.sku, line.served_by, line.requires_shipping) for line in draft(order).lines] == [
        ("MUG", "", True), ("MUG", "amazon_marketplace_web", True), ("MUG", "", True), ("MUG", "", False),
        ("shopify:104", "", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "payment"),
    [
        ({"financial_status": "authorized"}, "authorized"), ({"financial_status": "partially_paid"}, "pending"),
        ({"financial_status": "voided"}, "pending"), ({"financial_status": "new word"}, "unknown"),
        ({"financial_status": "pending", "payment_gateway_names": ["Cash on Delivery (COD)"]}, "authorized"),
    ],
)  # fmt: skip
def test_how_it_is_paid(changes: dict[str, Any], payment: str) -> None:
    assert told(shopify_order(1, ("MUG", 1, "18.00"), **changes)).draft.payment == payment


def test_what_is_over_or_only_tried_is_said_to_be_so() -> None:
    order = shopify_order(1, ("MUG", 1, "18.00"))
    assert not told(order).cancelled
    assert told({**order, "cancelled_at": "2026-11-20T12:00:00Z"}).cancelled
    assert told({**order, "fulfillment_status": "fulfilled"}).finished
    nothing_left = deepcopy(order)
    nothing_left["line_items"][0]["current_quantity"] = 0
    assert told(nothing_left).cancelled
    assert Shopify().read(json.dumps({**order, "test": True}).encode(), topic="") == Nothing("test_order", "1")


def test_an_order_that_is_fetched_in_the_shop_is_sent_to_no_invoice_address() -> None:
    found = draft(shopify_order(1, ("MUG", 1, "18.00"), shipping_address=None))
    assert found.ship_to is None
    assert found.bill_to is not None


@pytest.mark.parametrize("written", [{}, {"name": "Prénom", "value": 3}, [{"name": "Prénom", "value": 3}], None, "x"])
def test_what_the_customer_chose_is_read_in_every_shape_it_has_had(written: Any) -> None:
    order = shopify_order(1, ("MUG", 1, "18.00"))
    order["line_items"][0]["properties"] = written
    assert draft(order).lines[0].personalisation == ("Prénom: 3" if written and written != "x" else "")


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ({"order_edit": {"order_id": 8}}, "8"), ({"order_id": 8, "refund_line_items": []}, "8"),
        ({"fulfillment_order": {"id": 3, "order_id": 8}}, "8"),
        ({"fulfillment_order": {"id": "gid://shopify/FulfillmentOrder/3"}}, "gid://shopify/FulfillmentOrder/3"),
    ],
)  # fmt: skip
def test_a_hint_has_the_order_asked_for(body: Any, asked: str) -> None:
    assert Shopify().read(json.dumps(body).encode(), topic="x") == AskFor(asked)


def as_asked(order: dict[str, Any]) -> bytes:
    """Give an order as we ask for it: the fields of our documents and no others."""
    node = answered(order_node(order), parsed(document("Order")).fields[0].fields, {})
    node["lineItems"] = {"nodes": [one for page in pages(order) for one in page]}
    refunds = answered(order_node(order), parsed(document("OrderRefunds")).fields[0].fields, {})["refunds"]
    lines = parsed(document("RefundLines")).fields[0].fields
    whole = [
        {**told_of, **answered(refund_node(one, order["currency"]), lines, {})}
        for told_of, one in zip(refunds, order["refunds"], strict=True)
    ]
    return json.dumps({**node, "refunds": whole}).encode()


def pages(order: dict[str, Any]) -> Iterator[list[Any]]:
    """Give the lines of an order page by page."""
    after: str | None = "0"
    while after:
        asked = answered(order_node(order), parsed(document("Order")).fields[0].fields, {"after": after})["lineItems"]
        yield asked["nodes"]
        after = asked["pageInfo"]["endCursor"] if asked["pageInfo"]["hasNextPage"] else None


def recorded(shared: Path) -> Iterator[dict[str, Any]]:
    """Give every recorded order of a version we speak."""
    for file in sorted((shared / "fixtures/shopify").glob("*/order__*.json")):
        found = json.loads(file.read_bytes())
        yield from found["orders"] if "orders" in found else [found["order"]]
    for file in sorted((shared / "fixtures/shopify/derived").glob("*.body.json")):
        yield json.loads(file.read_bytes())


def test_an_order_that_is_sent_to_us_and_one_we_ask_for_are_the_same_to_the_last_cent(shared: Path) -> None:
    seen = 0
    for order in recorded(shared):
        pushed = told(order)
        asked = Shopify().read(as_asked(order), topic="order.read")
        assert isinstance(asked, OrderTold)
        assert (asked.draft, asked.version, asked.cancelled, asked.finished, asked.refunds) == (
            pushed.draft, pushed.version, pushed.cancelled, pushed.finished, pushed.refunds,
        ), order["name"]  # fmt: skip
        seen += 1
    assert seen == 23


JUNK = [None, "", "x", "\x00", -1, 0, 1.5, "1e999", "NaN", 10**30, True, [], [1], {}, {"a": 1}, "9" * 400]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give where every value of a document stands."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        if isinstance(one, dict | list):
            yield from places(one, (*path, key))


@pytest.mark.parametrize("asked", [False, True])
def test_whatever_stands_anywhere_is_read_or_refused_with_a_reason(asked: bool) -> None:  # noqa: FBT001
    order = shopify_order(6, ("MUG", 3, "18.00"), total_tip_received="1.00")
    order["line_items"][0] |= {"tax_lines": [{"price": "1.00"}], "discount_allocations": [{"amount": "1.00"}]}
    order["refunds"] = [
        {
            "id": 1, "refund_line_items": [{"line_item_id": 60, "quantity": 1, "subtotal": "1", "total_tax": "0"}],
            "order_adjustments": [{"kind": "x", "amount": "1"}], "transactions": [{"kind": "refund", "amount": "1"}],
        }
    ]  # fmt: skip
    body = json.loads(as_asked(order)) if asked else order
    for path in list(places(body)):
        for junk in JUNK:
            broken = deepcopy(body)
            place = broken
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = junk
            with suppress(Unreadable):
                found = Shopify().read(json.dumps(broken).encode(), topic="")
                if isinstance(found, OrderTold):
                    refusal(balanced(found.draft), now=timezone.now())
