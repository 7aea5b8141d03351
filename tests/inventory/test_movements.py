"""The ledger: movements are the truth, written once; the rest follows from them, kept by the database."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.post_movements import NotEnoughThere, post_movements
from colisage.inventory.actions.unbind_units import unbind_units
from colisage.inventory.checks import differences
from colisage.inventory.models import Allocation, Availability, Lot, Reservation, StockCell, StockMovement
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.statements import statement
from colisage.network.queries import place_of
from tests.books import find, hold, lose, move, promised, spot_of, stand, told, virtual, where
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")


def sql(text: str, *values: int) -> None:
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        db.execute(text, values)


def test_a_movement_moves_both_cells_and_what_may_be_promised(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    there = spot_of(world.bins()[11])
    post_movements([move(mug, 5, source=here, target=there)], actor=SYSTEM)
    assert list(StockCell.objects.filter(sku=mug, kept=True).order_by("pk").values_list("qty", flat=True)) == [15, 5]
    assert stand(mug, world.lyon) == (20, 0)


def test_a_cell_is_found_by_its_sku_never_among_all_that_ever_came_to_its_place(world: World) -> None:
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SET LOCAL enable_seqscan = off")
        db.execute("EXPLAIN (COSTS OFF) " + statement("inventory", "find_cells"), ["[]"])
        plan = "\n".join(row[0] for row in db.fetchall())
        db.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'inventory_stockcell'::regclass"
            " AND indpred IS NULL AND pg_get_indexdef(indexrelid, 1, true) IN ('place_id', 'merchant_id')"
        )
        whole = [row[0] for row in db.fetchall()]
    assert "sku_id" in plan
    assert whole == ["one_cell"], "an index of a place or a merchant alone reads every SKU for each movement"


def test_only_what_lies_sellable_in_a_bin_may_be_promised(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    damaged = spot_of(world.bins()[11], condition="damaged")
    bench = spot_of(place_of(world.lyon.pk, kind="bench"))
    post_movements([move(mug, 5, source=here, target=damaged), move(mug, 3, source=here, target=bench)], actor=SYSTEM)
    assert stand(mug, world.lyon) == (12, 0)


def test_posting_the_same_movement_again_changes_nothing(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    again = move(mug, 5, source=here, target=virtual("loss"))
    assert post_movements([again], actor=SYSTEM) == 1
    assert post_movements([again], actor=SYSTEM) == 0
    assert post_movements([again, move(mug, 1, source=here, target=virtual("loss"))], actor=SYSTEM) == 1
    assert stand(mug, world.lyon) == (14, 0)


def test_posting_a_loss_again_demotes_nobody_again(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    hold(mug, 12)
    again = move(mug, 10, source=here, target=virtual("loss"))
    post_movements([again], actor=SYSTEM)
    find(mug, 5, at=here)
    post_movements([again], actor=SYSTEM)
    assert stand(mug, world.lyon) == (15, 10)
    assert len(told("ReservationDemoted")) == 1


def test_the_same_movement_twice_in_a_batch_is_one(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    twice = move(mug, 4, source=here, target=virtual("loss"))
    assert post_movements([twice, twice], actor=SYSTEM) == 1
    assert stand(mug, world.lyon) == (16, 0)


def test_the_same_loss_twice_in_a_batch_demotes_by_one_loss(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    hold(mug, 16)
    twice = move(mug, 4, source=here, target=virtual("loss"))
    post_movements([twice, twice], actor=SYSTEM)
    assert promised(mug) == [(1, "held", 16)]


def test_more_than_there_is_cannot_be_moved_and_nothing_else_is(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    before = StockMovement.objects.count()
    good = move(world.sku("CARTE"), 1, source=where(world.sku("CARTE"), world.lyon), target=virtual("loss"))
    with pytest.raises(NotEnoughThere) as refused:
        post_movements([good, move(mug, 21, source=here, target=virtual("loss"))], actor=SYSTEM)
    assert refused.value.code == "not_enough_there"
    assert StockMovement.objects.count() == before
    assert stand(mug, world.lyon) == (20, 0)


def test_units_bound_to_work_cannot_be_moved_away(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    StockCell.objects.filter(sku=mug, kept=True).update(allocated=15)
    with pytest.raises(NotEnoughThere):
        lose(mug, 6, at=here)
    StockCell.objects.filter(sku=mug).update(allocated=0)


def test_a_loss_demotes_the_last_promises_first_each_by_as_much_as_needed(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    hold(mug, 8, 7, 5)
    lose(mug, 9, at=here)
    assert stand(mug, world.lyon) == (11, 11)
    assert promised(mug) == [(1, "held", 8), (2, "held", 3), (3, "waiting", 5), (2, "waiting", 4)]
    assert sorted((e["owner_id"], e["qty"]) for e in told("ReservationDemoted")) == [(2, 4), (3, 5)]


def test_a_demoted_promise_keeps_its_place_in_the_queue(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    hold(mug, 20)
    lose(mug, 5, at=here)
    held, owed = Reservation.objects.filter(sku=mug).order_by("pk")
    assert (owed.state, owed.since, owed.priority) == ("waiting", held.since, held.priority)


def test_a_part_that_is_demoted_ends_no_more_bindings_than_it_must(world: World) -> None:
    mug, other = world.sku("MUG"), world.bins()[9]
    spot = where(mug, world.lyon)
    find(mug, 6, at=spot_of(other))
    hold(mug, 26)
    pk = Reservation.objects.get(sku=mug).pk
    allocate([pk])
    cells = {c.place_id: c for c in StockCell.objects.filter(sku=mug, node=world.lyon)}
    assert sorted(cell.allocated for cell in cells.values()) == [6, 20]
    unbind_units({cells[other.pk].pk: 2})
    lose(mug, 2, at=spot_of(other))
    [kept] = Allocation.objects.filter(open=True)
    assert (kept.cell.place_id, kept.qty) == (spot.place_id, 20), "24 are held, 20 of them are still bound"
    assert promised(mug) == [(1, "held", 24), (1, "waiting", 2)]


def test_a_loss_ends_the_bindings_of_those_it_demotes(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    hold(mug, 20)
    allocate(list(Reservation.objects.values_list("pk", flat=True)))
    lose(mug, 1, at=here)
    assert not Allocation.objects.filter(open=True).exists()
    assert promised(mug) == [(1, "held", 19), (1, "waiting", 1)]


def test_what_became_sellable_is_told(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    before = len(told("SellableGrew"))
    find(mug, 3, at=here)
    assert told("SellableGrew")[before:] == [
        {"merchant_id": mug.merchant_id, "sku_id": mug.pk, "node_id": world.lyon.pk, "qty": 3}
    ]


def test_units_moved_between_two_bins_of_a_node_are_no_news(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    before = len(told("SellableGrew"))
    hold(mug, 20)
    post_movements([move(mug, 5, source=here, target=spot_of(world.bins()[11]))], actor=SYSTEM)
    assert len(told("SellableGrew")) == before
    assert promised(mug) == [(1, "held", 20)]


def test_a_movement_says_who_and_when(world: World) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    at = datetime(2026, 11, 1, 8, tzinfo=UTC)
    post_movements([move(mug, 1, source=here, target=virtual("loss"), occurred_at=at)], actor=Actor("person", 7, "Ada"))
    row = StockMovement.objects.latest("pk")
    assert (row.actor_kind, row.actor_id, row.occurred_at) == ("person", 7, at)


def test_many_movements_take_as_many_statements_as_one(world: World, django_assert_max_num_queries: Any) -> None:
    mug, here = world.sku("MUG"), where(world.sku("MUG"), world.lyon)
    target = spot_of(world.bins()[11])
    with django_assert_max_num_queries(12):
        post_movements([move(mug, 1, source=here, target=target) for _ in range(20)], actor=SYSTEM)


def test_no_movement_is_no_news(world: World) -> None:
    before = len(told("SellableGrew"))
    assert post_movements([], actor=SYSTEM) == 0
    assert len(told("SellableGrew")) == before


# What the database itself refuses, whoever asks.


def test_a_quantity_changes_by_movement_only(world: World) -> None:
    with pytest.raises(IntegrityError, match="by movement only"):
        sql("UPDATE inventory_stockcell SET qty = qty + 1")


def test_a_cell_begins_empty(world: World) -> None:
    with pytest.raises(IntegrityError, match="begins empty"), transaction.atomic():
        StockCell.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), place=world.bins()[11], qty=5)


def test_the_key_of_a_cell_does_not_change(world: World) -> None:
    with pytest.raises(IntegrityError, match="key of a cell"):
        sql("UPDATE inventory_stockcell SET condition = 'damaged'")


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE inventory_stockmovement SET qty = qty + 1",
        "DELETE FROM inventory_stockmovement",
        "TRUNCATE inventory_stockmovement",
    ],
)
def test_movements_are_never_changed_nor_deleted(world: World, deed: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        sql(deed)


INSERT = (
    "INSERT INTO inventory_stockmovement (merchant_id, sku_id, from_cell_id, to_cell_id, qty, reason,"
    " actor_kind, doc_kind, doc_id, doc_line, seq)"
    " VALUES (%s, %s, %s, %s, %s, 'x', 'system', 'test', 1, 1, 1)"
)


def cells_of(world: World, code: str) -> tuple[int, int]:
    """Give the stocked cell of a SKU in Lyon and its cell at the virtual place `found`."""
    here, virtual_ = StockCell.objects.filter(sku=world.sku(code)).order_by("-kept")
    return here.pk, virtual_.pk


@pytest.mark.parametrize("qty", [0, -1])
def test_a_movement_moves_at_least_one_unit(world: World, qty: int) -> None:
    here, found = cells_of(world, "MUG")
    with pytest.raises(IntegrityError, match="movement_moves"):
        sql(INSERT, world.tilleul.pk, world.sku("MUG").pk, found, here, qty)


def test_a_movement_goes_elsewhere(world: World) -> None:
    here, _ = cells_of(world, "MUG")
    with pytest.raises(IntegrityError, match="movement_goes_elsewhere"):
        sql(INSERT, world.tilleul.pk, world.sku("MUG").pk, here, here, 1)


def test_a_movement_does_not_turn_one_sku_into_another(world: World) -> None:
    here, _ = cells_of(world, "MUG")
    other, _ = cells_of(world, "CARTE")
    with pytest.raises(IntegrityError, match="keeps its merchant and SKU"):
        sql(INSERT, world.tilleul.pk, world.sku("MUG").pk, here, other, 1)


def test_a_movement_does_not_change_the_merchant(world: World) -> None:
    here, found = cells_of(world, "MUG")
    with pytest.raises(IntegrityError):
        sql(INSERT, world.northwind.pk, world.sku("MUG").pk, found, here, 1)


def test_a_movement_between_two_virtual_places_is_refused(world: World) -> None:
    mug = world.sku("MUG")
    with pytest.raises(IntegrityError, match="touches a real place"):
        post_movements([move(mug, 1, source=virtual("found"), target=virtual("loss"))], actor=SYSTEM)


def test_oversold_is_impossible(world: World) -> None:
    for reserved in ("sellable + 1", "-1"):
        with pytest.raises(IntegrityError, match="never_oversold"):
            sql(f"UPDATE inventory_availability SET reserved = {reserved}")


def test_a_cell_is_never_less_than_empty_nor_bound_to_more_than_it_holds(world: World) -> None:
    with pytest.raises(IntegrityError, match="allocated_is_there"):
        sql("UPDATE inventory_stockcell SET allocated = qty + 1")


def test_there_is_one_cell_of_each_key(world: World) -> None:
    mug = world.sku("MUG")
    with pytest.raises(IntegrityError, match="one_cell"), transaction.atomic():
        StockCell.objects.create(merchant=world.tilleul, sku=mug, place_id=where(mug, world.lyon).place_id)


def test_lots_and_owners_lie_in_cells_of_their_own(world: World) -> None:
    mug, place = world.sku("MUG"), world.bins()[11]
    lot = Lot.objects.create(merchant=world.tilleul, sku=mug, code="L1")
    for spot in (spot_of(place), spot_of(place, lot_id=lot.pk), spot_of(place, owner_id=9)):
        find(mug, 2, at=spot)
    assert sorted(StockCell.objects.filter(place=place).values_list("qty", flat=True)) == [2, 2, 2]
    assert stand(mug, world.lyon) == (26, 0)


def test_a_first_movement_makes_what_may_be_promised(world: World) -> None:
    mug = world.sku("MUG")
    assert not Availability.objects.filter(sku_id=mug.pk, node_id=world.montreal.pk).exists()
    find(mug, 4, at=spot_of(world.bins(world.montreal)[0]))
    assert stand(mug, world.montreal) == (4, 0)


def test_a_difference_in_the_books_is_found(world: World) -> None:
    """The proof itself: what has been tampered with is named, figure by figure."""
    with transaction.atomic():
        sql("UPDATE inventory_availability SET reserved = 3 WHERE sku_id = %s", world.sku("MUG").pk)
        sql("UPDATE inventory_stockcell SET allocated = 2 WHERE sku_id = %s AND kept", world.sku("CARTE").pk)
        sql("SET LOCAL session_replication_role = replica")  # no trigger fires
        sql("UPDATE inventory_stockcell SET qty = qty + 7 WHERE sku_id = %s AND kept", world.sku("TAPIS").pk)
        found = [(d.what, d.found - d.proven) for d in differences()]
        transaction.set_rollback(True)
    assert found == [("allocated", 2), ("availability", -7), ("cell", 7), ("reserved", 3)]
