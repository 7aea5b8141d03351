"""What was picked for an order that is cancelled goes back into a bin, once, and can be sold again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.inbound.actions.choose_bin import AgainstRules, BinFull
from colisage.inbound.actions.lock_bin import NoSuchBin
from colisage.inventory.actions.serve_arrivals import serve_arrivals
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.events import SellableGrew
from colisage.inventory.models import Lot, Reservation, StockCell
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.conflicts import again
from colisage.kit.errors import NotThere, Refused
from colisage.network.models import Node, Place
from colisage.network.queries import place_of
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.events import OrderCancelled, StageReached
from colisage.orders.queries import parts
from colisage.picking.actions.ask_put_backs import ask_put_backs
from colisage.picking.actions.claim_put_back import NothingToPutBack
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.actions.drop_cancelled import drop_cancelled
from colisage.picking.actions.pick_all import pick_all
from colisage.picking.actions.put_units_back import NotTheItem, TooManyBack, put_units_back
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.actions.short_picks import Short, short_picks
from colisage.picking.actions.write_off_put_back import write_off_put_back
from colisage.picking.models import PickBatch, PickTask, PutBack
from tests.books import balanced, find, hold, lose, promised, spot_of, stand, told
from tests.cast import World
from tests.picking.conftest import Ready
from tests.together import at_once, faults

__all__ = ["balanced"]

Enter = Callable[[Any], Client]
Cancelled = Callable[..., PutBack]


@pytest.fixture
def cancelled(balanced: World, ready: Ready, ada: Actor) -> Cancelled:
    """Pick some of an order's units, find the rest missing, and cancel it: some lie on the bench then."""

    def make(code: str = "MUG", units: int = 5, *, picked: int = 3) -> PutBack:
        [pk] = ready(((code, units),))
        release_wave(balanced.nord.pk, node_id=balanced.lyon.pk, actor=ada)
        task = PickTask.objects.get(fulfillment_order=pk)
        lose_the_rest(balanced, task)
        short_picks(balanced.nord.pk, shorts=[Short(task.pk, picked)], actor=ada)
        return cancel(balanced, pk)

    return make


def lose_the_rest(world: World, task: PickTask) -> None:
    """Leave nothing in the bin but what the task takes, so that what it does not find is owed."""
    cell = StockCell.objects.get(sku=task.sku, place=task.place)
    if cell.qty > cell.allocated:
        lose(task.sku, cell.qty - cell.allocated, at=spot_of(task.place))


def cancel(world: World, part_id: int) -> PutBack:
    order = parts([part_id])[part_id].order_id or 0
    cancel_orders(world.tilleul.pk, order_ids=[order], actor=SYSTEM)
    ask_put_backs([OrderCancelled(merchant_id=world.tilleul.pk, order_id=order)])
    return PutBack.objects.get(task__fulfillment_order=part_id)


def back(world: World, one: PutBack, units: int, *, into: str | None = None, item: str = "MUG", **more: Any) -> int:
    bin_code = into or Place.objects.get(pk=one.task.place_id).code
    facts = {"document": units, "actor": SYSTEM, **more}
    return put_units_back(
        world.nord.pk,
        merchant_id=world.tilleul.pk,
        put_back_id=one.pk,
        item=item,
        bin_code=bin_code,
        units=units,
        **facts,
    )


def on_bench(world: World) -> int:
    return sum(StockCell.objects.filter(place=place_of(world.lyon.pk, kind="bench")).values_list("qty", flat=True))


def test_what_was_picked_for_a_cancelled_order_is_asked_for_once(balanced: World, cancelled: Cancelled) -> None:
    one = cancelled()
    assert (one.units, one.left, one.done_at) == (3, 3, None)
    ask_put_backs(
        [OrderCancelled(merchant_id=balanced.tilleul.pk, order_id=one.task.fulfillment_order.order_id or 0)] * 2
    )
    assert PutBack.objects.count() == 1
    assert on_bench(balanced) == 3


