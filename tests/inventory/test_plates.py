"""Plates: what is on one moves as one, a tree of them is in one place, and no sum changes by it."""

from collections import Counter
from itertools import count, pairwise
from typing import Any, ClassVar

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.close_plates import close_plates
from colisage.inventory.actions.make_plates import (
    NotThatManyPlates,
    PlateCodeTaken,
    PlateCodeUnreadable,
    make_plates,
)
from colisage.inventory.actions.move_plates import move_plates
from colisage.inventory.actions.move_stock import Shift, move_stock
from colisage.inventory.actions.nest_plate import nest_plate
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.post_movements import PlateIsApart, post_movements
from colisage.inventory.checks import differences
from colisage.inventory.models import LicensePlate, Reservation, StockCell
from colisage.inventory.rules.moving import (
    ForeignBin,
    NoRoom,
    NoUnitsToMove,
    NowhereElse,
    OtherMerchant,
    PlateElsewhere,
    PlateIsClosed,
    PlateIsNotEmpty,
    PlateIsPromised,
    PlateOnItself,
    TooDeep,
)
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere, Refused
from colisage.network.models import Place
from colisage.network.queries import place_of
from tests.books import hold, move, spot_of, stand
from tests.cast import World
from tests.together import at_once, faults

pytestmark = pytest.mark.usefixtures("balanced")
_documents = count(6_000_000)


def plate(world: World, *codes: str) -> list[int]:
    return [pk for pk, _code in make_plates(world.tilleul.pk, codes=codes, actor=SYSTEM)]


def loose(world: World, code: str = "MUG") -> StockCell:
    return StockCell.objects.filter(sku=world.sku(code), node=world.lyon, plate=None, qty__gt=0).order_by("pk")[0]


def load(world: World, on: int | None, units: int, *, cell: StockCell | None = None, place: int | None = None) -> int:
    cell = cell or loose(world)
    return move_stock(
        [world.tilleul.pk], node_ids=[world.lyon.pk], shifts=[Shift(cell.pk, units, place, on)],
        document=next(_documents), actor=SYSTEM,
    )  # fmt: skip


def nest(world: World, one: int, on: int | None) -> bool:
    return nest_plate([world.tilleul.pk], plate_id=one, on_id=on, actor=SYSTEM)


def carry(world: World, *plates: int, to: Place, **facts: Any) -> int:
    everything = {"node_ids": [world.lyon.pk], "document": next(_documents), "actor": SYSTEM, **facts}
    return move_plates([world.tilleul.pk], plate_ids=plates, place_id=to.pk, **everything)


def on(pk: int) -> dict[str, int]:
    rows = StockCell.objects.filter(plate=pk, kept=True, qty__gt=0)
    return dict(rows.values_list("place__code", "qty"))


def test_numbers_of_plates_are_drawn_once(world: World) -> None:
    made = make_plates(world.tilleul.pk, count=30, actor=SYSTEM)
    made += make_plates(world.tilleul.pk, count=30, actor=SYSTEM)
    assert len({code for _pk, code in made}) == 60


def test_what_is_no_plate_is_refused(world: World) -> None:
    plate(world, "P1")
    for facts, refusal in (
        ({"codes": ["p1"]}, PlateCodeTaken),
        ({"codes": ["P2", "p2 "]}, PlateCodeTaken),
        ({"codes": ["x" * 31]}, PlateCodeUnreadable),
        ({"codes": ["a\x00"]}, PlateCodeUnreadable),
        ({"codes": [" "]}, PlateCodeUnreadable),
        ({"count": 0}, NotThatManyPlates),
        ({"count": 10**6}, NotThatManyPlates),
    ):
        with pytest.raises(refusal):
            make_plates(world.tilleul.pk, actor=SYSTEM, **facts)  # type: ignore[arg-type]
    assert LicensePlate.objects.count() == 1


def test_units_are_put_on_a_plate_split_and_taken_off(world: World) -> None:
    one, other = plate(world, "P1", "P2")
    load(world, one, 12)
    assert on(one) == {"A-01-1": 12}
    load(world, other, 5, cell=StockCell.objects.get(plate=one))
    load(world, None, 2, cell=StockCell.objects.get(plate=other))
    assert (on(one), on(other), loose(world).qty) == ({"A-01-1": 7}, {"A-01-1": 3}, 10)
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


def test_a_plate_moves_with_all_that_stands_on_it(world: World) -> None:
    pallet, carton, box = plate(world, "PALLET", "CARTON", "BOX")
    for pk, units in ((pallet, 3), (carton, 4), (box, 5)):
        load(world, pk, units)
    assert nest(world, carton, pallet)
    assert nest(world, box, carton)
    assert carry(world, pallet, to=world.bins()[9]) == 12
    assert [on(pk) for pk in (pallet, carton, box)] == [{"C-02-1": n} for n in (3, 4, 5)]
    assert loose(world).qty == 8


