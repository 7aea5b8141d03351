"""Correcting what lies in bins, as a program says: each correction judged by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_code
from colisage.inventory.actions.adjust_stock import adjust_stock
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.told import cells_lying
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused


@dataclass(frozen=True, slots=True)
class Correction:
    """So many units of a SKU were counted in a bin: good ones of the merchant's own, of one lot if it has lots."""

    sku: str
    node: str
    bin: str
    counted: int
    reason: str
    lot: str = ""


class NothingLiesThere(Refused):
    """A correction names units that the books know, at a node that serves the merchant."""

    code = "nothing_lies_there"
    text = _("The books know of no such units in that bin. Goods that were never there come in as a receipt.")


class SeveralLieThere(Refused):
    """Units that differ by lot or plate are corrected one by one."""

    code = "several_lie_there"
    text = _("Units of several lots or plates lie in that bin. Name the lot, or correct them on the page of the SKU.")


@transaction.atomic
def adjust_each(
    merchant_id: int, corrections: Sequence[Correction], *, node_ids: Collection[int], actor: Actor
) -> list[tuple[int, Refused | None]]:
    """Set what lies in bins of nodes to what was counted; give of each the difference, or why it was not done.

    The availability of all SKUs is locked first, in key order, so that two requests do not wait for each other.
    """
    skus = skus_by_code(merchant_id, codes={one.sku for one in corrections})
    lock_free({sku.id for sku in skus.values()})
    cells = cells_lying(merchant_id, sku_ids={sku.id for sku in skus.values()}, node_ids=node_ids)
    became: list[tuple[int, Refused | None]] = []
    for one in corrections:
        try:
            found = [
                cell
                for cell in cells
                if (cell.sku.upper(), cell.node, cell.bin.upper()) == (one.sku.upper(), one.node, one.bin.upper())
                and (not one.lot or cell.lot == one.lot)
            ]
            if len(found) != 1:
                raise SeveralLieThere if found else NothingLiesThere
            with transaction.atomic():
                difference = adjust_stock(
                    merchant_id, cell_id=found[0].id, counted=one.counted, reason=one.reason, actor=actor
                )
            became.append((difference, None))
        except Refused as refusal:
            became.append((0, refusal))
    return became