def test_an_order_cancelled_in_the_middle_of_picking_is_walked_for_no_more(
    balanced: World, ready: Ready, ada: Actor
) -> None:
    part, other = ready((("MUG", 2), ("CARTE", 1)), (("CARTE", 3),))
    release_wave(balanced.nord.pk, node_id=balanced.lyon.pk, actor=ada)
    mugs, card = PickTask.objects.filter(fulfillment_order=part).order_by("-quantity")
    confirm_picks(balanced.nord.pk, picks=[Taken(mugs.pk)], actor=ada)
    order = parts([part])[part].order_id or 0
    cancel_orders(balanced.tilleul.pk, order_ids=[order], actor=ada, on_floor=True)
    stand_after = stand(balanced.sku("CARTE"), balanced.lyon)
    assert confirm_picks(balanced.nord.pk, picks=[Taken(card.pk)], actor=ada) == 0  # scanned before anybody heard
    heard = [StageReached(**e) for e in told("StageReached") if e["stage"] == "cancelled"]
    drop_cancelled(heard)
    ask_put_backs(heard)
    drop_cancelled(heard)
    card.refresh_from_db()
    assert (card.state, card.picked) == ("cancelled", 0)
    assert stand(balanced.sku("CARTE"), balanced.lyon) == stand_after == (20, 3)
    assert PickBatch.objects.get().state != "done"  # the other order is still walked for
    assert PickTask.objects.get(fulfillment_order=other).state == "open"
    [one] = PutBack.objects.all()
    assert (one.task_id, one.units) == (mugs.pk, 2)
    assert back(balanced, one, 2) == 0
    assert stand(balanced.sku("MUG"), balanced.lyon) == (20, 0)


def test_a_walk_of_which_everything_is_cancelled_is_over(balanced: World, ready: Ready, ada: Actor) -> None:
    [part] = ready((("MUG", 2),))
    release_wave(balanced.nord.pk, node_id=balanced.lyon.pk, actor=ada)
    order = parts([part])[part].order_id or 0
    cancel_orders(balanced.tilleul.pk, order_ids=[order], actor=ada, on_floor=True)
    drop_cancelled([StageReached(**e) for e in told("StageReached") if e["stage"] == "cancelled"])
    assert PickBatch.objects.get().state == "done"
    assert not PutBack.objects.exists()


def test_an_order_cancelled_before_any_pick_asks_for_nothing(balanced: World, ready: Ready) -> None:
    [pk] = ready((("MUG", 2),))
    with pytest.raises(PutBack.DoesNotExist):
        cancel(balanced, pk)


def test_units_put_back_end_their_promise_and_can_be_sold_again(balanced: World, cancelled: Cancelled) -> None:
    one = cancelled()
    mug = balanced.sku("MUG")
    assert stand(mug, balanced.lyon) == (0, 0)
    assert back(balanced, one, 2) == 1
    assert stand(mug, balanced.lyon) == (2, 0)
    assert back(balanced, one, 1) == 0
    assert stand(mug, balanced.lyon) == (3, 0)
    assert not Reservation.objects.filter(state__in=["picked", "held", "waiting"]).exists()
    assert on_bench(balanced) == 0
    one.refresh_from_db()
    assert one.done_at is not None


def test_units_put_back_serve_who_waits(balanced: World, cancelled: Cancelled) -> None:
    one = cancelled()
    mug = balanced.sku("MUG")
    hold(mug, 2, owners=[9_000])
    assert (9_000, "waiting", 2) in promised(mug)
    back(balanced, one, 3)
    grown = [e for e in told("SellableGrew") if e["sku_id"] == mug.pk][-1]
    serve_arrivals([SellableGrew(**grown)])
    assert (9_000, "held", 2) in promised(mug)


def test_the_same_document_puts_back_once(balanced: World, cancelled: Cancelled) -> None:
    one = cancelled()
    assert back(balanced, one, 1, document=77) == 2
    assert back(balanced, one, 1, document=77) == 2
    assert on_bench(balanced) == 2
    assert back(balanced, one, 2, document=78) == 0
    with pytest.raises(NothingToPutBack):
        back(balanced, one, 2, document=78)
    assert on_bench(balanced) == 0


