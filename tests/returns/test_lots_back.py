"""What comes back comes back as the lot it was sent as; a recalled one does not get back on the shelf."""

import pytest

from colisage.catalog.models import Sku
from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.post_movements import post_movements
from colisage.inventory.actions.save_serials import save_serials
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.models import Lot, Reservation, StockCell
from colisage.kit.actors import SYSTEM, Actor
from colisage.network.queries import place_of
from colisage.returns.actions.inspect_return import Verdict, inspect_return
from colisage.returns.actions.receive_return import Came, SerialWanted, receive_return
from colisage.returns.models import ReturnItem
from colisage.returns.rules import Sent, lots_back
from tests.books import balanced, find, lose, move, spot_of, virtual, where
from tests.cast import World
from tests.returns.conftest import Asked, Delivered

__all__ = ["balanced"]
pytestmark = pytest.mark.usefixtures("balanced")


def send(world: World, code: str) -> None:
    """Pick what was promised, and give it to the customer."""
    bench = place_of(world.lyon.pk, kind="bench")
    sku = world.sku(code)
    held = Reservation.objects.filter(sku=sku, state="held").values_list("pk", flat=True)
    picks = [
        Pick(allocation_id=b.allocation_id, qty=b.qty, place_id=bench.pk, doc_kind="pick_task", doc_id=b.allocation_id)
        for b in allocate(list(held))
    ]
    pick_units(picks, actor=SYSTEM)
    post_movements(
        [
            move(sku, cell.qty, source=spot_of(bench, lot_id=cell.lot_id), target=virtual("customer"))
            for cell in StockCell.objects.filter(sku=sku, place=bench, qty__gt=0)
        ],
        actor=SYSTEM,
    )


def back(world: World, return_id: int, code: str, units: int, named: str = "") -> None:
    told = [Came(world.sku(code).pk, units, named)]
    receive_return(world.tilleul.pk, return_id=return_id, came=told, actor=SYSTEM)


def restock(world: World, return_id: int, units: int) -> None:
    item = ReturnItem.objects.get(return_request=return_id)
    verdict = Verdict(item_id=item.pk, quantity=units, grade="a", disposition="restock", bin_code="C-04-1")
    inspect_return(world.tilleul.pk, return_id=return_id, verdicts=[verdict], actor=SYSTEM)


def lying(world: World, kind: str) -> dict[str, tuple[str, int]]:
    rows = StockCell.objects.filter(place__kind=kind, qty__gt=0, lot__isnull=False)
    return {code: (condition, qty) for code, condition, qty in rows.values_list("lot__code", "condition", "qty")}


@pytest.fixture
def lots(world: World) -> list[Lot]:
    """Two lots of mugs and nothing else, three units each."""
    mug = world.sku("MUG")
    lose(mug, 20, at=where(mug, world.lyon))
    made = [Lot.objects.create(merchant=world.tilleul, sku=mug, code=code) for code in ("L1", "L2")]
    for bin_, lot in enumerate(made):
        find(mug, 3, at=spot_of(world.bins()[6 + bin_], lot_id=lot.pk))
    return made


def test_units_come_back_as_the_lots_they_were_sent_as(
    world: World, lots: list[Lot], delivered: Delivered, asked: Asked
) -> None:
    order = delivered(("MUG", 5))
    send(world, "MUG")
    made = asked(order, ("MUG", 4))
    for _ in range(4):
        back(world, made, "MUG", 1)
    assert lying(world, "returns") == {"L1": ("returned", 2), "L2": ("returned", 2)}  # L2 was taken first
    restock(world, made, 2)
    restock(world, made, 2)
    assert StockCell.objects.filter(place__code="C-04-1", lot__isnull=True, qty__gt=0).count() == 0


def test_a_label_that_names_the_lot_is_believed(
    world: World, lots: list[Lot], delivered: Delivered, asked: Asked
) -> None:
    order = delivered(("MUG", 5))
    send(world, "MUG")
    back(world, asked(order, ("MUG", 1)), "MUG", 1, named="L2")
    assert lying(world, "returns") == {"L2": ("returned", 1)}


