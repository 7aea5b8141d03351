from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.carriers.actions.save_rate_card import CardRow, ZoneRow, save_rate_card
from colisage.inventory.actions.adjust_stock import adjust_stock
from colisage.inventory.checks import differences
from colisage.inventory.models import Reservation, StockCell
from colisage.inventory.queries import promises_of
from colisage.kit.actors import SYSTEM
from colisage.kit.outbox import drain
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.place_orders import NewLine, place_orders
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Instruction, Order
from colisage.orders.queries import lines_of
from colisage.people.models import Operator
from colisage.sourcing.actions.source_orders import source_orders
from colisage.sourcing.models import SourcingDecision
from colisage.sourcing.problem import Case, shares_of
from colisage.sourcing.queries import why_of
from tests.cast import World, fill
from tests.lock_order import Witness
from tests.together import at_once, faults

# Events are read once their transaction has ended: these tests commit.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ready(world: World) -> World:
    load_public_tariffs()
    return world


def placed(world: World, *wants: tuple[str, int], **changes: Any) -> int:
    [answer] = place_orders([world.order(*wants, **changes)], actor=SYSTEM)
    assert answer.order_id is not None
    return answer.order_id


def parts(order_id: int) -> list[tuple[str, str, int]]:
    rows = FulfillmentOrder.objects.filter(order_id=order_id).order_by("node__code")
    return [
        (row.node.code, row.stage, sum(x.quantity for x in FulfillmentLine.objects.filter(fulfillment_order=row)))
        for row in rows
    ]


def test_days_are_counted_where_the_node_is(ready: World) -> None:
    days = []
    for now in (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), datetime(2026, 12, 1, 9, tzinfo=UTC)):
        order = placed(ready, ("MUG", 1))
        with time_machine.travel(now):  # before the cut-off of a Tuesday in Lyon
            assert source_orders([order]) == 1
        decision = SourcingDecision.objects.get(order=order)
        assert decision.chosen is not None
        days.append(decision.chosen["days"])
    assert days[0] == days[1]


def test_the_node_that_has_everything_serves_it(ready: World) -> None:
    order = placed(ready, ("MUG", 2), ("CARTE", 1))
    assert source_orders([order]) == 1
    assert parts(order) == [("LYON", "ready", 3)]
    assert differences() == []


def test_what_a_node_costs_is_told_in_the_currency_of_the_tariffs_not_of_the_order(ready: World) -> None:
    order = placed(ready, ("MUG", 2), currency="TND")
    source_orders([order])
    why = why_of(ready.tilleul.pk, order_id=order)
    assert why is not None
    assert why["currency"] == "EUR"


@pytest.mark.parametrize(
    ("currency", "served", "said"), [("EUR", "LYON", "EUR"), ("CAD", "MTL", "CAD"), ("TND", "LYON", "EUR")]
)
def test_nodes_priced_in_two_currencies_are_not_compared(ready: World, currency: str, served: str, said: str) -> None:
    """At Montréal a parcel costs one Canadian dollar: fewer cents than any at Lyon, of other money."""
    save_rate_card(
        CardRow(
            carrier_code="post", carrier_name="Post", service_code="parcel", service_name="Parcel", from_country="CA",
            currency="CAD", valid_from=date(2026, 1, 1), source="test",
            zones=[ZoneRow(code="FR", countries=("FR",), breaks=((30_000, 100, 2, 2),))],
        )
    )  # fmt: skip
    fill(ready, ready.montreal, {"MUG": ready.sku("MUG")}, 50)
    order = placed(ready, ("MUG", 1), currency=currency)
    drain()
    assert parts(order) == [(served, "ready", 1)]
    why = why_of(ready.tilleul.pk, order_id=order)
    assert why is not None
    assert (why["currency"], why["reason"]) == (said, _("The only way to send everything whose price can be compared."))
    chosen, other = why["candidates"]
    assert (chosen["costed"], chosen["flaws"]) == (True, [])
    assert (other["costed"], other["flaws"]) == (False, [_("priced in another currency")])
    assert chosen["cost"]["handling"] == (120 if said == "EUR" else 0)  # both operators tell theirs in euros


def test_what_handling_costs_counts_where_nodes_are_compared_in_the_currency_of_the_operator(ready: World) -> None:
    Operator.objects.filter(pk=ready.nord.pk).update(currency="CHF")
    order = placed(ready, ("MUG", 2))
    source_orders([order])
    why = why_of(ready.tilleul.pk, order_id=order)
    assert why is not None
    assert (why["currency"], why["candidates"][0]["cost"]["handling"]) == ("EUR", 0)