@pytest.mark.parametrize("units", [0, -1, 4, 2_000_000_000])
def test_more_than_lies_there_is_refused(balanced: World, cancelled: Cancelled, units: int) -> None:
    one = cancelled()
    with pytest.raises(TooManyBack) as refusal:
        back(balanced, one, units, document=1)
    assert refusal.value.code == "too_many_back"
    assert_nothing_moved(balanced, one)


def assert_nothing_moved(world: World, one: PutBack) -> None:
    one.refresh_from_db()
    assert (one.left, one.done_at) == (3, None)
    assert on_bench(world) == 3
    assert stand(world.sku("MUG"), world.lyon) == (0, 0)


@pytest.mark.parametrize("item", ["CARTE", "", "garbage", "\x1d\x1d", "MUG\x00"])
def test_another_item_is_refused(balanced: World, cancelled: Cancelled, item: str) -> None:
    one = cancelled()
    with pytest.raises(NotTheItem):
        back(balanced, one, 1, item=item)
    assert_nothing_moved(balanced, one)


def test_a_code_that_is_no_bin_here_is_refused(balanced: World, cancelled: Cancelled) -> None:
    one = cancelled()
    for code in ("BENCH", "Z-99-9", ""):
        with pytest.raises(NoSuchBin):
            back(balanced, one, 1, into=code or " ")
    assert_nothing_moved(balanced, one)


def test_a_bin_that_is_full_is_refused_even_if_they_came_from_it(balanced: World, cancelled: Cancelled) -> None:
    one = cancelled()
    Place.objects.filter(pk=one.task.place_id).update(max_grams=400)
    with pytest.raises(BinFull):
        back(balanced, one, 2)
    assert_nothing_moved(balanced, one)
    assert back(balanced, one, 1) == 2


def test_a_bin_against_a_rule_needs_a_manager_unless_they_came_from_it(balanced: World, cancelled: Cancelled) -> None:
    from colisage.inbound.models import PutawayRule  # noqa: PLC0415

    one = cancelled()
    PutawayRule.objects.create(operator=balanced.nord, node=balanced.lyon, position=1, kind="alone", must=True)
    taken = StockCell.objects.filter(sku=balanced.sku("CARTE"), node=balanced.lyon, qty__gt=0)[0].place
    with pytest.raises(AgainstRules):
        back(balanced, one, 1, into=taken.code)
    assert_nothing_moved(balanced, one)
    find(balanced.sku("CARTE"), 1, at=spot_of(one.task.place))
    assert back(balanced, one, 1) == 2
    assert back(balanced, one, 2, into=taken.code, override=True) == 0


def test_units_of_another_operator_or_merchant_are_not_there(balanced: World, cancelled: Cancelled) -> None:
    one = cancelled()
    for operator, merchant in ((balanced.boreal, balanced.tilleul), (balanced.nord, balanced.northwind)):
        with pytest.raises(NotThere):
            put_units_back(
                operator.pk, merchant_id=merchant.pk, put_back_id=one.pk, item="MUG", bin_code="A-01-1", units=1,
                document=1, actor=SYSTEM,
            )  # fmt: skip
    assert_nothing_moved(balanced, one)


@pytest.mark.parametrize(("why", "kind"), [("lost", None), ("damaged", "quarantine")])
def test_what_is_missing_or_broken_is_written_off(
    balanced: World, cancelled: Cancelled, why: str, kind: str | None
) -> None:
    one = cancelled()
    facts = {"merchant_id": balanced.tilleul.pk, "put_back_id": one.pk, "why": why, "actor": SYSTEM}
    with pytest.raises(Refused):
        write_off_put_back(balanced.nord.pk, units=4, document=1, **facts)
    assert write_off_put_back(balanced.nord.pk, units=1, document=1, **facts) == 2
    assert write_off_put_back(balanced.nord.pk, units=1, document=1, **facts) == 2
    assert back(balanced, one, 2) == 0
    one.refresh_from_db()
    assert (one.back, one.missing) == (2, 1)
    assert stand(balanced.sku("MUG"), balanced.lyon) == (2, 0)
    if kind:
        there = StockCell.objects.get(place=place_of(balanced.lyon.pk, kind=kind), qty__gt=0)
        assert (there.qty, there.condition) == (1, "damaged")


