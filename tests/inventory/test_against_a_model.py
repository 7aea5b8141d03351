"""Whatever happens in whatever order, after every step the books are those of a model on paper, and they balance."""

import os
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from colisage.inventory.models import Reservation
from tests.cast import World
from tests.inventory.days_of_goods import Goods
from tests.inventory.days_of_people import People


class Books(People, Goods):
    """A day on which anything may happen."""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_books_are_those_of_a_model_after_every_step(world: World) -> None:
    Books.world = world
    number = int(os.environ.get("COLISAGE_SEED") or random.SystemRandom().randrange(2**32))
    print(f"COLISAGE_SEED={number}")  # noqa: T201 -- shown when it fails: the way to see it again
    quick = settings(
        max_examples=int(os.environ.get("COLISAGE_EXAMPLES", "15")),
        stateful_step_count=int(os.environ.get("COLISAGE_STEPS", "30")),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
    )
    run_state_machine_as_test(seed(number)(Books), settings=quick)
    assert Counter(Reservation.objects.values_list("state", flat=True)) == Counter()
