"""What the driver's papers say of a delivery."""

from django.db import transaction

from colisage.inbound.models import Delivery
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def note_papers(merchant_id: int, *, delivery_id: int, carrier: str, note_number: str, actor: Actor) -> None:
    """Write down the carrier and the number of the supplier's delivery note."""
    told = {"carrier": carrier.strip()[:60], "note_number": note_number.strip()[:60]}
    if not Delivery.objects.filter(merchant_id=merchant_id, pk=delivery_id).update(**told):
        raise NotThere
    record_deeds([Deed("delivery", delivery_id, "papers_noted", told, merchant_id)], actor=actor)
