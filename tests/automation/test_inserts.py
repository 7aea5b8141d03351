"""What a rule puts into a parcel beside what was ordered: promised, picked and packed with it, and never waited for."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from colisage.automation.actions.apply_rules import apply_rules
from colisage.automation.actions.judge_and_source import judge_and_source
from colisage.automation.actions.save_rule import BadRule, save_rule
from colisage.automation.models import Rule, RuleRun
from colisage.automation.queries.trials import try_rule
from colisage.boxing.models import BoxType
from colisage.carriers.models import Carrier
from colisage.catalog.models import Sku
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import Availability, Reservation
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import Refused
from colisage.kit.models import AuditEntry
from colisage.kit.outbox import drain
from colisage.kit.statements import ask
from colisage.network.models import NodeService
from colisage.orders.actions.add_inserts import add_inserts
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.leave_out_inserts import leave_out_inserts, leave_out_lost
from colisage.orders.actions.merge_orders import merge_orders
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.split_part import NothingToSendNow, split_part
from colisage.orders.events import OrderCancelled, OrderChanged
from colisage.orders.models import FulfillmentLine, FulfillmentOrder, Insert, Order, OrderLine
from colisage.orders.queries import lines_of
from colisage.orders.queries.inserts import inserts_of
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.actions.seal_all import seal_all
from colisage.packing.models import Parcel, ParcelLine
from colisage.packing.queries import slip_pdf
from colisage.picking.actions.ask_put_backs import ask_put_backs
from colisage.picking.actions.confirm_picks import Taken, confirm_picks
from colisage.picking.actions.pick_all import pick_all
from colisage.picking.actions.put_units_back import put_units_back
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.actions.short_picks import Short, short_picks
from colisage.picking.models import PickBatch, PickTask, PutBack
from colisage.returns.queries import returnable_of
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.hand_over import hand_over
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.models import Shipment
from colisage.sourcing.actions.source_orders import source_again
from tests.automation.conftest import MakeRule, Place
from tests.automation.test_rules import judged
from tests.books import balanced, find, lose, promised, spot_of, stand, where
from tests.cast import World, fill
from tests.packing.conftest import boxes
from tests.packing.test_slips import pages
from tests.program import Make, code_of, program
from tests.shipping.conftest import laposte
from tests.together import at_once, faults

__all__ = ["balanced", "boxes", "laposte", "program"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("balanced")]
LEAFLET = {"does": "insert", "sku": "LEAFLET"}
FRANCE = ("country", "in", ["FR"])


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def leaflet(world: World) -> Sku:
    """Keep ten leaflets in Lyon."""
    sku = Sku.objects.create(
        merchant=world.tilleul, code="LEAFLET", name="Catalogue d’automne", grams=90, length_mm=210, width_mm=148,
        height_mm=4,
    )  # fmt: skip
    find(sku, 10, at=spot_of(world.bins()[8]))
    return sku


@pytest.fixture
def rule(make_rule: MakeRule, leaflet: Sku) -> int:
    return make_rule(FRANCE, name="Catalogue", does=[LEAFLET])


def part(order: int) -> FulfillmentOrder:
    return FulfillmentOrder.objects.get(order=order)


def sent(order: int) -> list[tuple[str, int]]:
    """Give what the parts of an order send, as (SKU, units)."""
    lines = FulfillmentLine.objects.filter(fulfillment_order__order=order, quantity__gt=0).order_by("pk")
    return list(lines.values_list("sku__code", "quantity"))


def outcome(order: int) -> tuple[str, str]:
    [one] = inserts_of([order])[order]
    return one.state, one.why


def pick(world: World, *orders: int) -> list[int]:
    """Release the parts of orders and take everything."""
    ids = [part(order).pk for order in orders]
    release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=ids, actor=SYSTEM)
    pick_all(world.nord.pk, batch_ids=list(PickBatch.objects.values_list("pk", flat=True)), actor=SYSTEM)
    return ids


@pytest.mark.usefixtures("rule", "boxes")
def test_it_is_promised_picked_packed_shown_and_leaves_with_the_order(
    world: World, leaflet: Sku, place: Place, laposte: Carrier
) -> None:
    order, abroad = place(("MUG", 1)), place(("MUG", 1), bill_to=None, ship_to=None)
    before = Order.objects.get(pk=order)
    judged(world, order, abroad)
    assert sent(order) == [("MUG", 1), ("LEAFLET", 1)]
    assert [line.sku_code for line in lines_of([order])[order]] == ["MUG"]
    assert Order.objects.get(pk=order).total_cents == before.total_cents
    assert (stand(leaflet, world.lyon), outcome(order), inserts_of([abroad])[abroad]) == ((10, 1), ("added", ""), [])
    [pk] = pick(world, order)
    assert part(order).stage == "picked"
    assert sorted(PickTask.objects.values_list("sku__code", "picked")) == [("LEAFLET", 1), ("MUG", 1)]
    [parcel] = make_parcels([pk])
    assert sorted(ParcelLine.objects.values_list("sku__code", "quantity")) == [("LEAFLET", 1), ("MUG", 1)]
    assert Parcel.objects.get().expected_grams - Parcel.objects.get().box_type.empty_grams == 380 + 90  # type: ignore[union-attr]
    [page] = pages(slip_pdf([world.tilleul.pk], parcel_ids=[parcel]))
    assert page.count("Joint au colis, offert") == 1
    seal_all([world.tilleul.pk], fulfillment_order_ids=[pk], actor=SYSTEM)
    buy_labels(request_shipments([pk]))
    hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=SYSTEM)
    assert promised(leaflet)[0][1:] == ("consumed", 1)
    shipment = Shipment.objects.get()
    [[_ref, _carrier, _at, _all, told, _labels]] = ask(
        "connectors", "shipment_told", {"shipment": shipment.pk, "order": order}
    )
    assert "LEAFLET" not in str(told)
    assert str(told).count('"') <= 4  # one line is told to the shop
    can = returnable_of(world.tilleul.pk, order_id=order)
    assert can is not None
    assert [(row.line.sku_code, row.left) for row in can.lines] == [("MUG", 1)]


@pytest.mark.usefixtures("rule", "boxes")
@pytest.mark.parametrize(("language", "words"), [("en", "Insert, free of charge"), ("fr", "Joint au colis, offert")])
def test_the_floor_is_told_that_nobody_ordered_it(
    world: World, place: Place, enter: Any, language: str, words: str
) -> None:
    order = place(("MUG", 1))
    judged(world, order)
    pk = part(order).pk
    release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=[pk], actor=SYSTEM)
    batch = PickBatch.objects.get()

    def said(person: Any, url: str) -> str:
        client = enter(person)
        client.cookies["language"] = language
        return str(client.get(url).content.decode())

    enter(world.ada).post(reverse("picking-take", args=[batch.pk]))
    steps = {}
    for task in PickTask.objects.order_by("position", "pk"):
        page = said(world.ada, reverse("picking-pick", args=[batch.pk]))
        steps[task.sku.code] = words in page
        confirm_picks(world.nord.pk, picks=[Taken(task.pk)], actor=SYSTEM)
    assert steps == {"MUG": False, "LEAFLET": True}
    assert said(world.chen, reverse("picking-batch", args=[batch.pk])).count(words) == 1
    [parcel] = make_parcels([pk])
    rows = said(world.bo, reverse("packing-parcel", args=[parcel])).split('class="checks"')[1].split("<li")
    assert [("Catalogue" in row) == (words in row) for row in rows] == [True] * len(rows)
    assert sum(words in row for row in rows) == 1


def test_an_order_never_waits_for_one_that_is_not_free(
    world: World, make_rule: MakeRule, place: Place, leaflet: Sku
) -> None:
    make_rule(FRANCE, does=[LEAFLET])
    lose(leaflet, 9, at=where(leaflet, world.lyon))
    first, second = place(), place()
    judged(world, first, second)
    assert (outcome(first), outcome(second)) == (("added", ""), ("left_out", "none_free"))
    assert (part(first).stage, part(second).stage, sent(second)) == ("ready", "ready", [("MUG", 1)])
    deed = AuditEntry.objects.get(doc_id=second, verb="insert_left_out")
    assert deed.data == {"sku": "LEAFLET", "left_out": "none_free"}
    assert not Reservation.objects.filter(state__in=["waiting", "ahead"]).exists()
    find(leaflet, 5, at=where(leaflet, world.lyon))
    judged(world, second)  # it was decided: what comes later changes nothing
    assert outcome(second) == ("left_out", "none_free")


def test_it_comes_from_a_node_that_sends_something_anyway_and_no_part_is_made_for_it(
    world: World, make_rule: MakeRule, place: Place, leaflet: Sku
) -> None:
    lose(leaflet, 10, at=where(leaflet, world.lyon))
    find(leaflet, 3, at=spot_of(world.bins(world.montreal)[0]))
    make_rule(FRANCE, does=[LEAFLET])
    order = place()
    judged(world, order)
    assert (part(order).node, outcome(order)) == (world.lyon, ("left_out", "none_free"))


def test_pre_orders_and_safety_stock_are_not_touched_by_it(
    world: World, make_rule: MakeRule, place: Place, leaflet: Sku
) -> None:
    Availability.objects.filter(sku=leaflet).update(safety=10, ahead_cap=50)
    make_rule(FRANCE, does=[LEAFLET])
    order = place()
    judged(world, order)
    assert (outcome(order), promised(leaflet)) == (("left_out", "none_free"), [])


def test_several_rules_and_batches_read_twice_add_it_once(
    world: World, rule: int, make_rule: MakeRule, place: Place, leaflet: Sku
) -> None:
    make_rule(name="Again", does=[LEAFLET, LEAFLET], moments=["accepted", "changed", "sourced"])
    order = place()
    judged(world, order)
    judged(world, order)
    judge_and_source([OrderChanged(merchant_id=world.tilleul.pk, order_id=order, change_id=0, kind="contact")])
    assert add_inserts([order]) == 0
    assert (sent(order), promised(leaflet)[0][1:]) == ([("MUG", 1), ("LEAFLET", 1)], ("held", 1))
    assert (Insert.objects.count(), RuleRun.objects.count(), Reservation.objects.filter(sku=leaflet).count()) == (
        1,
        2,
        1,
    )


def test_once_the_node_is_chosen_it_may_be_asked_for_by_it(
    world: World, make_rule: MakeRule, place: Place, leaflet: Sku
) -> None:
    make_rule(("node", "any", ["LYON"]), moments=["sourced"], does=[LEAFLET])
    make_rule(("node", "any", ["MTL"]), moments=["sourced"], does=[{"does": "insert", "sku": "CARTE"}])
    order = place()
    judged(world, order)
    assert sent(order) == [("MUG", 1), ("LEAFLET", 1)]


def test_a_change_asks_for_it_until_the_floor_has_begun(
    world: World, make_rule: MakeRule, place: Place, leaflet: Sku
) -> None:
    make_rule(("customer_note", "yes", None), moments=["changed"], does=[LEAFLET])
    early, late = place(), place()
    judged(world, early, late)
    release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=[part(late).pk], actor=SYSTEM)
    Order.objects.update(customer_note="Merci")
    judge_and_source(
        [OrderChanged(merchant_id=world.tilleul.pk, order_id=pk, change_id=0, kind="notes") for pk in (early, late)]
    )
    assert (outcome(early), outcome(late)) == (("added", ""), ("left_out", "too_late"))


def test_a_cancelled_order_gives_it_back_once(world: World, rule: int, place: Place, leaflet: Sku) -> None:
    order, other = place(), place()
    judged(world, order, other)
    for _again in range(2):
        cancel_orders(world.tilleul.pk, order_ids=[order], actor=SYSTEM)
    assert stand(leaflet, world.lyon) == (10, 1)
    assert [state for _owner, state, _units in promised(leaflet)] == ["released", "held"]
    judged(world, order)
    assert stand(leaflet, world.lyon) == (10, 1)


def test_an_order_that_ends_by_a_change_gives_it_back_once(world: World, rule: int, place: Place, leaflet: Sku) -> None:
    order = place(("MUG", 2))
    judged(world, order)
    [line] = OrderLine.objects.filter(order=order)
    change_order(world.tilleul.pk, order_id=order, wish=Wish(quantities={line.pk: 1}), actor=SYSTEM)
    assert sent(order) == [("MUG", 1), ("LEAFLET", 1)]
    change_order(world.tilleul.pk, order_id=order, wish=Wish(quantities={line.pk: 0}), actor=SYSTEM)
    assert (part(order).stage, Order.objects.get(pk=order).state, sent(order)) == ("cancelled", "cancelled", [])
    assert stand(leaflet, world.lyon) == (10, 0)
    judged(world, order)
    assert stand(leaflet, world.lyon) == (10, 0)


def test_it_goes_with_another_part_when_its_own_ends(world: World, rule: int, place: Place, leaflet: Sku) -> None:
    plume = world.sku("PLUME")
    lose(plume, 20, at=where(plume, world.lyon))
    find(plume, 5, at=spot_of(world.bins(world.montreal)[2]))
    find(leaflet, 4, at=spot_of(world.bins(world.montreal)[6]))
    order = place(("CARTE", 1), ("PLUME", 2))
    judged(world, order)
    ours = FulfillmentLine.objects.get(fulfillment_order__order=order, order_line=None)
    parts = FulfillmentOrder.objects.filter(order=order).order_by("pk")
    assert len(parts) == 2
    assert ours.fulfillment_order_id == parts[0].pk
    ends = FulfillmentLine.objects.filter(fulfillment_order=parts[0], order_line__isnull=False)
    wish = Wish(quantities={line.order_line_id or 0: 0 for line in ends})
    change_order(world.tilleul.pk, order_id=order, wish=wish, actor=SYSTEM)
    assert outcome(order) == ("asked", "")
    judge_and_source([OrderChanged(merchant_id=world.tilleul.pk, order_id=order, change_id=0, kind="cancel")])
    again = FulfillmentLine.objects.get(fulfillment_order__order=order, order_line=None, quantity=1)
    assert (again.fulfillment_order_id, outcome(order)) == (parts[1].pk, ("added", ""))
    assert sum(state == "held" for _owner, state, _units in promised(leaflet)) == 1


def test_it_goes_with_what_goes_now_and_is_no_reason_to_send_ahead(
    world: World, rule: int, place: Place, leaflet: Sku
) -> None:
    partly, nothing = place(("MUG", 1), ("CARTE", 30)), place(("CARTE", 40))
    judged(world, partly, nothing)
    assert sent(nothing)[-1] == ("LEAFLET", 1)
    with pytest.raises(NothingToSendNow):
        split_part(world.tilleul.pk, part_id=part(nothing).pk, actor=SYSTEM)
    head = part(partly).pk
    later = split_part(world.tilleul.pk, part_id=head, actor=SYSTEM)
    lines = FulfillmentLine.objects.filter(quantity__gt=0)
    assert lines.filter(fulfillment_order=head, order_line=None).count() == 1
    assert not lines.filter(fulfillment_order=later, order_line=None).exists()
    assert FulfillmentOrder.objects.get(pk=head).stage == "ready"


def test_orders_in_one_parcel_each_bring_theirs(
    world: World, rule: int, place: Place, leaflet: Sku, boxes: dict[str, BoxType]
) -> None:
    one, other = place(("MUG", 1)), place(("CARTE", 1))
    judged(world, one, other)
    merge_orders(world.tilleul.pk, groups=[[one, other]], actor=SYSTEM)
    ids = pick(world, one, other)
    [parcel] = make_parcels(ids)
    inside = ParcelLine.objects.filter(parcel=parcel, sku=leaflet)
    assert sum(line.quantity for line in inside) == 2
    [page] = pages(slip_pdf([world.tilleul.pk], parcel_ids=[parcel]))
    assert page.count("LEAFLET") == 2
    assert stand(leaflet, world.lyon) == (8, 0)


def test_other_nodes_send_it_when_they_have_it(world: World, rule: int, place: Place, leaflet: Sku) -> None:
    order = place()
    judged(world, order)
    fill(world, world.montreal, {"MUG": world.sku("MUG")}, 5)
    find(leaflet, 1, at=spot_of(world.bins(world.montreal)[6]))
    avoid(world)
    assert source_again([order]) == {order}
    assert (part(order).node, outcome(order)) == (world.montreal, ("added", ""))
    assert (stand(leaflet, world.lyon), stand(leaflet, world.montreal)) == ((10, 0), (1, 1))


def avoid(world: World) -> None:
    """Have Lyon avoided."""
    NodeService.objects.filter(node=world.lyon, merchant=world.tilleul).delete()


def test_an_insert_loses_its_unit_before_anybody_who_ordered_one(
    world: World, make_rule: MakeRule, place: Place
) -> None:
    card = world.sku("CARTE")
    make_rule(("gift_note", "yes", None), does=[{"does": "insert", "sku": "CARTE"}])
    gift = place(gift_note="x")
    judged(world, gift)
    buyer = place(("CARTE", 19))
    judged(world, buyer)
    lose(card, 1, at=where(card, world.lyon))
    assert [state for _owner, state, _units in promised(card)] == ["released", "held"]
    assert part(buyer).stage == "ready"


@pytest.mark.django_db(transaction=True)
def test_one_that_is_lost_in_its_bin_is_left_out_and_the_order_goes_on(
    world: World, rule: int, place: Place, leaflet: Sku
) -> None:
    idle = place()
    floor, wave = place(), place()
    drain()
    ids = [part(order).pk for order in (floor, wave)]
    lose(leaflet, 8, at=where(leaflet, world.lyon))
    assert (part(idle).stage, outcome(wave)) == ("ready", ("added", ""))
    release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=ids, actor=SYSTEM)
    assert (outcome(wave), sent(wave)) == (("left_out", "lost"), [("MUG", 1)])  # before the event was heard
    drain()
    task = PickTask.objects.get(sku=leaflet, state="open")
    assert short_picks(world.nord.pk, shorts=[Short(task.pk, 0)], actor=SYSTEM).new_tasks == []
    assert outcome(floor) == ("left_out", "lost")
    drain()
    assert outcome(idle) == ("left_out", "lost")
    pick_all(world.nord.pk, batch_ids=list(PickBatch.objects.values_list("pk", flat=True)), actor=SYSTEM)
    assert [part(order).stage for order in (idle, floor, wave)] == ["ready", "picked", "picked"]
    assert stand(leaflet, world.lyon) == (0, 0)
    assert not Reservation.objects.filter(sku=leaflet, state__in=["held", "waiting"]).exists()
    leave_out_lost([])
    assert leave_out_inserts(FulfillmentLine.objects.values_list("pk", flat=True), why="lost", actor=SYSTEM) == 0


def test_units_lost_from_the_bin_while_a_picker_is_on_the_way_end_its_task(
    world: World, rule: int, place: Place, leaflet: Sku
) -> None:
    order = place()
    judged(world, order)
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=SYSTEM)
    lose(leaflet, 10, at=where(leaflet, world.lyon))
    pick_all(world.nord.pk, batch_ids=list(PickBatch.objects.values_list("pk", flat=True)), actor=SYSTEM)
    assert (part(order).stage, outcome(order)) == ("picked", ("left_out", "lost"))


@pytest.mark.django_db(transaction=True)
def test_what_was_picked_of_a_part_that_ends_goes_back_though_the_order_goes_on(
    world: World, rule: int, place: Place, leaflet: Sku
) -> None:
    plume, mug = world.sku("PLUME"), world.sku("MUG")
    lose(plume, 20, at=where(plume, world.lyon))
    find(plume, 5, at=spot_of(world.bins(world.montreal)[2]))
    order = place(("MUG", 1), ("PLUME", 1))
    drain()
    ours = FulfillmentLine.objects.get(fulfillment_order__order=order, order_line=None)
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=SYSTEM)
    task = PickTask.objects.get(sku=leaflet)
    confirm_picks(world.nord.pk, picks=[Taken(task.pk)], actor=SYSTEM)
    short_picks(world.nord.pk, shorts=[Short(PickTask.objects.get(sku=mug).pk, 0)], actor=SYSTEM)
    assert FulfillmentOrder.objects.get(pk=ours.fulfillment_order_id).stage == "waiting"
    wish = Wish(quantities={OrderLine.objects.get(order=order, sku=mug).pk: 0})
    change_order(world.tilleul.pk, order_id=order, wish=wish, actor=SYSTEM)
    drain()
    assert Order.objects.get(pk=order).state == "open"
    back = PutBack.objects.get()
    assert (back.task, back.units) == (task, 1)
    put_units_back(
        world.nord.pk, merchant_id=world.tilleul.pk, put_back_id=back.pk, item="LEAFLET",
        bin_code=world.bins()[8].code, units=1, document=1, actor=SYSTEM,
    )  # fmt: skip
    assert stand(leaflet, world.lyon) == (10, 0)


def test_what_was_picked_of_a_cancelled_order_goes_back_with_the_rest(
    world: World, rule: int, place: Place, leaflet: Sku
) -> None:
    order = place(("MUG", 1), ("CARTE", 1))
    judged(world, order)
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=SYSTEM)
    lost = PickTask.objects.get(sku=world.sku("MUG"))
    lose(world.sku("MUG"), 19, at=where(world.sku("MUG"), world.lyon))
    tasks = PickTask.objects.exclude(pk=lost.pk).values_list("pk", flat=True)
    confirm_picks(world.nord.pk, picks=[Taken(pk) for pk in tasks], actor=SYSTEM)
    short_picks(world.nord.pk, shorts=[Short(lost.pk, 0)], actor=SYSTEM)
    assert part(order).stage == "waiting"
    cancel_orders(world.tilleul.pk, order_ids=[order], actor=SYSTEM)
    ask_put_backs([OrderCancelled(merchant_id=world.tilleul.pk, order_id=order)])
    back = PutBack.objects.get(task__sku=leaflet)
    put_units_back(
        world.nord.pk, merchant_id=world.tilleul.pk, put_back_id=back.pk, item="LEAFLET",
        bin_code=world.bins()[8].code, units=1, document=1, actor=SYSTEM,
    )  # fmt: skip
    assert (stand(leaflet, world.lyon), [state for _o, state, _u in promised(leaflet)]) == ((10, 0), ["released"])


@pytest.mark.parametrize(
    ("code", "changes", "said"),
    [
        ("NOWHERE", {}, "not in your catalogue"),
        ("COFFRET", {}, "is a bundle"),
        ("MUG", {"tracks_serials": True}, "serial numbers"),
        ("MUG", {"digital": True}, "not a thing"),
        ("", {}, "missing"),
    ],
)
def test_what_cannot_be_an_insert_is_said_when_the_rule_is_written(
    world: World, make_rule: MakeRule, code: str, changes: dict[str, Any], said: str
) -> None:
    Sku.objects.filter(merchant=world.tilleul, code=code).update(**changes) if changes else None
    with pytest.raises(BadRule) as refusal:
        make_rule(does=[{"does": "tag", "tag": "x"}, {"does": "insert", "sku": code}])
    [fault] = refusal.value.found
    assert fault.where == "e1"
    assert said in str(fault)
    assert not Rule.objects.exists()


def test_another_merchants_sku_is_not_known(world: World, make_rule: MakeRule) -> None:
    Sku.objects.create(merchant=world.northwind, code="FLYER", name="Flyer")
    with pytest.raises(BadRule, match="cannot be kept") as refusal:
        make_rule(does=[{"does": "insert", "sku": "FLYER"}])
    assert "not in your catalogue" in str(refusal.value.found[0])


def test_it_is_kept_as_the_catalogue_spells_it_and_told_when_the_sku_is_gone_or_unfit(
    world: World, make_rule: MakeRule, place: Place, leaflet: Sku
) -> None:
    rule = make_rule(does=[{"does": "insert", "sku": " leaflet "}])
    assert Rule.objects.get(pk=rule).effects == [LEAFLET]
    Sku.objects.filter(pk=leaflet.pk).update(tracks_serials=True)
    numbered = place()
    judged(world, numbered)
    assert outcome(numbered) == ("left_out", "unfit")
    Sku.objects.filter(pk=leaflet.pk).update(code="LEAFLET-2")
    renamed = place()
    judged(world, renamed)
    assert AuditEntry.objects.get(doc_id=renamed, verb="insert_unknown").data == {"sku": "LEAFLET"}
    assert part(renamed).stage == "ready"


def test_a_trial_says_how_many_would_have_gone_along(world: World, rule: int, place: Place, leaflet: Sku) -> None:
    for _ in range(3):
        place()
    gone = place()
    cancel_orders(world.tilleul.pk, order_ids=[gone], actor=SYSTEM)
    [told] = try_rule(Rule.objects.get(pk=rule), last=100).inserts
    assert (told.sku, told.units, told.free) == ("LEAFLET", 3, 10)
    assert not Insert.objects.exists()


@pytest.mark.parametrize("also", [0, 1])
def test_a_hundred_orders_take_as_many_statements_as_three(
    world: World, make_rule: MakeRule, leaflet: Sku, also: int
) -> None:
    make_rule(does=[LEAFLET])
    if also:
        make_rule(("node", "any", ["LYON"]), moments=["sourced"], does=[{"does": "insert", "sku": "CARTE"}])
    counted = []
    for n in (3, 100):
        answers = place_orders([world.order(("TAPIS", 1), may_owe=True) for _ in range(n)], actor=SYSTEM)
        ids = [answer.order_id or 0 for answer in answers]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            judged(world, *ids)
        counted.append(len(asked))
        find(world.sku("TAPIS"), 200, at=where(world.sku("TAPIS"), world.lyon))
    assert counted[0] == counted[1]
    assert Insert.objects.filter(sku=leaflet, state="added").count() == 10


@pytest.mark.django_db(transaction=True)
def test_two_who_apply_it_at_once_add_it_once_and_those_who_sell_it_do_not_deadlock(
    world: World, make_rule: MakeRule, place: Place, leaflet: Sku
) -> None:
    make_rule(does=[LEAFLET, {"does": "insert", "sku": "CARTE"}])
    orders = [place(("MUG", 1)) for _ in range(6)]

    def sell() -> None:
        for _ in range(4):
            place_orders([world.order(("CARTE", 1), ("MUG", 1), ("TAPIS", 1))], actor=SYSTEM)

    done = at_once(*[lambda: judged(world, *orders)] * 3, sell, sell)
    assert not faults(done)
    assert all(sent(order) == [("MUG", 1), ("LEAFLET", 1), ("CARTE", 1)] for order in orders)
    assert stand(leaflet, world.lyon) == (10, 6)


def test_asking_alone_promises_nothing(world: World, rule: int, place: Place, leaflet: Sku) -> None:
    order = place()
    assert apply_rules({order: world.tilleul.pk}, moment="accepted") == 1
    assert (outcome(order), lock_free([leaflet.pk])[leaflet.pk, world.lyon.pk]) == (("asked", ""), 10)
    with pytest.raises(Refused):
        save_rule(world.tilleul.pk, raw={"name": "x", "effects": [LEAFLET], "conditions": []}, actor=SYSTEM)


def test_programs_write_it_try_it_and_read_what_became_of_it(
    world: World, program: Make, place: Place, leaflet: Sku
) -> None:
    ask_api = program("rules:read", "rules:write", "orders:read")
    wrong = {"name": "x", "moments": ["accepted"], "conditions": [], "effects": [{"does": "insert", "sku": "COFFRET"}]}
    answer = ask_api.post("rules", wrong)
    assert code_of(answer) == (422, "bad_rule")
    assert answer.json()["errors"][0]["pointer"] == "/effects/0"
    made = ask_api.post("rules", wrong | {"effects": [{"does": "insert", "sku": "leaflet"}]}).json()
    assert made["effects"] == [LEAFLET]
    order = place()
    assert ask_api.read(f"rules/{made['id']}/trial")["inserts"] == [{"sku": "LEAFLET", "units": 1, "free": 10}]
    assert ask_api.post(f"rules/{made['id']}/switch", {"on": True}).status_code == 200
    judged(world, order)
    told = ask_api.read(f"orders/{order}")
    assert told["inserts"] == [{"sku": "LEAFLET", "state": "added", "why": "", "detail": "", "rule": "x"}]
    assert [line["sku"] for line in told["lines"]] == ["MUG"]
    assert {"line_id": None, "sku": "LEAFLET", "quantity": 1} in told["fulfillment_orders"][0]["lines"]


@pytest.mark.usefixtures("rule")
def test_the_page_of_an_order_says_what_became_of_it(world: World, enter: Any, place: Place, leaflet: Sku) -> None:
    lose(leaflet, 9, at=where(leaflet, world.lyon))
    with_it, without = place(), place()
    judged(world, with_it, without)
    desk = enter(world.chen)
    page = desk.get(reverse("order", args=[with_it])).content.decode()
    assert "insert, by the rule “Catalogue”" in page
    assert "goes with the order" in page
    page = desk.get(reverse("order", args=[without])).content.decode()
    assert "left out" in page
    assert "none was free where the order is sent from" in page
