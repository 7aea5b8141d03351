"""The orders that came last."""

from colisage.orders.models import Order


def latest_orders(merchant_id: int, *, most: int) -> list[Order]:
    """Give the latest orders of a merchant with their channels, the newest first; history is left out."""
    rows = Order.objects.filter(merchant_id=merchant_id, quiet=False).select_related("channel")
    return list(rows.order_by("-pk")[:most])
