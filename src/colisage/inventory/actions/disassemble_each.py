"""Taking kits apart, as a program says: each judged by itself."""

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction

from colisage.inventory.actions.disassemble_kits import disassemble_kits
from colisage.inventory.actions.find_kits import KitsAsked, find_kits
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused


@transaction.atomic
def disassemble_each(merchant_id: int, kits: Sequence[KitsAsked], *, actor: Actor) -> list[Refused | int]:
    """Take kits apart, one after another; give of each the document, or why it was refused. See `disassemble_kits`."""
    codes = find_kits(merchant_id, kits)
    became: list[Refused | int] = []
    for one in kits:
        try:
            sku, node, place = codes.meant(one)
            with transaction.atomic():
                undone = disassemble_kits(
                    merchant_id, node_id=node, sku_id=sku, qty=one.quantity, place_id=place, made_by=one.made_by,
                    once=uuid4(), actor=actor,
                )  # fmt: skip
            became.append(undone)
        except Refused as refusal:
            became.append(refusal)
    return became