def test_an_order_is_moved_to_the_node_that_has_it_all(ready: World) -> None:
    fill(ready, ready.montreal, {"MUG": ready.sku("MUG"), "CARTE": ready.sku("CARTE")}, 50)
    order = placed(ready, ("MUG", 30))
    drain()
    assert parts(order) == [("MTL", "ready", 30)]
    assert set(Reservation.objects.filter(state="held").values_list("node__code", flat=True)) == {"MTL"}
    assert differences() == []


def test_whoever_moves_stock_in_several_steps_locks_all_of_it_first(ready: World) -> None:
    """Two orders that a rule sends to two nodes, both away from where they are held: two steps, one transaction."""
    fill(ready, ready.montreal, {code: ready.sku(code) for code in ("MUG", "CARTE")}, 50)
    orders = [placed(ready, ("CARTE", 40)), placed(ready, ("MUG", 1))]
    fill(ready, ready.lyon, {"CARTE": ready.sku("CARTE")}, 50)
    for order, node in zip(orders, ("LYON", "MTL"), strict=True):
        Instruction.objects.create(merchant=ready.tilleul, order_id=order, kind="node", value=node)
    witness = Witness()
    with connection.execute_wrapper(witness):
        assert source_orders(orders) == 2
    assert [parts(order)[0][0] for order in orders] == ["LYON", "MTL"]
    assert witness.seen == []
    assert differences() == []


def test_what_no_node_has_waits_and_is_served_when_it_comes(ready: World) -> None:
    order = placed(ready, ("MUG", 25))
    drain()
    assert parts(order) == [("LYON", "waiting", 25)]
    fill(ready, ready.lyon, {"MUG": ready.sku("MUG")}, 5)
    drain()
    assert parts(order) == [("LYON", "ready", 25)]
    assert differences() == []


def test_the_first_who_waits_is_served_first(ready: World) -> None:
    first, second = placed(ready, ("MUG", 24)), placed(ready, ("MUG", 3))
    drain()
    fill(ready, ready.lyon, {"MUG": ready.sku("MUG")}, 5)
    drain()
    assert [parts(order)[0][1] for order in (first, second)] == ["ready", "waiting"]


def test_a_bundle_is_sourced_by_its_components(ready: World) -> None:
    order = placed(ready, ("COFFRET", 2))
    drain()
    assert parts(order) == [("LYON", "ready", 6)]


def test_a_bundle_whose_components_were_chosen_at_two_nodes_stays_whole(ready: World) -> None:
    """No node has both free, so the solver takes the mug here and the cards there: a set is not sent from two."""
    order_id = placed(ready, ("COFFRET", 2), ("CARTE", 1))
    lines = {line.sku_code: line for line in lines_of([order_id])[order_id]}
    case = Case(
        Order.objects.get(pk=order_id),
        promises_of(ready.tilleul.pk, owner_kind="order_line", owner_ids=[line.pk for line in lines.values()]),
        sets={lines["COFFRET"].pk: 2},
    )
    mug, card, lyon, montreal = (x.pk for x in (ready.sku("MUG"), ready.sku("CARTE"), ready.lyon, ready.montreal))

    def shared(*taken: tuple[int, int, int]) -> dict[tuple[str, int, int], int]:
        allocations = [SimpleNamespace(node_id=str(n), sku_id=str(s), quantity=q) for n, s, q in taken]
        shares = shares_of(case, SimpleNamespace(chosen=SimpleNamespace(allocations=allocations)))  # type: ignore[arg-type]
        of = {line.pk: code for code, line in lines.items()}
        found: dict[tuple[str, int, int], int] = {}
        for share in shares:
            key = of[share.promise.owner_id], share.promise.sku_id, share.node_id
            found[key] = found.get(key, 0) + share.qty
        return found

    stays = {("COFFRET", mug, lyon): 2, ("COFFRET", card, lyon): 4}
    split = shared((lyon, mug, 2), (montreal, card, 5))
    assert split == stays | {("CARTE", card, montreal): 1}
    assert shared((montreal, mug, 2), (montreal, card, 4), (lyon, card, 1)) == {
        ("COFFRET", mug, montreal): 2, ("COFFRET", card, montreal): 4, ("CARTE", card, lyon): 1,
    }  # fmt: skip
    one_each = shared((lyon, mug, 1), (lyon, card, 2), (montreal, mug, 1), (montreal, card, 3))
    assert one_each == {
        ("COFFRET", mug, lyon): 1, ("COFFRET", card, lyon): 2, ("COFFRET", mug, montreal): 1,
        ("COFFRET", card, montreal): 2, ("CARTE", card, montreal): 1,
    }  # fmt: skip


