from collections.abc import Iterable

from colisage.inbound.events import IncomingChanged
from colisage.kit.events import tell


def tell_incoming(merchant_id: int, sku_ids: Iterable[int]) -> None:
    """Tell that what comes of these SKUs, or when, is not what it was; inside the caller's transaction."""
    tell(IncomingChanged(merchant_id=merchant_id, sku_id=sku) for sku in sorted(set(sku_ids)))
