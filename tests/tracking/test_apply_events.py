from itertools import permutations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.kit.models import AuditEntry, Event
from colisage.orders.queries import parts
from colisage.shipping.events import ShipmentHandedOver
from colisage.shipping.models import Label
from colisage.tracking.actions.apply_events import apply_events
from colisage.tracking.actions.start_tracking import start_tracking
from colisage.tracking.models import Track, TrackingEvent
from colisage.tracking.queries import VERBS, progress_of
from tests.cast import World
from tests.shipping.conftest import Packed
from tests.tracking.conftest import OnTheRoad, numbers, told


def moves() -> list[str]:
    return list(Event.objects.filter(kind="ParcelMoved").order_by("pk").values_list("payload__status", flat=True))


def test_a_parcel_moves_and_its_part_is_delivered(on_the_road: OnTheRoad) -> None:
    [part] = on_the_road((("MUG", 1),))
    [number] = numbers(part)
    apply_events([told(number, "picked_up"), told(number, "in_transit", hours=5)])
    assert (Track.objects.get().status, parts([part])[part].stage) == ("in_transit", "handed_over")
    apply_events([told(number, "delivered", hours=20)])
    assert (Track.objects.get().status, parts([part])[part].stage) == ("delivered", "delivered")
    assert moves() == ["in_transit", "delivered"]


def test_told_twice_is_told_once(on_the_road: OnTheRoad) -> None:
    [part] = on_the_road((("MUG", 1),))
    [number] = numbers(part)
    for _ in range(3):
        apply_events([told(number, "picked_up"), told(number, "picked_up")])
    assert TrackingEvent.objects.count() == 1
    assert moves() == ["picked_up"]


def test_whatever_the_order_the_end_is_the_same(on_the_road: OnTheRoad) -> None:
    way = [("picked_up", 0), ("in_transit", 5), ("out_for_delivery", 9), ("delivered", 10)]
    ids = on_the_road(*[(("CARTE", 1),)] * 8)
    for part, order in zip(ids, list(permutations(way))[::3], strict=False):
        for status, hours in order:
            apply_events([told(numbers(part)[0], status, hours=hours)])  # type: ignore[arg-type]
    assert {p.stage for p in parts(ids).values()} == {"delivered"}
    assert set(Track.objects.values_list("status", flat=True)) == {"delivered"}


def test_a_part_waits_for_all_its_parcels(on_the_road: OnTheRoad) -> None:
    [part] = on_the_road((("LAMPE", 2),))
    first, second = numbers(part)
    apply_events([told(first, "delivered")])
    assert parts([part])[part].stage == "handed_over"
    apply_events([told(second, "delivered")])
    assert parts([part])[part].stage == "delivered"


def test_a_failure_is_a_problem_until_the_parcel_moves_again(on_the_road: OnTheRoad) -> None:
    [part] = on_the_road((("MUG", 1),))
    [number] = numbers(part)
    apply_events([told(number, "failed", hours=1, reason="refused")])
    assert parts([part])[part].stage == "problem"
    apply_events([told(number, "in_transit", hours=2)])
    assert parts([part])[part].stage == "handed_over"
    apply_events([told(number, "returning", hours=3)])
    apply_events([told(number, "in_transit", hours=4)])
    assert (Track.objects.get().status, parts([part])[part].stage) == ("returning", "problem")


def test_what_is_told_before_the_hand_over_counts_after_it(
    world: World, labelled: Packed, on_the_road: OnTheRoad
) -> None:
    [part] = labelled((("MUG", 1),))
    apply_events([told(numbers(part)[0], "delivered")])
    assert parts([part])[part].stage == "labelled"
    on_the_road((("CARTE", 1),))  # one manifest takes both
    start_tracking([ShipmentHandedOver.read(e.payload) for e in Event.objects.filter(kind="ShipmentHandedOver")])
    assert parts([part])[part].stage == "delivered"
    assert Track.objects.count() == 2


def test_a_label_given_back_after_its_carrier_spoke_of_it_keeps_nothing_from_being_delivered(
    on_the_road: OnTheRoad,
) -> None:
    [part] = on_the_road((("MUG", 1),))
    [former] = numbers(part)
    apply_events([told(former, "picked_up")])
    Label.objects.filter(tracking_number=former).update(tracking_number="SM000000000")  # another was bought for it
    apply_events([told("SM000000000", "delivered", hours=9)])
    assert parts([part])[part].stage == "delivered"


def test_a_number_that_is_not_ours_is_said_and_harms_nothing(on_the_road: OnTheRoad) -> None:
    [part] = on_the_road((("MUG", 1),))
    [number] = numbers(part)
    applied = apply_events([told("NOTOURS", "delivered"), told(number, "picked_up")])
    assert (applied.moved, applied.unclaimed) == (1, frozenset({"NOTOURS"}))
    assert apply_events([]).moved == 0


def test_many_events_take_as_many_statements_as_few(on_the_road: OnTheRoad) -> None:
    counts = []
    for many in (2, 14):
        ids = on_the_road(*[(("CARTE", 1),)] * many)
        events = [told(numbers(part)[0], "delivered") for part in ids]
        with CaptureQueriesContext(connection) as queries:
            assert apply_events(events).moved == many
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_progress_shows_every_parcel_of_the_order(world: World, on_the_road: OnTheRoad) -> None:
    [part] = on_the_road((("LAMPE", 2),))
    order = parts([part])[part].order_id or 0
    first, _ = numbers(part)
    apply_events([told(first, "picked_up"), told(first, "in_transit", hours=4)])
    one, two = progress_of(world.tilleul.pk, order_id=order)
    assert [step["at"] for step in one["steps"]] == ["done", "done", "now", "todo", "todo"]
    assert [step["at"] for step in two["steps"]] == ["now", "todo", "todo", "todo", "todo"]
    assert (one["parcel"], len(one["events"]), one["specimen"]) == ("1/2", 2, True)
    assert progress_of(world.northwind.pk, order_id=order) == []


def test_every_verb_on_the_order_has_a_sentence(on_the_road: OnTheRoad) -> None:
    [part] = on_the_road((("MUG", 1),))
    [number] = numbers(part)
    apply_events([told(number, "delayed", hours=1)])
    apply_events([told(number, "delivered", hours=2)])
    found = set(
        AuditEntry.objects.filter(verb__startswith="parcel_")
        .exclude(verb="parcel_sealed")
        .values_list("verb", flat=True)
    )
    assert found == {"parcel_delayed", "parcel_delivered"} <= set(VERBS)
