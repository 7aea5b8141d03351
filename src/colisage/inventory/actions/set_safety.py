from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_id
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.events import SellableGrew
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.kit.events import tell
from colisage.kit.statements import statement
from colisage.network.queries import nodes_serving

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Safety:
    """Units of a SKU at a node that are kept back from every channel."""

    sku_id: int
    node_id: int
    units: int


class BadUnits(Malformed):
    """Units are a whole number that is not negative."""

    code = "bad_units"
    text = _("Say how many units: a whole number from 0 to 1,000,000.")


@transaction.atomic
def set_safety(merchant_id: int, levels: Sequence[Safety], *, actor: Actor) -> int:
    """Say how many units are kept back at each node; give how many levels changed. The last of two for one key counts.

    What is promised already stays promised. Where less is kept back than before, what is owed may be served.
    """
    once = {(level.sku_id, level.node_id): level for level in levels}
    if any(not 0 <= level.units <= MOST for level in levels):
        raise BadUnits
    skus = {sku for sku, _node in once}
    serving = {s.node_id for s in nodes_serving([merchant_id])[merchant_id]}
    if len(skus_by_id(merchant_id, ids=skus)) < len(skus) or {node for _sku, node in once} - serving:
        raise NotThere
    keys = sorted(once)
    before = lock_free(skus)
    with connection.cursor() as db:
        db.execute(
            statement("inventory", "set_safety"),
            {
                "merchant": merchant_id, "skus": [k[0] for k in keys], "nodes": [k[1] for k in keys],
                "units": [once[k].units for k in keys],
            },
        )  # fmt: skip
        changed = db.fetchall()
    after = lock_free(skus)
    grown = [(sku, node, after[sku, node] - before.get((sku, node), 0)) for sku, node, _units in changed]
    tell(SellableGrew(merchant_id=merchant_id, sku_id=s, node_id=n, qty=units) for s, n, units in grown if units > 0)
    record_deeds(
        (
            Deed("sku", sku, "safety_set", {"node": node, "units": units}, merchant_id=merchant_id)
            for sku, node, units in changed
        ),
        actor=actor,
    )
    return len(changed)