def test_sourcing_twice_changes_nothing(ready: World) -> None:
    order = placed(ready, ("MUG", 1))
    assert source_orders([order]) == 1
    assert source_orders([order]) == 0
    assert FulfillmentOrder.objects.count() == SourcingDecision.objects.count() == 1


def test_a_held_order_is_sourced_but_held(ready: World) -> None:
    order = placed(ready, ("MUG", 1), holds=(("address", "no_postcode"),))
    drain()
    assert FulfillmentOrder.objects.get(order_id=order).held


def test_what_needs_no_parcel_is_closed(ready: World) -> None:
    sku = ready.sku("CARTE")
    line = NewLine(sku.pk, "CARTE", "Bon cadeau", 1, 2_000, requires_shipping=False)
    order = placed(ready, ("CARTE", 1), lines=(line,), total_cents=2_000)
    drain()
    assert Order.objects.get(pk=order).state == "closed"
    assert parts(order) == []


def test_history_is_left_alone(ready: World) -> None:
    order = placed(ready, ("MUG", 1), quiet=True, placed_at=datetime(2011, 1, 1, tzinfo=UTC))
    drain()
    assert parts(order) == []


def test_an_order_with_an_unknown_sku_waits_for_a_person(ready: World) -> None:
    line = NewLine(None, "NOUVEAU", "Nouveau", 1, 900)
    order = placed(ready, ("MUG", 1), lines=(line,), total_cents=900, holds=(("unknown_sku", "unknown_sku"),))
    drain()
    assert parts(order) == []


def test_the_costs_shown_add_up_to_the_total(ready: World) -> None:
    fill(ready, ready.montreal, {"MUG": ready.sku("MUG")}, 10)
    order = placed(ready, ("MUG", 2))
    drain()
    why = why_of(ready.tilleul.pk, order_id=order)
    assert why is not None
    assert len(why["candidates"]) >= 2
    for candidate in why["candidates"]:
        cost = dict(candidate["cost"])
        assert cost.pop("total") == sum(cost.values())
    assert [c["chosen"] for c in why["candidates"]].count(True) == 1


def test_another_merchant_sees_no_reason(ready: World) -> None:
    order = placed(ready, ("MUG", 1))
    drain()
    assert why_of(ready.northwind.pk, order_id=order) is None


def test_a_node_that_who_looks_may_not_see_is_another_node(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order = placed(ready, ("MUG", 1))
    drain()
    monkeypatch.setattr("colisage.sourcing.queries.node_names", lambda _ids: {})  # nothing behind the wall
    with override("fr"):
        why = why_of(ready.tilleul.pk, order_id=order)
        assert why is not None
        assert {str(one["name"]) for one in why["candidates"]} == {"un autre site"}


def test_a_loss_sends_the_last_order_back_to_waiting(ready: World) -> None:
    first, last = placed(ready, ("LAMPE", 12)), placed(ready, ("LAMPE", 8))
    drain()
    cell = StockCell.objects.get(sku=ready.sku("LAMPE"), qty=20)
    adjust_stock(ready.tilleul.pk, cell_id=cell.pk, counted=15, reason="lost", actor=SYSTEM)
    drain()
    assert [parts(order)[0][1] for order in (first, last)] == ["ready", "waiting"]
    assert differences() == []


def test_a_cancel_at_the_same_moment_leaves_no_part_to_pick(ready: World) -> None:
    orders = [placed(ready, ("CARTE", 1)) for _ in range(8)]
    results = at_once(
        lambda: source_orders(orders),
        lambda: cancel_orders(ready.tilleul.pk, order_ids=orders[:4], actor=SYSTEM),
    )
    assert not faults(results)
    assert {stage for pk in orders[:4] for _, stage, _ in parts(pk)} <= {"cancelled"}
    assert all(parts(pk) == [("LYON", "ready", 1)] for pk in orders[4:])
    assert differences() == []
