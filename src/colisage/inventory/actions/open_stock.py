"""The stock a merchant begins with: counted elsewhere, found here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.network.queries import virtual_place


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """Units of a SKU that lie in a place."""

    sku_id: int
    place_id: int
    qty: int


@transaction.atomic
def open_stock(merchant_id: int, opening: Sequence[OpeningRow], *, document_id: int, actor: Actor) -> int:
    """Find units where they lie; give the number of movements. The same document again changes nothing."""
    found = Spot(place_id=virtual_place("found"))
    return post_movements(
        [
            Move(
                merchant_id=merchant_id,
                sku_id=row.sku_id,
                qty=row.qty,
                source=found,
                target=Spot(place_id=row.place_id),
                reason="opening",
                doc_kind="opening",
                doc_id=document_id,
                doc_line=row.sku_id,
                seq=row.place_id % 2_000_000_000,
            )
            for row in opening
            if row.qty > 0
        ],
        actor=actor,
    )
