"""What is on its way to a node, and what of it is not finished there."""

from django.db.models import Q

from colisage.inbound.models import Announcement, Delivery, PurchaseOrder, SupplierReturn, Transfer
from colisage.inbound.rules.purchasing import EXPECTING, UNFINISHED


def coming_to(node_id: int) -> dict[str, int]:
    """Count purchase orders, announced deliveries, open deliveries, transfers and supplier returns by what they are."""
    under_way = Q(from_node=node_id) | Q(to_node=node_id)
    return {
        "purchases": PurchaseOrder.objects.filter(node=node_id, state__in=["draft", *EXPECTING]).count(),
        "announcements": Announcement.objects.filter(node=node_id, state__in=UNFINISHED).count(),
        "deliveries": Delivery.objects.filter(node=node_id, state="open").count(),
        "transfers": Transfer.objects.filter(under_way, state__in=["sent", "partly"]).count(),
        "supplier_returns": SupplierReturn.objects.filter(node=node_id, state="draft").count(),
    }