def test_a_plate_that_goes_alone_is_taken_off_the_one_below(world: World) -> None:
    pallet, carton = plate(world, "PALLET", "CARTON")
    load(world, pallet, 3)
    load(world, carton, 4)
    nest(world, carton, pallet)
    carry(world, carton, to=world.bins()[9])
    assert (on(pallet), on(carton)) == ({"A-01-1": 3}, {"C-02-1": 4})
    assert LicensePlate.objects.get(pk=carton).parent_id is None


def test_the_same_document_again_moves_no_plate(world: World) -> None:
    [one] = plate(world, "P1")
    load(world, one, 3)
    assert carry(world, one, to=world.bins()[9], document=4) == 3
    assert carry(world, one, to=world.bins()[9], document=4) == 0


def test_a_plate_that_a_picker_goes_to_stays(world: World) -> None:
    [one] = plate(world, "P1")
    load(world, one, 20)
    hold(world.sku("MUG"), 4)
    allocate(list(Reservation.objects.values_list("pk", flat=True)))
    with pytest.raises(PlateIsPromised) as refusal:
        carry(world, one, to=world.bins()[9])
    assert refusal.value.code == "plate_is_promised"
    assert on(one) == {"A-01-1": 20}


def test_units_are_picked_from_a_plate(world: World) -> None:
    [one] = plate(world, "P1")
    load(world, one, 20)
    hold(world.sku("MUG"), 4)
    [bound] = allocate(list(Reservation.objects.values_list("pk", flat=True)))
    bench = place_of(world.lyon.pk, kind="bench").pk
    take = Pick(allocation_id=bound.allocation_id, qty=4, place_id=bench, doc_kind="pick", doc_id=1)
    assert pick_units([take], actor=SYSTEM) == 4
    assert on(one) == {"A-01-1": 16}
    assert carry(world, one, to=world.bins()[9]) == 16


def test_plates_stand_on_each_other_without_circles(world: World) -> None:
    a, b, c = plate(world, "A", "B", "C")
    nest(world, b, a)
    nest(world, c, b)
    for one, on_ in ((a, a), (a, b), (a, c), (b, c)):
        with pytest.raises(PlateOnItself):
            nest(world, one, on_)
    with pytest.raises(IntegrityError, match="plate_on_itself"), transaction.atomic():
        LicensePlate.objects.filter(pk=a).update(parent=c)
    assert nest(world, c, b) is False


def test_plates_stand_on_each_other_a_few_times_only(world: World) -> None:
    stack = plate(world, *"ABCDEF")
    for below, above in pairwise(stack[:5]):
        nest(world, above, below)
    with pytest.raises(TooDeep):
        nest(world, stack[5], stack[4])
    with pytest.raises(TooDeep):
        nest(world, stack[0], stack[5])


def test_a_tree_of_plates_is_in_one_place(world: World) -> None:
    one, other, empty = plate(world, "P1", "P2", "EMPTY")
    load(world, one, 3)
    load(world, other, 3)
    carry(world, other, to=world.bins()[9])
    with pytest.raises(PlateElsewhere) as refusal:
        nest(world, other, one)
    assert refusal.value.code == "plate_elsewhere"
    nest(world, empty, other)
    with pytest.raises(PlateElsewhere):
        load(world, empty, 1)
    target = spot_of(world.bins()[0], plate_id=empty)
    with pytest.raises(PlateIsApart):
        post_movements([move(world.sku("MUG"), 1, source=spot_of(world.bins()[0]), target=target)], actor=SYSTEM)
    assert on(empty) == {}


def test_only_an_empty_plate_is_closed_and_it_is_not_used_again(world: World) -> None:
    one, child, other = plate(world, "P1", "CHILD", "OTHER")
    load(world, one, 3)
    nest(world, child, one)
    for _ in range(2):
        with pytest.raises(PlateIsNotEmpty):
            close_plates([world.tilleul.pk], plate_ids=[one], actor=SYSTEM)
        if StockCell.objects.filter(plate=one, qty__gt=0).exists():
            load(world, None, 3, cell=StockCell.objects.get(plate=one))
    assert close_plates([world.tilleul.pk], plate_ids=[one, child], actor=SYSTEM) == 2
    assert close_plates([world.tilleul.pk], plate_ids=[one], actor=SYSTEM) == 0
    for refused in (lambda: load(world, one, 1), lambda: nest(world, other, one), lambda: nest(world, one, other)):
        with pytest.raises(PlateIsClosed):
            refused()


