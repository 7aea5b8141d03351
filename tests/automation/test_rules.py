"""What rules do with real orders, on their way from the outbox to the node."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from colisage.automation.actions.apply_rules import apply_rules
from colisage.automation.actions.judge_and_source import judge_and_source
from colisage.automation.actions.switch_rule import switch_rule
from colisage.automation.models import RuleRun
from colisage.automation.queries import runs_told
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.kit.outbox import drain
from colisage.kit.statements import statement
from colisage.kit.walls import behind_the_wall
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.place_orders import NewLine, place_orders
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.events import OrderAccepted
from colisage.orders.models import FulfillmentOrder, Hold, Order, OrderLine
from colisage.orders.queries import parts_to_pick
from tests.automation.conftest import MakeRule, Place
from tests.cast import CAMILLE, World

SWISS = {**CAMILLE, "country": "CH", "postcode": "1201", "city": "Genève", "phone": "+41223456789"}


def judged(world: World, *orders: int) -> None:
    judge_and_source([OrderAccepted(merchant_id=world.tilleul.pk, order_id=pk) for pk in orders])


def tags(order: int) -> list[str]:
    return list(Order.objects.get(pk=order).tags)


ORDERS: dict[str, tuple[tuple[tuple[str, int], ...], dict[str, Any]]] = {
    "plain": ((("MUG", 1),), {"email": "new@example.com"}),
    "swiss": ((("TAPIS", 6),), {"ship_to": SWISS, "currency": "CHF", "total_cents": 60_000, "language": "en",
        "tags": ("VIP",), "gift_note": "Bonne fête", "customer_note": "Sonner", "shipping_method": "Express 24 h",
        "bill_to": {**CAMILLE, "country": "DE"}, "payment": "authorized", "shipping_cents": 1_500,
        "discount_cents": 500}),
    "bundle": ((("COFFRET", 2), ("PLUME", 1)), {"ship_to": {**CAMILLE, "company": "Lepic SARL", "postcode": "69001",
        "city": "Lyon", "region": "Rhône", "phone": "+4915112345678"}}),
}  # fmt: skip
EVERY_CONDITION = [
    ("channel", "in", ["shop"], {"plain", "swiss", "bundle"}),
    ("country", "in", ["CH", "LU"], {"swiss"}),
    ("country", "not_in", ["ch"], {"plain", "bundle"}),
    ("postcode", "starts", ["75", "12"], {"plain", "swiss"}),
    ("region", "contains", ["hôn"], {"bundle"}),
    ("city", "in", ["paris", "LYON "], {"plain", "bundle"}),
    ("to_company", "yes", None, {"bundle"}),
    ("bill_country", "in", ["DE"], {"swiss"}),
    ("bill_differs", "yes", None, {"swiss"}),
    ("phone_differs", "yes", None, {"bundle"}),
    ("phone_differs", "no", None, {"plain", "swiss"}),
    ("email_domain", "in", ["EXAMPLE.com"], {"plain", "swiss", "bundle"}),
    ("language", "in", ["en"], {"swiss"}),
    ("payment", "not_in", ["paid"], {"swiss"}),
    ("currency", "in", ["chf"], {"swiss"}),
    ("total", "over", 50_000, "CHF", {"swiss"}),
    ("total", "over", 50_000, "EUR", set()),
    ("total", "most", 1_800, "EUR", {"plain"}),
    ("shipping", "least", 1_500, "CHF", {"swiss"}),
    ("discount", "least", 500, "CHF", {"swiss"}),
    ("weight", "over", 14_399, {"swiss"}),
    ("weight", "equal", 2 * (380 + 24) + 900, {"bundle"}),
    ("lines", "equal", 2, {"bundle"}),
    ("units", "under", 3, {"plain"}),
    ("most_of_one", "least", 6, {"swiss"}),
    ("sku", "any", ["mug"], {"plain", "bundle"}),
    ("sku", "none", ["MUG", "COFFRET"], {"swiss"}),
    ("sku", "every", ["COFFRET", "PLUME"], {"bundle"}),
    ("sku_kind", "any", ["bundle"], {"bundle"}),
    ("fragile", "yes", None, {"plain", "bundle"}),
    ("hazardous", "no", None, {"plain", "swiss", "bundle"}),
    ("personalised", "no", None, {"plain", "swiss", "bundle"}),
    ("tag", "any", ["vip"], {"swiss"}),
    ("method", "contains", ["express"], {"swiss"}),
    ("gift_note", "yes", None, {"swiss"}),
    ("customer_note", "yes", None, {"swiss"}),
    ("first_order", "yes", None, {"plain", "swiss"}),
    ("earlier", "least", 1, {"bundle"}),
]


@pytest.mark.django_db
@pytest.mark.parametrize("case", EVERY_CONDITION, ids=lambda case: f"{case[0]}-{case[1]}")
def test_every_condition_holds_for_the_orders_it_says(
    world: World, make_rule: MakeRule, place: Place, case: tuple[Any, ...]
) -> None:
    *condition, expected = case
    make_rule(tuple(condition))
    orders = {name: place(*wants, **changes) for name, (wants, changes) in ORDERS.items()}
    judged(world, *orders.values())
    assert {name for name, pk in orders.items() if "seen" in tags(pk)} == expected


@pytest.mark.django_db
def test_a_node_is_asked_for_once_it_is_chosen(world: World, make_rule: MakeRule, place: Place) -> None:
    make_rule(("node", "any", ["LYON"]), moments=["sourced"])
    make_rule(("node", "any", ["MTL"]), moments=["sourced"], does=[{"does": "tag", "tag": "far"}])
    order, waiting = place(), place()
    OrderLine.objects.filter(order=waiting).update(sku=None)  # nobody can source it yet
    judged(world, order, waiting)
    assert (tags(order), tags(waiting)) == (["seen"], [])


@pytest.mark.django_db
def test_a_hold_of_a_rule_is_there_before_there_is_anything_to_pick(
    world: World, make_rule: MakeRule, place: Place
) -> None:
    make_rule(("country", "in", ["CH"]), does=[{"does": "hold", "kind": "risk", "reason": "Ask customs"}], name="Swiss")
    order, free = place(ship_to=SWISS), place()
    judged(world, order, free)
    assert {part.order_id for part in parts_to_pick(world.lyon.pk)} == {free}
    hold = Hold.objects.get()
    assert (hold.order_id, hold.kind, hold.reason) == (order, "risk", "Ask customs")
    assert FulfillmentOrder.objects.get(order=order).held
    run = RuleRun.objects.get()
    with override("fr"):
        said = runs_told(world.tilleul.pk, run_ids=[run.pk])[run.pk]
    assert said.replace("\u00a0", " ") == (
        "Règle « Swiss » : parce que le pays de livraison est CH : bloquée (risque : Ask customs)"
    )
    verbs = list(
        AuditEntry.objects.filter(doc_kind="order", doc_id=order).order_by("pk").values_list("verb", flat=True)
    )
    assert verbs.index("rule_applied") < verbs.index("hold_set") < verbs.index("order_sourced")


@pytest.mark.django_db(transaction=True)
def test_the_outbox_brings_orders_to_the_rules_and_then_to_their_node(
    world: World, make_rule: MakeRule, place: Place
) -> None:
    make_rule(("country", "in", ["CH"]), does=[{"does": "hold", "kind": "manual", "reason": "Look"}])
    order, free = place(ship_to=SWISS), place()
    drain()
    assert dict(FulfillmentOrder.objects.values_list("order_id", "held")) == {
        order: True,
        free: False,
    }
    assert drain() == 0


@pytest.mark.django_db
def test_a_rule_acts_on_an_order_once(world: World, make_rule: MakeRule, place: Place) -> None:
    make_rule(does=[{"does": "hold", "kind": "manual", "reason": "Look"}])
    order = place()
    judged(world, order)
    release_hold(world.tilleul.pk, hold_ids=[Hold.objects.get().pk], actor=SYSTEM)
    judged(world, order)
    assert apply_rules({order: world.tilleul.pk}, moment="changed") == 0
    assert Hold.objects.get().released_at
    assert RuleRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_brings_an_order_under_a_rule(world: World, make_rule: MakeRule, place: Place) -> None:
    make_rule(("country", "in", ["CH"]), moments=["changed"])
    order = place()
    drain()
    assert tags(order) == []
    change_order(world.tilleul.pk, order_id=order, wish=Wish(ship_to=SWISS), actor=SYSTEM)
    drain()
    assert tags(order) == ["seen"]


@pytest.mark.django_db
def test_rules_follow_one_another_see_tags_and_stop(world: World, make_rule: MakeRule, place: Place) -> None:
    make_rule(("gift_note", "yes", None), does=[{"does": "tag", "tag": "Gift"}], name="1")
    make_rule(("tag", "any", ["gift"]), does=[{"does": "tag", "tag": "wrap"}], name="2", stops=True)
    make_rule(does=[{"does": "tag", "tag": "all"}, {"does": "untag", "tag": "vip"}], name="3")
    gift, other = place(gift_note="Bravo", tags=("VIP",)), place(tags=("VIP", "x"))
    judged(world, gift, other)
    assert (tags(gift), tags(other)) == (["VIP", "Gift", "wrap"], ["x", "all"])
    judged(world, gift)
    assert tags(gift) == ["VIP", "Gift", "wrap"]


@pytest.mark.django_db
def test_one_of_several_conditions_is_enough_when_it_says_so(world: World, make_rule: MakeRule, place: Place) -> None:
    make_rule(("country", "in", ["CH"]), ("gift_note", "yes", None), mode="any")
    swiss, gift, plain = place(ship_to=SWISS), place(gift_note="Bravo"), place()
    judged(world, swiss, gift, plain)
    assert [tags(pk) for pk in (swiss, gift, plain)] == [["seen"], ["seen"], []]
    assert [run.because[0]["fact"] for run in RuleRun.objects.order_by("order")] == ["country", "gift_note"]


@pytest.mark.django_db
def test_rules_leave_alone_what_is_off_removed_history_or_somebody_elses(
    world: World, make_rule: MakeRule, place: Place
) -> None:
    make_rule(on=False)
    removed = make_rule()
    switch_rule(world.tilleul.pk, rule_id=removed, state="removed", actor=SYSTEM)
    order = place()
    judged(world, order)
    make_rule()
    old = place(quiet=True)
    judge_and_source([OrderAccepted(merchant_id=world.tilleul.pk, order_id=old, quiet=True)])
    line = NewLine(world.northwind_skus["MUG"].pk, "MUG", "Mug", 1, 1_800)
    whose = {"merchant_id": world.northwind.pk, "channel_id": world.northwind_channel.pk}
    [theirs] = place_orders([world.order(**whose, lines=(line,))], actor=SYSTEM)
    judge_and_source([OrderAccepted(merchant_id=world.northwind.pk, order_id=theirs.order_id or 0)])
    assert RuleRun.objects.count() == 0


def statements(world: World, orders: list[int]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        apply_rules(dict.fromkeys(orders, world.tilleul.pk), moment="accepted")
    return len(asked)


@pytest.mark.django_db
def test_a_merchant_without_rules_costs_one_statement(world: World, place: Place) -> None:
    orders = [place() for _ in range(3)]
    assert statements(world, orders) == 1 + 2  # and the savepoint


@pytest.mark.django_db
@pytest.mark.slow
def test_a_thousand_orders_take_as_many_statements_as_three(world: World, make_rule: MakeRule) -> None:
    make_rule(("first_order", "no", None), does=[{"does": "hold", "kind": "risk", "reason": "x"}])
    make_rule(("node", "none", ["MTL"]), moments=["sourced"])
    make_rule(("total", "over", 100, "EUR"), does=[{"does": "tag", "tag": "a"}, {"does": "untag", "tag": "b"}])
    counts = []
    for many in (3, 1_000):
        answers = place_orders([world.order(("CARTE", 1)) for _ in range(many)], actor=SYSTEM)
        counts.append(statements(world, [a.order_id or 0 for a in answers]))
    assert counts[0] == counts[1]
    assert RuleRun.objects.filter(because__0__fact="first_order").count() == 1_002


@pytest.mark.django_db
def test_earlier_orders_are_counted_by_an_index_also_behind_the_wall(world: World, place: Place) -> None:
    place_orders([world.order(("CARTE", 1), email=f"{n}@example.com") for n in range(400)], actor=SYSTEM)
    order, query = place(), statement("orders", "earlier_orders")
    with connection.cursor() as db:
        db.execute("ANALYZE orders_order")
    with behind_the_wall(merchants=[world.tilleul.pk], operators=[]), connection.cursor() as db:
        db.execute(f"EXPLAIN {query}", [world.tilleul.pk, [order]])
        plan = "\n".join(row[0] for row in db.fetchall())
    assert "orders_by_email" in plan
