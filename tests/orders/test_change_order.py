"""Orders changed after acceptance: all of it or nothing, stock exactly once, and when it is too late the reason."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation
from msgspec.structs import replace

from colisage.intake.ports import DraftCharge
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.errors import NotThere
from colisage.network.models import Channel
from colisage.notices.actions.tell_changes import tell_changes
from colisage.notices.models import Message
from colisage.orders.actions.change_order import (
    Changed,
    NoStockForChange,
    OrderIsNotOpen,
    TooLateToChange,
    UnknownSku,
    Wish,
    WrongUnits,
    change_order,
)
from colisage.orders.actions.place_orders import NewLine, place_orders
from colisage.orders.events import OrderChanged
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Order, OrderChange, OrderLine
from colisage.sourcing.actions.source_orders import source_orders
from tests.books import stand, told
from tests.cast import CAMILLE, World
from tests.orders.parts import part_of

pytestmark = pytest.mark.usefixtures("balanced")
CHEN = Actor("person", 3, "Chen")


def change(world: World, order_id: int, **wish: Any) -> Changed:
    keys = {"reason", "source", "key"}
    rest = {name: wish.pop(name) for name in keys & wish.keys()}
    return change_order(world.tilleul.pk, order_id=order_id, wish=Wish(**wish), actor=CHEN, **rest)


def lines_of(part: FulfillmentOrder) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=part.order_id).order_by("position"))


def sends(part: FulfillmentOrder) -> dict[str, int]:
    """Give what a part sends, by SKU."""
    found: dict[str, int] = {}
    for line in FulfillmentLine.objects.filter(fulfillment_order=part, quantity__gt=0).select_related("sku"):
        found[line.sku.code] = found.get(line.sku.code, 0) + line.quantity
    return found


def new_line(world: World, code: str, units: int, **changes: Any) -> NewLine:
    line = world.order((code, units)).lines[0]
    return replace(line, **changes)


def test_an_address_is_changed_and_the_document_says_what_it_was(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    there = {**CAMILLE, "line1": "1 place Bellecour", "postcode": "69002", "city": "Lyon"}
    changed = change(world, part.order_id or 0, ship_to=there, reason="wrong_address")
    order, document = Order.objects.get(), OrderChange.objects.get()
    assert order.ship_to == there
    assert (changed.change_id, changed.price_cents) == (document.pk, 0)
    assert (document.kind, document.number, document.reason) == ("address", 1, "wrong_address")
    assert (document.before, document.after) == ({"ship_to": CAMILLE}, {"ship_to": there})
    assert (document.actor_name, document.source) == ("Chen", "person")
    assert [(e["order_id"], e["change_id"]) for e in told("OrderChanged")] == [(order.pk, document.pk)]


def test_what_is_as_wished_already_is_no_change(world: World) -> None:
    part = part_of(world, ("MUG", 2))
    (line,) = lines_of(part)
    assert change(world, part.order_id or 0, ship_to=CAMILLE, quantities={line.pk: 2}, email=None) == Changed()
    assert OrderChange.objects.count() == 0


def test_fewer_units_give_back_exactly_these(world: World) -> None:
    part = part_of(world, ("MUG", 5), ("CARTE", 2))
    mug, _card = lines_of(part)
    changed = change(world, part.order_id or 0, quantities={mug.pk: 2}, reason="out_of_stock")
    assert (changed.price_cents, changed.given_back, changed.cancelled) == (-5_400, 3, False)
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)
    assert sends(part) == {"MUG": 2, "CARTE": 2}
    mug.refresh_from_db()
    assert (mug.quantity, mug.cancelled) == (5, 3)
    document = OrderChange.objects.get()
    assert (document.kind, document.given_back, document.price_cents) == ("cancel", 3, -5_400)
    assert [facts["lines"][0]["units"] for facts in (document.before, document.after)] == [5, 2]
    assert [(e["sku_id"], e["qty"]) for e in told("SellableGrew")][-1] == (world.sku("MUG").pk, 3)


def test_a_line_that_is_cancelled_whole_leaves_the_part(world: World) -> None:
    part = part_of(world, ("MUG", 1), ("CARTE", 2))
    mug, _card = lines_of(part)
    change(world, part.order_id or 0, quantities={mug.pk: 0})
    part.refresh_from_db()
    assert (part.stage, sends(part)) == ("ready", {"CARTE": 2})
    assert Order.objects.get().state == "open"


def test_when_nothing_is_left_the_order_is_cancelled_and_carriage_goes_too(world: World) -> None:
    part = part_of(world, ("MUG", 1), ("CARTE", 2), shipping_cents=490, total_cents=2_790)
    wanted = {line.pk: 0 for line in lines_of(part)}
    changed = change(world, part.order_id or 0, quantities=wanted)
    part.refresh_from_db()
    assert (changed.cancelled, changed.price_cents) == (True, -2_790)
    assert (Order.objects.get().state, part.stage) == ("cancelled", "cancelled")
    assert len(told("OrderCancelled")) == 1
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


def test_of_a_bundle_whole_sets_go(world: World) -> None:
    part = part_of(world, ("COFFRET", 3))
    (line,) = lines_of(part)
    changed = change(world, part.order_id or 0, quantities={line.pk: 1})
    assert (changed.price_cents, changed.given_back) == (-4_200, 6)
    assert sends(part) == {"MUG": 1, "CARTE": 2}
    assert (stand(world.sku("MUG"), world.lyon), stand(world.sku("CARTE"), world.lyon)) == ((20, 1), (20, 2))


def test_what_is_owed_is_given_up_before_what_is_held(world: World) -> None:
    part = part_of(world, ("MUG", 25))
    FulfillmentOrder.objects.update(stage="waiting")
    (line,) = lines_of(part)
    changed = change(world, part.order_id or 0, quantities={line.pk: 20})
    part.refresh_from_db()
    assert (changed.given_back, part.stage) == (0, "ready")
    assert stand(world.sku("MUG"), world.lyon) == (20, 20)


def test_more_units_are_promised_and_the_part_sends_them(world: World) -> None:
    part = part_of(world, ("MUG", 2))
    (line,) = lines_of(part)
    changed = change(world, part.order_id or 0, quantities={line.pk: 5})
    assert (changed.price_cents, changed.held, changed.owed) == (5_400, 3, 0)
    assert sends(part) == {"MUG": 5}
    assert Order.objects.get().total_cents == 9_000
    part.refresh_from_db()
    assert part.stage == "ready"


@pytest.mark.parametrize(
    ("told", "included", "price", "tax"),
    [
        ("lines", True, 3_600, 1_350),  # 3 at 18.00 with 9.00 off: 7.50 within 45.00, and 6.00 within 36.00 more
        ("order", True, 3_600, 1_350),
        ("lines", False, 4_320, 1_620),  # on top of 45.00: 9.00, and 7.20 on top of 36.00
        ("order", False, 4_320, 1_620),
    ],
)
def test_units_that_join_are_taxed_as_the_line_was_though_it_had_a_discount(
    world: World, told: str, price: int, tax: int, *, included: bool
) -> None:
    was = 750 if included else 900
    lines = (new_line(world, "MUG", 3, discount_cents=900, tax_cents=was if told == "lines" else 0),)
    total = 4_500 + (0 if included else was)
    facts = {"lines": lines, "tax_cents": was, "total_cents": total, "prices_include_tax": included}
    part = part_of(world, ("MUG", 3), **facts)
    (line,) = lines_of(part)
    changed = change(world, part.order_id or 0, quantities={line.pk: 5})
    order = Order.objects.get()
    line.refresh_from_db()
    assert (changed.price_cents, order.total_cents - total, order.tax_cents) == (price, price, tax)
    assert line.tax_cents == (tax if told == "lines" else 0)
    assert change(world, part.order_id or 0, quantities={line.pk: 0}).price_cents == -order.total_cents


@pytest.mark.parametrize("included", [True, False])
@pytest.mark.parametrize("told", ["lines", "order"])
def test_what_joins_and_is_cancelled_again_costs_nothing_though_the_order_has_a_discount(
    world: World, told: str, *, included: bool
) -> None:
    line_tax = (900, 100) if told == "lines" else (0, 0)
    lines = (
        new_line(world, "MUG", 3, tax_cents=line_tax[0]),
        new_line(world, "CARTE", 2, unit_price_cents=300, tax_cents=line_tax[1]),
    )
    total = 5_600 if included else 6_600  # 54.00 + 6.00 + 5.90 less 9.90
    facts = {"lines": lines, "tax_cents": 1_000, "discount_cents": 990, "shipping_cents": 590, "total_cents": total}
    part = part_of(world, ("MUG", 3), **facts, prices_include_tax=included)
    order = part.order_id or 0
    mug, card = lines_of(part)
    rose = change(world, order, quantities={mug.pk: 500}, added=(new_line(world, "PLUME", 1, tax_cents=77),))
    plume = lines_of(part)[-1]
    rose_again = change(world, order, quantities={card.pk: 3, plume.pk: 4})
    fell = change(world, order, quantities={mug.pk: 3, card.pk: 2, plume.pk: 0})
    assert rose.price_cents + rose_again.price_cents + fell.price_cents == 0
    at_once = change(world, order, quantities={mug.pk: 1}).price_cents
    again = change(world, order, quantities={mug.pk: 3, plume.pk: 2}).price_cents
    assert change(world, order, quantities={mug.pk: 1, plume.pk: 0}).price_cents == -again
    other = part_of(world, ("MUG", 3), **facts, prices_include_tax=included)  # as if nothing had ever joined
    assert change(world, other.order_id or 0, quantities={lines_of(other)[0].pk: 1}).price_cents == at_once
    assert at_once + change(world, order, quantities={mug.pk: 0, card.pk: 0}).price_cents == -total


def test_a_line_that_joins_an_order_taxed_as_a_whole_takes_none_of_the_others_tax(world: World) -> None:
    part = part_of(world, ("MUG", 2), tax_cents=600, total_cents=3_600)
    change(world, part.order_id or 0, added=(new_line(world, "CARTE", 6, unit_price_cents=300, tax_cents=300),))
    order = Order.objects.get()
    assert (order.total_cents, order.tax_cents) == (5_400, 900)
    assert [line.tax_cents for line in lines_of(part)] == [0, 0]


def test_what_a_gift_card_paid_is_not_lost_when_units_are_cancelled(world: World) -> None:
    """10 mugs for 180.00, 10.00 off, 30.00 by gift card: 140.00 were paid, and a mug is worth 17.00."""
    card = DraftCharge("gift_card", -3_000, "KDO")
    part = part_of(world, ("MUG", 10), discount_cents=1_000, total_cents=14_000, charges=[card])
    (line,) = lines_of(part)
    assert change(world, part.order_id or 0, quantities={line.pk: 9}).price_cents == -1_700
    assert change(world, part.order_id or 0, quantities={line.pk: 10}).price_cents == 1_700
    assert change(world, part.order_id or 0, quantities={line.pk: 1}).price_cents == -14_000  # the rest is the card's
    assert change(world, part.order_id or 0, quantities={line.pk: 0}).price_cents == 0


@pytest.mark.parametrize("kind", ["tip", "fee"])
def test_a_tip_or_a_fee_stays_while_anything_of_the_order_does(world: World, kind: Any) -> None:
    part = part_of(world, ("MUG", 2), total_cents=4_100, charges=[DraftCharge(kind, 500)])
    (line,) = lines_of(part)
    assert change(world, part.order_id or 0, quantities={line.pk: 1}).price_cents == -1_800
    assert change(world, part.order_id or 0, quantities={line.pk: 2}).price_cents == 1_800
    assert change(world, part.order_id or 0, quantities={line.pk: 0}).price_cents == -4_100


def test_a_negative_fee_is_a_discount_of_the_goods(world: World) -> None:
    part = part_of(world, ("MUG", 2), total_cents=3_000, charges=[DraftCharge("fee", -600)])
    (line,) = lines_of(part)
    assert change(world, part.order_id or 0, quantities={line.pk: 1}).price_cents == -1_500


def test_what_was_cancelled_comes_back_at_its_old_cents(world: World) -> None:
    part = part_of(world, ("MUG", 3), total_cents=5_000, discount_cents=400)
    (line,) = lines_of(part)
    fell = change(world, part.order_id or 0, quantities={line.pk: 1})
    rose = change(world, part.order_id or 0, quantities={line.pk: 3})
    assert fell.price_cents == -rose.price_cents == -3_334
    line.refresh_from_db()
    assert (line.quantity, line.cancelled, Order.objects.get().total_cents) == (3, 0, 5_000)
    assert sends(part) == {"MUG": 3}


def test_what_is_not_there_is_owed_and_the_part_waits(world: World) -> None:
    part = part_of(world, ("MUG", 15))
    (line,) = lines_of(part)
    changed = change(world, part.order_id or 0, quantities={line.pk: 22})
    part.refresh_from_db()
    assert (changed.held, changed.owed, part.stage) == (5, 2, "waiting")


def test_a_channel_that_may_not_owe_refuses_the_whole_change(world: World) -> None:
    part = part_of(world, ("MUG", 15), ("CARTE", 3))
    Channel.objects.update(may_owe=False)
    mug, card = lines_of(part)
    with pytest.raises(NoStockForChange) as refused:
        change(world, part.order_id or 0, quantities={mug.pk: 21, card.pk: 1})
    assert refused.value.code == "no_stock"
    card.refresh_from_db()
    assert (card.cancelled, OrderChange.objects.count(), told("OrderChanged")) == (0, 0, [])
    assert (stand(world.sku("MUG"), world.lyon), stand(world.sku("CARTE"), world.lyon)) == ((20, 15), (20, 3))


def test_a_line_is_added_at_its_price(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    changed = change(world, part.order_id or 0, added=(new_line(world, "COFFRET", 2, discount_cents=200),))
    assert (changed.price_cents, changed.held) == (4_000, 6)
    assert sends(part) == {"MUG": 3, "CARTE": 4}
    assert [line.position for line in lines_of(part)] == [1, 2]
    assert OrderChange.objects.get().kind == "lines"


def test_one_article_is_exchanged_for_another_in_one_breath(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    (line,) = lines_of(part)
    changed = change(world, part.order_id or 0, quantities={line.pk: 0}, added=(new_line(world, "LAMPE", 1),))
    part.refresh_from_db()
    assert (changed.price_cents, changed.cancelled) == (11_100, False)
    assert (part.stage, sends(part)) == ("ready", {"LAMPE": 1})
    assert Order.objects.get().state == "open"


def test_cents_of_many_changes_add_up_to_what_the_order_comes_to(world: World) -> None:
    part = part_of(world, ("MUG", 7), ("CARTE", 3), discount_cents=1_111, shipping_cents=490, total_cents=12_729)
    mug, card = lines_of(part)
    order = part.order_id or 0
    told_cents = sum(
        change(world, order, **wish).price_cents
        for wish in (
            {"quantities": {mug.pk: 4}},
            {"added": (new_line(world, "PLUME", 1),)},
            {"quantities": {mug.pk: 8, card.pk: 2}},
            {"quantities": {mug.pk: 3}},
            {"quantities": dict.fromkeys((mug.pk, card.pk), 0)},
        )
    )
    plume = OrderLine.objects.get(sku_code="PLUME")
    told_cents += change(world, order, quantities={plume.pk: 0}).price_cents
    assert 12_729 + told_cents == 0
    assert stand(world.sku("PLUME"), world.lyon) == (20, 0)


def test_the_same_key_again_changes_nothing(world: World) -> None:
    part = part_of(world, ("MUG", 3))
    (line,) = lines_of(part)
    first = change(world, part.order_id or 0, quantities={line.pk: 2}, key="webhook-7", source="channel")
    again = change(world, part.order_id or 0, quantities={line.pk: 1}, key="webhook-7", source="channel")
    assert again == first
    assert (OrderChange.objects.count(), stand(world.sku("MUG"), world.lyon)) == (1, (20, 2))


@pytest.mark.parametrize("stage", ["released", "picking", "picked", "packed", "labelling", "labelled", "handed_over"])
def test_on_the_floor_units_stay_and_the_refusal_says_what_to_do(world: World, stage: str) -> None:
    part = part_of(world, ("MUG", 3))
    FulfillmentOrder.objects.update(stage=stage)
    (line,) = lines_of(part)
    for wanted in (1, 4):
        with pytest.raises(TooLateToChange) as refused, translation.override("en"):
            change(world, part.order_id or 0, quantities={line.pk: wanted})
        assert refused.value.code == "too_late_to_change"
    with translation.override("en"):
        assert any(word in str(refused.value) for word in ("hold", "return"))
    assert (OrderChange.objects.count(), stand(world.sku("MUG"), world.lyon)) == (0, (20, 3))


@pytest.mark.parametrize(
    ("stage", "outcome"), [("packed", "changed"), ("labelling", "late"), ("labelled", "late"), ("delivered", "late")]
)
def test_an_address_may_change_until_the_label_is_asked_for(world: World, stage: str, outcome: str) -> None:
    part = part_of(world, ("MUG", 3))
    FulfillmentOrder.objects.update(stage=stage)
    there = {**CAMILLE, "city": "Lyon"}
    if outcome == "changed":
        change(world, part.order_id or 0, ship_to=there)
    else:
        with pytest.raises(TooLateToChange):
            change(world, part.order_id or 0, ship_to=there)
    assert (Order.objects.get().ship_to == there) is (outcome == "changed")
    assert change(world, part.order_id or 0, email="c@example.org").change_id  # harmless at any time


def test_of_two_parts_the_one_nobody_works_on_still_changes(world: World) -> None:
    part = part_of(world, ("MUG", 1), ("CARTE", 2))
    mug, card = lines_of(part)
    later = FulfillmentOrder.objects.create(
        merchant=world.tilleul, order_id=part.order_id, node=world.lyon, stage="ready"
    )
    FulfillmentLine.objects.filter(order_line=card).update(fulfillment_order=later)
    FulfillmentOrder.objects.filter(pk=part.pk).update(stage="picking")
    change(world, part.order_id or 0, quantities={card.pk: 1})
    with pytest.raises(TooLateToChange):
        change(world, part.order_id or 0, quantities={mug.pk: 0})
    assert sends(later) == {"CARTE": 1}


def test_before_a_node_is_chosen_only_the_promise_changes_and_sourcing_sends_what_is_left(world: World) -> None:
    (answer,) = place_orders([world.order(("COFFRET", 3), ("MUG", 2))], actor=SYSTEM)
    order = answer.order_id or 0
    box, mug = OrderLine.objects.filter(order=order).order_by("position")
    change(world, order, quantities={box.pk: 1, mug.pk: 0}, added=(new_line(world, "TAPIS", 1),))
    assert not FulfillmentOrder.objects.exists()
    assert source_orders([order]) == 1
    assert sends(FulfillmentOrder.objects.get()) == {"MUG": 1, "CARTE": 2, "TAPIS": 1}


def test_another_merchants_order_or_line_is_not_there(world: World) -> None:
    part, other = part_of(world, ("MUG", 1)), part_of(world, ("MUG", 1))
    (line,) = lines_of(other)
    with pytest.raises(NotThere):
        change_order(world.northwind.pk, order_id=part.order_id or 0, wish=Wish(email="x"), actor=CHEN)
    with pytest.raises(NotThere):
        change(world, part.order_id or 0, quantities={line.pk: 0})


@pytest.mark.parametrize("units", [-1, 10**9, 10**30])
def test_units_that_no_line_can_have_are_malformed(world: World, units: int) -> None:
    part = part_of(world, ("MUG", 1))
    (line,) = lines_of(part)
    with pytest.raises(WrongUnits):
        change(world, part.order_id or 0, quantities={line.pk: units})
    with pytest.raises(WrongUnits):
        change(world, part.order_id or 0, added=(new_line(world, "MUG", 1, quantity=min(units, 0)),))


def test_an_unknown_sku_is_not_added_and_a_closed_order_does_not_change(world: World) -> None:
    part = part_of(world, ("MUG", 1))
    with pytest.raises(UnknownSku):
        change(world, part.order_id or 0, added=(new_line(world, "MUG", 1, sku_id=None),))
    Order.objects.update(state="closed")
    with pytest.raises(OrderIsNotOpen):
        change(world, part.order_id or 0, email="x@example.org")


def test_a_promised_day_is_set_and_told(world: World) -> None:
    part = part_of(world, ("MUG", 25))
    change(world, part.order_id or 0, promised_on=date(2026, 12, 18))
    assert Order.objects.get().promised_on == date(2026, 12, 18)
    assert OrderChange.objects.get().after == {"promised_on": "2026-12-18"}
    (event,) = [OrderChanged.read(payload) for payload in told("OrderChanged")]
    assert event.kind == "delivery"
    tell_changes([event])
    tell_changes([event])
    message = Message.objects.get()
    assert (message.kind, message.to, "18 déc" in message.subject) == ("redated", "camille@example.com", True)


def test_a_day_that_holds_no_more_is_taken_away_again(world: World) -> None:
    part = part_of(world, ("MUG", 1), wanted_on=date(2026, 12, 1))
    change(world, part.order_id or 0, promised_on=date(2026, 12, 2))
    days = frozenset({"promised_on", "wanted_on"})
    assert change(world, part.order_id or 0, cleared=days).change_id
    order, document = Order.objects.get(), OrderChange.objects.get(number=2)
    assert (order.promised_on, order.wanted_on, document.kind) == (None, None, "delivery")
    assert document.before == {"promised_on": "2026-12-02", "wanted_on": "2026-12-01"}
    assert document.after == {"promised_on": None, "wanted_on": None}
    assert change(world, part.order_id or 0, cleared=days) == Changed()


def test_of_other_changes_the_shop_tells(world: World) -> None:
    part = part_of(world, ("MUG", 2))
    change(world, part.order_id or 0, gift_note="Bravo")
    tell_changes([OrderChanged.read(payload) for payload in told("OrderChanged")])
    assert not Message.objects.exists()
