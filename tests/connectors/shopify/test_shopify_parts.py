"""Who sends what of an order: what left before it came here, moves, holds, requests, also where answers get lost."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from tests.cast import World
from tests.connectors.shopify.conftest import shopify_order
from tests.connectors.shopify.test_shopify import arrive
from tests.connectors.shops import ask, due_now, fates, order_of, read, sent_off, taken
from tests.tracking.conftest import OnTheRoad

from colisage.connectors.actions.run_errands import run_errands
from colisage.connectors.actions.tell_shops import tell_shops
from colisage.connectors.models import Connection, Errand
from colisage.connectors.shopify.simulator import ShopifyShop
from colisage.desk.queries.order import page_of
from colisage.intake.models import ShopMessage
from colisage.inventory.models import Availability
from colisage.kit.actors import SYSTEM
from colisage.kit.events import Event
from colisage.kit.models import Event as Row
from colisage.kit.paid import net
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.events import OrderFreed, OrderHeld
from colisage.orders.models import FulfillmentOrder, Hold, Order, OrderLine
from colisage.orders.queries.changes import paid_of
from colisage.sourcing.actions.source_orders import source_orders

LINE = "gid://shopify/LineItem/"


def again(connection: Connection) -> list[tuple[str, str]]:
    """Ask the shop once more; give what became of the message that this brought, if any."""
    before = ShopMessage.objects.count()
    connection.refresh_from_db()
    return fates(ask(connection))[before:]


def lines(world: World, ref: Any) -> list[tuple[str, int, str]]:
    """Give the lines of an order with the units that are wanted and who else sends them."""
    rows = OrderLine.objects.filter(order=order_of(world, ref)).order_by("position")
    return [(line.sku_code, line.wanted, line.served_by) for line in rows if line.wanted]


def reserved(world: World, sku: str) -> int:
    """Give the units of a SKU that are promised."""
    return sum(row.reserved for row in Availability.objects.filter(sku=world.sku(sku)))


def costs(order: Order) -> int:
    """Give what an order comes to without what is cancelled; its parts add up to its total."""
    order.refresh_from_db()
    rows = list(OrderLine.objects.filter(order=order))
    goods = sum(line.quantity * line.unit_price_cents - line.discount_cents for line in rows)
    assert order.total_cents == goods + order.shipping_cents + order.charges_cents - order.discount_cents
    return net(paid_of(order, rows), cancelled={line.pk: line.cancelled for line in rows})


@pytest.mark.parametrize("pushed", [True, False])
def test_of_an_order_that_left_in_part_before_it_came_only_the_rest_is_sent(
    balanced: World, shop: ShopifyShop, connection: Connection, *, pushed: bool
) -> None:
    order = shopify_order(3, ("MUG", 3, "18.01"), ("PLUME", 2, "20.00"))
    order["line_items"][0].update(total_discount="1.00", discount_allocations=[{"amount": "1.00"}])
    order.update(current_total_price="97.93", total_price="97.93")
    shop.place(order)
    shop.send_by_hand(3, units={f"{LINE}30": 1, f"{LINE}31": 2})
    if pushed:
        assert arrive(connection, shop.message(3)) == 200
        assert fates(read(connection)) == [("done", "accepted")]
    else:
        assert fates(ask(connection)) == [("done", "accepted")]
    found = order_of(balanced, 3)
    assert lines(balanced, 3) == [("MUG", 2, ""), ("MUG", 1, "Shopify"), ("PLUME", 2, "Shopify")]
    assert (costs(found), reserved(balanced, "MUG"), reserved(balanced, "PLUME")) == (9793, 2, 0)
    assert sum(line.discount_cents for line in OrderLine.objects.filter(order=found)) == 100
    assert again(connection) == ([("ignored", "nothing_new")] if pushed else [])


def test_an_order_that_left_as_a_whole_before_it_came_is_not_taken_in(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(3, ("MUG", 3, "18.00")))
    shop.send_by_hand(3)
    assert fates(ask(connection)) == [("ignored", "already_fulfilled")]


def test_what_is_sent_by_hand_later_is_not_sent_again_and_what_we_sent_is_no_news(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(4, ("MUG", 3, "18.00"), ("PLUME", 1, "20.00")))
    found = taken(connection, balanced, 4)
    assert reserved(balanced, "MUG") == 3
    shop.send_by_hand(4, units={f"{LINE}40": 2})
    assert again(connection) == [("done", "changed")]
    assert lines(balanced, 4) == [("MUG", 1, ""), ("PLUME", 1, ""), ("MUG", 2, "Shopify")]
    assert (reserved(balanced, "MUG"), costs(found)) == (1, 7890)
    assert again(connection) == []


def test_what_is_sent_by_hand_while_we_pack_stops_the_order(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(4, ("MUG", 3, "18.00")))
    found = taken(connection, balanced, 4)
    FulfillmentOrder.objects.filter(order=found).update(stage="packed")
    shop.send_by_hand(4, units={f"{LINE}40": 2})
    assert again(connection) == [("refused", "sent_elsewhere")]
    assert Hold.objects.get(order=found).reason == "sent_elsewhere"
    FulfillmentOrder.objects.filter(order=found).update(stage="ready")


def test_a_part_that_is_moved_away_is_left_to_the_other_and_taken_when_it_comes_back(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(5, ("MUG", 3, "18.00"), ("PLUME", 1, "20.00")))
    found = taken(connection, balanced, 5)
    other = shop.place_at("Entrepôt de l'Est", service="logistique-est")
    part = shop.part_of(5)
    [mug, box] = part.lines
    away = shop.move(part, other, units={mug: 2, box: 1})
    assert again(connection) == [("done", "changed")]
    assert lines(balanced, 5) == [("MUG", 1, ""), ("MUG", 2, "logistique-est"), ("PLUME", 1, "logistique-est")]
    assert (reserved(balanced, "MUG"), reserved(balanced, "PLUME")) == (1, 0)
    shop.move(away, part.location)
    assert again(connection) == [("done", "changed")]
    assert lines(balanced, 5) == [("MUG", 3, ""), ("PLUME", 1, "")]
    assert (reserved(balanced, "MUG"), reserved(balanced, "PLUME")) == (3, 1)
    assert costs(found) == 7890
    assert again(connection) == []


def shown(world: World, order: Order) -> tuple[list[tuple[str, int, int, str, int]], tuple[int, int, int, int]]:
    """Give the lines of an order's page, and its sums: goods, total, what is cancelled, what it comes to now."""
    order.refresh_from_db()
    page = page_of(order)
    rows = [
        (row["line"].sku_code, row["units"], row["ordered"], row["line"].served_by, row["cents"])
        for row in page["lines"]
    ]
    assert sum(row[-1] for row in rows) == page["goods_cents"]
    return rows, (page["goods_cents"], page["total_cents"], page["less_cents"], page["now_cents"])


