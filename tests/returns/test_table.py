"""From the table to the money."""

from typing import Any

import pytest
from django.urls import reverse

from colisage.intake.ports import DraftCharge
from colisage.inventory.checks import differences
from colisage.inventory.models import StockCell
from colisage.inventory.queries import figures_of
from colisage.kit.actors import Actor
from colisage.kit.models import Event
from colisage.orders.models import Order
from colisage.returns.actions.finish_return import StillToJudge, finish_return
from colisage.returns.actions.inspect_return import (
    NoSuchBin,
    NoSuchVerdict,
    NotOnTheTable,
    Verdict,
    inspect_return,
)
from colisage.returns.actions.mark_paid_back import mark_paid_back
from colisage.returns.actions.receive_return import Came, NotComing, NotInReturn, receive_return
from colisage.returns.actions.refund_return import NothingToPayBack, NotInspected, refund_return
from colisage.returns.actions.save_policy import PolicyNotLegal, save_policy
from colisage.returns.models import Inspection, Refund, ReturnItem, ReturnPolicy, ReturnRequest
from colisage.returns.queries import refund_preview, return_scanned, returnable_of, suggested_bin
from tests.cast import World
from tests.returns.conftest import Asked, Delivered


def take(world: World, return_id: int, code: str, units: int, actor: Actor) -> None:
    receive_return(world.tilleul.pk, return_id=return_id, came=[Came(world.sku(code).pk, units)], actor=actor)


def judge(  # noqa: PLR0917
    world: World, return_id: int, code: str, units: int, actor: Actor, grade: str = "a", to: str = "restock"
) -> bool:
    item = ReturnItem.objects.get(return_request=return_id, sku__code=code)
    shelf = suggested_bin(world.tilleul.pk, sku_id=item.sku_id, node_id=world.lyon.pk)
    verdict = Verdict(item_id=item.pk, quantity=units, grade=grade, disposition=to, bin_code=shelf)
    return inspect_return(world.tilleul.pk, return_id=return_id, verdicts=[verdict], actor=actor)


def on_hand(world: World, code: str) -> tuple[int, int]:
    figures = figures_of([world.tilleul.pk], sku_ids=[world.sku(code).pk])[world.sku(code).pk]
    return figures.on_hand, figures.sellable


def test_what_came_stands_on_the_table_and_cannot_be_sold(
    world: World, delivered: Delivered, asked: Asked, chen: Actor
) -> None:
    made = asked(delivered(("MUG", 2)), ("MUG", 2))
    before = on_hand(world, "MUG")
    take(world, made, "MUG", 1, chen)
    take(world, made, "MUG", 1, chen)
    assert on_hand(world, "MUG") == (before[0] + 2, before[1])
    lying = StockCell.objects.get(place__kind="returns", qty__gt=0)
    assert (lying.condition, lying.qty) == ("returned", 2)
    assert list(Event.objects.filter(kind="ReturnReceived").values_list("payload__return_id", flat=True)) == [made]
    assert differences() == []


def test_units_go_where_their_state_says_and_the_books_agree(
    world: World, delivered: Delivered, asked: Asked, chen: Actor
) -> None:
    made = asked(delivered(("MUG", 4)), ("MUG", 4))
    hand, sellable = on_hand(world, "MUG")
    take(world, made, "MUG", 4, chen)
    assert not judge(world, made, "MUG", 1, chen)
    assert not judge(world, made, "MUG", 1, chen, "b", "quarantine")
    assert not judge(world, made, "MUG", 1, chen, "c", "refurbish")
    assert judge(world, made, "MUG", 1, chen, "broken", "destroy")
    assert on_hand(world, "MUG") == (hand + 3, sellable + 1)
    aside = StockCell.objects.filter(place__kind="quarantine", qty__gt=0)
    assert [(cell.condition, cell.qty) for cell in aside] == [("quarantine", 2)]
    assert ReturnRequest.objects.get(pk=made).state == "inspected"
    assert Inspection.objects.count() == 4
    assert differences() == []


