"""Doing what rules say, for all orders of a rule at once."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from colisage.automation.rules.effects import INSTRUCTIONS
from colisage.kit.actors import Actor
from colisage.orders.actions.instruct_orders import instruct_orders
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.actions.tag_orders import tag_orders

Told = Mapping[str, Any]


def carry_out(merchant_id: int, *, effect: Told, order_ids: Collection[int], actor: Actor) -> None:
    """Do one effect to orders of a merchant, inside the caller's transaction; harmless when repeated."""
    _DOES[effect["does"]](merchant_id, effect, order_ids, actor)


def _tag(merchant_id: int, effect: Told, order_ids: Collection[int], actor: Actor) -> None:
    tag_orders(merchant_id, order_ids=order_ids, add=[effect["tag"]], actor=actor)


def _untag(merchant_id: int, effect: Told, order_ids: Collection[int], actor: Actor) -> None:
    tag_orders(merchant_id, order_ids=order_ids, drop=[effect["tag"]], actor=actor)


def _hold(merchant_id: int, effect: Told, order_ids: Collection[int], actor: Actor) -> None:
    set_hold(merchant_id, order_ids=order_ids, kind=effect["kind"], reason=effect["reason"], actor=actor)


def _instruct(merchant_id: int, effect: Told, order_ids: Collection[int], actor: Actor) -> None:
    kind = effect["does"]
    value = effect[INSTRUCTIONS[kind]]
    instruct_orders(merchant_id, order_ids=order_ids, kind=kind, value=value, actor=actor)


def _say(merchant_id: int, effect: Told, order_ids: Collection[int], actor: Actor) -> None:
    """Do nothing here: it is told as an event of the run."""


_DOES: Final[Mapping[str, Callable[[int, Told, Collection[int], Actor], None]]] = {
    "tag": _tag,
    "untag": _untag,
    "hold": _hold,
    "mail": _say,
    "call": _say,
    **dict.fromkeys(INSTRUCTIONS, _instruct),
}
