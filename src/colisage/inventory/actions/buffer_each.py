"""Keeping units back from a channel, as a program says: each SKU judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.catalog.queries import skus_by_code
from colisage.inventory.actions.set_buffers import set_buffers
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused


@dataclass(frozen=True, slots=True)
class Buffered:
    """So many units of a SKU, by its code, a channel leaves at each node; None: as of everything else."""

    sku: str
    units: int | None


@transaction.atomic
def buffer_each(
    merchant_id: int, buffers: Sequence[Buffered], *, channel_id: int, everything: int | None, actor: Actor
) -> list[Refused | None]:
    """Say how many units a channel leaves, of `everything` (None: as it was) and of single SKUs, the last of two.

    Gives of each SKU why it was refused, if it was. The number of statements does not depend on how many there are.
    """
    skus = skus_by_code(merchant_id, codes={one.sku for one in buffers})
    good = {skus[one.sku.upper()].id: one.units for one in buffers if one.sku.upper() in skus}
    if good or everything is not None:
        set_buffers(merchant_id, channel_id=channel_id, everything=everything, skus=good, actor=actor)
    return [None if one.sku.upper() in skus else NotThere() for one in buffers]
