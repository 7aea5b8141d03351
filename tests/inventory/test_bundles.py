"""Bundles and buffers: whole sets are held or wait; what is kept back from one channel is left to the others."""

from collections import Counter
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colisage.inventory.actions.release import release
from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.actions.serve_waiting import serve_waiting
from colisage.inventory.actions.set_buffers import set_buffers
from colisage.inventory.actions.set_safety import BadUnits, Safety, set_safety
from colisage.inventory.models import Reservation
from colisage.inventory.queries.channels import moment, published_of, published_page
from colisage.inventory.rules import Group, Want, place
from colisage.inventory.rules.waiting import Wait, serve
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.network.models import Channel
from colisage.network.queries import ChannelFacts, channels_of
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.place_orders import place_orders
from tests.books import find, hold, lose, promised, stand, told, where
from tests.cast import World

pytestmark = pytest.mark.django_db
_owners = count(1)


def ask(world: World, *lines: tuple[str, int], **more: Any) -> Any:
    """Ask for lines, bundles among them, as an order does."""
    wanted, bundles = [], {}
    for code, quantity in lines:
        owner = next(_owners)
        if code == "COFFRET":
            parts = (("MUG", 1), ("CARTE", 2))
            wanted += [(owner, world.sku(part).pk, units * quantity) for part, units in parts]
            bundles[owner] = quantity
        else:
            wanted.append((owner, world.sku(code).pk, quantity))
    return reserve([Demand(world.tilleul.pk, "order_line", tuple(wanted), bundles=bundles, **more)])[0]


def states(world: World, code: str) -> list[tuple[str, int]]:
    return [(state, qty) for _owner, state, qty in promised(world.sku(code))]


def shop(world: World) -> ChannelFacts:
    return channels_of(world.tilleul.pk)["shop"]


def test_a_set_that_lacks_a_component_holds_none_of_the_others(balanced: World) -> None:
    lose(balanced.sku("CARTE"), 15, at=where(balanced.sku("CARTE"), balanced.lyon))  # five left: two sets
    ask(balanced, ("COFFRET", 4))
    assert states(balanced, "MUG") == [("held", 2), ("waiting", 2)]
    assert states(balanced, "CARTE") == [("held", 4), ("waiting", 4)]
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 2)


@pytest.mark.parametrize(
    "lines", [(("COFFRET", 6), ("COFFRET", 6)), (("COFFRET", 6), ("CARTE", 9)), (("CARTE", 9), ("COFFRET", 6))]
)
def test_lines_that_share_a_component_never_take_it_twice(balanced: World, lines: tuple[tuple[str, int], ...]) -> None:
    assert ask(balanced, *lines, may_wait=False) is None  # 21 cards or more are asked for, of 20
    assert not Reservation.objects.exists()
    ask(balanced, *lines)
    sellable, reserved = stand(balanced.sku("CARTE"), balanced.lyon)
    assert reserved <= sellable
    mugs = sum(qty for state, qty in states(balanced, "MUG") if state == "held")
    cards = [(owner, qty) for owner, state, qty in promised(balanced.sku("CARTE")) if state == "held"]
    sets = {owner for owner, _state, _qty in promised(balanced.sku("MUG"))}
    assert sum(qty for owner, qty in cards if owner in sets) == 2 * mugs


def test_cancelling_gives_back_once(balanced: World) -> None:
    answer = place_orders([balanced.order(("COFFRET", 3), ("COFFRET", 2), ("MUG", 1))], actor=SYSTEM)[0]
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 6)
    assert stand(balanced.sku("CARTE"), balanced.lyon) == (20, 10)
    for _again in range(2):
        cancel_orders(balanced.tilleul.pk, order_ids=[answer.order_id or 0], actor=SYSTEM)
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 0)
    assert stand(balanced.sku("CARTE"), balanced.lyon) == (20, 0)


def test_an_order_through_the_door_keeps_its_bundles_whole(balanced: World) -> None:
    lose(balanced.sku("CARTE"), 19, at=where(balanced.sku("CARTE"), balanced.lyon))
    place_orders([balanced.order(("COFFRET", 1))], actor=SYSTEM)
    assert states(balanced, "MUG") == [("waiting", 1)]
    assert states(balanced, "CARTE") == [("waiting", 2)]


