"""Accepted orders changed over the API: what was read is what is changed, as a whole or not at all."""

from typing import Any

import pytest

from colisage.kit.actors import SYSTEM
from colisage.notices.models import Message
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.models import FulfillmentOrder, Order, OrderChange, OrderLine
from tests.books import balanced, stand
from tests.cast import World
from tests.intake.test_addresses import accepted
from tests.orders.parts import part_of
from tests.program import Make, code_of, program, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("orders:read", "orders:change", "customers:read")


def placed(world: World, *wants: tuple[str, int], **changes: Any) -> int:
    [answer] = place_orders([world.order(*(wants or (("MUG", 2),)), **changes)], actor=SYSTEM)
    assert answer.order_id is not None
    return answer.order_id


def line(order: int) -> int:
    return int(OrderLine.objects.get(order=order).pk)


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_an_order_is_changed_as_it_was_read_and_stock_follows(world: World, program: Make) -> None:
    order, ask = placed(world), program(*MAY)
    tag = ask.get(f"orders/{order}").headers["ETag"]
    wish = {
        "lines": [{"line_id": line(order), "quantity": 1}],
        "add": [{"sku": "carte", "quantity": 3}],
        "ship_to": {"name": "Lou", "line1": "1 rue Lepic", "postcode": "75018", "city": "Paris", "country": "FR"},
        "gift_note": "For Lou",
        "reason": "customer_asked",
    }
    answer = ask.send("PATCH", f"orders/{order}", wish, If_Match=tag)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["outcome"], told["given_back"], told["held"]) == ("changed", 1, 3)
    assert told["price_cents"] == 3 * world.sku("CARTE").price_cents - world.sku("MUG").price_cents
    assert (stand(world.sku("MUG"), world.lyon), stand(world.sku("CARTE"), world.lyon)[1]) == ((20, 1), 3)
    now = ask.get(f"orders/{order}")
    assert (now.headers["ETag"], now.json()["customer"]["ship_to"]["name"]) == (told["etag"], "Lou")
    assert now.json()["customer"]["gift_note"] == "For Lou"
    document = OrderChange.objects.get()
    assert (document.source, document.reason, document.actor_name) == ("api", "customer_asked", "Program")


def test_what_changed_since_it_was_read_is_refused_and_nothing_is_done(world: World, program: Make) -> None:
    order, ask = placed(world), program(*MAY)
    tag = ask.get(f"orders/{order}").headers["ETag"]
    wish = {"lines": [{"line_id": line(order), "quantity": 1}]}
    assert code_of(ask.send("PATCH", f"orders/{order}", wish)) == (428, "etag_needed")
    set_hold(world.tilleul.pk, order_ids=[order], kind="manual", reason="look", actor=SYSTEM)
    assert code_of(ask.send("PATCH", f"orders/{order}", wish, If_Match=tag)) == (412, "etag_differs")
    assert not OrderChange.objects.exists()
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)


def test_a_dry_run_says_what_would_be_and_changes_nothing(world: World, program: Make) -> None:
    order, ask = placed(world), program(*MAY)
    wish = {"lines": [{"line_id": line(order), "quantity": 0}]}
    told = ask.send("PATCH", f"orders/{order}", wish, If_Match="*", Dry_Run="true").json()
    assert (told["outcome"], told["given_back"], told["price_cents"]) == ("cancelled", 2, -3600)
    assert (Order.objects.get(pk=order).state, stand(world.sku("MUG"), world.lyon)) == ("open", (20, 2))


def test_the_same_change_again_is_once(world: World, program: Make) -> None:
    order, ask = placed(world), program(*MAY)
    wish = {"add": [{"sku": "CARTE", "quantity": 1}]}
    first = ask.send("PATCH", f"orders/{order}", wish, If_Match="*", Idempotency_Key="a")
    assert ask.send("PATCH", f"orders/{order}", wish, If_Match="*", Idempotency_Key="a").content == first.content
    assert OrderLine.objects.filter(order=order).count() == 2


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"add": [{"sku": "NONE", "quantity": 1}]}, (409, "unknown_sku")),
        ({"lines": [{"line_id": 999_999, "quantity": 1}]}, (404, "not_there")),
        ({"lines": [{"line_id": 1, "quantity": -1}]}, (422, "malformed")),
        ({"lines": [{"line_id": 1, "quantity": 1}, {"line_id": 1, "quantity": 2}]}, (422, "line_twice")),
        ({"promised_on": "2016-12-05"}, (422, "bad_promised_date")),
        ({"wanted_on": "2016-12-05"}, (422, "bad_wanted_date")),
        ({"ship_to": {"country": "France"}}, (422, "malformed")),
        ({"adress": {}}, (422, "malformed")),
    ],
)
def test_what_cannot_be_is_refused_with_a_code(
    world: World, program: Make, wish: dict[str, Any], code: tuple[int, str]
) -> None:
    order = placed(world)
    assert code_of(program(*MAY).send("PATCH", f"orders/{order}", wish, If_Match="*")) == code
    assert not OrderChange.objects.exists()


