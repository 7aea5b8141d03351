"""Where and for what goods come that a program takes in: an order, an announced delivery, or nothing that is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.lock_expected import lock_expected
from colisage.inbound.actions.open_delivery import open_delivery
from colisage.inbound.queries.dock import Expecting, expected_by_announcement, expected_by_order, stand_of
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere
from colisage.network.queries import nodes_serving


class NotSaidWhere(Malformed):
    """Goods are received against one order, against one announced delivery, or at a node without either."""

    code = "not_said_where"
    text = _("Name a purchase order, an announced delivery or a node: one of them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What a program names: an order or an announced delivery by its id, or a node by its code."""

    purchase_order_id: int | None = None
    announcement_id: int | None = None
    node: str = ""


@dataclass(frozen=True, slots=True)
class Dock:
    """The node at which goods come, and what they are received against (nothing: blind).

    `stand` is (expected, come) of each SKU it has. `is_shut`: the order is a draft, or was cancelled.
    """

    merchant_id: int
    node_id: int
    expecting: Expecting | None = None
    stand: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    is_shut: bool = False

    @property
    def supplier_id(self) -> int | None:
        """Give whose goods they are, as far as it is known."""
        return self.expecting.supplier_id if self.expecting else None

    @property
    def purchase_order_id(self) -> int | None:
        """Give the order."""
        return self.expecting.purchase_order_id if self.expecting else None

    @property
    def announcement_id(self) -> int | None:
        """Give the announced delivery."""
        return self.expecting.announcement_id if self.expecting else None

    def delivery(self, *, actor: Actor) -> int:
        """Give the delivery that is being received there, begun now if there is none."""
        return open_delivery(
            self.merchant_id, node_id=self.node_id, purchase_order_id=self.purchase_order_id,
            announcement_id=self.announcement_id, actor=actor,
        )  # fmt: skip


@transaction.atomic
def find_dock(merchant_id: int, *, where: Where) -> Dock:
    """Find what goods are received against, and lock it with all that they count on; raise `NotThere`, `NotSaidWhere`.

    Without an order they come at a node whose stock is counted here.
    """
    order, announced = where.purchase_order_id, where.announcement_id
    if [order is not None, announced is not None, bool(where.node)].count(True) != 1:
        raise NotSaidWhere
    if where.node:
        nodes = {n.code.upper(): n.node_id for n in nodes_serving([merchant_id])[merchant_id] if n.source == "ledger"}
        if (node_id := nodes.get(where.node.upper())) is None:
            raise NotThere
        return Dock(merchant_id, node_id)
    orders, _deliveries = lock_expected(
        merchant_id,
        order_ids=() if order is None else {order},
        announcement_ids=() if announced is None else {announced},
    )
    expecting = (
        expected_by_order([merchant_id], purchase_id=order)
        if order is not None
        else expected_by_announcement([merchant_id], announcement_id=announced or 0)
    )
    if expecting is None:  # of a node that the one who asks does not see
        raise NotThere
    shut = order is not None and orders[order].state in {"draft", "cancelled"}
    return Dock(merchant_id, expecting.node_id, expecting, stand_of(expecting), shut)
