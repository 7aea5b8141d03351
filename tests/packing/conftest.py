from collections.abc import Callable
from typing import Any

import pytest

from colisage.boxing.models import BoxType
from colisage.kit.actors import SYSTEM, Actor
from colisage.picking.actions.pick_all import pick_all
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.models import PickBatch
from tests.cast import World
from tests.picking.conftest import ada, ready  # noqa: F401 -- fixtures

Picked = Callable[..., list[int]]


@pytest.fixture
def bo(world: World) -> Actor:
    return Actor(kind="person", id=world.bo.pk, name="Bo")


@pytest.fixture
def boxes(world: World) -> dict[str, BoxType]:
    """Give the packagings of Atelier Nord: a card's envelope, a small, a large and a long box."""
    sizes = {"E1": (160, 120, 10), "C1": (250, 200, 120), "C3": (460, 340, 320), "L1": (900, 200, 200)}
    return {
        code: BoxType.objects.create(
            operator=world.nord, code=code, name=f"Carton {code}", inner_length_mm=length, inner_width_mm=width,
            inner_height_mm=height, outer_length_mm=length + 6, outer_width_mm=width + 6, outer_height_mm=height + 6,
            empty_grams=20 + length // 4, max_grams=20_000, cost_cents=length // 5,
        )
        for code, (length, width, height) in sizes.items()
    }  # fmt: skip


@pytest.fixture
def picked(world: World, ready: Any, boxes: dict[str, BoxType]) -> Picked:  # noqa: F811 -- the fixture
    """Accept orders and pick them."""

    def make(*wants: tuple[tuple[str, int], ...], **changes: Any) -> list[int]:
        ids: list[int] = ready(*wants, **changes)
        release_wave(world.nord.pk, node_id=world.lyon.pk, fulfillment_order_ids=ids, actor=SYSTEM)
        batches = PickBatch.objects.exclude(state="done").values_list("pk", flat=True)
        pick_all(world.nord.pk, batch_ids=list(batches), actor=SYSTEM)
        return ids

    return make
