"""What a delivery brought: too many, too few, damaged, wrong, unknown; taken back, finished."""

from datetime import date

import pytest
from django.urls import reverse

from colisage.catalog.models import Sku
from colisage.inbound.actions.finish_delivery import DeliveryFinished, NothingReceived, finish_delivery
from colisage.inbound.actions.open_delivery import open_delivery
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.receive_goods import OverDelivered, SerialMissing
from colisage.inbound.actions.receive_many import Against, Taken, receive_many
from colisage.inbound.actions.set_aside import Found, NothingSaid, set_aside
from colisage.inbound.actions.settle_aside import (
    AnotherSku,
    AsideSettled,
    GoneFromQuarantine,
    Labelled,
    StaysOut,
    settle_aside,
)
from colisage.inbound.actions.undo_receipt import AlreadyUndone, NoLongerOnDock, undo_receipt
from colisage.inbound.models import Delivery, DockPolicy, PurchaseLine, PurchaseOrder, Receipt, SetAside
from colisage.inventory.actions.save_serials import SerialNamedTwice, SerialOnHand
from colisage.inventory.models import Lot, StockCell, StockMovement
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.errors import NotThere
from colisage.kit.models import AuditEntry
from tests.cast import World
from tests.inbound.dock import at_the_dock, desk, lying, order, take_in

DOCK, BROKEN = ("dock", "sellable"), ("quarantine", "damaged")


def received(purchase: int) -> list[tuple[int, int]]:
    return list(PurchaseLine.objects.filter(purchase_order=purchase).order_by("pk").values_list("ordered", "received"))


def test_a_few_too_many_are_taken_and_shown(balanced: World) -> None:
    purchase = order(balanced, ("MUG", 100))
    receipt = take_in(balanced, good=104, damaged=1, purchase_order_id=purchase)
    assert Receipt.objects.get(pk=receipt).over == 5
    assert received(purchase) == [(100, 105)]
    assert lying(balanced, "MUG") == {DOCK: 104, BROKEN: 1}


def test_far_too_many_are_taken_once_somebody_confirms(balanced: World) -> None:
    purchase = order(balanced, ("MUG", 100))
    with pytest.raises(OverDelivered) as refused:
        take_in(balanced, good=106, purchase_order_id=purchase)
    assert refused.value.code == "over_delivered"
    assert received(purchase) == [(100, 0)]
    assert not lying(balanced, "MUG")
    take_in(balanced, good=106, purchase_order_id=purchase, over_confirmed=True)
    assert received(purchase) == [(100, 106)]


def test_a_merchant_says_how_many_too_many_pass_unasked(balanced: World) -> None:
    purchase, page = order(balanced, ("MUG", 100)), reverse("dock-policy-save")
    office = desk(balanced)
    assert b'value="5"' in office.get(reverse("putaway-rules")).content
    office.post(page, {"over_percent": "0"})
    assert AuditEntry.objects.get(verb="dock_policy_saved").data == {"from": 5, "to": 0}
    with pytest.raises(OverDelivered):
        take_in(balanced, good=101, purchase_order_id=purchase)
    office.post(page, {"over_percent": "20"})
    take_in(balanced, good=120, purchase_order_id=purchase)
    assert received(purchase) == [(100, 120)]


@pytest.mark.parametrize("typed", ["", "-1", "101", "2.5", "many", "\0", "9" * 400, "١"])
def test_a_tolerance_that_is_no_share_is_refused_in_words(balanced: World, typed: str) -> None:
    answer = desk(balanced).post(reverse("dock-policy-save"), {"over_percent": typed}, follow=True)
    assert "a whole number of per cent, from 0 to 100" in answer.content.decode()
    assert not DockPolicy.objects.exists()


def test_only_a_manager_of_the_merchant_sets_the_tolerance(balanced: World) -> None:
    for person in (balanced.ada, balanced.bo):
        assert at_the_dock(balanced, person).post(reverse("dock-policy-save"), {"over_percent": "9"}).status_code == 403
    assert not DockPolicy.objects.exists()