def test_an_owed_bundle_is_served_whole_or_not_at_all(balanced: World) -> None:
    mug, card = balanced.sku("MUG"), balanced.sku("CARTE")
    shelves = where(mug, balanced.lyon), where(card, balanced.lyon)
    lose(mug, 20, at=shelves[0])
    lose(card, 20, at=shelves[1])
    ask(balanced, ("COFFRET", 2))
    find(mug, 5, at=shelves[0])
    assert serve_waiting([(mug.pk, balanced.lyon.pk)]) == 0
    assert states(balanced, "MUG") == [("waiting", 2)]
    find(card, 4, at=shelves[1])
    assert serve_waiting([(card.pk, balanced.lyon.pk)]) == 2
    assert states(balanced, "MUG") == [("held", 2)]
    assert states(balanced, "CARTE") == [("held", 4)]


def test_what_is_kept_back_from_a_channel_is_left_to_the_others_also_when_it_is_owed(balanced: World) -> None:
    mug = balanced.sku("MUG")
    ask(balanced, ("MUG", 18), buffer=5)
    assert states(balanced, "MUG") == [("held", 15), ("waiting", 3)]
    assert serve_waiting([(mug.pk, balanced.lyon.pk)]) == 0
    hold(mug, 5, owners=[next(_owners)])  # another channel may take them
    assert stand(mug, balanced.lyon) == (20, 20)
    find(mug, 8, at=where(mug, balanced.lyon))
    assert serve_waiting([(mug.pk, balanced.lyon.pk)]) == 1
    assert stand(mug, balanced.lyon) == (28, 23)


def test_a_buffer_of_one_sku_stands_instead_of_that_of_the_channel(balanced: World) -> None:
    mug = balanced.sku("MUG")
    set_buffers(balanced.tilleul.pk, channel_id=balanced.channel.pk, everything=4, skus={mug.pk: 12}, actor=SYSTEM)
    found = published_of(shop(balanced), sku_ids=[s.pk for s in balanced.skus.values()])
    assert {code: found[sku.pk].units for code, sku in balanced.skus.items()} == {
        "MUG": 8, "TAPIS": 16, "LAMPE": 16, "PLUME": 16, "CARTE": 16, "COFFRET": 8,
    }  # fmt: skip
    answers = place_orders(
        [balanced.order(("MUG", 9), may_owe=False, buffer=4), balanced.order(("COFFRET", 8), may_owe=False, buffer=4)],
        actor=SYSTEM,
    )
    assert [a.outcome for a in answers] == ["refused", "accepted"]
    assert published_of(shop(balanced), sku_ids=[mug.pk])[mug.pk].units == 0
    set_buffers(balanced.tilleul.pk, channel_id=balanced.channel.pk, skus={mug.pk: None}, actor=SYSTEM)
    assert published_of(shop(balanced), sku_ids=[mug.pk])[mug.pk].units == 8


def test_what_is_published_can_be_ordered_and_not_one_more(balanced: World) -> None:
    hold(balanced.sku("CARTE"), 7, owners=[next(_owners)])
    set_safety(balanced.tilleul.pk, [Safety(balanced.sku("CARTE").pk, balanced.lyon.pk, 3)], actor=SYSTEM)
    bundle = balanced.sku("COFFRET").pk
    units = published_of(shop(balanced), sku_ids=[bundle])[bundle].units or 0
    assert units == 5
    asked = [balanced.order(("COFFRET", n), may_owe=False) for n in (units + 1, units)]
    assert [a.outcome for a in place_orders(asked, actor=SYSTEM)] == ["refused", "accepted"]


def test_safety_stock_is_promised_to_nobody_and_its_fall_serves_what_is_owed(balanced: World) -> None:
    mug = balanced.sku("MUG")
    assert set_safety(balanced.tilleul.pk, [Safety(mug.pk, balanced.lyon.pk, 6)], actor=SYSTEM) == 1
    assert set_safety(balanced.tilleul.pk, [Safety(mug.pk, balanced.lyon.pk, 6)], actor=SYSTEM) == 0
    ask(balanced, ("MUG", 15))
    assert states(balanced, "MUG") == [("held", 14), ("waiting", 1)]
    set_safety(balanced.tilleul.pk, [Safety(mug.pk, balanced.lyon.pk, 2)], actor=SYSTEM)
    assert told("SellableGrew")[-1]["qty"] == 4
    assert serve_waiting([(mug.pk, balanced.lyon.pk)]) == 1
    set_safety(balanced.tilleul.pk, [Safety(mug.pk, balanced.lyon.pk, 20)], actor=SYSTEM)  # what is promised stays so
    assert stand(mug, balanced.lyon) == (20, 15)


