"""Parts of orders that a node has not sent yet."""

from colisage.orders.models import FulfillmentOrder

GONE = ("handed_over", "delivered", "cancelled")


def parts_at(node_id: int) -> int:
    """Count the parts of orders that a node is to send."""
    return FulfillmentOrder.objects.filter(node=node_id).exclude(stage__in=GONE).count()
