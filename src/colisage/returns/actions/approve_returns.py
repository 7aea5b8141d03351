"""Approving returns: the customer may send, with a label of ours when it is prepaid."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.events import tell
from colisage.network.queries import nodes_by_id
from colisage.returns.events import ReturnApproved
from colisage.returns.models import ReturnRequest


@transaction.atomic
def approve_returns(merchant_id: int, *, return_ids: Collection[int], actor: Actor) -> int:
    """Approve returns that were asked for; give how many. Those already judged are left as they are.

    No carrier sells return labels here yet: the label is drawn by us, is a specimen, and says so.
    """
    rows = list(
        ReturnRequest.objects.select_for_update(no_key=True, of=("self",))
        .filter(merchant_id=merchant_id, pk__in=return_ids, state="requested")
        .select_related("order", "merchant")
        .order_by("pk")
    )
    nodes = nodes_by_id({r.node_id for r in rows})
    now = timezone.now()
    for request in rows:
        request.state = "label_sent" if request.prepaid else "approved"
        request.approved_at = now
        request.label = _label(request, node=nodes[request.node_id].address, name=nodes[request.node_id].name)
    ReturnRequest.objects.bulk_update(rows, ["state", "approved_at", "label"])
    tell(ReturnApproved(merchant_id=merchant_id, order_id=r.order_id, return_id=r.pk, prepaid=r.prepaid) for r in rows)
    record_deeds(
        (
            Deed("order", r.order_id, "return_approved", {"number": r.number, "return": r.pk}, merchant_id=merchant_id)
            for r in rows
        ),
        actor=actor,
    )
    return len(rows)


def _label(request: ReturnRequest, *, node: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Write what is printed on the label: from the customer, to the node."""
    home: Mapping[str, Any] = request.order.ship_to or {}
    town = " ".join(filter(None, (home.get("postcode"), home.get("city"))))
    sender = [home.get("name") or request.order.customer_name, home.get("line1"), home.get("line2"), town]
    to = [
        request.merchant.name,
        node.get("name") or name,
        node.get("line1"),
        node.get("line2"),
        " ".join(filter(None, (node.get("postcode"), node.get("city")))),
        node.get("country") if node.get("country") != home.get("country") else "",
    ]
    return {"sender": ", ".join(filter(None, sender)), "to": list(filter(None, dict.fromkeys(to)))}
