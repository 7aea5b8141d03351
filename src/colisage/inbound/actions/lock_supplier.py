from colisage.inbound.models import Supplier
from colisage.kit.errors import NotThere


def lock_supplier(merchant_id: int, *, supplier_id: int) -> None:
    """Let one program at a time say how a supplier sells: codes that two say at once would meet in an index."""
    rows = Supplier.objects.filter(merchant_id=merchant_id, pk=supplier_id)
    if rows.select_for_update(no_key=True).values_list("pk", flat=True).first() is None:
        raise NotThere
