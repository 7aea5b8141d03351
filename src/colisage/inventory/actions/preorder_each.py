"""Opening SKUs for pre-order, as a program says: each judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from colisage.catalog.queries import skus_by_code
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.set_preorder import set_preorder
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import nodes_serving


@dataclass(frozen=True, slots=True)
class Opening:
    """How many pre-orders of a SKU are taken at a node at most, from when on they leave, and whether none before."""

    sku: str
    node: str
    most: int
    on: date | None = None
    strict: bool = False


@transaction.atomic
def preorder_each(merchant_id: int, openings: Sequence[Opening], *, actor: Actor) -> list[Refused | bool]:
    """Open, change or close pre-orders; give of each whether it is new, or why it was refused.

    The availability of all SKUs is locked first, in key order, so that two requests do not wait for each other.
    """
    skus = skus_by_code(merchant_id, codes={one.sku for one in openings})
    nodes = {node.code: node.node_id for node in nodes_serving([merchant_id])[merchant_id]}
    lock_free({sku.id for sku in skus.values()})
    became: list[Refused | bool] = []
    for one in openings:
        sku, node = skus.get(one.sku.upper()), nodes.get(one.node)
        try:
            if sku is None or node is None:
                raise NotThere
            with transaction.atomic():
                became.append(
                    set_preorder(
                        merchant_id, sku_id=sku.id, node_id=node, most=one.most, on=one.on, strict=one.strict,
                        actor=actor,
                    )
                )  # fmt: skip
        except Refused as refusal:
            became.append(refusal)
    return became
