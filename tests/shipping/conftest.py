from collections.abc import Callable
from typing import Any

import pytest

from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.carriers.models import Carrier
from colisage.kit.actors import SYSTEM, Actor
from colisage.packing.actions.seal_all import seal_all
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.models import CarrierAccount, Shipment
from tests.cast import World
from tests.packing.conftest import Picked, bo, boxes, picked  # noqa: F401 -- fixtures
from tests.picking.conftest import ready  # noqa: F401 -- a fixture of those
from tests.shipping import fakes
from tests.shipping.fakes import FakeCarrier

Packed = Callable[..., list[int]]


@pytest.fixture
def chen(world: World) -> Actor:
    return Actor(kind="person", id=world.chen.pk, name="Chen")


@pytest.fixture
def laposte(world: World) -> Carrier:
    load_public_tariffs()
    return Carrier.objects.get(code="laposte")


@pytest.fixture
def packed(world: World, picked: Picked, laposte: Carrier) -> Packed:  # noqa: F811
    """Accept orders, pick and pack them; give their fulfilment orders."""

    def make(*wants: tuple[tuple[str, int], ...], **changes: Any) -> list[int]:
        ids = picked(*wants, **changes)
        seal_all([world.tilleul.pk], fulfillment_order_ids=ids, actor=SYSTEM)
        return ids

    return make


@pytest.fixture
def labelled(packed: Packed) -> Packed:
    """Accept orders, pick, pack and label them; give their fulfilment orders."""

    def make(*wants: tuple[tuple[str, int], ...], **changes: Any) -> list[int]:
        ids = packed(*wants, **changes)
        buy_labels(request_shipments(ids))
        return ids

    return make


def shipment(fulfillment_order_id: int) -> Shipment:
    return Shipment.objects.filter(fulfillment_order=fulfillment_order_id).order_by("-pk")[0]


@pytest.fixture
def carrier(world: World, laposte: Carrier, settings: Any) -> FakeCarrier:
    """Let Atelier Nord buy La Poste's labels of a carrier's system."""
    CarrierAccount.objects.create(operator=world.nord, carrier=laposte, connector="fake")
    settings.COLISAGE_CARRIERS = {"fake": "tests.shipping.fakes.the_one"}
    fakes.THE_ONE = FakeCarrier()
    return fakes.THE_ONE
