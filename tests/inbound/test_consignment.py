"""Consigned stock: a supplier's goods in our bins, sold like ours, bought once when they leave."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from colisage.inbound.actions.buy_consumed import buy_consumed
from colisage.inbound.actions.close_statement import close_statement
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.actions.save_supplier_sku import save_supplier_sku
from colisage.inbound.models import ConsignmentLine, ConsignmentStatement, Supplier
from colisage.inventory.actions.post_movements import post_movements
from colisage.inventory.events import ConsignedMoved
from colisage.inventory.models import StockCell
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.models import Event
from tests.books import move, spot_of, stand, virtual
from tests.cast import World
from tests.inbound.screens import client_of, text_of

pytestmark = pytest.mark.usefixtures("balanced")
BIN = "C-04-1"


@pytest.fixture
def supplier(world: World) -> int:
    """Give a supplier with ten mugs of theirs in a bin of ours."""
    order = order_goods(
        world.tilleul.pk, supplier="Poterie", node_id=world.lyon.pk, number="A-1", consigned=True,
        lines=[(world.sku("MUG").pk, 10, 700)], actor=SYSTEM,
    )  # fmt: skip
    receipt = receive_goods(
        world.tilleul.pk, node_id=world.lyon.pk, sku_id=world.sku("MUG").pk, sku_code="MUG", good=10,
        purchase_order_id=order, actor=SYSTEM,
    )  # fmt: skip
    put_away(world.tilleul.pk, receipt_id=receipt, bin_code=BIN, qty=10, actor=SYSTEM)
    return Supplier.objects.get().pk


def leave(world: World, supplier: int, units: int, *, to: str = "customer", reason: str = "hand_over") -> None:
    place = next(bin_ for bin_ in world.bins() if bin_.code == BIN)
    theirs, away = spot_of(place, owner_id=supplier), virtual(to)
    away = type(away)(place_id=away.place_id, owner_id=supplier)
    source, target = (away, theirs) if to == "found" else (theirs, away)
    post_movements([move(world.sku("MUG"), units, source=source, target=target, reason=reason)], actor=SYSTEM)


def told() -> list[ConsignedMoved]:
    rows = Event.objects.filter(kind="ConsignedMoved").order_by("pk")
    return [ConsignedMoved.read(payload) for payload in rows.values_list("payload", flat=True)]


def hear(events: Sequence[ConsignedMoved] | None = None) -> None:
    buy_consumed(told() if events is None else events)


def bought() -> list[tuple[int, int, str]]:
    return list(ConsignmentLine.objects.order_by("pk").values_list("qty", "unit_cost_cents", "reason"))


def test_consigned_units_are_sold_like_ours_and_keep_their_owner(world: World, supplier: int) -> None:
    assert stand(world.sku("MUG"), world.lyon) == (30, 0)
    assert StockCell.objects.get(owner_id=supplier, sellable=True).qty == 10
    assert not told()


def test_what_leaves_is_bought_once_however_often_it_is_told(world: World, supplier: int) -> None:
    leave(world, supplier, 3)
    hear()
    hear()
    hear([*told(), *told()])
    assert bought() == [(3, 700, "hand_over")]
    assert ConsignmentStatement.objects.get().month == timezone.localdate().replace(day=1)


def test_the_suppliers_terms_say_the_cost_and_a_later_one_changes_nothing(world: World, supplier: int) -> None:
    mug = world.sku("MUG").pk
    for cost in (650, 900):
        save_supplier_sku(world.tilleul.pk, supplier_id=supplier, sku_id=mug, unit_cost_cents=cost, actor=SYSTEM)
        leave(world, supplier, 1)
        hear()
    assert bought() == [(1, 650, "hand_over"), (1, 900, "hand_over")]


@pytest.mark.parametrize("pays", [1, 0])
def test_lost_units_are_bought_where_the_contract_says_so(world: World, supplier: int, pays: int) -> None:
    Supplier.objects.update(pays_lost=bool(pays))
    leave(world, supplier, 2, to="loss", reason="lost")
    hear()
    assert bought() == ([(2, 700, "lost")] if pays else [])
    leave(world, supplier, 1, to="loss", reason="sample")
    hear()
    assert bought()[-1] == (1, 700, "sample")


def test_found_again_they_are_taken_off_as_far_as_they_were_paid(world: World, supplier: int) -> None:
    leave(world, supplier, 2, to="loss", reason="lost")
    leave(world, supplier, 5, to="found", reason="found")
    hear()
    hear()
    assert bought() == [(2, 700, "lost"), (-2, 700, "found")]


def test_nothing_is_bought_by_sending_goods_back_or_moving_them(world: World, supplier: int) -> None:
    leave(world, supplier, 2, to="supplier", reason="back_to_supplier")
    hear()
    assert not bought()


def test_what_comes_after_the_close_stands_on_the_next_statement(world: World, supplier: int) -> None:
    leave(world, supplier, 1)
    hear()
    first = ConsignmentStatement.objects.get()
    close_statement(world.tilleul.pk, statement_id=first.pk, actor=SYSTEM)
    leave(world, supplier, 1)
    hear()
    second = ConsignmentStatement.objects.exclude(pk=first.pk).get()
    assert second.month == (first.month + timedelta(days=32)).replace(day=1)
    assert [line.statement_id for line in ConsignmentLine.objects.order_by("pk")] == [first.pk, second.pk]
    with pytest.raises(NotThere):
        close_statement(world.northwind.pk, statement_id=second.pk, actor=SYSTEM)


def test_an_owner_of_another_merchant_buys_nothing(world: World, supplier: int) -> None:
    leave(world, supplier, 1)
    foreign = Supplier.objects.create(merchant=world.northwind, code="X", name="X").pk
    (event,) = told()
    hear([replace(event, owner_id=foreign)])
    assert not bought()


def test_the_desk_shows_what_lies_here_and_what_is_to_be_paid(world: World, supplier: int) -> None:
    leave(world, supplier, 3)
    hear()
    desk = client_of(world.chen)
    page = text_of(desk.get("/inbound/consigned"))
    assert "7 units here are suppliers’" in page
    assert "€21.00" in page
    statement = ConsignmentStatement.objects.get().pk
    assert "€21.00 to Poterie" in text_of(desk.get(f"/inbound/consigned/{statement}"))
    dee = client_of(world.dee)
    assert dee.get(f"/inbound/consigned/{statement}").status_code == 404
    assert dee.post(f"/inbound/consigned/{statement}/close").status_code == 404
    assert client_of(world.ada).post(f"/inbound/consigned/{statement}/close").status_code == 403
    desk.post(f"/inbound/consigned/{statement}/close")
    assert ConsignmentStatement.objects.get().state == "closed"