def test_what_nobody_ordered_is_taken_as_unexpected_and_counts_on_no_line(balanced: World) -> None:
    purchase = order(balanced, ("MUG", 10))
    receipt = take_in(balanced, "CARTE", 7, purchase_order_id=purchase, unexpected=True)
    kept = Receipt.objects.get(pk=receipt)
    assert (kept.unexpected, kept.over) == (True, 7)
    assert received(purchase) == [(10, 0)]
    undo_receipt(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)
    assert received(purchase) == [(10, 0)]


def test_a_receipt_taken_back_leaves_nothing_but_its_trace(balanced: World) -> None:
    purchase = order(balanced, ("MUG", 10))
    receipt = take_in(balanced, good=8, damaged=2, purchase_order_id=purchase)
    assert PurchaseOrder.objects.get().state == "closed"
    undo_receipt(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)
    assert not lying(balanced, "MUG")
    assert received(purchase) == [(10, 0)]
    assert PurchaseOrder.objects.get().state == "open"
    assert StockMovement.objects.filter(doc_kind="receipt_undone", doc_id=receipt).count() == 2
    with pytest.raises(AlreadyUndone):
        undo_receipt(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)


def test_what_left_the_dock_is_not_taken_back(balanced: World) -> None:
    receipt = take_in(balanced)
    put_away(balanced.tilleul.pk, receipt_id=receipt, bin_code="C-04-1", qty=1, actor=SYSTEM)
    with pytest.raises(NoLongerOnDock):
        undo_receipt(balanced.tilleul.pk, receipt_id=receipt, actor=SYSTEM)
    with pytest.raises(NotThere):
        undo_receipt(balanced.northwind.pk, receipt_id=receipt, actor=SYSTEM)


def test_an_order_stays_open_for_what_is_missing_or_is_closed_short(balanced: World) -> None:
    tilleul, lyon = balanced.tilleul.pk, balanced.lyon.pk
    purchase = order(balanced, ("MUG", 10))
    first = open_delivery(tilleul, node_id=lyon, purchase_order_id=purchase, actor=SYSTEM)
    with pytest.raises(NothingReceived):
        finish_delivery(tilleul, delivery_id=first, actor=SYSTEM)
    take_in(balanced, good=6, purchase_order_id=purchase, delivery_id=first)
    assert open_delivery(tilleul, node_id=lyon, purchase_order_id=purchase, actor=SYSTEM) == first
    assert finish_delivery(tilleul, delivery_id=first, actor=SYSTEM) == {balanced.sku("MUG").pk: 4}
    assert PurchaseOrder.objects.get().state == "partly"
    with pytest.raises(DeliveryFinished):
        finish_delivery(tilleul, delivery_id=first, actor=SYSTEM)
    second = open_delivery(tilleul, node_id=lyon, purchase_order_id=purchase, actor=SYSTEM)
    assert second != first
    take_in(balanced, good=1, purchase_order_id=purchase, delivery_id=second)
    finish_delivery(tilleul, delivery_id=second, close_short=True, actor=SYSTEM)
    assert PurchaseOrder.objects.get().state == "short"
    assert Delivery.objects.get(pk=second).closed_short


def test_a_person_has_one_blind_delivery_at_a_node(balanced: World) -> None:
    ada, bo = Actor(kind="person", id=1, name="Ada"), Actor(kind="person", id=2, name="Bo")
    made = [open_delivery(balanced.tilleul.pk, node_id=balanced.lyon.pk, actor=who) for who in (ada, ada, bo)]
    assert made[0] == made[1] != made[2]


def test_a_serial_number_is_taken_in_once(balanced: World) -> None:
    facts = {"tracks_serials": True, "good": 1}
    take_in(balanced, "LAMPE", serial="SN-1", **facts)
    for serial, refusal in (("SN-1", SerialOnHand), ("", SerialMissing)):
        with pytest.raises(refusal):
            take_in(balanced, "LAMPE", serial=serial, **facts)
    with pytest.raises(SerialMissing):
        take_in(balanced, "LAMPE", serial="SN-2", tracks_serials=True, good=2)
    assert sum(lying(balanced, "LAMPE").values()) == 1


