"""Every kind of damage to the books is found; what an incremental proof can see and what it cannot."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.post_movements import post_movements
from colisage.inventory.actions.prove_stock import prove_stock
from colisage.inventory.checks import differences
from colisage.inventory.models import (
    Allocation,
    LicensePlate,
    Lot,
    ProvenCell,
    Reservation,
    StockCell,
    StockMovement,
    StockProof,
)
from colisage.kit.actors import SYSTEM
from colisage.kit.walls import behind_the_wall
from colisage.network.queries import place_of
from tests.books import find, hold, lose, move, spot_of, where
from tests.cast import World
from tests.damage import unguarded


def kinds() -> list[str]:
    return sorted({d.what for d in differences()})


def cell_of(world: World, code: str = "MUG") -> StockCell:
    return StockCell.objects.get(sku=world.sku(code), node=world.lyon, kept=True)


def bound(world: World, units: int = 5) -> Allocation:
    hold(world.sku("MUG"), units)
    (one,) = allocate(list(Reservation.objects.values_list("pk", flat=True)))
    return Allocation.objects.get(pk=one.allocation_id)


def test_sound_books_differ_in_nothing(world: World) -> None:
    bound(world)
    assert differences() == []


def test_a_cell_that_says_something_else_than_its_movements_is_found(world: World) -> None:
    cell = cell_of(world)
    with unguarded() as db:
        db.execute("UPDATE inventory_stockcell SET qty = 23 WHERE id = %s", [cell.pk])
    found = {d.what: (d.key, d.found, d.proven, d.merchant_id, d.node_id) for d in differences()}
    assert found["cell"] == (str(cell.pk), 23, 20, world.tilleul.pk, world.lyon.pk)


def test_a_cell_that_calls_itself_sellable_where_nothing_is_sold_is_found(world: World) -> None:
    mug = world.sku("MUG")
    find(mug, 2, at=spot_of(place_of(world.lyon.pk, kind="bench")))
    with unguarded() as db:
        db.execute("UPDATE inventory_stockcell SET sellable = true WHERE sku_id = %s AND kept", [mug.pk])
    assert kinds() == ["availability", "cell_key"]


def test_a_promise_that_nobody_holds_is_found_and_one_that_is_not_counted(world: World) -> None:
    hold(world.sku("MUG"), 5)
    with connection.cursor() as db:
        db.execute(
            "UPDATE inventory_availability SET reserved = reserved + 1 WHERE sku_id = %s", [world.sku("CARTE").pk]
        )
        db.execute("UPDATE inventory_reservation SET state = 'released'")
    assert [(d.what, d.found, d.proven) for d in differences()] == [("reserved", 5, 0), ("reserved", 1, 0)]


def test_availability_that_is_gone_is_found(world: World) -> None:
    hold(world.sku("MUG"), 5)
    with connection.cursor() as db:
        db.execute("DELETE FROM inventory_availability WHERE sku_id = %s", [world.sku("MUG").pk])
    assert [(d.what, d.found, d.proven) for d in differences()] == [("availability", 0, 20), ("reserved", 0, 5)]


def test_more_held_than_lies_sellable_is_found(world: World) -> None:
    hold(world.sku("MUG"), 20)
    with unguarded(without="inventory_availability.never_oversold") as db:
        db.execute("UPDATE inventory_reservation SET qty = 21")
        db.execute("UPDATE inventory_availability SET reserved = 21 WHERE sku_id = %s", [world.sku("MUG").pk])
    assert [(d.what, d.found, d.proven) for d in differences()] == [("oversold", 21, 20)]


def test_units_bound_that_no_allocation_binds_are_found(world: World) -> None:
    one = bound(world)
    Allocation.objects.filter(pk=one.pk).update(open=False)
    assert [(d.what, d.found, d.proven) for d in differences()] == [("allocated", 5, 0)]


def test_units_bound_to_a_promise_that_ended_or_twice_are_found(world: World) -> None:
    one = bound(world)
    Allocation.objects.create(merchant=world.tilleul, reservation_id=one.reservation_id, cell_id=one.cell_id, qty=2)
    assert kinds() == ["allocated", "bound_twice"]
    Reservation.objects.update(state="released")
    assert kinds() == ["allocated", "allocation", "bound_twice", "reserved"]


def test_more_bound_than_lies_there_is_found(world: World) -> None:
    one = bound(world)
    Allocation.objects.create(merchant=world.tilleul, reservation_id=one.reservation_id, cell_id=one.cell_id, qty=20)
    assert "overbound" in kinds()


def test_movements_that_the_database_would_have_refused_are_found(world: World) -> None:
    mug, card = cell_of(world), cell_of(world, "CARTE")
    with unguarded() as db:
        db.execute(
            "INSERT INTO inventory_stockmovement (merchant_id, sku_id, from_cell_id, to_cell_id, qty, reason,"
            " actor_kind, doc_kind, doc_id, doc_line, seq)"
            " VALUES (%s, %s, %s, %s, 3, 'move', 'system', 'forged', 1, 0, 0)",
            [world.tilleul.pk, mug.sku_id, mug.pk, card.pk],
        )
    assert kinds() == ["cell", "movement"]


def test_a_serial_that_is_there_twice_is_found(world: World) -> None:
    mug = world.sku("MUG")
    serial = Lot.objects.create(merchant=world.tilleul, sku=mug, code="SN-1")
    for place in world.bins()[6:8]:
        find(mug, 1, at=spot_of(place, lot_id=serial.pk))
    Lot.objects.update(is_serial=True)
    assert [(d.what, d.key, d.found, d.proven) for d in differences()] == [("serial", str(serial.pk), 2, 1)]


def test_units_that_are_sold_although_their_lot_is_held_are_found(world: World) -> None:
    lot = Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="L1")
    find(world.sku("MUG"), 3, at=spot_of(world.bins()[7], lot_id=lot.pk))
    Lot.objects.update(status="recalled")
    assert [(d.what, d.found, d.proven) for d in differences()] == [("lot_held", 3, 0)]


def test_a_lot_of_another_sku_is_found(world: World) -> None:
    lot = Lot.objects.create(merchant=world.tilleul, sku=world.sku("CARTE"), code="L1")
    find(world.sku("MUG"), 1, at=spot_of(world.bins()[7], lot_id=lot.pk))
    assert kinds() == ["lot"]


def plates(world: World, count: int) -> list[LicensePlate]:
    return [LicensePlate.objects.create(merchant=world.tilleul, code=f"LPN-{n}") for n in range(count)]


def test_a_tree_of_plates_in_two_places_is_found(world: World) -> None:
    pallet, carton, elsewhere = plates(world, 3)
    LicensePlate.objects.filter(pk=carton.pk).update(parent=pallet)
    find(world.sku("MUG"), 4, at=spot_of(world.bins()[7], plate_id=pallet.pk))
    find(world.sku("MUG"), 4, at=spot_of(world.bins()[7], plate_id=carton.pk))
    find(world.sku("CARTE"), 4, at=spot_of(world.bins()[8], plate_id=elsewhere.pk))
    assert differences() == []
    with unguarded() as db:
        db.execute("UPDATE inventory_licenseplate SET parent_id = %s WHERE id = %s", [carton.pk, elsewhere.pk])
    assert [(d.what, d.key, d.found, d.proven) for d in differences()] == [("plate_places", str(pallet.pk), 2, 1)]


def test_plates_that_stand_on_each_other_are_found(world: World) -> None:
    first, second, above = plates(world, 3)
    with unguarded() as db:
        for plate, parent in ((first, second), (second, first), (above, first)):
            db.execute("UPDATE inventory_licenseplate SET parent_id = %s WHERE id = %s", [parent.pk, plate.pk])
    assert [(d.what, d.key) for d in differences()] == [
        ("plate_circle", str(plate.pk)) for plate in (first, second, above)
    ]


def test_units_on_a_closed_plate_and_on_anothers_plate_are_found(world: World) -> None:
    (pallet,) = plates(world, 1)
    find(world.sku("MUG"), 4, at=spot_of(world.bins()[7], plate_id=pallet.pk))
    with connection.cursor() as db:
        db.execute("UPDATE inventory_licenseplate SET closed_at = now(), merchant_id = %s", [world.northwind.pk])
    assert [(d.what, d.found) for d in differences()] == [("plate_closed", 4), ("plate_merchant", 4)]


# What follows commits: a proof covers what no running transaction can add to.


@pytest.fixture
def proven(transactional_db: None, world: World) -> World:
    """Give the world with a full proof of its books."""
    outcome = prove_stock()
    assert (outcome.full, outcome.differences) == (True, [])
    assert outcome.covered == StockMovement.objects.count() > 0
    return world


def test_an_incremental_proof_reads_only_what_came_after(proven: World) -> None:
    assert prove_stock(incremental=True).movements == 0
    lose(proven.sku("MUG"), 3, at=where(proven.sku("MUG"), proven.lyon))
    outcome = prove_stock(incremental=True)
    assert (outcome.full, outcome.movements, outcome.covered) == (False, 1, StockMovement.objects.count())
    assert outcome.differences == []
    assert ProvenCell.objects.get(pk=cell_of(proven).pk).qty == 17
    assert prove_stock().differences == []


def test_an_incremental_proof_sees_a_cell_that_was_changed_long_after_its_last_movement(proven: World) -> None:
    with unguarded() as db:
        db.execute("UPDATE inventory_stockcell SET qty = 19 WHERE id = %s", [cell_of(proven).pk])
    outcome = prove_stock(incremental=True)
    assert outcome.full, "what an incremental proof finds is looked at again from the first movement"
    assert [(d.what, d.found, d.proven) for d in outcome.differences] == [("availability", 20, 19), ("cell", 19, 20)]


def test_an_incremental_proof_is_not_fooled_by_a_proof_that_was_changed(proven: World) -> None:
    ProvenCell.objects.filter(pk=cell_of(proven).pk).update(qty=21)
    outcome = prove_stock(incremental=True)
    assert outcome.full
    assert [(d.what, d.found, d.proven) for d in outcome.differences] == [("history", 20, 21)]


def forge(world: World) -> None:
    """Change a movement of long ago, and its cells and availability with it."""
    cell = cell_of(world)
    with unguarded() as db:
        db.execute("UPDATE inventory_stockmovement SET qty = 15 WHERE to_cell_id = %s", [cell.pk])
        db.execute("UPDATE inventory_stockcell SET qty = 15 WHERE id = %s", [cell.pk])
        db.execute("UPDATE inventory_availability SET sellable = 15 WHERE sku_id = %s", [cell.sku_id])


def test_history_rewritten_with_all_that_follows_from_it_is_seen_by_a_full_proof(proven: World) -> None:
    forge(proven)
    assert differences() == []  # the books agree with the forged movement
    before, count = StockProof.objects.count(), StockMovement.objects.count()
    for incremental in (True, False):
        found = [(d.what, d.found, d.proven) for d in prove_stock(incremental=incremental).differences]
        assert sorted(found) == [("history", -15, -20), ("history", 15, 20), ("movements", count, count)]
    assert StockProof.objects.count() == before, "no proof is kept over a history that was rewritten"


def test_an_incremental_proof_cannot_see_movements_that_cancel_out(proven: World) -> None:
    """The limit of it, said in the decision record: below its start it believes the balances it kept."""
    mug, here, there = proven.sku("MUG"), where(proven.sku("MUG"), proven.lyon), spot_of(proven.bins()[11])
    post_movements([move(mug, 4, source=here, target=there)], actor=SYSTEM)
    post_movements([move(mug, 4, source=there, target=here)], actor=SYSTEM)
    prove_stock(incremental=True)
    with unguarded() as db:
        db.execute("DELETE FROM inventory_stockmovement WHERE reason = 'adjustment'")
    assert prove_stock(incremental=True).differences == []
    assert [d.what for d in prove_stock().differences] == ["movements"]


def test_a_movement_committed_late_under_an_early_number_is_not_lost(proven: World) -> None:
    mug, here = proven.sku("MUG"), where(proven.sku("MUG"), proven.lyon)
    other = connections.create_connection("default")
    try:
        with other.cursor() as late:
            late.execute("BEGIN")
            late.execute(
                "SELECT nextval(pg_get_serial_sequence('inventory_stockmovement', 'id')), pg_current_xact_id()"
            )
            (number, _) = late.fetchone()
            lose(mug, 1, at=here)  # a later number, committed before
            assert prove_stock(incremental=True).differences == []
            late.execute(
                "INSERT INTO inventory_stockmovement (id, merchant_id, sku_id, from_cell_id, to_cell_id, qty, reason,"
                " actor_kind, doc_kind, doc_id, doc_line, seq)"
                " SELECT %s, merchant_id, sku_id, from_cell_id, to_cell_id, 2, 'lost', 'system', 'late', 1, 0, 0"
                " FROM inventory_stockmovement WHERE id > %s",
                [number, number],
            )
            late.execute("COMMIT")
    finally:
        other.close()
    assert StockMovement.objects.order_by("-pk")[0].doc_kind == "test", "the late one has the lower number"
    outcome = prove_stock(incremental=True)
    assert (outcome.full, outcome.movements, outcome.differences) == (False, 2, [])
    assert cell_of(proven).qty == 17


def test_a_proof_of_another_server_is_not_built_on(proven: World) -> None:
    StockProof.objects.update(system=1)
    assert prove_stock(incremental=True).full
    assert not prove_stock(incremental=True).full


def test_no_merchant_reads_or_writes_proofs(world: World) -> None:
    for doing in ("SELECT 1 FROM inventory_provencell", "DELETE FROM inventory_stockproof"):
        with (
            behind_the_wall(merchants=[world.tilleul.pk], operators=[]),
            connection.cursor() as db,
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            db.execute(doing)


def test_a_quantity_may_be_set_to_the_truth_and_to_nothing_else(world: World) -> None:
    cell = cell_of(world)
    with unguarded() as db:
        db.execute("UPDATE inventory_stockcell SET qty = 23 WHERE id = %s", [cell.pk])
    for wrong in (22, 23 - 1, 0):
        with pytest.raises(IntegrityError), transaction.atomic():
            StockCell.objects.filter(pk=cell.pk).update(qty=wrong)
    StockCell.objects.filter(pk=cell.pk).update(qty=20)
    assert differences() == []


def check(*words: str) -> tuple[Any, str]:
    out = StringIO()
    try:
        call_command("check_books", *words, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_the_command_tells_every_difference_and_fails(world: World) -> None:
    assert check()[0].startswith("The books balance")
    with unguarded() as db:
        db.execute("UPDATE inventory_stockcell SET qty = 23 WHERE id = %s", [cell_of(world).pk])
    said, failed = check("--json", "--incremental")
    assert [d["what"] for d in json.loads(said)["differences"]] == ["availability", "cell"]
    assert failed == "2 differences in the books."
    assert "proven 20" in check("--merchant", str(world.tilleul.pk))[0]
    assert check("--merchant", str(world.northwind.pk))[1] == ""
    assert check("--node", str(world.montreal.pk))[1] == ""
    assert check("--node", str(world.lyon.pk))[1] == "2 differences in the books."