def test_a_recalled_lot_that_comes_back_is_not_sold_again(
    world: World, lots: list[Lot], delivered: Delivered, asked: Asked
) -> None:
    order = delivered(("MUG", 3))
    send(world, "MUG")
    made = asked(order, ("MUG", 3))
    set_lot_status(world.tilleul.pk, lot_ids=[lots[0].pk], status="recalled", reason="x", actor=SYSTEM)
    back(world, made, "MUG", 3)
    restock(world, made, 3)
    assert lying(world, "bin")["L1"] == ("held", 3)


def test_a_serial_number_comes_back_by_name(world: World, delivered: Delivered, asked: Asked, chen: Actor) -> None:
    lamp = world.sku("LAMPE")
    lose(lamp, 20, at=where(lamp, world.lyon))
    Sku.objects.filter(pk=lamp.pk).update(tracks_serials=True)
    for pk in save_serials(lamp.merchant_id, serials=[(lamp.pk, "S1"), (lamp.pk, "S2")]).values():
        find(lamp, 1, at=spot_of(world.bins()[6], lot_id=pk))
    order = delivered(("LAMPE", 2))
    send(world, "LAMPE")
    made = asked(order, ("LAMPE", 2))
    for named in ("", "S9"):
        with pytest.raises(SerialWanted):
            back(world, made, "LAMPE", 1, named=named)
    back(world, made, "LAMPE", 1, named="S2")
    back(world, made, "LAMPE", 1)  # only one is left that it can be
    assert lying(world, "returns") == {"S1": ("returned", 1), "S2": ("returned", 1)}


def test_several_serial_numbers_come_back_at_once_each_by_name(
    world: World, delivered: Delivered, asked: Asked
) -> None:
    lamp = world.sku("LAMPE")
    lose(lamp, 20, at=where(lamp, world.lyon))
    Sku.objects.filter(pk=lamp.pk).update(tracks_serials=True)
    for pk in save_serials(lamp.merchant_id, serials=[(lamp.pk, f"S{n}") for n in (1, 2, 3)]).values():
        find(lamp, 1, at=spot_of(world.bins()[6], lot_id=pk))
    order = delivered(("LAMPE", 3))
    send(world, "LAMPE")
    made = asked(order, ("LAMPE", 3))
    for twice in ([Came(lamp.pk, 1, "S2"), Came(lamp.pk, 1, "S2")], [Came(lamp.pk, 1, "S2"), Came(lamp.pk, 1)]):
        with pytest.raises(SerialWanted) as refused:
            receive_return(world.tilleul.pk, return_id=made, came=twice, actor=SYSTEM)
        assert [fault["pointer"] for fault in refused.value.faults] == ["/items/1"]
    named = [Came(lamp.pk, 1, "S3"), Came(lamp.pk, 1, "S1"), Came(lamp.pk, 1)]
    receive_return(world.tilleul.pk, return_id=made, came=named, actor=SYSTEM)
    assert lying(world, "returns") == {f"S{n}": ("returned", 1) for n in (1, 2, 3)}
    restock(world, made, 2)
    assert set(lying(world, "bin")) == {"S1", "S3"}  # the first that came are judged first


def sent(lot: int | None, qty: int, *, serial: bool = False, on_hand: bool = False) -> Sent:
    return Sent(lot, f"L{lot}", serial, on_hand, qty)


def test_of_which_lots_units_are() -> None:
    both = [sent(1, 3), sent(2, 2)]
    assert lots_back(both, back=0, units=4) == [(1, 3), (2, 1)]
    assert lots_back(both, back=4, units=1) == [(2, 1)]
    assert lots_back(both, back=5, units=2) == [(None, 2)]
    assert lots_back([], back=0, units=2) == [(None, 2)]
    assert lots_back(both, back=0, units=2, named="L2") == [(2, 2)]
    assert lots_back(both, back=0, units=2, named="unknown") == [(1, 2)]
    serials = [sent(1, 1, serial=True), sent(2, 1, serial=True, on_hand=True)]
    assert lots_back(serials, back=1, units=1) == [(1, 1)]
    assert lots_back(serials, back=1, units=1, named="L2") is None
    assert lots_back([*serials, sent(3, 1, serial=True)], back=1, units=1) is None
