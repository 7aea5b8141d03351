"""Making kits, as a program says: each judged by itself."""

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction

from colisage.inventory.actions.assemble_kits import assemble_kits
from colisage.inventory.actions.find_kits import KitsAsked, find_kits
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused


@transaction.atomic
def assemble_each(merchant_id: int, kits: Sequence[KitsAsked], *, actor: Actor) -> list[Refused | int]:
    """Make kits, one after another; give of each the assembly, or why it was refused. See `assemble_kits`."""
    codes = find_kits(merchant_id, kits)
    became: list[Refused | int] = []
    for one in kits:
        try:
            sku, node, place = codes.meant(one)
            with transaction.atomic():
                made = assemble_kits(
                    merchant_id, node_id=node, sku_id=sku, qty=one.quantity, place_id=place, lot=one.lot.strip(),
                    once=uuid4(), actor=actor,
                )  # fmt: skip
            became.append(made)
        except Refused as refusal:
            became.append(refusal)
    return became
