"""What lies on the bench of a node and is to be put back."""

from colisage.picking.models import PutBack


def put_backs_at(node_id: int) -> int:
    """Count what is to be put back at a node."""
    return PutBack.objects.filter(node=node_id, done_at=None).count()
