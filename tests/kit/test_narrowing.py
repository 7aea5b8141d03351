"""What is typed finds the same rows as before it had an index: the beginning of a code, in any case."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.models import PurchaseOrder
from colisage.inbound.queries.purchases import purchases_page
from colisage.inventory.models import LicensePlate, Lot
from colisage.inventory.queries.lots import Wanted, lots_page
from colisage.inventory.queries.plates import plates_page
from colisage.kit import narrowing
from colisage.kit.actors import SYSTEM
from colisage.kit.narrowing import RowCount
from colisage.network.models import Place
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Order
from colisage.orders.queries import Filters, orders_matching, orders_page
from colisage.ui import words
from tests.cast import World

pytestmark = pytest.mark.django_db
TEXTS = (
    "",
    "a",
    "A-1",
    "a-1",
    "#",
    "#10",
    "10",
    "%",
    "_",
    "\\",
    "straß",
    "STRASS",
    "straß 1",
    "éa",
    "ÉA",
    "'",
    "mug",
    "ref-3",
)


def _lots(world: World, text: str) -> tuple[list[int], list[int]]:
    for n, code in enumerate(("A-1", "a-12", "B%", "STRASS", "straß 1", "Éa")):
        Lot.objects.get_or_create(merchant=world.tilleul, sku=world.sku(("MUG", "TAPIS")[n % 2]), code=code)
    wanted = Q(code__istartswith=text) | Q(sku__code_key=text.upper())
    before = Lot.objects.filter(wanted, merchant=world.tilleul).order_by("-pk") if text else Lot.objects.order_by("-pk")
    found = lots_page([world.tilleul.pk], wanted=Wanted(text=text))
    return [row.lot.id for row in found], list(before.values_list("pk", flat=True))


def _plates(world: World, text: str) -> tuple[list[int], list[int]]:
    for code in ("A-1", "a-12", "10", "STRASS", "straß 1", "Éa"):
        LicensePlate.objects.get_or_create(merchant=world.tilleul, code=code)
    before = LicensePlate.objects.filter(code__istartswith=text).order_by("-pk")
    return [row.id for row in plates_page([world.tilleul.pk], text=text)], list(before.values_list("pk", flat=True))


def _purchases(world: World, text: str) -> tuple[list[int], list[int]]:
    for number in ("A-1", "a-12", "10", "B_"):
        if not PurchaseOrder.objects.filter(number=number).exists():
            lines = [(world.sku("MUG").pk, 1)]
            order_goods(
                world.tilleul.pk, supplier="S", node_id=world.lyon.pk, number=number, expected_on=None, lines=lines,
                actor=SYSTEM,
            )  # fmt: skip
    before = PurchaseOrder.objects.filter(number__startswith=text).order_by("-pk")
    return [row.id for row in purchases_page([world.tilleul.pk], number=text)], list(
        before.values_list("pk", flat=True)
    )


def _orders(world: World, text: str) -> tuple[list[int], list[int]]:
    if not Order.objects.exists():
        said = (("#10", "a@x.fr", "Éa"), ("A-1", "b@x.fr", "straß 1"), ("B", "A-1@x.fr", "Mug"), ("C", "", "O'Hara %"))
        orders = [
            world.order(("CARTE", 1), number=number, email=email, customer_name=name, external_ref=f"ref-{n}")
            for n, (number, email, name) in enumerate(said)
        ]
        assert {answer.outcome for answer in place_orders(orders, actor=SYSTEM)} == {"accepted"}
    wanted = (
        Q(number__istartswith=text) | Q(number__istartswith=f"#{text}") | Q(email__istartswith=text)
        | Q(customer_name__istartswith=text) | Q(external_ref=text)
    )  # fmt: skip
    before = list(Order.objects.filter(wanted).order_by("-pk").values_list("pk", flat=True))
    if text:
        assert [o.pk for o in orders_matching([world.tilleul.pk], text=text)] == before
    return [o.pk for o in orders_page([world.tilleul.pk], filters=Filters(text=text))], before


@pytest.mark.parametrize("many", [0, 2_000])
@pytest.mark.parametrize("asked", [_lots, _plates, _purchases, _orders])
def test_a_text_finds_what_it_found_before(
    world: World, monkeypatch: pytest.MonkeyPatch, asked: Callable[[World, str], Any], many: int
) -> None:
    monkeypatch.setattr(narrowing, "MANY", many)
    for text in TEXTS:
        found, before = asked(world, text)
        assert found == before, text


def test_rows_are_counted_to_a_limit_and_words_say_so(world: World) -> None:
    bins = Place.objects.filter(node=world.lyon, kind="bin")
    exact, more = RowCount.of(bins, most=12), RowCount.of(bins, most=11)
    assert (exact, exact.more, more, more.more) == (12, False, 11, True)
    assert [words.count(number) for number in (exact, more, 12)] == ["12", "11+", "12"]
    with CaptureQueriesContext(connection) as caught:
        RowCount.of(bins)
    assert len(caught) == 1