def test_a_serial_number_twice_in_one_delivery_refuses_it_whole(balanced: World) -> None:
    lamp = balanced.sku("LAMPE").pk
    twice = [Taken(sku_id=lamp, sku_code="LAMPE", good=1, serial="SN-9", tracks_serials=True) for _ in range(2)]
    with pytest.raises(SerialNamedTwice) as refused:
        receive_many(balanced.tilleul.pk, twice, node_id=balanced.lyon.pk, against=Against(), actor=SYSTEM)
    assert "SN-9" in str(refused.value)
    assert not Receipt.objects.exists()


def aside(world: World, **facts: object) -> int:
    told = {"kind": "unidentified", "units": 3, "description": "Tasses rouges", **facts}
    return set_aside(world.tilleul.pk, node_id=world.lyon.pk, found=Found(**told), actor=SYSTEM)  # type: ignore[arg-type]


def test_what_nobody_can_name_waits_outside_the_books_and_is_taken_in_once_it_is_known(balanced: World) -> None:
    made = aside(balanced, scanned="4006381333931")
    assert not StockMovement.objects.exclude(doc_kind="opening").exists()
    mug = balanced.sku("MUG").pk
    receipt = settle_aside(balanced.tilleul.pk, aside_id=made, take=(mug, "MUG"), actor=SYSTEM)
    assert lying(balanced, "MUG") == {DOCK: 3}
    kept = SetAside.objects.get()
    assert (kept.state, kept.receipt_id, kept.sku_id) == ("taken", receipt, mug)
    with pytest.raises(AsideSettled):
        settle_aside(balanced.tilleul.pk, aside_id=made, actor=SYSTEM)
    with pytest.raises(NotThere):
        settle_aside(balanced.northwind.pk, aside_id=made, actor=SYSTEM)


def test_what_nobody_ordered_lies_in_quarantine_until_it_goes_back(balanced: World) -> None:
    made = aside(balanced, kind="wrong", sku_id=balanced.sku("CARTE").pk, description="")
    assert lying(balanced, "CARTE") == {("quarantine", "quarantine"): 3}
    settle_aside(balanced.tilleul.pk, aside_id=made, note="lettre du 3", actor=SYSTEM)
    assert not lying(balanced, "CARTE")
    assert SetAside.objects.get().state == "sent_back"
    assert StockMovement.objects.filter(reason="back_to_supplier").count() == 1


def test_what_was_set_aside_is_taken_in_from_quarantine_on_its_order(balanced: World) -> None:
    purchase = order(balanced, ("MUG", 5))
    delivery = open_delivery(balanced.tilleul.pk, node_id=balanced.lyon.pk, purchase_order_id=purchase, actor=SYSTEM)
    found = Found(kind="wrong", units=3, sku_id=balanced.sku("MUG").pk)
    made = set_aside(balanced.tilleul.pk, node_id=balanced.lyon.pk, found=found, delivery_id=delivery, actor=SYSTEM)
    settle_aside(balanced.tilleul.pk, aside_id=made, take=(balanced.sku("MUG").pk, "MUG"), actor=SYSTEM)
    assert lying(balanced, "MUG") == {DOCK: 3}
    assert received(purchase) == [(5, 3)]


def test_units_of_one_pallet_each_keep_their_own_date(balanced: World) -> None:
    lamp = balanced.sku("LAMPE")
    dates = {"S-1": date(2099, 1, 1), "S-2": date(2099, 2, 1), "S-3": None}
    taken = [
        Taken(sku_id=lamp.pk, sku_code="LAMPE", good=1, serial=serial, expires_on=day, tracks_serials=True)
        for serial, day in dates.items()
    ]
    receive_many(balanced.tilleul.pk, taken, node_id=balanced.lyon.pk, against=Against(), actor=SYSTEM)
    assert dict(Lot.objects.values_list("code", "expires_on")) == dates


