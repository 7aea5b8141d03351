"""Holds on the desk: set and released for many at once, found by kind, owner and age, and what a hold stops."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.models import AuditEntry
from colisage.kit.outbox import drain
from colisage.orders.actions.end_due_holds import end_due_holds
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.models import FulfillmentOrder, Hold, Order, OrderLine
from colisage.packing.actions.seal_all import seal_all
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.actions.pick_all import pick_all
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.actions.take_batch import take_batch
from colisage.picking.models import PickBatch, PickTask
from colisage.shipping.models import Shipment
from tests.cast import World
from tests.desk.test_pages import client_of

pytestmark = pytest.mark.django_db


def orders_of(world: World, count: int, **changes: object) -> list[int]:
    answers = place_orders([world.order(("CARTE", 1), **changes) for _ in range(count)], actor=SYSTEM)
    return [answer.order_id or 0 for answer in answers]


def held(world: World, order_id: int, *, kind: str = "manual", **changes: object) -> Hold:
    set_hold(world.tilleul.pk, order_ids=[order_id], kind=kind, reason="ask", actor=SYSTEM, **changes)  # type: ignore[arg-type]
    return Hold.objects.get(order=order_id, kind=kind)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_many_orders_are_held_with_a_kind_and_a_day_and_released_together(world: World, language: str) -> None:
    first, second, third = orders_of(world, 3)
    chen = client_of(world.chen, language=language)
    asked = chen.post("/orders/bulk", {"action": "hold", "order": [first, second]})
    assert asked.status_code == 200
    assert not Hold.objects.exists()
    told = {
        "action": "hold",
        "sure": "1",
        "order": [first, second],
        "kind": "risk",
        "reason": "carte volée ?",
        "until": "2099-01-31",
        "owner": "me",
    }
    assert chen.post("/orders/bulk", told).headers["Location"] == "/orders/"
    holds = list(Hold.objects.order_by("pk"))
    assert [(h.order_id, h.kind, h.until, h.owner_id) for h in holds] == [
        (pk, "risk", date(2099, 1, 31), world.chen.pk) for pk in (first, second)
    ]
    text = chen.get("/orders/holds/").content.decode()
    assert text.count("carte volée ?") == 2
    assert chen.post("/orders/holds/release", {"hold": [h.pk for h in holds]}).status_code == 302
    assert not Hold.objects.filter(released_at=None).exists()
    assert third not in {h.order_id for h in holds}
    assert AuditEntry.objects.filter(verb="hold_released", actor_name="Chen").count() == 2


def test_the_inbox_is_narrowed_by_kind_owner_and_age(world: World) -> None:
    first, second, third = orders_of(world, 3)
    old = held(world, first, kind="address")
    Hold.objects.filter(pk=old.pk).update(set_at=timezone.now() - timedelta(days=4))
    mine = held(world, second, kind="risk")
    other = held(world, third, kind="manual")
    chen = client_of(world.chen, language="en")
    assert chen.post("/orders/holds/take", {"hold": [mine.pk]}).status_code == 302
    mine.refresh_from_db()
    assert mine.owner_id == world.chen.pk

    def shown(query: str) -> set[int]:
        rows = chen.get(f"/orders/holds/?{query}").context["rows"]
        return {row["hold"].pk for row in rows}

    assert shown("") == {old.pk, mine.pk, other.pk}
    assert shown("kind=risk") == {mine.pk}
    assert shown("owner=mine") == {mine.pk}
    assert shown("owner=nobody") == {old.pk, other.pk}
    assert shown("age=3") == {old.pk}
    assert shown("age=7&kind=risk") == set()
    assert shown("kind=%00&owner=x&age=9999999999&after=zz") == {old.pk, mine.pk, other.pk}


def test_the_inbox_pages_by_key_in_as_many_queries_for_many(world: World) -> None:
    chen = client_of(world.chen)
    ids = orders_of(world, 3, may_owe=True)
    set_hold(world.tilleul.pk, order_ids=ids, kind="manual", reason="x", actor=SYSTEM)
    chen.get("/orders/holds/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        chen.get("/orders/holds/")
    ids += orders_of(world, 297, may_owe=True)
    set_hold(world.tilleul.pk, order_ids=ids, kind="manual", reason="x", actor=SYSTEM)
    with CaptureQueriesContext(connection) as many:
        first = chen.get("/orders/holds/")
    assert len(many) == len(few)
    assert len(first.context["rows"]) == 50
    second = chen.get(f"/orders/holds/?after={first.context['next']}")
    pages = [[row["hold"].pk for row in page.context["rows"]] for page in (first, second)]
    assert sorted(pages[0] + pages[1]) == pages[0] + pages[1]


def test_another_merchants_holds_are_neither_seen_nor_released_nor_set(world: World) -> None:
    (order,) = orders_of(world, 1)
    hold = held(world, order)
    dee = client_of(world.dee)
    assert dee.get("/orders/holds/").context["rows"] == []
    dee.post("/orders/holds/release", {"hold": [hold.pk, "x", "9" * 40, "-1"]})
    dee.post("/orders/holds/take", {"hold": [hold.pk]})
    dee.post("/orders/bulk", {"action": "hold", "sure": "1", "order": [order], "kind": "risk"})
    ada = client_of(world.ada)
    ada.post("/orders/holds/release", {"hold": [hold.pk]})
    hold.refresh_from_db()
    assert (hold.released_at, hold.owner_id, Hold.objects.count()) == (None, None, 1)


@pytest.mark.parametrize("wrong", [{"kind": "weather"}, {"until": "2020-01-01"}, {"until": "x"}, {"reason": "x" * 61}])
def test_a_hold_that_cannot_be_read_is_not_set(world: World, wrong: dict[str, str]) -> None:
    (order,) = orders_of(world, 1)
    chen = client_of(world.chen)
    assert (
        chen.post(
            "/orders/bulk", {"action": "hold", "sure": "1", "order": [order], "kind": "risk", **wrong}
        ).status_code
        == 422
    )
    assert chen.post(f"/orders/{order}/hold", wrong).status_code == 302
    assert not Hold.objects.exists()


def test_a_disruption_is_shown_as_a_kind_and_not_set_by_hand(world: World) -> None:
    [order] = orders_of(world, 1)
    chen = client_of(world.chen, language="en")
    assert 'value="disruption"' not in chen.get(f"/orders/{order}").content.decode()
    assert chen.post(f"/orders/{order}/hold", {"kind": "disruption", "owner": "me"}).status_code == 302
    assert not Hold.objects.exists()
    held(world, order, kind="disruption")
    assert "disruption (1)" in chen.get("/orders/holds/").content.decode()


def test_a_hold_with_a_day_ends_by_itself_the_morning_after_where_its_merchant_is(world: World) -> None:
    first, second = orders_of(world, 2)
    ends = held(world, first, until=date(2026, 12, 1))
    stays = held(world, second, until=date(2026, 12, 2))
    held(world, second, kind="address")
    assert end_due_holds(now=datetime(2026, 12, 1, 22, 30, tzinfo=UTC)) == 0  # half past eleven in the evening there
    assert end_due_holds(now=datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == 1
    assert end_due_holds(now=datetime(2026, 12, 1, 23, 40, tzinfo=UTC)) == 0
    ends.refresh_from_db()
    stays.refresh_from_db()
    assert (ends.released_by, stays.released_at) == ("Colisage", None)
    assert AuditEntry.objects.filter(verb="hold_ended", actor_kind="system", doc_id=first).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_hold_set_in_the_middle_of_picking_stops_the_order_before_the_label(world: World) -> None:
    load_public_tariffs()
    ada, chen = Actor("person", world.ada.pk, "Ada"), client_of(world.chen)
    [answer] = place_orders([world.order(("MUG", 1), ("CARTE", 2))], actor=SYSTEM)
    drain()
    part = FulfillmentOrder.objects.get()
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    take_batch(world.nord.pk, batch_id=PickBatch.objects.get().pk, actor=ada)
    task = PickTask.objects.order_by("position")[0]
    confirm_picks(world.nord.pk, picks=[Taken(task.pk)], actor=ada)
    part.refresh_from_db()
    assert part.stage == "picking"
    assert chen.post(f"/orders/{answer.order_id}/hold", {"kind": "risk"}).status_code == 302
    pick_all(world.nord.pk, batch_ids=PickBatch.objects.values_list("pk", flat=True), actor=ada)
    drain()
    seal_all([world.tilleul.pk], fulfillment_order_ids=[part.pk], actor=SYSTEM)
    drain()
    part.refresh_from_db()
    assert (part.stage, Shipment.objects.count()) == ("packed", 0)
    assert chen.post("/orders/holds/release", {"hold": [Hold.objects.get().pk]}).status_code == 302
    drain()
    part.refresh_from_db()
    assert (part.stage, Shipment.objects.get().state) == ("labelling", "requested")


@pytest.mark.parametrize(
    ("language", "came", "ended", "freed"),
    [
        ("fr", "Colisage a bloqué la commande", "Le dernier jour du blocage est passé", "a levé le blocage"),
        ("en", "Colisage set a hold:", "The last day of the hold is over", "released the hold:"),
    ],
)
def test_the_history_tells_with_which_hold_an_order_came_and_what_became_of_each(
    world: World, language: str, came: str, ended: str, freed: str
) -> None:
    (order,) = orders_of(world, 1, holds=[("address", "no_postcode")])
    for reason, until in (("no_postcode", None), ("she rings back", date(2026, 12, 1)), ("stolen card?", None)):
        set_hold(world.tilleul.pk, order_ids=[order], kind="manual", reason=reason, until=until, actor=SYSTEM)
    assert end_due_holds(now=datetime(2026, 12, 2, 12, tzinfo=UTC)) == 1
    chen = client_of(world.chen, language=language)
    stolen = Hold.objects.get(reason="stolen card?")
    chen.post(f"/orders/{order}/holds/{stolen.pk}/release")
    history = chen.get(f"/orders/{order}").content.decode().partition('class="timeline"')[2]
    assert history.count(came) == 4  # one of them with the order, before anybody set one
    told = " ".join(history.replace("\xa0", " ").split())
    assert [words in told for words in (ended, "she rings back", freed)] == [True] * 3
    assert told.index("stolen card?") < told.index(ended)


def test_an_order_that_is_over_is_not_shown_as_held(world: World) -> None:
    chen = client_of(world.chen)
    [order] = orders_of(world, 1)
    held(world, order)
    assert chen.get(f"/orders/{order}").context["badge"] == "hold"
    Order.objects.filter(pk=order).update(state="closed")
    page = chen.get(f"/orders/{order}")
    assert (page.context["badge"], page.context["holds"]) == ("closed", [])
    assert [row["badge"] for row in chen.get("/orders/").context["rows"]] == ["closed"]


def test_the_list_says_what_an_order_costs_now(world: World) -> None:
    chen = client_of(world.chen)
    [answer] = place_orders([world.order(("CARTE", 1), ("MUG", 1))], actor=SYSTEM)
    page = chen.get(f"/orders/{answer.order_id}").context
    assert chen.get("/orders/").context["rows"][0]["cents"] == page["now_cents"] == page["order"].total_cents
    OrderLine.objects.filter(order=answer.order_id, sku_code="MUG").update(cancelled=1)
    now = chen.get(f"/orders/{answer.order_id}").context["now_cents"]
    assert chen.get("/orders/").context["rows"][0]["cents"] == now < page["now_cents"]


def test_a_complete_order_that_another_sent_is_not_shown_as_cancelled(world: World) -> None:
    chen = client_of(world.chen)
    [order] = orders_of(world, 1)
    FulfillmentOrder.objects.create(merchant=world.tilleul, order_id=order, node=world.lyon, stage="cancelled")
    assert chen.get(f"/orders/{order}").context["badge"] == "cancelled"
    Order.objects.filter(pk=order).update(state="closed")
    assert chen.get(f"/orders/{order}").context["badge"] == "closed"


def test_what_a_shop_changes_is_not_among_the_kinds_that_a_person_sets(world: World) -> None:
    [order] = orders_of(world, 1)
    page = client_of(world.chen).get(f"/orders/{order}").content.decode()
    assert '<option value="risk"' in page
    assert '<option value="shop"' not in page
