"""Doing what rules say, for all orders of a rule at once."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from colisage.automation.rules.effects import INSTRUCTIONS
from colisage.catalog.queries import skus_by_code
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.actions.ask_inserts import ask_inserts
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


def _insert(merchant_id: int, effect: Told, order_ids: Collection[int], actor: Actor) -> None:
    """Ask for the SKU that has this code today; a rule outlives a SKU that is renamed."""
    sku = next(iter(skus_by_code(merchant_id, codes=[effect["sku"]]).values()), None)
    if sku is not None:
        ask_inserts(merchant_id, order_ids=order_ids, sku_id=sku.id, actor=actor)
        return
    told = {"sku": effect["sku"]}
    record_deeds((Deed("order", pk, "insert_unknown", told, merchant_id=merchant_id) for pk in order_ids), actor=actor)


def _say(merchant_id: int, effect: Told, order_ids: Collection[int], actor: Actor) -> None:
    """Do nothing here: it is told as an event of the run."""


_DOES: Final[Mapping[str, Callable[[int, Told, Collection[int], Actor], None]]] = {
    "tag": _tag,
    "untag": _untag,
    "hold": _hold,
    "insert": _insert,
    "mail": _say,
    "call": _say,
    **dict.fromkeys(INSTRUCTIONS, _instruct),
}
