"""A count of a bin, from asked to posted: frozen, blind, counted again by another, approved; the books follow."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.cancel_count import cancel_count
from colisage.inventory.actions.count_bins import NothingToCount, count_bins
from colisage.inventory.actions.decide_count import BooksMoved, UnknownDecision, decide_count
from colisage.inventory.actions.finish_count import NothingNoted, finish_count
from colisage.inventory.actions.free_idle_counts import free_idle_counts
from colisage.inventory.actions.leave_count import leave_count
from colisage.inventory.actions.note_stray import note_stray
from colisage.inventory.actions.note_units import LotWanted, NotACount, SerialNoted, UnknownLot, note_units
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.post_movements import BinIsCounted, Spot, post_movements
from colisage.inventory.actions.save_count_rule import save_count_rule
from colisage.inventory.actions.start_count import CountIsOver, FinishFirst, OtherPerson, SomebodyCounts, start_count
from colisage.inventory.models import (
    Allocation,
    CountFinding,
    CountLine,
    CountRound,
    CountRule,
    CountTask,
    Lot,
    Reservation,
    StockCell,
    StockMovement,
)
from colisage.inventory.tasks import idle_counts
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.errors import NotThere
from colisage.network.models import Place
from colisage.network.queries import place_of
from tests.books import find, hold, lose, move, promised, spot_of, stand, told, virtual, where
from tests.cast import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("balanced")]
Noted = Callable[..., str]


def person(user: object) -> Actor:
    return Actor(kind="person", id=user.pk, name=user.name)  # type: ignore[attr-defined]


@pytest.fixture
def mugs(world: World) -> Place:
    return Place.objects.get(pk=where(world.sku("MUG"), world.lyon).place_id)


@pytest.fixture
def task(world: World, mugs: Place) -> CountTask:
    count = count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(mugs.pk, "hand")], actor=SYSTEM)
    return CountTask.objects.get(count=count)


@pytest.fixture
def counted(world: World, task: CountTask) -> Noted:
    """Count the bin: `counted(world.ada, ("MUG", 19))` gives the state it is left in."""

    def count(user: object, *units: tuple[str, int], **changes: object) -> str:
        who = person(user)
        begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
        for code, qty in units:
            note(world, begun, code, qty, who=who, **changes)
        return finish_count(world.nord.pk, round_id=begun, actor=who, empty=not units)

    return count


def note(world: World, begun: int, code: str, units: int, *, who: Actor, **changes: object) -> int:
    facts: dict[str, object] = {"merchant_ids": [world.tilleul.pk], "sku_id": world.sku(code).pk, **changes}
    return note_units(world.nord.pk, round_id=begun, units=units, actor=who, **facts)  # type: ignore[arg-type]


def limits(world: World, **changes: int) -> None:
    CountRule.objects.create(operator=world.nord, node=world.lyon, **changes)


def state(task: CountTask) -> str:
    return CountTask.objects.get(pk=task.pk).state


def test_a_count_that_agrees_with_the_books_ends_at_once(world: World, task: CountTask, counted: Noted) -> None:
    before = StockMovement.objects.count()
    assert counted(world.ada, ("MUG", 20)) == "approved"
    assert CountTask.objects.get(pk=task.pk).right is True
    assert StockMovement.objects.count() == before


def test_a_difference_asks_for_a_second_person_and_is_posted_when_both_agree(
    world: World, task: CountTask, counted: Noted
) -> None:
    assert counted(world.ada, ("MUG", 18)) == "recount"
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)
    assert counted(world.chen, ("MUG", 18)) == "approved"
    assert stand(world.sku("MUG"), world.lyon) == (18, 0)
    assert StockMovement.objects.filter(reason="count", doc_kind="count", doc_id=task.pk).count() == 1
    assert CountTask.objects.get(pk=task.pk).right is False


def test_the_first_person_may_not_count_again(world: World, task: CountTask, counted: Noted) -> None:
    counted(world.ada, ("MUG", 18))
    with pytest.raises(OtherPerson):
        start_count(world.nord.pk, task_id=task.pk, actor=person(world.ada))
    assert state(task) == "recount"


def test_alone_is_believed_only_where_there_is_one_person(world: World, task: CountTask, counted: Noted) -> None:
    counted(world.chen, ("MUG", 18))
    with pytest.raises(OtherPerson):
        start_count(world.nord.pk, task_id=task.pk, actor=person(world.chen), alone=True)
    world.ada.is_active = False
    world.ada.save()
    assert start_count(world.nord.pk, task_id=task.pk, actor=person(world.chen), alone=True)


def test_a_second_count_that_agrees_with_the_books_ends_it(world: World, task: CountTask, counted: Noted) -> None:
    counted(world.ada, ("MUG", 12))
    assert counted(world.chen, ("MUG", 20)) == "approved"
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


def test_two_counts_that_disagree_are_a_managers(world: World, task: CountTask, counted: Noted) -> None:
    counted(world.ada, ("MUG", 18))
    assert counted(world.chen, ("MUG", 19)) == "counted"
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)


@pytest.mark.parametrize(
    ("rule", "found"), [({"tolerance": 5, "limit_units": 2}, 17), ({"tolerance": 5, "limit_cents": 1_700}, 19)]
)
def test_above_a_limit_in_units_or_value_a_manager_decides(
    world: World, task: CountTask, counted: Noted, rule: dict[str, int], found: int
) -> None:
    limits(world, **rule)
    assert counted(world.ada, ("MUG", found)) == "counted"
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)
    who = person(world.chen)
    assert decide_count(world.nord.pk, task_id=task.pk, decision="approve", actor=who) == "approved"
    assert decide_count(world.nord.pk, task_id=task.pk, decision="approve", actor=who) == "approved"
    assert stand(world.sku("MUG"), world.lyon) == (found, 0)
    with pytest.raises(CountIsOver):
        decide_count(world.nord.pk, task_id=task.pk, decision="reject", actor=who)


def test_within_the_tolerance_a_difference_is_posted_at_once(world: World, counted: Noted) -> None:
    limits(world, tolerance=1, limit_units=10)
    assert counted(world.ada, ("MUG", 21)) == "approved"
    assert stand(world.sku("MUG"), world.lyon) == (21, 0)


def test_a_merchants_own_limits_come_before_the_nodes(world: World, counted: Noted) -> None:
    limits(world, tolerance=0)
    limits(world, tolerance=3, merchant_id=world.tilleul.pk)
    assert counted(world.ada, ("MUG", 18)) == "approved"


def test_a_rejected_count_leaves_the_books(world: World, task: CountTask, counted: Noted) -> None:
    limits(world, tolerance=50)
    assert counted(world.ada) == "counted"
    decide_count(world.nord.pk, task_id=task.pk, decision="reject", actor=person(world.chen), remark="wrong bin")
    assert (state(task), stand(world.sku("MUG"), world.lyon)) == ("rejected", (20, 0))


def test_a_manager_asks_for_a_third_count(world: World, task: CountTask, counted: Noted) -> None:
    counted(world.ada, ("MUG", 12))
    counted(world.chen, ("MUG", 3))
    assert decide_count(world.nord.pk, task_id=task.pk, decision="recount", actor=person(world.chen)) == "recount"
    assert counted(world.ada, ("MUG", 20)) == "approved"
    with pytest.raises(UnknownDecision):
        decide_count(world.nord.pk, task_id=task.pk, decision="perhaps", actor=SYSTEM)


def test_approving_after_somebody_corrected_the_bin_is_refused(world: World, task: CountTask, counted: Noted) -> None:
    limits(world, tolerance=50)
    assert counted(world.ada, ("MUG", 5)) == "counted"
    CountTask.objects.filter(pk=task.pk).update(counted_at="2026-01-01T00:00Z")  # the clock stands in a test
    lose(world.sku("MUG"), 15, at=where(world.sku("MUG"), world.lyon))
    with pytest.raises(BooksMoved):
        decide_count(world.nord.pk, task_id=task.pk, decision="approve", actor=person(world.chen))
    assert (state(task), stand(world.sku("MUG"), world.lyon)) == ("counted", (5, 0))


def test_what_is_put_in_or_taken_between_count_and_approval_stays(
    world: World, task: CountTask, counted: Noted
) -> None:
    mug = world.sku("MUG")
    limits(world, tolerance=50)
    counted(world.ada, ("MUG", 5))
    dock = spot_of(place_of(world.lyon.pk, kind="dock"))
    post_movements([move(mug, 18, source=where(mug, world.lyon), target=dock)], actor=SYSTEM)
    decide_count(world.nord.pk, task_id=task.pk, decision="approve", actor=person(world.chen))
    assert stand(mug, world.lyon) == (0, 0)  # two were left to lose, not fifteen


def test_the_bin_being_counted_is_frozen_and_only_it(world: World, task: CountTask, mugs: Place) -> None:
    mug, card = world.sku("MUG"), world.sku("CARTE")
    hold(mug, 3)
    [bound] = allocate(Reservation.objects.values_list("pk", flat=True))
    begun = start_count(world.nord.pk, task_id=task.pk, actor=person(world.ada))
    bench = place_of(world.lyon.pk, kind="bench").pk
    pick = Pick(allocation_id=bound.allocation_id, qty=3, place_id=bench, doc_kind="pick", doc_id=1)
    for frozen in (
        lambda: pick_units([pick], actor=SYSTEM),
        lambda: lose(mug, 1, at=spot_of(mugs)),
        lambda: find(card, 1, at=spot_of(mugs)),
        lambda: post_movements([move(mug, 1, source=spot_of(mugs), target=spot_of(world.bins()[9]))], actor=SYSTEM),
    ):
        with pytest.raises(BinIsCounted, match="A·01·1"):
            frozen()
    assert Allocation.objects.get().open
    hold(mug, 2, owners=[9])  # it is promised all the same, and bound elsewhere or later
    assert allocate(Reservation.objects.filter(owner_id=9).values_list("pk", flat=True)) == []
    lose(card, 1, at=where(card, world.lyon))
    note(world, begun, "MUG", 20, who=person(world.ada))
    finish_count(world.nord.pk, round_id=begun, actor=person(world.ada))
    assert pick_units([pick], actor=SYSTEM) == 3


def test_units_bound_and_not_there_are_unbound_the_last_first_and_stay_held(
    world: World, task: CountTask, counted: Noted
) -> None:
    mug = world.sku("MUG")
    find(mug, 10, at=spot_of(world.bins()[9]))
    hold(mug, 8, 7)
    first, second = allocate(Reservation.objects.order_by("pk").values_list("pk", flat=True))
    assert {first.place_id, second.place_id} == {task.place_id}
    limits(world, tolerance=50, limit_units=50, limit_cents=10**6)
    assert counted(world.ada, ("MUG", 8)) == "approved"
    assert list(Allocation.objects.order_by("pk").values_list("open", flat=True)) == [True, False]
    assert promised(mug) == [(1, "held", 8), (2, "held", 7)]
    assert [(e["owner_id"], e["qty"]) for e in told("UnitsUnbound")] == [(2, 7)]
    assert told("ReservationDemoted") == []
    assert sum(b.qty for b in allocate([second.reservation_id])) == 7


def test_less_than_was_promised_demotes_the_last_promises(world: World, counted: Noted) -> None:
    mug = world.sku("MUG")
    hold(mug, 8, 7)
    limits(world, tolerance=50, limit_units=50, limit_cents=10**6)
    assert counted(world.ada, ("MUG", 10)) == "approved"
    assert promised(mug) == [(1, "held", 8), (2, "held", 2), (2, "waiting", 5)]


def test_goods_nobody_expected_are_found_where_they_lie(world: World, task: CountTask, counted: Noted) -> None:
    limits(world, tolerance=50, limit_units=50, limit_cents=10**6)
    assert counted(world.ada, ("MUG", 20), ("CARTE", 4)) == "approved"
    assert stand(world.sku("CARTE"), world.lyon) == (24, 0)
    assert StockCell.objects.get(place_id=task.place_id, sku=world.sku("CARTE")).qty == 4


def test_units_in_another_condition_change_their_condition_and_nothing_is_lost(world: World, task: CountTask) -> None:
    limits(world, tolerance=50, limit_cents=20_000)
    who = person(world.ada)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    note(world, begun, "MUG", 17, who=who)
    note(world, begun, "MUG", 3, who=who, condition="damaged")
    assert finish_count(world.nord.pk, round_id=begun, actor=who) == "approved"
    cells = StockCell.objects.filter(place_id=task.place_id).values_list("condition", "qty")
    assert dict(cells) == {"sellable": 17, "damaged": 3}
    assert not StockMovement.objects.filter(reason="count", to_cell__place__kind="loss").exists()


def test_a_bin_of_several_merchants_is_counted_for_each(world: World) -> None:
    maple, mug = world.northwind_skus["MUG"], world.sku("MUG")
    bin_ = Place.objects.get(pk=where(maple, world.montreal).place_id)
    find(mug, 6, at=spot_of(bin_))
    count = count_bins(world.boreal.pk, node_id=world.montreal.pk, bins=[(bin_.pk, "hand")], actor=SYSTEM)
    task = CountTask.objects.get(count=count)
    CountRule.objects.create(operator=world.boreal, node=world.montreal, tolerance=3)
    begun = start_count(world.boreal.pk, task_id=task.pk, actor=SYSTEM)
    both = [world.tilleul.pk, world.northwind.pk]
    for sku, units in ((maple, 19), (mug, 7)):
        note_units(world.boreal.pk, round_id=begun, merchant_ids=both, sku_id=sku.pk, units=units, actor=SYSTEM)
    assert finish_count(world.boreal.pk, round_id=begun, actor=SYSTEM) == "approved"
    assert (stand(maple, world.montreal), stand(mug, world.montreal)) == ((19, 0), (7, 0))
    found = CountFinding.objects.order_by("merchant_id").values_list("merchant_id", "expected", "counted")
    assert list(found) == [(world.tilleul.pk, 6, 7), (world.northwind.pk, 20, 19)]


def test_missing_units_of_a_plate_are_drawn_from_what_is_bound_to_nobody(world: World, task: CountTask) -> None:
    from colisage.inventory.models import LicensePlate  # noqa: PLC0415 -- one test needs it

    mug, who = world.sku("MUG"), person(world.ada)
    plate = LicensePlate.objects.create(merchant=world.tilleul, code="PAL-1")
    find(mug, 12, at=Spot(place_id=task.place_id, plate_id=plate.pk))
    hold(mug, 20)
    allocate(Reservation.objects.values_list("pk", flat=True))
    limits(world, tolerance=50, limit_units=50, limit_cents=10**6)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    note(world, begun, "MUG", 24, who=who)
    assert finish_count(world.nord.pk, round_id=begun, actor=who) == "approved"
    assert sum(Allocation.objects.filter(open=True).values_list("qty", flat=True)) == 20
    assert told("UnitsUnbound") == []


def test_scans_add_up_and_a_number_replaces(world: World, task: CountTask) -> None:
    who = person(world.ada)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    assert [note(world, begun, "MUG", units, who=who) for units in (1, 6, 1)] == [1, 7, 8]
    assert note(world, begun, "MUG", 3, who=who, add=False) == 3
    assert CountLine.objects.count() == 1


@pytest.mark.parametrize("units", [-1, 0, 1_000_001, 10**12])
def test_a_number_out_of_reason_is_not_a_count(world: World, task: CountTask, units: int) -> None:
    who = person(world.ada)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    with pytest.raises(NotACount):
        note(world, begun, "MUG", units, who=who)
    with pytest.raises(NotACount):
        note_stray(world.nord.pk, round_id=begun, code="X", units=units, actor=who)
    assert not CountLine.objects.exists()


def test_units_kept_by_lot_name_theirs_and_a_lot_nobody_knows_is_confirmed(world: World, task: CountTask) -> None:
    mug, who = world.sku("MUG"), person(world.ada)
    type(mug).objects.filter(pk=mug.pk).update(tracks_lots=True)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    with pytest.raises(LotWanted):
        note(world, begun, "MUG", 1, who=who)
    with pytest.raises(UnknownLot):
        note(world, begun, "MUG", 1, who=who, lot="L-9")
    assert not Lot.objects.exists()
    note(world, begun, "MUG", 4, who=who, lot="L-9", new_lot=True)
    assert note(world, begun, "MUG", 1, who=who, lot="l-9 ") == 5


def test_a_serial_is_noted_once(world: World, task: CountTask) -> None:
    mug, who = world.sku("MUG"), person(world.ada)
    type(mug).objects.filter(pk=mug.pk).update(tracks_serials=True)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    note(world, begun, "MUG", 1, who=who, lot="S1", new_lot=True)
    with pytest.raises(SerialNoted):
        note(world, begun, "MUG", 1, who=who, lot="S1")
    assert CountLine.objects.get().qty == 1


def test_goods_of_an_unknown_code_wait_for_a_manager_and_are_never_posted(
    world: World, task: CountTask, counted: Noted
) -> None:
    who = person(world.ada)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    note(world, begun, "MUG", 20, who=who)
    assert [note_stray(world.nord.pk, round_id=begun, code="4006381", units=n, actor=who) for n in (1, 2)] == [1, 3]
    assert finish_count(world.nord.pk, round_id=begun, actor=who) == "counted"
    decide_count(world.nord.pk, task_id=task.pk, decision="approve", actor=person(world.chen))
    assert not StockMovement.objects.filter(reason="count").exists()


def test_an_empty_bin_is_said_to_be_empty(world: World, task: CountTask) -> None:
    who = person(world.ada)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    with pytest.raises(NothingNoted):
        finish_count(world.nord.pk, round_id=begun, actor=who)
    assert state(task) == "counting"
    assert finish_count(world.nord.pk, round_id=begun, actor=who, empty=True) == "recount"


def test_finishing_twice_is_harmless(world: World, task: CountTask) -> None:
    limits(world, tolerance=50, limit_units=50, limit_cents=10**6)
    who = person(world.ada)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    note(world, begun, "MUG", 12, who=who)
    assert [finish_count(world.nord.pk, round_id=begun, actor=who) for _ in range(2)] == ["approved"] * 2
    assert stand(world.sku("MUG"), world.lyon) == (12, 0)
    with pytest.raises(CountIsOver):
        note(world, begun, "MUG", 1, who=who)
    with pytest.raises(CountIsOver):
        start_count(world.nord.pk, task_id=task.pk, actor=who)


def test_a_count_left_frees_the_bin_and_waits_again(world: World, task: CountTask, mugs: Place) -> None:
    who = person(world.ada)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    note(world, begun, "MUG", 3, who=who)
    leave_count(world.nord.pk, task_id=task.pk, actor=who)
    leave_count(world.nord.pk, task_id=task.pk, actor=who)
    assert state(task) == "open"
    lose(world.sku("MUG"), 1, at=spot_of(mugs))
    with pytest.raises(CountIsOver):
        finish_count(world.nord.pk, round_id=begun, actor=who)
    assert start_count(world.nord.pk, task_id=task.pk, actor=who) != begun


def test_one_person_counts_one_bin_and_a_bin_is_counted_by_one(world: World, task: CountTask) -> None:
    other = count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(world.bins()[8].pk, "")], actor=SYSTEM)
    ada = person(world.ada)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=ada)
    assert start_count(world.nord.pk, task_id=task.pk, actor=ada) == begun
    with pytest.raises(FinishFirst):
        start_count(world.nord.pk, task_id=CountTask.objects.get(count=other).pk, actor=ada)
    for meddling in (
        lambda: start_count(world.nord.pk, task_id=task.pk, actor=person(world.chen)),
        lambda: note(world, begun, "MUG", 1, who=person(world.chen)),
        lambda: finish_count(world.nord.pk, round_id=begun, actor=person(world.chen), empty=True),
    ):
        with pytest.raises(SomebodyCounts):
            meddling()


def test_a_bin_waits_for_one_count_at_most(world: World, task: CountTask) -> None:
    with pytest.raises(NothingToCount):
        count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(task.place_id, "")], actor=SYSTEM)
    assert cancel_count(world.nord.pk, task_ids=[task.pk], actor=SYSTEM) == 1
    assert cancel_count(world.nord.pk, task_ids=[task.pk], actor=SYSTEM) == 0
    assert count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(task.place_id, "")], actor=SYSTEM)


def test_a_count_taken_away_while_it_goes_on_frees_the_bin(world: World, task: CountTask, mugs: Place) -> None:
    begun = start_count(world.nord.pk, task_id=task.pk, actor=person(world.ada))
    cancel_count(world.nord.pk, task_ids=[task.pk], actor=SYSTEM)
    lose(world.sku("MUG"), 1, at=spot_of(mugs))
    with pytest.raises(CountIsOver):
        finish_count(world.nord.pk, round_id=begun, actor=person(world.ada), empty=True)


def test_the_counts_of_others_do_not_exist(world: World, task: CountTask) -> None:
    begun = start_count(world.nord.pk, task_id=task.pk, actor=person(world.ada))
    foreign = world.boreal.pk
    for deed in (
        lambda: start_count(foreign, task_id=task.pk, actor=SYSTEM),
        lambda: leave_count(foreign, task_id=task.pk, actor=SYSTEM),
        lambda: finish_count(foreign, round_id=begun, actor=person(world.ada), empty=True),
        lambda: decide_count(foreign, task_id=task.pk, decision="approve", actor=SYSTEM),
        lambda: count_bins(foreign, node_id=world.lyon.pk, bins=[(task.place_id, "")], actor=SYSTEM),
        lambda: note(world, begun, "MUG", 1, who=person(world.ada), merchant_ids=[world.northwind.pk]),
    ):
        with pytest.raises(NotThere):
            deed()
    assert cancel_count(foreign, task_ids=[task.pk], actor=SYSTEM) == 0
    assert CountRound.objects.get().finished_at is None


def test_virtual_places_are_never_frozen(world: World, task: CountTask) -> None:
    start_count(world.nord.pk, task_id=task.pk, actor=person(world.ada))
    find(world.sku("CARTE"), 1, at=where(world.sku("CARTE"), world.lyon))
    assert virtual("found").place_id != task.place_id


def test_good_units_of_a_lot_held_back_lie_in_its_condition(world: World, task: CountTask) -> None:
    mug, who = world.sku("MUG"), person(world.ada)
    lot = Lot.objects.create(merchant=world.tilleul, sku=mug, code="L-1", status="quarantined")
    find(mug, 5, at=Spot(place_id=task.place_id, lot_id=lot.pk))
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    note(world, begun, "MUG", 20, who=who)
    note(world, begun, "MUG", 5, who=who, lot="L-1")
    assert finish_count(world.nord.pk, round_id=begun, actor=who) == "approved"
    assert CountTask.objects.get().right


def test_a_serial_that_the_books_have_elsewhere_moves_here(world: World, task: CountTask) -> None:
    lamp, who = world.sku("LAMPE"), person(world.ada)
    lot = Lot.objects.create(merchant=world.tilleul, sku=lamp, code="S-1", is_serial=True)
    away = world.bins()[9]
    find(lamp, 1, at=spot_of(away, lot_id=lot.pk))
    limits(world, tolerance=50, limit_cents=10**6)
    begun = start_count(world.nord.pk, task_id=task.pk, actor=who)
    note(world, begun, "MUG", 20, who=who)
    note(world, begun, "LAMPE", 1, who=who, lot="S-1")
    assert finish_count(world.nord.pk, round_id=begun, actor=who) == "approved"
    assert StockCell.objects.get(lot=lot, qty=1, kept=True).place_id == task.place_id
    assert not StockMovement.objects.filter(reason="count", from_cell__place__kind="found").exists()


def test_a_bin_whose_counter_does_not_come_back_is_free_again_and_the_supervisor_reads_who_left(
    world: World, task: CountTask, mugs: Place
) -> None:
    begun = start_count(world.nord.pk, task_id=task.pk, actor=person(world.ada))
    CountRound.objects.filter(pk=begun).update(seen_at=timezone.now() - timedelta(hours=9))
    note(world, begun, "MUG", 1, who=person(world.ada))  # still there
    idle_counts(timestamp=0)
    task.refresh_from_db()
    assert task.state == "counting"
    assert free_idle_counts(now=timezone.now() + timedelta(hours=7, minutes=50), actor=SYSTEM) == 0
    CountRound.objects.filter(pk=begun).update(seen_at=timezone.now() - timedelta(hours=9))
    idle_counts(timestamp=0)
    task.refresh_from_db()
    assert (task.state, task.left_by) == ("open", "Ada")
    find(world.sku("MUG"), 1, at=spot_of(mugs))  # the bin is not frozen any more
    with pytest.raises(CountIsOver):
        note(world, begun, "MUG", 1, who=person(world.ada))
    client = Client()
    client.force_login(world.chen)
    client.cookies["language"] = "en"
    assert "Ada did not come back" in client.get(reverse("counts")).content.decode()
    start_count(world.nord.pk, task_id=task.pk, actor=person(world.bo))
    assert "did not come back" not in client.get(reverse("counts")).content.decode()
    idle_counts(timestamp=0)
    task.refresh_from_db()
    assert task.state == "counting"


def test_the_shortest_wait_of_a_node_holds(world: World, task: CountTask) -> None:
    facts = {"node_id": world.lyon.pk, "tolerance": 0, "limit_units": 10, "limit_cents": 0, "actor": SYSTEM}
    save_count_rule(world.nord.pk, merchant_id=None, idle_hours=24, **facts)
    save_count_rule(world.nord.pk, merchant_id=world.tilleul.pk, idle_hours=2, **facts)
    for hours in (0, 73, -1):
        with pytest.raises(NotACount):
            save_count_rule(world.nord.pk, merchant_id=None, idle_hours=hours, **facts)
    start_count(world.nord.pk, task_id=task.pk, actor=person(world.ada))
    assert free_idle_counts(now=timezone.now() + timedelta(hours=1, minutes=55), actor=SYSTEM) == 0
    assert free_idle_counts(now=timezone.now() + timedelta(hours=2, minutes=1), actor=SYSTEM) == 1