def test_units_that_another_service_sends_by_now_stand_once_on_the_page_with_their_price(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    order = shopify_order(5, ("MUG", 3, "18.01"), ("PLUME", 1, "20.00"))
    order["line_items"][0].update(total_discount="3.00", discount_allocations=[{"amount": "3.00"}])
    order.update(current_total_price="75.93", total_price="75.93")
    shop.place(order)
    found = taken(connection, balanced, 5)
    before, sums = shown(balanced, found)
    assert before == [("MUG", 3, 3, "", 5103), ("PLUME", 1, 1, "", 2000)]
    assert sums == (7103, 7593, 0, 7593)
    part = shop.part_of(5)
    [mug, box] = part.lines
    away = shop.move(part, shop.place_at("Entrepôt de l'Est", service="est"), units={mug: 2, box: 1})
    again(connection)
    rows, sums = shown(balanced, found)
    assert [row[:4] for row in rows] == [("MUG", 1, 1, ""), ("MUG", 2, 2, "est"), ("PLUME", 1, 1, "est")]
    assert sums == (7103, 7593, 0, 7593)
    shop.move(away, part.location)
    again(connection)
    assert shown(balanced, found) == (before, (7103, 7593, 0, 7593))


def test_what_a_customer_cancels_of_a_line_of_both_is_still_shown_as_cancelled(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(5, ("MUG", 3, "18.00")))
    shop.send_by_hand(5, units={f"{LINE}50": 1})
    found = taken(connection, balanced, 5)
    [ours] = [line for line in OrderLine.objects.filter(order=found) if not line.served_by]
    wish = Wish(quantities={ours.pk: 1})
    change_order(balanced.tilleul.pk, order_id=found.pk, wish=wish, actor=SYSTEM, reason="customer_asked")
    rows, sums = shown(balanced, found)
    assert (rows[0][:4], rows[1][1:3]) == (("MUG", 1, 2, ""), (1, 1))
    assert (sums[0], sums[2]) == (5400, 1800)


def test_an_order_that_another_service_has_is_mirrored_and_sent_from_here_once_it_is_moved_to_us(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    other = shop.place_at("Amazon", service="amazon_marketplace_web")
    shop.place(shopify_order(6, ("MUG", 2, "18.00")), location=other)
    assert fates(ask(connection)) == [("done", "accepted")]
    found = order_of(balanced, 6)
    source_orders([found.pk])
    found.refresh_from_db()
    assert (lines(balanced, 6), found.state, reserved(balanced, "MUG")) == (
        [("MUG", 2, "amazon_marketplace_web")], "closed", 0,
    )  # fmt: skip
    shop.move(shop.part_of(6), "gid://shopify/Location/1")
    assert again(connection) == [("done", "changed")]
    assert (lines(balanced, 6), costs(found), found.state) == ([("MUG", 2, "")], 4090, "open")
    assert reserved(balanced, "MUG") == 2


def test_only_the_locations_that_were_named_are_ours_and_a_message_alone_decides_nothing(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    connection.options = {**connection.options, "sent_from": "Atelier , entrepôt"}
    connection.save()
    store = shop.place_at("Boutique")
    shop.place(shopify_order(7, ("MUG", 2, "18.00")), location=store)
    assert arrive(connection, shop.message(7)) == 200
    assert fates(read(connection)) == [("ignored", "asked_for")]
    assert again(connection) == [("done", "accepted")]
    assert lines(balanced, 7) == [("MUG", 2, "Boutique")]


def test_a_hold_in_the_shop_holds_here_and_its_end_there_ends_it_here(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(8, ("MUG", 1, "18.00")))
    ask(connection)
    shop.hold(shop.part_of(8), reason="HIGH_RISK_OF_FRAUD")
    assert again(connection) == [("done", "held")]
    with translation.override("en"):
        row = ShopMessage.objects.filter(channel_id=connection.channel_id).latest("pk")
        assert "on hold in the shop" in render_to_string("intake/fate.html", {"row": row})
    hold = Hold.objects.get(order=order_of(balanced, 8))
    assert (hold.kind, hold.reason, hold.released_at) == ("channel", "shop_risk", None)
    assert again(connection) == []
    shop.free(shop.part_of(8))
    assert again(connection) == [("done", "freed")]
    hold.refresh_from_db()
    assert hold.released_at is not None


def test_a_hold_of_the_shop_that_a_person_released_here_is_not_set_again(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(8, ("MUG", 1, "18.00")))
    shop.hold(shop.part_of(8), reason="OTHER")
    assert fates(ask(connection)) == [("done", "accepted")]
    hold = Hold.objects.get(order=order_of(balanced, 8))
    release_hold(balanced.tilleul.pk, hold_ids=[hold.pk], actor=SYSTEM)
    shop.orders[8].update(note="x", updated_at="2026-11-20T11:00:05Z")
    assert again(connection) == [("ignored", "nothing_new")]
    assert Hold.objects.filter(order=order_of(balanced, 8)).count() == 1


def told_of_holds(connection: Connection) -> None:
    """Let the shop be told of the holds of this moment."""
    rows = Row.objects.filter(kind__in=["OrderHeld", "OrderFreed"]).order_by("pk")
    kinds: dict[str, type[Event]] = {"OrderHeld": OrderHeld, "OrderFreed": OrderFreed}
    tell_shops([kinds[row.kind].read(row.payload) for row in rows])  # type: ignore[misc]
    due_now()
    run_errands(connection.pk)


@pytest.mark.parametrize("way", ["", "error_after_effect", "drop"])
def test_our_hold_is_told_to_the_shop_once_and_ended_there_with_ours(
    balanced: World, shop: ShopifyShop, connection: Connection, way: str
) -> None:
    shop.place(shopify_order(9, ("MUG", 1, "18.00")))
    ask(connection)
    order, part = order_of(balanced, 9), shop.part_of(9)
    set_hold(balanced.tilleul.pk, order_ids=[order.pk], kind="risk", reason="risk_signals", actor=SYSTEM)
    if way:
        shop.faults = {"HoldPart": way, "ReleasePart": way}
    told_of_holds(connection)
    shop.faults = {}
    told_of_holds(connection)
    assert [(one["reason"], one["handle"]) for one in part.holds] == [("HIGH_RISK_OF_FRAUD", "colisage")]
    assert again(connection) in ([], [("ignored", "nothing_new")])
    hold = Hold.objects.get(order=order)
    release_hold(balanced.tilleul.pk, hold_ids=[hold.pk], actor=SYSTEM)
    told_of_holds(connection)
    assert (part.holds, part.status) == ([], "OPEN")
    assert not Errand.objects.filter(kind="hold").exclude(state="done").exists()
    assert Hold.objects.filter(order=order).count() == 1


def test_holds_that_come_from_the_shop_are_not_told_back(
    balanced: World, shop: ShopifyShop, connection: Connection
) -> None:
    shop.place(shopify_order(9, ("MUG", 1, "18.00"), financial_status="pending"))
    shop.hold(shop.part_of(9), reason="AWAITING_PAYMENT")
    ask(connection)
    told_of_holds(connection)
    assert len(shop.part_of(9).holds) == 1
    assert "HoldPart" not in shop.asked


@pytest.fixture
def ours(shop: ShopifyShop) -> str:
    """Give the location of the fulfilment service that stands for us."""
    return shop.place_at("Colisage", service="colisage-lyon")


def test_what_our_service_is_not_asked_for_is_not_sent_and_what_it_is_asked_for_is_accepted(
    balanced: World, shop: ShopifyShop, connection: Connection, ours: str
) -> None:
    shop.place(shopify_order(10, ("MUG", 2, "18.00")), location=ours)
    assert fates(ask(connection)) == [("done", "accepted")]
    assert lines(balanced, 10) == [("MUG", 2, "Shopify")]
    shop.ask(shop.part_of(10))
    assert again(connection) == [("done", "changed")]
    assert lines(balanced, 10) == [("MUG", 2, "")]
    due_now()
    assert run_errands(connection.pk) == 1
    assert shop.part_of(10).request == "ACCEPTED"
    assert again(connection)[:1] in ([], [("ignored", "nothing_new")])


@pytest.mark.parametrize("way", ["slow", "error_after_effect", "drop", "error_before_effect", "too_many"])
def test_a_request_is_answered_once_whatever_becomes_of_the_answer(
    balanced: World, shop: ShopifyShop, connection: Connection, ours: str, way: str
) -> None:
    shop.place(shopify_order(10, ("MUG", 2, "18.00")), location=ours, request="SUBMITTED")
    ask(connection)
    shop.behaviour.slow_seconds, shop.faults = 0.05, {"AcceptRequest": way}
    run_errands(connection.pk)
    shop.faults = {}
    due_now()
    run_errands(connection.pk)
    part = shop.part_of(10)
    assert (part.request, part.answers) == ("ACCEPTED", ["ACCEPTED"])
    assert not Errand.objects.filter(kind="request").exclude(state="done").exists()


def test_a_request_waits_until_its_order_was_read_and_is_refused_with_the_reason(
    balanced: World, shop: ShopifyShop, connection: Connection, ours: str
) -> None:
    shop.place(shopify_order(11, ("MUG", 2, "18.00")), location=ours, request="SUBMITTED")
    shop.orders[11]["line_items"][0]["quantity"] = 0
    shop.orders[11]["line_items"][0]["current_quantity"] = None
    ask_only(connection)
    assert run_errands(connection.pk) == 0
    assert shop.part_of(11).request == "SUBMITTED"
    assert fates(read(connection)) == [("refused", "zero_quantity")]
    due_now()
    assert run_errands(connection.pk) == 1
    [said] = shop.part_of(11).answers
    assert said.startswith("REJECTED OTHER ")


def ask_only(connection: Connection) -> None:
    """Ask the shop, and read nothing yet."""
    from colisage.connectors.actions.poll_shop import poll_shop  # noqa: PLC0415

    poll_shop(connection.pk)


@pytest.mark.parametrize("way", ["", "error_after_effect", "drop", "error_before_effect"])
def test_a_part_that_the_shop_asks_back_in_time_is_given_back_once(
    balanced: World, shop: ShopifyShop, connection: Connection, ours: str, way: str
) -> None:
    shop.place(shopify_order(12, ("MUG", 2, "18.00"), ("PLUME", 1, "20.00")), location=ours, request="ACCEPTED")
    order = taken(connection, balanced, 12)
    part = shop.part_of(12)
    shop.ask(part, cancel=True)
    again(connection)
    if way:
        shop.faults = {"AcceptCancellation": way}
    run_errands(connection.pk)
    shop.faults = {}
    again(connection)  # in between
    due_now()
    run_errands(connection.pk)
    assert (part.request, part.answers) == ("CANCELLATION_ACCEPTED", ["CANCELLATION_ACCEPTED"])
    assert lines(balanced, 12) == [("MUG", 2, "Shopify"), ("PLUME", 1, "Shopify")]
    assert (reserved(balanced, "MUG"), reserved(balanced, "PLUME")) == (0, 0)
    again(connection)
    assert (lines(balanced, 12), costs(order)) == ([("MUG", 2, "Shopify"), ("PLUME", 1, "Shopify")], 6090)
    assert not FulfillmentOrder.objects.filter(order=order).exclude(stage="cancelled").exists()


def test_a_part_that_is_asked_back_too_late_is_sent_and_the_shop_is_told_why(
    balanced: World, shop: ShopifyShop, connection: Connection, ours: str
) -> None:
    shop.place(shopify_order(13, ("MUG", 2, "18.00")), location=ours, request="ACCEPTED")
    order = taken(connection, balanced, 13)
    FulfillmentOrder.objects.filter(order=order).update(stage="labelled")
    part = shop.part_of(13)
    shop.ask(part, cancel=True)
    again(connection)
    due_now()
    assert run_errands(connection.pk) == 1
    assert part.request == "CANCELLATION_REJECTED"
    assert len(part.answers[0]) > len("CANCELLATION_REJECTED ")
    assert lines(balanced, 13) == [("MUG", 2, "")]
    assert again(connection)[-1:] in ([], [("ignored", "nothing_new")])
    FulfillmentOrder.objects.filter(order=order).update(stage="ready")


def test_a_parcel_is_never_told_to_a_part_that_another_has(
    balanced: World, shop: ShopifyShop, connection: Connection, on_the_road: OnTheRoad
) -> None:
    shop.place(shopify_order(77, ("MUG", 2, "18.00"), ("COFFRET", 2, "20.00")))
    part = shop.part_of(77)
    [mug, _box] = part.lines
    away = shop.move(part, shop.place_at("Est", service="est"), units={mug: 1})
    sent_off(balanced, on_the_road, ref="77", lines={"MUG": "770", "COFFRET": "771"})
    assert run_errands(connection.pk) == 1
    assert [one.lines for one in shop.left.values()] == [[(f"{LINE}770", 1), (f"{LINE}771", 2)]]
    assert away.status == "OPEN"
