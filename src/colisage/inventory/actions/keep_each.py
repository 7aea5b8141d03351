"""Keeping units back from every channel, as a program says: each level judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_code
from colisage.inventory.actions.set_safety import Safety, set_safety
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import nodes_serving


@dataclass(frozen=True, slots=True)
class Kept:
    """So many units of a SKU are kept back at a node, both by their codes."""

    sku: str
    node: str
    units: int


class BundleKeepsNothing(Refused):
    """A bundle is what its components are."""

    code = "bundle_keeps_nothing"
    text = _("A bundle has no stock of its own. Keep units of its components back.")


@transaction.atomic
def keep_each(merchant_id: int, levels: Sequence[Kept], *, actor: Actor) -> list[Refused | None]:
    """Set the safety stock of SKUs at nodes, the last of two for one key; give of each why it was refused, if it was.

    The number of statements does not depend on the number of levels.
    """
    skus = skus_by_code(merchant_id, codes={one.sku for one in levels})
    nodes = {node.code.upper(): node.node_id for node in nodes_serving([merchant_id])[merchant_id]}
    good: list[Safety] = []
    became: list[Refused | None] = []
    for one in levels:
        sku, node = skus.get(one.sku.upper()), nodes.get(one.node.upper())
        if sku is None or node is None:
            became.append(NotThere())
        elif sku.kind == "bundle":
            became.append(BundleKeepsNothing())
        else:
            good.append(Safety(sku.id, node, one.units))
            became.append(None)
    if good:
        set_safety(merchant_id, good, actor=actor)
    return became
