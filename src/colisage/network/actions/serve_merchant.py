from collections.abc import Sequence

from django.db import transaction

from colisage.network.models import NodeService


@transaction.atomic
def serve_merchant(merchant_id: int, *, node_ids: Sequence[int]) -> None:
    """Let nodes serve a merchant, the preferred first."""
    NodeService.objects.bulk_create(
        NodeService(merchant_id=merchant_id, node_id=pk, rank=rank) for rank, pk in enumerate(node_ids, 1)
    )
