"""Returns that come to a node, or are judged there."""

from colisage.returns.models import ReturnRequest

BEFORE = ("requested", "approved", "label_sent", "received")  # it was judged


def returns_at(node_id: int) -> int:
    """Count the returns that come to a node, or lie on its table."""
    return ReturnRequest.objects.filter(node=node_id, state__in=BEFORE).count()
