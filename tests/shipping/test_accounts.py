from typing import Any

import pytest

from colisage.carriers.models import Carrier
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere
from colisage.shipping.actions.open_account import open_account
from colisage.shipping.actions.set_range import NoSuchRange, set_range
from colisage.shipping.models import CarrierAccount, NumberRange
from tests.cast import World

GOOD: dict[str, Any] = {"carrier_code": "laposte", "prefix": "LP", "country": "FR", "first": 1, "last": 500}


def test_an_account_is_opened_once(world: World, laposte: Carrier, chen: Actor) -> None:
    for connector in ("one", "two"):
        open_account(world.nord.pk, carrier_code="laposte", connector=connector, actor=chen)
    assert CarrierAccount.objects.get().connector == "two"
    with pytest.raises(NotThere):
        open_account(world.nord.pk, carrier_code="nobody", connector="one", actor=chen)


def test_a_range_replaces_the_one_before(world: World, laposte: Carrier, chen: Actor) -> None:
    set_range(world.nord.pk, **GOOD, actor=chen)
    set_range(world.nord.pk, **{**GOOD, "first": 700, "last": 800}, actor=chen)
    assert (NumberRange.objects.get().next, NumberRange.objects.get().last) == (700, 800)
    with pytest.raises(NotThere):
        set_range(world.nord.pk, **{**GOOD, "carrier_code": "nobody"}, actor=chen)


@pytest.mark.parametrize(
    "change",
    [
        {"prefix": "lp"},
        {"prefix": "ZZ"},
        {"country": "FRA"},
        {"first": 9, "last": 8},
        {"last": 100_000_000},
        {"first": -1},
    ],
)
def test_what_is_no_range_is_refused(world: World, laposte: Carrier, chen: Actor, change: dict[str, Any]) -> None:
    with pytest.raises(NoSuchRange):
        set_range(world.nord.pk, **{**GOOD, **change}, actor=chen)
    assert not NumberRange.objects.exists()
