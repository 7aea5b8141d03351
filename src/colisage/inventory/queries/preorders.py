"""What is open for pre-order."""

from dataclasses import dataclass
from datetime import date

from colisage.inventory.models import Availability


@dataclass(frozen=True, slots=True)
class Preorder:
    """How many may be pre-ordered at a node, how many are, from when on they leave, and whether none before."""

    node_id: int
    most: int
    taken: int
    on: date | None
    strict: bool


def preorders_of(merchant_id: int, *, sku_id: int) -> dict[int, Preorder]:
    """Give what is open for pre-order of a SKU, by node."""
    rows = Availability.objects.filter(merchant_id=merchant_id, sku_id=sku_id, ahead_on__isnull=False)
    found = rows.order_by("node_id").values_list("node_id", "ahead_cap", "ahead", "ahead_on", "unreleased")
    return {row[0]: Preorder(*row) for row in found}
