"""What could go in one parcel is listed from what is written down: the list says what reading everything says."""

import random
from collections import defaultdict
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.kit.actors import SYSTEM
from colisage.kit.errors import Refused
from colisage.kit.models import Event
from colisage.kit.walls import behind_the_wall
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.follow_doors import follow_doors
from colisage.orders.actions.merge_orders import merge_orders, unmerge_orders
from colisage.orders.actions.note_doorsteps import note_doorsteps
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.actions.tidy_doorsteps import tidy_doorsteps
from colisage.orders.events import OrderAccepted, OrderChanged
from colisage.orders.models import Doorstep, FulfillmentOrder, Hold, Order
from colisage.orders.queries import Filters, order_ids, orders_page
from colisage.orders.rules import door_of, person_of
from tests.cast import CAMILLE, World
from tests.orders.parts import part_of
from tests.together import at_once, faults

Step = Callable[[World, random.Random], object]
TOGETHER = Filters("together")
PEOPLE = ("camille@example.com", " Camille@Example.com", "camille@example.com", "lea@example.com", "")
DOORS = (CAMILLE, CAMILLE, {**CAMILLE, "line1": "8, RUE LEPIC"}, {**CAMILLE, "line1": "9 rue Lepic"}, None)


def listed(world: World, *, size: int = 3) -> list[int]:
    """Read the list page by page."""
    found: list[int] = []
    before = None
    while page := orders_page([world.tilleul.pk], filters=TOGETHER, before=before, size=size)[:size]:
        found += [order.pk for order in page]
        before = page[-1].pk
    return found


def together(world: World) -> list[int]:
    """Read everything that is to pick, and compare."""
    ready = FulfillmentOrder.objects.filter(merchant=world.tilleul, stage="ready", held=False, order__state="open")
    groups: dict[object, list[FulfillmentOrder]] = defaultdict(list)
    for part in ready.select_related("order"):
        order = part.order
        assert order is not None
        person, door = person_of(order.email, name=order.customer_name, phone=order.phone), door_of(order.ship_to)
        if person and door:
            groups[part.node_id, order.shipping_method, person, door].append(part)
    several = [group for group in groups.values() if len({part.together or -part.pk for part in group}) > 1]
    return sorted({part.order_id or 0 for group in several for part in group}, reverse=True)


def hear(after: int) -> int:
    """Let the handler hear what was told since, as the worker does; give where to go on."""
    kinds = {"OrderAccepted": OrderAccepted, "OrderChanged": OrderChanged}
    found = Event.objects.filter(kind__in=kinds, pk__gt=after).order_by("pk")
    follow_doors([kinds[event.kind].read(event.payload) for event in found])
    return max((event.pk for event in found), default=after)


def _any(chance: random.Random) -> int:
    return chance.choice(list(Order.objects.values_list("pk", flat=True)))


def _place(world: World, chance: random.Random) -> None:
    part_of(
        world, ("CARTE", 1), email=chance.choice(PEOPLE), phone=chance.choice(["", "0612345678"]),
        ship_to=chance.choice(DOORS), shipping_method=chance.choice(["", "", "", "Express"]),
    )  # fmt: skip


def _change(world: World, chance: random.Random) -> None:
    wish = Wish(ship_to=chance.choice(DOORS[:4]), email=chance.choice(PEOPLE[:4]))
    change_order(world.tilleul.pk, order_id=_any(chance), wish=wish, actor=SYSTEM)


def _hold(world: World, chance: random.Random) -> None:
    set_hold(world.tilleul.pk, order_ids=[_any(chance)], kind="manual", reason="", actor=SYSTEM)


def _release(world: World, chance: random.Random) -> None:
    held = list(Hold.objects.filter(released_at=None).values_list("pk", flat=True))
    release_hold(world.tilleul.pk, hold_ids=held[:2], actor=SYSTEM)


def _release_work(_world: World, chance: random.Random) -> None:
    advance_stage([FulfillmentOrder.objects.filter(order=_any(chance))[0].pk], before=["ready"], after="released")


def _tidy(_world: World, _chance: random.Random) -> None:
    tidy_doorsteps()


STEPS: tuple[Step, ...] = (
    _place, _place, _place, _change, _change, _hold, _release,
    lambda world, chance: merge_orders(world.tilleul.pk, groups=[[_any(chance), _any(chance)]], actor=SYSTEM),
    lambda world, chance: unmerge_orders(world.tilleul.pk, order_ids=[_any(chance)], actor=SYSTEM),
    lambda world, chance: cancel_orders(world.tilleul.pk, order_ids=[_any(chance)], actor=SYSTEM),
    _release_work, _tidy,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_the_list_says_what_reading_everything_says(world: World, seed: int) -> None:
    chance, heard = random.Random(seed), 0
    some = 0
    for _ in range(6):
        _place(world, chance)
    for _ in range(40):
        try:
            chance.choice(STEPS)(world, chance)
        except Refused:
            continue
        heard = hear(heard)
        wanted = together(world)
        assert listed(world) == wanted
        assert order_ids([world.tilleul.pk], filters=TOGETHER, most=100) == wanted
        some += bool(wanted)
    assert some > 5


def test_the_list_shows_nobody_elses_orders_and_costs_as_many_statements_for_many(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            orders_page([world.tilleul.pk], filters=TOGETHER)
        return len(queries)

    ours = [part_of(world, ("CARTE", 1)).order_id for _ in range(2)]
    note_doorsteps(Order.objects.values_list("pk", flat=True))
    few = asked()
    for _ in range(5):
        part_of(world, ("CARTE", 1))
    tidy_doorsteps()
    assert asked() == few == 1
    assert orders_page([world.northwind.pk], filters=TOGETHER) == []
    with behind_the_wall(merchants=[world.northwind.pk], operators=[]):
        assert orders_page([world.tilleul.pk], filters=TOGETHER) == []
    with behind_the_wall(merchants=[world.tilleul.pk], operators=[]):
        assert {order.pk for order in orders_page([world.tilleul.pk], filters=TOGETHER)} > {*ours}


def test_historic_orders_and_those_that_say_too_little_share_no_door(world: World) -> None:
    for changes in ({"quiet": True}, {"email": "", "customer_name": ""}):
        for _ in range(2):
            place_orders([world.order(("CARTE", 1), **changes)], actor=SYSTEM)
    hear(0)
    assert list(Doorstep.objects.values_list("key", "shared")) == [("", False)] * 2


def test_what_is_done_with_is_forgotten_and_what_nobody_noted_is_noted(world: World) -> None:
    one, other = part_of(world, ("CARTE", 1)), part_of(world, ("CARTE", 1))
    assert listed(world) == []  # nobody heard of them
    assert tidy_doorsteps() == 2
    assert listed(world) == [other.order_id, one.order_id]
    assert tidy_doorsteps() == 0
    Order.objects.filter(pk=one.order_id).update(state="closed")
    tidy_doorsteps()
    assert list(Doorstep.objects.values_list("order_id", flat=True)) == [other.order_id]


@pytest.mark.django_db(transaction=True)
def test_of_two_noted_at_the_same_moment_both_share(world: World) -> None:
    for _ in range(5):
        pair = [part_of(world, ("CARTE", 1)).order_id or 0 for _ in range(2)]
        assert not faults(at_once(*(lambda pk=pk: note_doorsteps([pk]) for pk in pair)))
        assert Doorstep.objects.filter(order__in=pair, shared=True).count() == 2
        Doorstep.objects.all().delete()
