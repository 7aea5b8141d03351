"""Placing and demoting, against witnesses that share no code with them."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from colisage.inventory.rules import Group, Held, Placed, Want, demote, place

LYON, MONTREAL, LILLE = 1, 2, 3
MUG, CARTE = 10, 11


def wants(*pairs: tuple[int, int]) -> tuple[Want, ...]:
    return tuple(Want(owner, sku, qty) for owner, (sku, qty) in enumerate(pairs, 1))


def said(outcome: list[Placed] | None) -> list[tuple[int | None, int, str]] | None:
    return None if outcome is None else [(p.node_id, p.qty, p.state) for p in outcome]


def test_the_preferred_node_that_has_everything_serves_all() -> None:
    group = Group(wants((MUG, 1), (CARTE, 2)), (LYON, MONTREAL))
    free = {(MUG, LYON): 5, (CARTE, LYON): 1, (MUG, MONTREAL): 1, (CARTE, MONTREAL): 2}
    assert said(place([group], free=free)[0]) == [(MONTREAL, 1, "held"), (MONTREAL, 2, "held")]


def test_without_a_node_that_has_everything_each_takes_what_there_is_and_the_rest_waits() -> None:
    group = Group(wants((MUG, 7)), (LYON, MONTREAL, LILLE))
    free = {(MUG, LYON): 2, (MUG, MONTREAL): 3}
    assert said(place([group], free=free)[0]) == [
        (LYON, 2, "held"),
        (MONTREAL, 3, "held"),
        (LYON, 2, "waiting"),
    ]


def test_who_may_not_wait_is_refused_and_takes_nothing() -> None:
    strict = Group(wants((MUG, 3)), (LYON,), may_wait=False)
    next_one = Group(wants((MUG, 2)), (LYON,))
    refused, served = place([strict, next_one], free={(MUG, LYON): 2})
    assert refused is None
    assert said(served) == [(LYON, 2, "held")]


def test_a_refused_group_takes_nothing_although_part_of_it_was_there() -> None:
    strict = Group(wants((CARTE, 1), (MUG, 3)), (LYON,), may_wait=False)
    next_one = Group(wants((CARTE, 1)), (LYON,))
    assert said(place([strict, next_one], free={(CARTE, LYON): 1})[1]) == [(LYON, 1, "held")]


def test_a_channel_leaves_its_buffer_untouched() -> None:
    group = Group(wants((MUG, 3)), (LYON,), buffer=2)
    assert said(place([group], free={(MUG, LYON): 4})[0]) == [(LYON, 2, "held"), (LYON, 1, "waiting")]


def test_two_wants_of_one_sku_do_not_take_the_same_units() -> None:
    group = Group(wants((MUG, 2), (MUG, 2)), (LYON,))
    assert said(place([group], free={(MUG, LYON): 3})[0]) == [
        (LYON, 2, "held"),
        (LYON, 1, "held"),
        (LYON, 1, "waiting"),
    ]


def test_where_no_node_serves_the_demand_waits_nowhere() -> None:
    assert said(place([Group(wants((MUG, 2)), ())], free={})[0]) == [(None, 2, "waiting")]


skus = st.integers(1, 3)
nodes = st.permutations([LYON, MONTREAL, LILLE]).flatmap(
    lambda order: st.integers(0, 3).map(lambda n: tuple(order[:n]))
)
groups = st.lists(
    st.builds(
        Group,
        wants=st.lists(st.tuples(skus, st.integers(1, 6)), min_size=1, max_size=4).map(lambda pairs: wants(*pairs)),
        nodes=nodes,
        may_wait=st.booleans(),
        buffer=st.integers(0, 3),
    ),
    max_size=8,
)
frees = st.dictionaries(st.tuples(skus, st.sampled_from([LYON, MONTREAL, LILLE])), st.integers(-2, 12))


def taken(outcome: list[Placed] | None) -> Counter[tuple[int, int | None]]:
    held: Counter[tuple[int, int | None]] = Counter()
    for piece in outcome or ():
        if piece.state == "held":
            held[piece.want.sku_id, piece.node_id] += piece.qty
    return held


@given(groups, frees)
def test_nothing_is_promised_twice_and_every_want_is_answered_whole(
    given_groups: list[Group], free: dict[tuple[int, int], int]
) -> None:
    left = dict(free)
    for group, outcome in zip(given_groups, place(given_groups, free=free), strict=True):
        if outcome is None:
            assert not group.may_wait
            continue
        for (sku, node), qty in taken(outcome).items():
            assert node in group.nodes
            assert left[sku, node] - qty >= group.buffer
            left[sku, node] -= qty
        for want in group.wants:
            assert sum(p.qty for p in outcome if p.want is want) == want.qty
        assert all(p.qty > 0 for p in outcome)
        if not group.may_wait:
            assert all(p.state == "held" for p in outcome)


@given(groups, frees)
def test_units_wait_only_when_no_node_has_any_left(given_groups: list[Group], free: dict[tuple[int, int], int]) -> None:
    left = dict(free)
    for group, outcome in zip(given_groups, place(given_groups, free=free), strict=True):
        for key, qty in taken(outcome).items():
            left[key] -= qty  # type: ignore[index]
        for piece in outcome or ():
            if piece.state == "waiting":
                assert all(left.get((piece.want.sku_id, node), 0) <= group.buffer for node in group.nodes)


@given(groups, frees)
def test_a_batch_is_decided_as_one_by_one(given_groups: list[Group], free: dict[tuple[int, int], int]) -> None:
    left = dict(free)
    one_by_one = []
    for group in given_groups:
        (outcome,) = place([group], free=left)
        one_by_one.append(outcome)
        for key, qty in taken(outcome).items():
            left[key] -= qty  # type: ignore[index]
    assert place(given_groups, free=free) == one_by_one


@given(groups, frees)
def test_a_group_that_some_node_could_serve_whole_is_not_scattered(
    given_groups: list[Group], free: dict[tuple[int, int], int]
) -> None:
    for group, outcome in ((g, place([g], free=free)[0]) for g in given_groups):
        need: Counter[int] = Counter()
        for want in group.wants:
            need[want.sku_id] += want.qty
        able = [
            node
            for node in group.nodes
            if all(free.get((sku, node), 0) - group.buffer >= qty for sku, qty in need.items())
        ]
        if able:
            assert {p.node_id for p in outcome or ()} == {able[0]}


holds = st.lists(st.integers(1, 9), max_size=9).map(lambda units: [Held(n, qty) for n, qty in enumerate(units, 1)])


@given(holds, st.integers(-3, 60))
def test_just_the_excess_is_demoted_and_the_first_come_keep_most(held: list[Held], excess: int) -> None:
    chosen = dict(demote(held, excess=excess))
    total = sum(h.qty for h in held)
    assert sum(chosen.values()) == max(0, min(excess, total))
    losers = [h for h in held if h.id in chosen]
    assert losers == held[len(held) - len(losers) :], "the last come lose"
    assert all(chosen[h.id] == h.qty for h in losers[1:]), "only the earliest of the losers keeps a part"
    assert all(units > 0 for units in chosen.values())


@given(holds, st.randoms())
def test_the_order_in_which_promises_are_read_changes_nothing(held: list[Held], random: object) -> None:
    mixed = list(held)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert demote(mixed, excess=7) == demote(held, excess=7)
