"""What later steps tell the dock, in our words; named by `settings.COLISAGE_OWNERS`, by the kind of owner."""

from collections.abc import Collection
from typing import Protocol


class OwnerNames(Protocol):
    """Names those who wait for goods, such as the numbers of orders, by the id of what waits."""

    def __call__(self, merchant_id: int, *, owner_ids: Collection[int]) -> dict[int, str]:
        """Give the names of owners of a merchant."""