def test_where_a_plate_cannot_go(world: World) -> None:
    one, empty = plate(world, "P1", "EMPTY")
    load(world, one, 5)
    Place.objects.filter(pk=world.bins()[8].pk).update(max_grams=100)
    for pk, place, refusal in (
        (one, world.bins()[0], NowhereElse),
        (one, world.bins()[8], NoRoom),
        (one, world.bins(world.montreal)[8], ForeignBin),
        (empty, world.bins()[9], NoUnitsToMove),
    ):
        with pytest.raises(refusal):
            carry(world, pk, to=place)
    with pytest.raises(NotThere):
        carry(world, one, to=world.bins()[9], node_ids=[world.montreal.pk])


def test_plates_of_others_are_not_there(world: World) -> None:
    [(theirs, _code)] = make_plates(world.northwind.pk, codes=["P1"], actor=SYSTEM)
    [mine] = plate(world, "P1")
    for refused in (
        lambda: load(world, theirs, 1),
        lambda: nest(world, mine, theirs),
        lambda: carry(world, theirs, to=world.bins()[9]),
        lambda: close_plates([world.tilleul.pk], plate_ids=[theirs], actor=SYSTEM),
    ):
        with pytest.raises(NotThere):
            refused()
    both = [world.tilleul.pk, world.northwind.pk]
    with pytest.raises(OtherMerchant):
        nest_plate(both, plate_id=mine, on_id=theirs, actor=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_a_plate_moved_and_loaded_by_several_at_once_stays_in_one_place(world: World) -> None:
    one, carton = plate(world, "P1", "CARTON")
    load(world, one, 4)
    load(world, carton, 4)
    nest(world, carton, one)
    for turn in range(5):
        to = world.bins()[8 + turn % 2]
        results = at_once(
            lambda to=to: carry(world, one, to=to),
            lambda: load(world, carton, 1),
            lambda: nest(world, carton, None),
            lambda: nest(world, carton, one),
        )
        assert all(isinstance(fault, Refused) for fault in faults(results)), results
        assert trees_apart() == []
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


def trees_apart() -> list[int]:
    """Give the roots of trees that are in several places, by following every plate up to its root."""
    parents = dict(LicensePlate.objects.values_list("pk", "parent_id"))
    places: dict[int, set[int]] = {}
    for pk, place in StockCell.objects.filter(plate__isnull=False, kept=True, qty__gt=0).values_list(
        "plate_id", "place_id"
    ):
        root = pk
        while (above := parents[root or 0]) is not None:
            root = above
        places.setdefault(root or 0, set()).add(place)
    return [root for root, found in places.items() if len(found) > 1]


class Pallets(RuleBasedStateMachine):
    """Somebody loads, nests, splits, moves and closes plates in any order."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.day = transaction.atomic()
        self.day.__enter__()
        self.plates = plate(self.world, *(f"P{n}" for n in range(5)))
        self.units = Counter(dict(StockCell.objects.filter(kept=True).values_list("sku_id", "qty")))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.day.__exit__(None, None, None)

    def _try(self, doing: Any) -> None:
        try:
            with transaction.atomic():
                doing()
        except Refused:
            pass

    @rule(data=st.data(), units=st.integers(1, 8), onto=st.integers(-1, 4), bin_=st.none() | st.integers(0, 11))
    def shift(self, data: st.DataObject, units: int, onto: int, bin_: int | None) -> None:
        cells = list(
            StockCell.objects.filter(node=self.world.lyon, qty__gt=0, merchant=self.world.tilleul).order_by("pk")
        )
        cell = data.draw(st.sampled_from(cells))
        place = self.world.bins()[bin_].pk if bin_ is not None else None
        target = self.plates[onto] if onto >= 0 else None
        self._try(lambda: load(self.world, target, units, cell=cell, place=place))

    @rule(one=st.integers(0, 4), below=st.integers(-1, 4))
    def nest(self, one: int, below: int) -> None:
        self._try(lambda: nest(self.world, self.plates[one], self.plates[below] if below >= 0 else None))

    @rule(one=st.integers(0, 4), bin_=st.integers(0, 11))
    def carry(self, one: int, bin_: int) -> None:
        self._try(lambda: carry(self.world, self.plates[one], to=self.world.bins()[bin_]))

    @rule(one=st.integers(0, 4))
    def close(self, one: int) -> None:
        self._try(lambda: close_plates([self.world.tilleul.pk], plate_ids=[self.plates[one]], actor=SYSTEM))

    @invariant()
    def every_tree_is_in_one_place(self) -> None:
        assert trees_apart() == []

    @invariant()
    def no_unit_is_lost_or_made(self) -> None:
        found: Counter[int] = Counter()
        for sku, qty in StockCell.objects.filter(kept=True).values_list("sku_id", "qty"):
            found[sku] += qty
        assert +found == self.units

    @invariant()
    def the_books_balance(self) -> None:
        assert differences() == []


def test_plates_in_any_order_keep_their_units_and_their_place(world: World) -> None:
    Pallets.world = world
    quick = settings(
        max_examples=20,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(Pallets, settings=quick)
    assert LicensePlate.objects.count() == 0
