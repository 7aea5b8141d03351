"""Consigned stock: a supplier's goods in our bins, sold like ours, bought once when they leave."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from colisage.catalog.models import Sku
from colisage.inbound.actions.buy_consumed import buy_consumed
from colisage.inbound.actions.close_statement import close_statement
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.price_consigned import NotACost, StatementClosed, price_consigned
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


def leave(world: World, supplier: int, units: int, *, to: str = "customer", **changes: Any) -> None:
    place = next(bin_ for bin_ in world.bins() if bin_.code == BIN)
    theirs, away = spot_of(place, owner_id=supplier), virtual(to)
    away = type(away)(place_id=away.place_id, owner_id=supplier)
    source, target = (away, theirs) if to == "found" else (theirs, away)
    facts = {"reason": "hand_over", **changes}
    post_movements([move(world.sku("MUG"), units, source=source, target=target, **facts)], actor=SYSTEM)


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


@pytest.mark.parametrize(("minute", "month"), [(59, 11), (60, 12)])
def test_the_month_of_a_statement_turns_at_the_merchants_midnight(
    world: World, supplier: int, minute: int, month: int
) -> None:
    leave(world, supplier, 1, occurred_at=datetime(2026, 11, 30, 22, tzinfo=UTC) + timedelta(minutes=minute))
    hear()
    assert ConsignmentStatement.objects.get().month == date(2026, month, 1)


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


@pytest.fixture
def unpriced(world: World, supplier: int) -> ConsignmentStatement:
    """Give a statement of three mugs of which nobody said what they cost, and one that has its cost."""
    leave(world, supplier, 3)
    hear()
    ConsignmentLine.objects.update(unit_cost_cents=0)
    leave(world, supplier, 1)
    hear()
    return ConsignmentStatement.objects.get()


def price(world: World, statement: int, cents: int, *, merchant: int | None = None) -> int:
    return price_consigned(
        merchant or world.tilleul.pk,
        statement_id=statement,
        sku_id=world.sku("MUG").pk,
        unit_cost_cents=cents,
        actor=SYSTEM,
    )


def test_a_missing_cost_is_told_once_and_what_has_a_cost_keeps_it(world: World, unpriced: ConsignmentStatement) -> None:
    assert price(world, unpriced.pk, 655) == 1
    assert price(world, unpriced.pk, 999) == 0
    assert bought() == [(3, 655, "hand_over"), (1, 700, "hand_over")]


@pytest.mark.parametrize("cents", [0, -1, 10**15])
def test_a_cost_that_cannot_be_changes_nothing(world: World, unpriced: ConsignmentStatement, cents: int) -> None:
    with pytest.raises(NotACost):
        price(world, unpriced.pk, cents)
    assert bought()[0] == (3, 0, "hand_over")


def test_what_is_closed_or_somebody_elses_gets_no_other_cost(world: World, unpriced: ConsignmentStatement) -> None:
    with pytest.raises(NotThere):
        price(world, unpriced.pk, 500, merchant=world.northwind.pk)
    close_statement(world.tilleul.pk, statement_id=unpriced.pk, actor=SYSTEM)
    with pytest.raises(StatementClosed):
        price(world, unpriced.pk, 500)
    assert bought()[0] == (3, 0, "hand_over")


def test_costs_are_told_on_the_desk(world: World, unpriced: ConsignmentStatement) -> None:
    desk, here = client_of(world.chen), f"/inbound/consigned/{unpriced.pk}"
    assert "Costs that are missing" in text_of(desk.get(here))
    mug = world.sku("MUG").pk
    for bad in (
        {"cost": "0"},
        {"cost": "-2"},
        {"cost": "x"},
        {"cost": "7.001"},
        {"cost": "9" * 40},
        {"sku": "\x00"},
        {},
    ):
        told = {"sku": str(mug), **bad}
        assert desk.post(f"{here}/costs", told).status_code == 422, told
    assert client_of(world.ada).post(f"{here}/costs", {"sku": mug, "cost": "7"}).status_code == 403
    assert client_of(world.dee).post(f"{here}/costs", {"sku": mug, "cost": "7"}).status_code == 404
    assert bought()[0] == (3, 0, "hand_over")
    assert desk.post(f"{here}/costs", {"sku": mug, "cost": "6.55"}).status_code == 302
    page = text_of(desk.get(here))
    assert "Costs that are missing" not in page
    assert "€26.65 to Poterie" in page


def test_a_statement_is_given_as_a_file_and_as_a_document(world: World, unpriced: ConsignmentStatement) -> None:
    desk, here = client_of(world.chen), f"/inbound/consigned/{unpriced.pk}"
    Sku.objects.filter(pk=world.sku("MUG").pk).update(name="=1+1")
    rows = list(csv.DictReader(io.StringIO(desk.get(f"{here}/statement.csv").content.decode("utf-8-sig"))))
    assert [(row["sku"], row["name"], row["units"], row["unit_cost"], row["total"]) for row in rows] == [
        ("MUG", "'=1+1", "3", "0.00", "0.00"), ("MUG", "'=1+1", "1", "7.00", "7.00"),
    ]  # fmt: skip
    answer = desk.get(f"{here}/statement.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    for kind in ("csv", "pdf"):
        assert client_of(world.dee).get(f"{here}/statement.{kind}").status_code == 404