def test_what_is_refused_at_the_table_moves_nothing(
    world: World, delivered: Delivered, asked: Asked, chen: Actor
) -> None:
    made = asked(delivered(("MUG", 1), ("CARTE", 1)), ("MUG", 1))
    with pytest.raises(NotInReturn):
        take(world, made, "CARTE", 1, chen)
    with pytest.raises(NotInReturn):
        take(world, made, "MUG", 2, chen)
    with pytest.raises(NotOnTheTable):
        judge(world, made, "MUG", 1, chen)
    take(world, made, "MUG", 1, chen)
    item = ReturnItem.objects.get(return_request=made)
    with pytest.raises(NoSuchVerdict):
        judge(world, made, "MUG", 1, chen, "broken", "restock")
    verdict = Verdict(item_id=item.pk, quantity=1, grade="a", disposition="restock", bin_code="Z-99-9")
    with pytest.raises(NoSuchBin):
        inspect_return(world.tilleul.pk, return_id=made, verdicts=[verdict], actor=chen)
    with pytest.raises(StillToJudge):
        finish_return(world.tilleul.pk, return_id=made, actor=chen)
    assert not Inspection.objects.exists()


def test_a_closed_return_takes_nothing_in(world: World, delivered: Delivered, asked: Asked, chen: Actor) -> None:
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    ReturnRequest.objects.update(state="refused")
    with pytest.raises(NotComing):
        take(world, made, "MUG", 1, chen)


def test_everything_back_pays_everything_back_with_carriage(
    world: World, delivered: Delivered, asked: Asked, chen: Actor
) -> None:
    order = delivered(("MUG", 3), ("CARTE", 1), shipping_cents=490, discount_cents=1000, total_cents=5650 + 490 - 1000)
    totals = []
    for wants in ((("MUG", 1),), (("MUG", 2), ("CARTE", 1))):
        made = asked(order, *wants)
        for code, units in wants:
            take(world, made, code, units, chen)
            judge(world, made, code, units, chen)
        refund = Refund.objects.get(pk=refund_return(world.tilleul.pk, return_id=made, actor=chen))
        assert refund_return(world.tilleul.pk, return_id=made, actor=chen) == refund.pk
        totals.append(refund.total_cents)
    assert sum(totals) == Order.objects.get(pk=order).total_cents
    assert refund.shipping_cents == 490
    assert Event.objects.filter(kind="Refunded").count() == 2


def test_only_what_came_is_paid_back_and_the_rest_may_come_later(
    world: World, delivered: Delivered, asked: Asked, chen: Actor
) -> None:
    order = delivered(("MUG", 2))
    made = asked(order, ("MUG", 2))
    take(world, made, "MUG", 1, chen)
    judge(world, made, "MUG", 1, chen)
    with pytest.raises(NotInspected):
        refund_return(world.tilleul.pk, return_id=made, actor=chen)
    finish_return(world.tilleul.pk, return_id=made, actor=chen)
    finish_return(world.tilleul.pk, return_id=made, actor=chen)
    refund = Refund.objects.get(pk=refund_return(world.tilleul.pk, return_id=made, actor=chen))
    assert refund.total_cents == 1800
    can = returnable_of(world.tilleul.pk, order_id=order)
    assert can is not None
    assert can.left == 1


def test_half_a_bundle_is_not_paid_back(world: World, delivered: Delivered, asked: Asked, chen: Actor) -> None:
    made = asked(delivered(("COFFRET", 1)), ("COFFRET", 1))
    take(world, made, "MUG", 1, chen)
    judge(world, made, "MUG", 1, chen)
    finish_return(world.tilleul.pk, return_id=made, actor=chen)
    with pytest.raises(NothingToPayBack):
        refund_return(world.tilleul.pk, return_id=made, actor=chen)


