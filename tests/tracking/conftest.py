from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from colisage.carriers.models import Carrier
from colisage.kit.actors import SYSTEM
from colisage.shipping.actions.hand_over import hand_over
from colisage.shipping.models import Label
from colisage.tracking.ports import CarrierEvent, Status
from tests.cast import World
from tests.packing.conftest import boxes, picked  # noqa: F401 -- fixtures
from tests.picking.conftest import ready  # noqa: F401 -- a fixture of those
from tests.shipping.conftest import Packed, labelled, laposte, packed  # noqa: F401 -- fixtures

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OnTheRoad = Callable[..., list[int]]


@pytest.fixture
def on_the_road(world: World, labelled: Packed, laposte: Carrier) -> OnTheRoad:  # noqa: F811
    """Accept orders and bring them to the carrier; give their fulfilment orders."""

    def make(*wants: tuple[tuple[str, int], ...], **changes: Any) -> list[int]:
        ids = labelled(*wants, **changes)
        hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=SYSTEM)
        return ids

    return make


def numbers(fulfillment_order_id: int) -> list[str]:
    """Give the tracking numbers of a fulfilment order."""
    found = Label.objects.filter(shipment__fulfillment_order=fulfillment_order_id, state="good").order_by("pk")
    return list(found.values_list("tracking_number", flat=True))


def told(number: str, status: Status, *, hours: float = 0, key: str = "", reason: str = "") -> CarrierEvent:
    """Make what a carrier tells."""
    return CarrierEvent(
        carrier="laposte",
        tracking_number=number,
        key=key or f"{status}@{hours}",
        status=status,
        reason=reason,
        code=status.upper(),
        place="Lyon",
        occurred_at=NOON + timedelta(hours=hours),
    )
