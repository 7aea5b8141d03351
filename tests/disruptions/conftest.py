from collections.abc import Callable
from typing import Any

import pytest

from colisage.disruptions.problem import disrupted
from colisage.disruptions.tasks import change, free, touch
from colisage.kit.actors import Actor
from colisage.network.actions.declare_disruption import declare_disruption
from colisage.network.queries.disruptions import Disruption, disruptions_by_id
from colisage.orders.models import Hold
from tests.books import balanced, told
from tests.cast import World, day
from tests.packing.conftest import bo, boxes, picked
from tests.picking.conftest import ada, ready
from tests.shipping.conftest import carrier, labelled, laposte, packed

__all__ = ["ada", "balanced", "bo", "boxes", "carrier", "labelled", "laposte", "packed", "picked", "ready"]
CHEN = Actor("person", 3, "Chen")
Declare = Callable[..., Disruption]


@pytest.fixture
def declare(world: World) -> Declare:
    """Declare a disruption of Maison Tilleul, by default of Lyon from today on, and let it act."""

    def make(kind: str = "node", what: str = "LYON", **changes: Any) -> Disruption:
        party = {"merchant_id": world.tilleul.pk, "operator_id": None}
        party |= {name: changes.pop(name) for name in list(changes) if name in party}
        cause = {"fr": "Incendie", "en": "Fire"}
        facts: dict[str, Any] = {"starts_on": day(0), "ends_on": None, "effect": "hold", "cause": cause, **changes}
        pk = declare_disruption(disrupted(kind=kind, what=what, **party, **facts), **party, actor=CHEN)
        carry_out()
        return disruptions_by_id([pk])[pk]

    return make


def carry_out() -> None:
    """Do what a worker does for every disruption that began, changed or ended so far; doing it again is harmless."""
    for event in told("DisruptionBegan"):
        touch(event["disruption_id"], event["merchant_id"])
    for event in told("DisruptionChanged"):
        change(event["disruption_id"], event["merchant_id"])
    for event in told("DisruptionEnded"):
        free(event["disruption_id"], event["merchant_id"])


def holds(*, still: bool = True) -> list[tuple[int, str]]:
    """Give the order and the reason of each hold that is open (or of each released one)."""
    rows = Hold.objects.filter(released_at__isnull=still).order_by("pk")
    return list(rows.values_list("order_id", "reason"))