def test_a_whole_bundle_is_paid_back_at_its_price(
    world: World, delivered: Delivered, asked: Asked, chen: Actor
) -> None:
    made = asked(delivered(("COFFRET", 1)), ("COFFRET", 1))
    for code, units in (("MUG", 1), ("CARTE", 2)):
        take(world, made, code, units, chen)
        judge(world, made, code, units, chen)
    refund = Refund.objects.get(pk=refund_return(world.tilleul.pk, return_id=made, actor=chen))
    assert refund.total_cents == 2100


def test_the_fee_for_our_label_is_kept_back(world: World, delivered: Delivered, asked: Asked, chen: Actor) -> None:
    ReturnPolicy.objects.create(merchant=world.tilleul, payer="customer", label_fee_cents=490)
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    take(world, made, "MUG", 1, chen)
    judge(world, made, "MUG", 1, chen)
    refund = Refund.objects.get(pk=refund_return(world.tilleul.pk, return_id=made, actor=chen))
    assert (refund.fee_cents, refund.total_cents) == (490, 1310)


def test_a_tip_is_paid_back_with_what_completes_the_order_and_said_apart(
    world: World, delivered: Delivered, asked: Asked, chen: Actor, enter: Any
) -> None:
    order = delivered(("MUG", 2), total_cents=4_100, charges=[DraftCharge("tip", 500)])
    refunds = []
    for _half in range(2):
        made = asked(order, ("MUG", 1))
        take(world, made, "MUG", 1, chen)
        judge(world, made, "MUG", 1, chen)
        preview = refund_preview(world.tilleul.pk, return_id=made)
        refunds.append(Refund.objects.get(pk=refund_return(world.tilleul.pk, return_id=made, actor=chen)))
        assert preview
        assert (preview.extra, preview.total) == (refunds[-1].extra_cents, refunds[-1].total_cents)
        page = enter(world.chen).get(reverse("return", args=[made])).content.decode()
        assert ("Tips and fees" in page) == bool(preview.extra)
    assert [(one.goods_cents, one.extra_cents, one.total_cents) for one in refunds] == [
        (1800, 0, 1800),
        (1800, 500, 2300),
    ]


def test_paying_back_closes_the_return_and_twice_is_harmless(
    world: World, delivered: Delivered, asked: Asked, chen: Actor
) -> None:
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    take(world, made, "MUG", 1, chen)
    judge(world, made, "MUG", 1, chen)
    refund = refund_return(world.tilleul.pk, return_id=made, actor=chen)
    mark_paid_back(world.tilleul.pk, refund_id=refund, reference="pi_123", actor=chen)
    mark_paid_back(world.tilleul.pk, refund_id=refund, reference="pi_456", actor=chen)
    found = Refund.objects.get(pk=refund)
    assert (found.state, found.reference, found.done_by) == ("done", "pi_123", "Chen")
    assert ReturnRequest.objects.get(pk=made).state == "closed"


def test_a_return_is_found_by_its_number_and_its_order(world: World, delivered: Delivered, asked: Asked) -> None:
    order = delivered(("MUG", 1))
    made = asked(order, ("MUG", 1))
    number = Order.objects.get(pk=order).number
    for code in (f"R{made:06}", f"r {made}", number, number.lstrip("#")):
        found = return_scanned([world.tilleul.pk], code=code)
        assert found is not None
        assert found.pk == made
    for code in ("", "nothing", "R999999", "R" + "9" * 30):
        assert return_scanned([world.tilleul.pk], code=code) is None
    assert return_scanned([world.northwind.pk], code=f"R{made}") is None


def test_a_window_shorter_than_the_law_is_refused(world: World, chen: Actor) -> None:
    facts = {"payer": "merchant", "label_fee_cents": 0, "approves_alone": True, "refunds_shipping": True}
    save_policy(world.tilleul.pk, window_days=60, actor=chen, **facts)  # type: ignore[arg-type]
    with pytest.raises(PolicyNotLegal):
        save_policy(world.tilleul.pk, window_days=13, actor=chen, **facts)  # type: ignore[arg-type]
    assert ReturnPolicy.objects.get().window_days == 60
