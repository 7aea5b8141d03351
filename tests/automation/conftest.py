from collections.abc import Callable
from typing import Any

import pytest

from colisage.automation.actions.save_rule import save_rule
from colisage.automation.actions.switch_rule import switch_rule
from colisage.kit.actors import SYSTEM
from colisage.orders.actions.place_orders import place_orders
from tests.cast import World

MakeRule = Callable[..., int]
Place = Callable[..., int]


@pytest.fixture
def make_rule(world: World) -> MakeRule:
    """Keep a rule and switch it on: `make_rule(("country", "in", ["CH"]), does=[{"does": "tag", "tag": "x"}])`."""

    def make(
        *conditions: tuple[Any, ...], does: list[dict[str, str]] | None = None, on: bool = True, **more: Any
    ) -> int:
        raw = {
            "name": more.pop("name", "Watch"),
            "moments": more.pop("moments", ["accepted", "changed"]),
            "mode": more.pop("mode", "all"),
            "conditions": [
                {"fact": fact, "op": op, "value": value, **({"currency": also[0]} if also else {})}
                for fact, op, value, *also in conditions
            ],
            "effects": does or [{"does": "tag", "tag": "seen"}],
            "stops": more.pop("stops", False),
        }
        rule = save_rule(more.pop("merchant", world.tilleul.pk), raw=raw, actor=SYSTEM)
        if on:
            switch_rule(world.tilleul.pk, rule_id=rule, state="on", actor=SYSTEM)
        return rule

    return make


@pytest.fixture
def place(world: World) -> Place:
    """Place an order and give its id."""

    def placed(*wants: tuple[str, int], **changes: Any) -> int:
        [answer] = place_orders([world.order(*(wants or (("MUG", 1),)), **changes)], actor=SYSTEM)
        assert answer.order_id is not None
        return answer.order_id

    return placed
