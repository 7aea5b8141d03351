"""The books of the world in the fewest words; every test that uses `balanced` ends with a proof of them."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import pytest

from colisage.catalog.models import Sku
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.checks import differences
from colisage.inventory.models import Availability, Reservation, StockCell
from colisage.kit.actors import SYSTEM
from colisage.kit.models import Event
from colisage.network.models import Node, Place
from colisage.network.queries import virtual_place
from tests.cast import World

_documents = count(1_000_000)


@pytest.fixture
def balanced(world: World) -> Iterator[World]:
    """Give the world, and prove its books after the test."""
    yield world
    assert differences() == []


def where(sku: Sku, node: Node) -> Spot:
    """Give the spot at which the world keeps a SKU."""
    cell = StockCell.objects.filter(sku=sku, node=node, sellable=True).order_by("pk")[0]
    return Spot(place_id=cell.place_id)


def move(sku: Sku, units: int, *, source: Spot, target: Spot, **changes: Any) -> Move:
    """Make a movement on a document of its own."""
    facts = {"reason": "adjustment", "doc_kind": "test", "doc_id": next(_documents), **changes}
    return Move(merchant_id=sku.merchant_id, sku_id=sku.pk, qty=units, source=source, target=target, **facts)


def virtual(kind: str) -> Spot:
    """Give a virtual place: loss, found, supplier, customer."""
    return Spot(place_id=virtual_place(kind))


def find(sku: Sku, units: int, *, at: Spot) -> None:
    """Find units somewhere."""
    post_movements([move(sku, units, source=virtual("found"), target=at)], actor=SYSTEM)


def lose(sku: Sku, units: int, *, at: Spot) -> None:
    """Lose units that lay somewhere."""
    post_movements([move(sku, units, source=at, target=virtual("loss"))], actor=SYSTEM)


def spot_of(place: Place, **changes: Any) -> Spot:
    """Give a spot of a place."""
    return Spot(place_id=place.pk, **changes)


def hold(sku: Sku, *units: int, owners: Sequence[int] | None = None, **changes: Any) -> list[Any]:
    """Hold units of a SKU for owners 1, 2, 3 …, each a demand by itself."""
    numbers = owners or range(1, len(units) + 1)
    return reserve(
        [
            Demand(sku.merchant_id, "order_line", ((owner, sku.pk, qty),), **changes)
            for owner, qty in zip(numbers, units, strict=True)
        ]
    )


def promised(sku: Sku) -> list[tuple[int, str, int]]:
    """Give the promises of a SKU as (owner, state, units), the oldest first."""
    rows = Reservation.objects.filter(sku=sku).order_by("pk")
    return list(rows.values_list("owner_id", "state", "qty"))


def stand(sku: Sku, node: Node) -> tuple[int, int]:
    """Give (sellable, reserved) of a SKU at a node."""
    row = Availability.objects.get(sku_id=sku.pk, node_id=node.pk)
    return row.sellable, row.reserved


def told(kind: str) -> list[dict[str, Any]]:
    """Give the payloads of the events of a kind, in the order they were told."""
    return list(Event.objects.filter(kind=kind).order_by("pk").values_list("payload", flat=True))
