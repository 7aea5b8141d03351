"""What each kind of damage is set right by; afterwards the books balance, and a second repair writes nothing."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.prove_stock import prove_stock
from colisage.inventory.actions.repair_stock import repair_stock
from colisage.inventory.checks import differences
from colisage.inventory.models import Allocation, LicensePlate, Lot, Reservation, StockCell, StockMovement
from colisage.inventory.rules.repair import Off, bring_back
from colisage.kit.actors import Actor
from colisage.kit.models import AuditEntry, Event
from colisage.network.queries import place_of
from tests.books import find, hold, promised, spot_of, stand, told
from tests.cast import World
from tests.damage import unguarded

CHEN = Actor(kind="person", id=7, name="Chen")


def mug_cell(world: World, n: int = 0) -> int:
    return StockCell.objects.get(sku=world.sku("MUG"), place=world.bins()[n], plate=None, lot=None).pk


def run(text: str, *values: object, without: str = "") -> None:
    with unguarded(without=without) as db:
        db.execute(text, values)


def bind_all() -> Allocation:
    (one, *_) = allocate(list(Reservation.objects.order_by("pk").values_list("pk", flat=True)))
    return Allocation.objects.get(pk=one.allocation_id)


def quantity(world: World) -> None:
    run("UPDATE inventory_stockcell SET qty = 23 WHERE id = %s", mug_cell(world))


def too_few_for_the_promises(world: World) -> None:
    hold(world.sku("MUG"), 8, 12)
    bind_all()
    run("UPDATE inventory_stockmovement SET qty = 15 WHERE to_cell_id = %s", mug_cell(world))


def key(world: World) -> None:
    find(world.sku("MUG"), 2, at=spot_of(place_of(world.lyon.pk, kind="bench")))
    run("UPDATE inventory_stockcell SET sellable = NOT sellable, node_id = %s WHERE kept", world.montreal.pk)


def available(world: World) -> None:
    run("UPDATE inventory_availability SET sellable = sellable + 4")


def nothing_available(world: World) -> None:
    hold(world.sku("MUG"), 5)
    run("DELETE FROM inventory_availability")


def reserved(world: World) -> None:
    hold(world.sku("MUG"), 5)
    run("UPDATE inventory_availability SET reserved = reserved + 3")


def oversold(world: World) -> None:
    hold(world.sku("MUG"), 9, 9)
    run("UPDATE inventory_reservation SET qty = 12", without="inventory_availability.never_oversold")
    run("UPDATE inventory_availability SET reserved = 24 WHERE sku_id = %s", world.sku("MUG").pk)


def held_nowhere(world: World) -> None:
    hold(world.sku("MUG"), 9)
    run("UPDATE inventory_reservation SET node_id = NULL")


def allocated(world: World) -> None:
    hold(world.sku("MUG"), 5)
    bind_all()
    run("UPDATE inventory_stockcell SET allocated = 9 WHERE id = %s", mug_cell(world))


def bound_after_the_end(world: World) -> None:
    hold(world.sku("MUG"), 5)
    bind_all()
    run("UPDATE inventory_reservation SET state = 'released'")


def bound_twice(world: World) -> None:
    hold(world.sku("MUG"), 5)
    one = bind_all()
    for units in (2, 40):
        Allocation.objects.create(
            merchant=world.tilleul, reservation_id=one.reservation_id, cell_id=one.cell_id, qty=units
        )


def less_than_nothing(world: World) -> None:
    hold(world.sku("MUG"), 9)
    run("UPDATE inventory_stockmovement SET from_cell_id = to_cell_id, to_cell_id = from_cell_id, qty = 4"
        " WHERE to_cell_id = %s", mug_cell(world))  # fmt: skip


def plates(world: World) -> list[LicensePlate]:
    made = [LicensePlate.objects.create(merchant=world.tilleul, code=f"LPN-{n}") for n in range(3)]
    LicensePlate.objects.filter(pk=made[1].pk).update(parent=made[0])
    return made


def plate_in_two_places(world: World) -> None:
    pallet, _carton, above = plates(world)
    find(world.sku("MUG"), 4, at=spot_of(world.bins()[7], plate_id=pallet.pk))
    find(world.sku("CARTE"), 6, at=spot_of(world.bins()[8], plate_id=above.pk))
    run("UPDATE inventory_licenseplate SET parent_id = %s WHERE id = %s", pallet.pk, above.pk)


def plate_closed(world: World) -> None:
    find(world.sku("MUG"), 4, at=spot_of(world.bins()[7], plate_id=plates(world)[0].pk))
    hold(world.sku("MUG"), 24)
    bind_all()
    run("UPDATE inventory_licenseplate SET closed_at = now()")


def plates_in_a_circle(world: World) -> None:
    pallet, carton, above = plates(world)
    run("UPDATE inventory_licenseplate SET parent_id = %s WHERE id = ANY (%s)", carton.pk, [pallet.pk, above.pk])


def lot_held(world: World) -> None:
    lot = Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="L1")
    find(world.sku("MUG"), 3, at=spot_of(world.bins()[7], lot_id=lot.pk))
    Lot.objects.update(status="recalled")


DAMAGE = (
    quantity, too_few_for_the_promises, key, available, nothing_available, reserved, oversold, held_nowhere, allocated,
    bound_after_the_end, bound_twice, less_than_nothing, plate_in_two_places, plate_closed, plates_in_a_circle,
    lot_held,
)  # fmt: skip


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (StockMovement, AuditEntry, Event, Reservation))


def movements() -> set[tuple[object, ...]]:
    return set(StockMovement.objects.values_list("pk", "from_cell", "to_cell", "qty", "reason"))


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_repair_leaves_books_that_balance_and_a_second_one_writes_nothing(
    world: World, damage: Callable[[World], None]
) -> None:
    damage(world)
    found, old = differences(), movements()
    assert found
    assert repair_stock(found, actor=CHEN) == len(found)
    assert differences() == []
    assert old <= movements(), "no movement is edited"
    after = written()
    assert repair_stock(found, actor=CHEN) == 0
    assert written() == after


def test_a_figure_that_drifted_is_set_to_what_the_movements_prove_without_a_movement(world: World) -> None:
    quantity(world)
    before = movements()
    repair_stock(differences(), actor=CHEN)
    assert stand(world.sku("MUG"), world.lyon) == (20, 0)
    assert StockCell.objects.get(pk=mug_cell(world)).qty == 20
    assert movements() == before


def test_promises_too_many_are_demoted_the_last_first_and_pickers_are_told(world: World) -> None:
    too_few_for_the_promises(world)
    repair_stock(differences(), actor=CHEN)
    assert stand(world.sku("MUG"), world.lyon) == (15, 15)
    assert promised(world.sku("MUG")) == [(1, "held", 8), (2, "held", 7), (2, "waiting", 5)]
    assert [e["qty"] for e in told("ReservationDemoted")] == [5]
    assert [e["qty"] for e in told("UnitsUnbound")] == [12]


def test_units_on_a_closed_plate_stay_where_they_are_without_it(world: World) -> None:
    plate_closed(world)
    repair_stock(differences(), actor=CHEN)
    assert StockCell.objects.get(pk=mug_cell(world, 7)).qty == 4
    assert stand(world.sku("MUG"), world.lyon) == (24, 24)
    assert StockMovement.objects.order_by("-pk")[0].reason == "repair"


def test_the_smaller_part_of_a_torn_plate_is_taken_off_it(world: World) -> None:
    plate_in_two_places(world)
    repair_stock(differences(), actor=CHEN)
    where_now = StockCell.objects.filter(plate__isnull=False, qty__gt=0).values_list("place_id", flat=True)
    assert list(where_now) == [world.bins()[8].pk]


def test_every_repair_is_in_the_audit_with_what_was_found_and_proven(world: World) -> None:
    quantity(world)
    repair_stock(differences(), actor=CHEN)
    entries = AuditEntry.objects.filter(verb="stock_repaired").order_by("pk")
    assert [(e.actor_name, e.merchant_id, e.data["what"], e.data["found"], e.data["proven"]) for e in entries] == [
        ("Chen", world.tilleul.pk, "availability", 20, 23),
        ("Chen", world.tilleul.pk, "cell", 23, 20),
    ]


def test_only_what_was_listed_is_repaired(world: World) -> None:
    quantity(world)
    listed = differences()
    run("UPDATE inventory_availability SET reserved = 1 WHERE sku_id = %s", world.sku("CARTE").pk)
    repair_stock(listed, actor=CHEN)
    assert [d.what for d in differences()] == ["reserved"]


def test_what_only_a_person_can_decide_is_left(world: World) -> None:
    serial = Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="SN-1")
    for place in world.bins()[6:8]:
        find(world.sku("MUG"), 1, at=spot_of(place, lot_id=serial.pk))
    Lot.objects.update(is_serial=True)
    assert repair_stock(differences(), actor=CHEN) == 0
    assert [d.what for d in differences()] == ["serial"]


def test_history_that_was_rewritten_is_brought_back_by_further_movements(transactional_db: None, world: World) -> None:
    """A movement of long ago is changed and the cells adjusted to it; another is deleted."""
    find(world.sku("MUG"), 5, at=spot_of(world.bins()[7]))
    assert prove_stock().differences == []
    first, second = mug_cell(world), mug_cell(world, 7)
    run("UPDATE inventory_stockmovement SET qty = 12 WHERE to_cell_id = %s", first)
    run("DELETE FROM inventory_stockmovement WHERE to_cell_id = %s", second)
    run("UPDATE inventory_stockcell SET qty = 12 WHERE id = %s", first)
    found = prove_stock().differences
    assert sorted((d.what, d.found, d.proven) for d in found if d.what == "history") == [
        ("history", -12, -25), ("history", 0, 5), ("history", 12, 20),
    ]  # fmt: skip
    assert repair_stock(found, actor=CHEN) == len(found)
    corrections = StockMovement.objects.filter(reason="repair").order_by("to_cell")
    assert list(corrections.values_list("to_cell", "qty")) == [(first, 8), (second, 5)]
    assert stand(world.sku("MUG"), world.lyon) == (25, 0)
    assert prove_stock().differences == []
    assert prove_stock(incremental=True).differences == []
    before = written()
    assert repair_stock(found, actor=CHEN) == 0
    assert written() == before


def test_pairs_bring_every_balance_back() -> None:
    off = [Off(1, 9, -7), Off(2, 9, 4), Off(3, 9, 5), Off(4, 9, -2), Off(5, 8, 3), Off(6, 8, -3)]
    assert bring_back(off) == [(5, 6, 3), (2, 1, 4), (3, 1, 3), (3, 4, 2)]
    assert bring_back([Off(1, 9, 3)]) == []


def command(*words: str) -> tuple[str, str]:
    out = StringIO()
    try:
        call_command("check_books", *words, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_the_command_lists_what_it_would_write_and_asks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quantity(world)
    with translation.override("en"):
        said, failed = command("--repair")
    assert "the figure is set to what the movements prove" in said
    assert failed.startswith("Nobody is here to ask")
    monkeypatch.setattr("sys.stdin", StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, left, quantity_then in (("n", "2 differences in the books.", 23), ("y", "", 20)):
        monkeypatch.setattr("builtins.input", lambda _question, answer=answer: answer)
        said, failed = command("--repair")
        assert (failed, StockCell.objects.get(pk=mug_cell(world)).qty) == (left, quantity_then)
    assert "2 repaired." in said
    assert command("--repair", "--yes")[1] == ""