def test_a_part_of_a_promise_ends_and_the_rest_stays_picked(balanced: World, cancelled: Cancelled) -> None:
    one = cancelled()
    back(balanced, one, 1)
    rows = sorted(Reservation.objects.filter(sku=balanced.sku("MUG")).values_list("state", "qty"))
    assert ("picked", 2) in rows
    assert ("released", 1) in rows


def test_units_of_a_recalled_lot_come_back_held(balanced: World, ready: Ready, ada: Actor) -> None:
    mug = balanced.sku("MUG")
    lot = Lot.objects.create(merchant=balanced.tilleul, sku=mug, code="L1")
    cell = StockCell.objects.get(sku=mug, node=balanced.lyon, qty__gt=0)
    lose(mug, 20, at=spot_of(cell.place))
    find(mug, 3, at=spot_of(cell.place, lot_id=lot.pk))
    [pk] = ready((("MUG", 3),))
    release_wave(balanced.nord.pk, node_id=balanced.lyon.pk, actor=ada)
    short_picks(balanced.nord.pk, shorts=[Short(PickTask.objects.get().pk, 2)], actor=ada)
    one = cancel(balanced, pk)
    set_lot_status(balanced.tilleul.pk, lot_ids=[lot.pk], status="recalled", reason="test", actor=SYSTEM)
    with pytest.raises(NotTheItem):
        back(balanced, one, 2, item="(01)03760012345674(10)L2")
    assert back(balanced, one, 2) == 0
    assert stand(mug, balanced.lyon) == (0, 0)
    assert StockCell.objects.get(place=cell.place, qty__gt=0).condition == "held"


def test_a_picker_scans_item_and_bin_and_is_done(balanced: World, cancelled: Cancelled, enter: Enter) -> None:
    one = cancelled()
    ada = enter(balanced.ada)
    assert b"Put back" in ada.get("/floor").content
    page = ada.get("/picking/put-back").content.decode()
    home = one.task.place.code
    assert "Mug en gr" in page
    assert f"batch {one.task.batch_id}, tote {one.task.tote}" in page
    wrong = ada.post("/picking/put-back", {"code": "CARTE"})
    assert wrong.status_code == 422
    assert 'data-verdict="bad"' in wrong.content.decode()
    step = ada.post("/picking/put-back", {"code": "mug"}, follow=True)
    text = step.content.decode()
    assert "Scan the bin" in text
    assert "The units came from this bin." in text
    document = text.split('name="document" value="')[1].split('"')[0]
    told = {"item": "mug", "document": document, "units": 2}
    for code in ("BENCH", "\x00", "Z9"):
        assert ada.post(f"/picking/put-back/{one.pk}", {**told, "code": code}).status_code == 422
    assert ada.post(f"/picking/put-back/{one.pk}", {**told, "code": home, "units": 9}).status_code == 422
    assert on_bench(balanced) == 3
    done = ada.post(f"/picking/put-back/{one.pk}", {**told, "code": home.lower()}, follow=True)
    assert "2 units are back in" in done.content.decode()
    assert on_bench(balanced) == 1
    again = ada.post(f"/picking/put-back/{one.pk}", {**told, "code": home, "units": 1, "document": 5}, follow=True)
    assert "Nothing to put back" in again.content.decode()
    gone = ada.post(f"/picking/put-back/{one.pk}", {**told, "code": home, "units": 1, "document": 5}, follow=True)
    assert "These units are back already." in gone.content.decode()


