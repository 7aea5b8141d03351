from collections.abc import Iterable

from colisage.inbound.events import IncomingChanged
from colisage.kit.events import tell


def tell_incoming(merchant_id: int, sku_ids: Iterable[int], *, disruption_id: int | None = None) -> None:
    """Tell that what comes of these SKUs, or when, is not what it was; inside the caller's transaction."""
    tell(
        IncomingChanged(merchant_id=merchant_id, sku_id=sku, disruption_id=disruption_id)
        for sku in sorted(set(sku_ids))
    )
