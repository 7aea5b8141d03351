from django.db import transaction
from django.utils import timezone

from colisage.inbound.models import ConsignmentStatement
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def close_statement(merchant_id: int, *, statement_id: int, actor: Actor) -> None:
    """Close a consignment statement: what it says is to be paid, and nothing is added. Harmless when repeated."""
    rows = ConsignmentStatement.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=statement_id)
    found = rows.first()
    if found is None:
        raise NotThere
    if found.state == "closed":
        return
    rows.update(state="closed", closed_at=timezone.now(), closed_by=str(actor)[:150])
    record_deeds([Deed("consignment", found.pk, "statement_closed", {}, merchant_id=merchant_id)], actor=actor)