def test_an_item_that_waits_in_two_warehouses_is_asked_about(
    balanced: World, cancelled: Cancelled, enter: Enter
) -> None:
    one = cancelled()
    find(balanced.sku("MUG"), 5, at=spot_of(one.task.place))
    other = cancelled()
    nice = Node.objects.create(operator=balanced.nord, code="NICE", name="Nice")
    PutBack.objects.filter(pk=other.pk).update(node=nice)
    page = enter(balanced.ada).post("/picking/put-back", {"code": "MUG"}).content.decode()
    assert "In which warehouse are you?" in page
    for each in (one, other):
        assert f"/picking/put-back/{each.pk}?item=MUG" in page


@pytest.mark.parametrize("path", ["", "/missing"])
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"units": "1e9", "document": "x"},
        {"units": "9" * 30, "document": "9" * 30},
        {"code": "\x00", "item": "\x00"},
    ],
)
def test_noise_is_refused_and_moves_nothing(
    balanced: World, cancelled: Cancelled, enter: Enter, path: str, sent: dict[str, str]
) -> None:
    one = cancelled()
    answer = enter(balanced.ada).post(f"/picking/put-back/{one.pk}{path}", {"item": "MUG", "why": "lost", **sent})
    assert answer.status_code == 422
    assert_nothing_moved(balanced, one)


def test_missing_units_are_said_on_the_floor(balanced: World, cancelled: Cancelled, enter: Enter) -> None:
    one = cancelled()
    ada = enter(balanced.ada)
    assert "3 units should lie there." in ada.get(f"/picking/put-back/{one.pk}/missing").content.decode()
    told = {"units": 3, "why": "lost", "document": 9}
    done = ada.post(f"/picking/put-back/{one.pk}/missing", told, follow=True)
    assert "Written off." in done.content.decode()
    one.refresh_from_db()
    assert (one.missing, on_bench(balanced)) == (3, 0)


def test_who_may_not_pick_may_not_put_back(balanced: World, cancelled: Cancelled, enter: Enter) -> None:
    one = cancelled()
    assert enter(balanced.bo).get("/picking/put-back").status_code == 403
    assert enter(balanced.bo).post(f"/picking/put-back/{one.pk}", {"code": "MUG"}).status_code == 403
    assert enter(balanced.dee).get(f"/picking/put-back/{one.pk}").status_code in {403, 404}


def test_the_desk_says_how_many_units_lie_there(balanced: World, cancelled: Cancelled, enter: Enter) -> None:
    cancelled()
    chen = enter(balanced.chen)
    assert "3 units to put back" in chen.get("/").content.decode()
    assert "3 units of cancelled orders lie on the bench." in chen.get("/picking/").content.decode()


def test_the_list_asks_as_often_for_three_as_for_thirty(
    balanced: World, ready: Ready, ada: Actor, enter: Enter
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert enter(balanced.ada).get("/picking/put-back").status_code == 200
        return len(seen)

    asked()  # what is kept for the length of a process
    counts = []
    for many in (3, 30):
        find(balanced.sku("CARTE"), 200, at=spot_of(balanced.bins()[8]))
        made = ready(*[(("CARTE", 2),) for _ in range(many)])
        release_wave(balanced.nord.pk, node_id=balanced.lyon.pk, actor=ada)
        pick_all(balanced.nord.pk, batch_ids=PickBatch.objects.values_list("pk", flat=True), actor=ada)
        advance_stage(made, before={"picked"}, after="cancelled")
        orders = [part.order_id or 0 for part in parts(made).values()]
        ask_put_backs([OrderCancelled(merchant_id=balanced.tilleul.pk, order_id=order) for order in orders])
        counts.append(asked())
    assert PutBack.objects.count() == 33
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_pickers_put_the_same_units_back_once(balanced: World, cancelled: Cancelled) -> None:
    one = cancelled()
    results = at_once(*[lambda n=n: again(lambda: back(balanced, one, 2, document=n)) for n in (1, 2, 3, 3)])
    assert [given for given in results if not isinstance(given, Exception)] in ([1], [1, 1])  # document 3 is one
    assert all(isinstance(fault, TooManyBack) for fault in faults(results))
    assert on_bench(balanced) == 1
    assert stand(balanced.sku("MUG"), balanced.lyon) == (2, 0)
