"""Orders that look like another, and those that look like a risk: found once, held before there is anything to pick."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.automation.actions.save_watch import BadWatch, save_watch
from colisage.automation.actions.watch_orders import watch_orders
from colisage.automation.models import Suspicion, Watch
from colisage.automation.queries.watching import watch_mark, watch_of
from colisage.automation.rules.signals import SIGNALS
from colisage.kit.actors import SYSTEM
from colisage.kit.marks import SavedMeanwhile
from colisage.kit.outbox import drain
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import FulfillmentOrder, Hold
from tests.automation.conftest import Place
from tests.automation.test_rules import judged
from tests.cast import CAMILLE, World
from tests.screens import seen_of
from tests.together import at_once, faults

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LEA = {**CAMILLE, "name": "Léa Petit", "phone": "+33698765432"}


def watching(world: World, **said: Any) -> None:
    facts: dict[str, Any] = {
        "duplicates": True, "window_hours": 24, "risk": False, "threshold": 50, "weights": {}, "dear_cents": 30_000,
        "many_units": 10,
    }  # fmt: skip
    save_watch(world.tilleul.pk, **{**facts, **said}, actor=SYSTEM)


def pairs() -> list[tuple[int, int | None]]:
    return list(Suspicion.objects.filter(kind="duplicate").order_by("order").values_list("order_id", "other_id"))


@pytest.mark.django_db
def test_the_same_things_for_the_same_person_are_held_with_a_link_to_the_other(
    world: World, place: Place, enter: Any
) -> None:
    watching(world)
    first = place(("MUG", 2), ("CARTE", 1), placed_at=NOON)
    again = place(("CARTE", 1), ("MUG", 2), placed_at=NOON + timedelta(hours=3), email="CAMILLE@example.com ")
    by_address = place(("MUG", 2), ("CARTE", 1), placed_at=NOON + timedelta(hours=4), email="c@other.example")
    judged(world, first, again, by_address)
    assert pairs() == [(again, first), (by_address, again)]
    assert set(Hold.objects.values_list("order_id", "kind", "reason")) == {
        (pk, "duplicate", "possible_duplicate") for pk in (again, by_address)
    }
    assert FulfillmentOrder.objects.get(order=again).held
    page = enter(world.chen).get(reverse("order", args=[again])).content.decode()
    assert reverse("order", args=[first]) in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"placed_at": NOON + timedelta(hours=25)},
        {"placed_at": NOON - timedelta(hours=25)},
        {"wants": [("MUG", 3)]},
        {"wants": [("MUG", 2), ("CARTE", 1)]},
        {"email": "lea@example.com", "ship_to": LEA},
        {"email": "", "ship_to": None},
        {"quiet": True},
    ],
    ids=str,
)
def test_what_is_other_is_no_duplicate(world: World, place: Place, changes: dict[str, Any]) -> None:
    watching(world)
    first = place(("MUG", 2), placed_at=NOON)
    other = place(*changes.pop("wants", [("MUG", 2)]), **{"placed_at": NOON, **changes})
    judged(world, first, other)
    assert pairs() == []


@pytest.mark.django_db
def test_what_was_cancelled_before_is_no_longer_looked_like(world: World, place: Place) -> None:
    watching(world)
    first = place(placed_at=NOON)
    judged(world, first)
    cancel_orders(world.tilleul.pk, order_ids=[first], actor=SYSTEM)
    second, third = place(placed_at=NOON), place(placed_at=NOON)
    judged(world, second, third)
    assert pairs() == [(third, second)]


@pytest.mark.django_db
def test_the_order_that_is_looked_at_second_is_held_whichever_came_first(world: World, place: Place) -> None:
    watching(world)
    first, second = place(placed_at=NOON), place(placed_at=NOON)
    judged(world, second)
    judged(world, first)
    judged(world, first, second)
    assert pairs() == [(first, second)]


@pytest.mark.django_db(transaction=True)
def test_a_duplicate_is_found_by_the_outbox_and_released_with_one_click(world: World, place: Place, enter: Any) -> None:
    watching(world)
    place(placed_at=NOON)
    drain()
    again = place(placed_at=NOON)
    drain()
    hold = Hold.objects.get()
    enter(world.chen).post(reverse("order-free", args=[again, hold.pk]))
    hold.refresh_from_db()
    assert hold.released_at
    assert not FulfillmentOrder.objects.get(order=again).held
    drain()
    watch_orders({again: world.tilleul.pk})
    assert Hold.objects.count() == 1


RISKY: dict[str, tuple[list[tuple[str, int]], dict[str, Any]]] = {
    "bill_differs": ([("MUG", 1)], {"bill_to": {**CAMILLE, "country": "DE"}}),
    "phone_differs": ([("MUG", 1)], {"ship_to": {**CAMILLE, "phone": "+4915112345678"}}),
    "dear_first": ([("TAPIS", 4)], {"email": "new@example.com"}),
    "quick_first": ([("MUG", 1)], {"email": "new@example.com", "shipping_method": "Chronopost Express"}),
    "many_units": ([("MUG", 10)], {}),
    "many_names": ([("MUG", 1)], {"ship_to": LEA}),
    "disposable": ([("MUG", 1)], {"email": "x@Yopmail.com"}),
    "no_contact": ([("MUG", 1)], {"email": "", "phone": "", "ship_to": {**CAMILLE, "phone": ""}}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("signal", SIGNALS)
def test_every_signal_is_shown_by_an_order_that_has_it_and_by_no_other(world: World, place: Place, signal: str) -> None:
    watching(world, duplicates=False, risk=True)
    plain = place(placed_at=NOON)
    wants, changes = RISKY[signal]
    risky = place(*wants, placed_at=NOON, **changes)
    judged(world, plain, risky)
    found = {one.order_id: [name for name, _weight in one.signals] for one in Suspicion.objects.all()}
    assert signal in found[risky]
    assert plain not in found


@pytest.mark.django_db
def test_weights_that_reach_the_threshold_hold_an_order_and_stand_on_its_page(
    world: World, place: Place, enter: Any
) -> None:
    watching(world, duplicates=False, risk=True, threshold=60, weights={"disposable": 45, "phone_differs": 0})
    below = place(email="x@yopmail.com", placed_at=NOON)
    bill = {**CAMILLE, "country": "DE"}
    above = place(email="y@yopmail.com", bill_to=bill, ship_to={**CAMILLE, "phone": "+4915112345678"}, placed_at=NOON)
    judged(world, below, above)
    assert [(h.order_id, h.kind, h.reason) for h in Hold.objects.all()] == [(above, "risk", "risk_signals")]
    assert Suspicion.objects.get(order=above).signals == [["disposable", 45], ["bill_differs", 20]]
    page = enter(world.chen).get(reverse("order", args=[above])).content.decode()
    assert "65" in page
    assert "for throwing away" in page


@pytest.mark.django_db
def test_nothing_is_watched_until_a_merchant_says_so(world: World, place: Place) -> None:
    first, again = place(placed_at=NOON), place(placed_at=NOON)
    with CaptureQueriesContext(connection) as asked:
        watch_orders(dict.fromkeys([first, again], world.tilleul.pk))
    assert len(asked) == 1 + 2  # and the savepoint
    assert pairs() == []


@pytest.mark.django_db
@pytest.mark.slow
def test_a_thousand_watched_orders_take_as_many_statements_as_three(world: World) -> None:
    watching(world, risk=True, threshold=1)
    counts = []
    for many in (3, 1_000):
        orders = [world.order(("CARTE", 1), placed_at=NOON, bill_to={**CAMILLE, "country": "DE"}) for _ in range(many)]
        ids = [answer.order_id or 0 for answer in place_orders(orders, actor=SYSTEM)]
        with CaptureQueriesContext(connection) as asked:
            watch_orders(dict.fromkeys(ids, world.tilleul.pk))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert len(pairs()) == 1_002


@pytest.mark.django_db
def test_a_manager_says_what_is_watched_and_numbers_without_sense_are_refused(world: World, enter: Any) -> None:
    client: Client = enter(world.chen)
    said = {
        "duplicates": "on", "window_hours": "48", "risk": "on", "threshold": "70", "dear": "250,50", "many_units": "5",
        **{f"weight_{name}": str(signal.weight) for name, signal in SIGNALS.items()}, "weight_disposable": "90",
    }  # fmt: skip
    assert client.post(reverse("watch"), said).status_code == 302
    watch = Watch.objects.get()
    assert (watch.duplicates, watch.window_hours, watch.threshold, watch.dear_cents) == (True, 48, 70, 25_050)
    assert watch.weights == {"disposable": 90}
    for wrong in (
        {"window_hours": "0"},
        {"threshold": "x"},
        {"weight_disposable": "-1"},
        {"weight_disposable": "9999"},
    ):
        assert client.post(reverse("watch"), {**said, **wrong}).status_code == 422
    assert 'value="48"' in client.get(reverse("watch")).content.decode()
    with pytest.raises(BadWatch):
        watching(world, weights={"moon": 3})
    assert enter(world.ada).get(reverse("watch")).status_code == 403


WATCHED = {
    "duplicates": "on", "window_hours": "24", "risk": "on", "threshold": "50", "dear": "300.00", "many_units": "10",
    **{f"weight_{name}": str(signal.weight) for name, signal in SIGNALS.items()},
}  # fmt: skip


@pytest.mark.django_db
def test_of_two_who_say_what_is_watched_the_second_sees_the_first_and_loses_nothing(world: World, enter: Any) -> None:
    first, second, url = enter(world.chen), enter(world.chen), reverse("watch")
    seen = seen_of(second.get(url))
    assert first.post(url, {**WATCHED, "threshold": "80", "seen": seen_of(first.get(url))}).status_code == 302
    page = second.post(url, {**WATCHED, "threshold": "60", "weight_disposable": "7", "seen": seen})
    text = page.content.decode()
    assert page.status_code == 422
    assert Watch.objects.get().threshold == 80
    assert "Chen changed what stands here (" in text  # who, and what stands now
    assert "Hold from this sum on → <strong>80</strong>" in text
    assert "Hold orders that look like another →" not in text  # where both say the same nothing is said
    assert 'name="threshold" value="60"' in text  # and what was typed
    assert 'name="weight_disposable" value="7"' in text
    assert second.post(url, {**WATCHED, "threshold": "60", "seen": seen_of(page)}).status_code == 302
    assert Watch.objects.get().threshold == 60


@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_what_is_watched_in_the_same_second_one_is_told_so(world: World) -> None:
    seen = watch_mark(watch_of(world.tilleul.pk))
    both = at_once(*(partial(watching, world, threshold=threshold, seen=seen) for threshold in (60, 70)))
    [late] = faults(both)
    assert isinstance(late, SavedMeanwhile)
    assert Watch.objects.get().threshold in {60, 70}


@pytest.mark.django_db(transaction=True)
def test_of_two_that_come_in_the_same_second_one_is_held(world: World, place: Place) -> None:
    watching(world)
    twins = [place(placed_at=NOON), place(placed_at=NOON)]
    assert faults(at_once(*(partial(watch_orders, {pk: world.tilleul.pk}) for pk in twins))) == []
    assert len(pairs()) == 1
    assert set(pairs()[0]) == set(twins)
