from django.db import transaction

from colisage.inbound.models import Checklist
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def end_checklist(merchant_id: int, *, checklist_id: int, actor: Actor) -> None:
    """Ask a checklist of no receipt any more; those that wait for it still do, and what was found stays."""
    if not Checklist.objects.filter(merchant_id=merchant_id, pk=checklist_id, active=True).update(active=False):
        raise NotThere
    record_deeds([Deed("checklist", checklist_id, "checklist_ended", {}, merchant_id)], actor=actor)