def test_changes_are_judged_each_by_itself(world: World, program: Make, stranger: Make) -> None:
    good, stale, late = placed(world), placed(world), placed(world)
    FulfillmentOrder.objects.create(merchant=world.tilleul, order_id=late, node=world.lyon, stage="labelled")
    changes = [
        {"order": good, "etag": "*", "gift_note": "For Lou"},
        {"order": stale, "etag": '"other"', "gift_note": "For Lou"},
        {"order": late, "etag": "*", "gift_note": "For Lou"},
        {"order": good, "etag": "*", "gift_note": "For Lou"},
    ]
    assert outcomes(program(*MAY).post("orders/change", {"changes": changes})) == [
        (good, "changed", ""),
        (stale, "refused", "etag_differs"),
        (late, "refused", "too_late_to_change"),
        (good, "unchanged", ""),
    ]
    assert list(Order.objects.filter(gift_note="For Lou").values_list("pk", flat=True)) == [good]
    assert outcomes(stranger(*MAY).post("orders/change", {"changes": changes[:1]})) == [(good, "refused", "not_there")]


def test_a_key_that_may_not_see_customers_changes_them_and_sees_nothing(world: World, program: Make) -> None:
    order, ask = placed(world), program("orders:read", "orders:change")
    tag = ask.get(f"orders/{order}").headers["ETag"]
    answer = ask.send("PATCH", f"orders/{order}", {"email": "lou@example.com"}, If_Match=tag)
    assert (answer.status_code, Order.objects.get(pk=order).email) == (200, "lou@example.com")
    assert b"lou" not in answer.content
    assert answer.json()["etag"] == ask.get(f"orders/{order}").headers["ETag"]


def test_orders_get_and_lose_tags(world: World, program: Make) -> None:
    first, second, ask = placed(world, tags=("VIP",)), placed(world), program(*MAY)
    body = {"orders": [first, second, 999_999], "add": ["vip"], "drop": ["late"]}
    assert outcomes(ask.post("orders/tag", body)) == [
        (first, "unchanged", ""),
        (second, "tagged", ""),
        (999_999, "refused", "not_there"),
    ]
    assert Order.objects.get(pk=second).tags == ["vip"]
    assert code_of(ask.post("orders/tag", {"orders": [first], "add": ["  "]})) == (422, "no_tag")


def test_every_hold_of_an_order_is_released(world: World, program: Make) -> None:
    held, free, ask = placed(world), placed(world), program(*MAY)
    set_hold(world.tilleul.pk, order_ids=[held], kind="manual", reason="look", actor=SYSTEM)
    assert outcomes(ask.post("orders/release", {"orders": [held, free]})) == [
        (held, "released", ""),
        (free, "unchanged", ""),
    ]


def test_what_is_here_goes_now(world: World, program: Make, stranger: Make) -> None:
    part = part_of(world, ("MUG", 25), ("CARTE", 3))
    FulfillmentOrder.objects.filter(pk=part.pk).update(stage="waiting")
    body = {"fulfillment_orders": [part.pk]}
    assert outcomes(stranger(*MAY).post("fulfillment-orders/split", body)) == [(part.pk, "refused", "not_there")]
    ask = program(*MAY)
    [made] = ask.post("fulfillment-orders/split", body).json()["results"]
    assert made["outcome"] == "split"
    assert FulfillmentOrder.objects.get(pk=int(made["name"])).stage == "waiting"
    part.refresh_from_db()
    assert part.stage == "ready"
    assert outcomes(ask.post("fulfillment-orders/split", body)) == [(part.pk, "refused", "nothing_to_send_now")]


def test_a_suggested_address_is_taken_or_what_was_written_kept(world: World, program: Make, stranger: Make) -> None:
    order = accepted(world, city="Pariss")
    body = {"addresses": [{"order": order.pk, "take": True}]}
    assert outcomes(stranger(*MAY).post("orders/addresses", body)) == [(order.pk, "refused", "not_there")]
    ask = program(*MAY)
    assert outcomes(ask.post("orders/addresses", body)) == [(order.pk, "taken", "")]
    order.refresh_from_db()
    assert order.ship_to["city"] == "Paris"
    assert outcomes(ask.post("orders/addresses", body)) == [(order.pk, "refused", "nothing_to_settle")]


def test_a_customer_is_asked_about_a_suggested_address_once(world: World, program: Make, stranger: Make) -> None:
    order, plain = accepted(world, city="Pariss"), accepted(world)
    body = {"orders": [order.pk, plain.pk, 999_999]}
    assert outcomes(stranger(*MAY).post("orders/addresses/ask", body))[0] == (order.pk, "refused", "not_there")
    ask = program(*MAY)
    assert outcomes(ask.post("orders/addresses/ask", body)) == [
        (order.pk, "asked", ""),
        (plain.pk, "refused", "nothing_to_ask"),
        (999_999, "refused", "not_there"),
    ]
    assert Message.objects.filter(order=order, kind="address").count() == 1
    assert outcomes(ask.post("orders/addresses/ask", body))[0] == (order.pk, "refused", "nothing_to_ask")