@pytest.mark.parametrize("units", [-1, 1_000_001])
def test_levels_are_whole_numbers_that_are_not_negative(balanced: World, units: int) -> None:
    with pytest.raises(BadUnits):
        set_safety(balanced.tilleul.pk, [Safety(balanced.sku("MUG").pk, balanced.lyon.pk, units)], actor=SYSTEM)
    with pytest.raises(BadUnits):
        set_buffers(balanced.tilleul.pk, channel_id=balanced.channel.pk, everything=units, actor=SYSTEM)
    assert Channel.objects.get(pk=balanced.channel.pk).buffer == 0


def test_levels_of_others_are_out_of_reach(balanced: World) -> None:
    mug = balanced.northwind_skus["MUG"]
    with pytest.raises(NotThere):
        set_safety(balanced.tilleul.pk, [Safety(mug.pk, balanced.montreal.pk, 1)], actor=SYSTEM)
    with pytest.raises(NotThere):
        set_safety(balanced.northwind.pk, [Safety(mug.pk, balanced.lyon.pk, 1)], actor=SYSTEM)
    with pytest.raises(NotThere):
        set_buffers(balanced.tilleul.pk, channel_id=balanced.northwind_channel.pk, everything=1, actor=SYSTEM)
    with pytest.raises(NotThere):
        set_buffers(balanced.tilleul.pk, channel_id=balanced.channel.pk, skus={mug.pk: 1}, actor=SYSTEM)


def test_who_asks_what_changed_misses_nothing(balanced: World) -> None:
    def changed(mark: int) -> set[str]:
        return {sku.code for sku in published_page(balanced.tilleul.pk, since=mark)}

    mark = moment()  # this test is one transaction: everything in it is as young as the mark
    assert {"MUG", "COFFRET", "TAPIS"} <= changed(mark)
    assert changed(mark + 1_000_000) == set()  # the whole server counts transactions: those of other tests as well


def test_release_of_one_owner_leaves_the_other_bundle(balanced: World) -> None:
    first, second = next(_owners), next(_owners)
    parts = ((balanced.sku("MUG").pk, 1), (balanced.sku("CARTE").pk, 2))
    lines = tuple((owner, sku, units) for owner in (first, second) for sku, units in parts)
    reserve([Demand(balanced.tilleul.pk, "order_line", lines, bundles={first: 1, second: 1})])
    assert release("order_line", owner_ids=[first]) == 3
    assert release("order_line", owner_ids=[first]) == 0
    assert stand(balanced.sku("CARTE"), balanced.lyon) == (20, 2)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    free=st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(-2, 12), max_size=9),
    asked=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), min_size=1, max_size=6),
    kept=st.integers(0, 3),
    may_wait=st.sampled_from([True, False]),
)
def test_whatever_is_asked_nothing_is_sold_twice_and_no_set_is_broken(
    free: dict[tuple[int, int], int], asked: list[tuple[int, int]], kept: int, *, may_wait: bool
) -> None:
    """SKU 0 is the bundle of one 1 and two 2."""
    wants: list[Want] = []
    for owner, (sku, qty) in enumerate(asked):
        wants += [Want(owner, 1, qty, qty), Want(owner, 2, 2 * qty, qty)] if sku == 0 else [Want(owner, sku, qty)]
    (outcome,) = place([Group(tuple(wants), (1, 2, 3), may_wait, kept)], free=free)
    if outcome is None:
        assert not may_wait
        return
    held = Counter[tuple[int, int, int]]()
    for piece in outcome:
        if piece.state == "held":
            held[piece.want.sku_id, piece.node_id or 0, piece.want.owner_id] += piece.qty
    for key in {(sku, node) for sku, node, _owner in held}:
        assert sum(qty for (sku, node, _), qty in held.items() if (sku, node) == key) <= free.get(key, 0) - kept
    for want in wants:
        assert sum(p.qty for p in outcome if p.want == want) == want.qty
    for owner, (sku, _qty) in enumerate(asked):
        if sku == 0:
            assert all(held[2, node, owner] == 2 * held[1, node, owner] for node in (1, 2, 3))


def test_nobody_overtakes_but_who_may_go_deeper() -> None:
    waits = [
        Wait(1, ("line", 1), 1, (1,), 4, buffer=3),
        Wait(2, ("line", 2), 1, (1,), 1, buffer=3),
        Wait(3, ("line", 3), 1, (1,), 5, buffer=0),
        Wait(4, ("line", 4), 2, (1, 2), 2),
    ]
    assert serve(waits, free={(1, 1): 5, (2, 1): 1, (2, 2): 2}) == {3: 1, 4: 2}
