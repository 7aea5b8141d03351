"""Taking in goods made in the house, as a program says: everything by its code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction

from colisage.inbound.actions.find_said import find_said
from colisage.inbound.actions.receive_production import receive_production
from colisage.kit.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidProduction:
    """So many units of a SKU made at a node, and what was used for all of them: (code, quantity), of a case cases."""

    sku: str
    quantity: int
    node: str
    components: Sequence[tuple[str, int]] = ()
    lot: str = ""
    expires_on: date | None = None
    serials: Sequence[str] = ()
    batch: str = ""


@transaction.atomic
def receive_production_said(merchant_id: int, *, said: SaidProduction, actor: Actor) -> int:
    """Take a batch in; give the production. Raises `MeansNothing`, and what `receive_production` raises."""
    used = {f"/components/{n}": one for n, one in enumerate(said.components)}
    meant = find_said(merchant_id, nodes={"/node": said.node}, units={"/sku": (said.sku, said.quantity), **used})
    sku, units = meant.units["/sku"]
    return receive_production(
        merchant_id, [(part.id, n) for part, n in (meant.units[at] for at in used)], node_id=meant.nodes["/node"],
        sku_id=sku.id, qty=units, lot=said.lot, expires_on=said.expires_on, batch=said.batch,
        serials=[serial.strip() for serial in said.serials], once=uuid4().hex, actor=actor,
    )  # fmt: skip