def test_units_with_serial_numbers_are_set_aside_and_named_by_them(balanced: World) -> None:
    lamp = balanced.sku("LAMPE")
    Sku.objects.filter(pk=lamp.pk).update(tracks_serials=True)
    made = aside(balanced, kind="wrong", units=1, sku_id=lamp.pk, serial="S-1")
    assert (Lot.objects.get().code, lying(balanced, "LAMPE")) == ("S-1", {("quarantine", "quarantine"): 1})
    settle_aside(balanced.tilleul.pk, aside_id=made, take=(lamp.pk, "LAMPE"), actor=SYSTEM)
    found = aside(balanced, units=1)
    with pytest.raises(SerialMissing):
        settle_aside(
            balanced.tilleul.pk, aside_id=found, take=(lamp.pk, "LAMPE"), labelled=Labelled(tracks_serials=True),
            actor=SYSTEM,
        )  # fmt: skip
    label = Labelled(number="S-2", tracks_serials=True)
    settle_aside(balanced.tilleul.pk, aside_id=found, take=(lamp.pk, "LAMPE"), labelled=label, actor=SYSTEM)
    assert StockCell.objects.filter(sku=lamp, place__kind="dock", qty=1).count() == 2
    assert set(Lot.objects.values_list("code", "is_serial")) == {("S-1", True), ("S-2", True)}


def test_what_was_set_aside_as_one_sku_is_not_taken_in_as_another(balanced: World) -> None:
    mug, card = balanced.sku("MUG").pk, balanced.sku("CARTE").pk
    made = aside(balanced, kind="wrong", units=3, sku_id=mug)
    aside(balanced, kind="wrong", units=3, sku_id=card)
    with pytest.raises(AnotherSku):
        settle_aside(balanced.tilleul.pk, aside_id=made, take=(card, "CARTE"), actor=SYSTEM)
    assert [lying(balanced, code) for code in ("MUG", "CARTE")] == [{("quarantine", "quarantine"): 3}] * 2


@pytest.mark.parametrize(("kind", "waits"), [("wrong", {("quarantine", "quarantine"): 3}), ("unidentified", {})])
def test_taken_back_what_was_set_aside_waits_for_a_decision_again(
    balanced: World, kind: str, waits: dict[tuple[str, str], int]
) -> None:
    mug = balanced.sku("MUG").pk
    known = mug if kind == "wrong" else None
    made = aside(balanced, kind=kind, sku_id=known)
    for _again in range(2):
        receipt = settle_aside(balanced.tilleul.pk, aside_id=made, take=(mug, "MUG"), note="vu", actor=SYSTEM)
        assert lying(balanced, "MUG") == {DOCK: 3}
        undo_receipt(balanced.tilleul.pk, receipt_id=receipt or 0, actor=SYSTEM)
        assert lying(balanced, "MUG") == waits
        kept = SetAside.objects.get()
        assert (kept.state, kept.receipt_id, kept.sku_id) == ("open", None, known)
        assert (kept.settled_by, kept.settled_at, kept.note) == ("", None, "")
    assert AuditEntry.objects.filter(verb="aside_open_again").count() == 2
    settle_aside(balanced.tilleul.pk, aside_id=made, actor=SYSTEM)
    assert not lying(balanced, "MUG")


def test_an_expired_lot_is_an_exception_that_stays_out(balanced: World) -> None:
    facts = {"kind": "expired", "lot": "L-1", "expires_on": date(2020, 1, 1)}
    made = aside(balanced, sku_id=balanced.sku("MUG").pk, **facts)
    assert lying(balanced, "MUG") == {("quarantine", "expired"): 3}
    assert Lot.objects.get().expires_on == date(2020, 1, 1)
    with pytest.raises(StaysOut):
        settle_aside(balanced.tilleul.pk, aside_id=made, take=(balanced.sku("MUG").pk, "MUG"), actor=SYSTEM)
    settle_aside(balanced.tilleul.pk, aside_id=made, actor=SYSTEM)
    with pytest.raises(AsideSettled):
        settle_aside(balanced.tilleul.pk, aside_id=made, actor=SYSTEM)


def test_what_is_gone_from_quarantine_does_not_go_back_twice(balanced: World) -> None:
    sku = balanced.sku("CARTE").pk
    first = aside(balanced, kind="wrong", sku_id=sku)
    settle_aside(balanced.tilleul.pk, aside_id=first, actor=SYSTEM)
    SetAside.objects.filter(pk=first).update(state="open")
    with pytest.raises(GoneFromQuarantine):
        settle_aside(balanced.tilleul.pk, aside_id=first, take=(sku, "CARTE"), actor=SYSTEM)


def test_what_is_set_aside_is_described(balanced: World) -> None:
    with pytest.raises(NothingSaid):
        aside(balanced, description=" ")
    assert not SetAside.objects.exists()
