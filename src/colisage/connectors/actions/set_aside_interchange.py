"""A refused interchange that a person has seen to: it was sent again, or is not wanted."""

from django.db import transaction

from colisage.connectors.models import Interchange
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


@transaction.atomic
def set_aside_interchange(merchant_id: int, *, interchange_id: int, actor: Actor) -> bool:
    """Count a refused interchange no longer; give whether it was counted. It stays as it came, and can be taken in."""
    rows = Interchange.objects.filter(merchant_id=merchant_id, pk=interchange_id, state="refused")
    if not rows.update(state="aside"):
        return False
    record_deeds([Deed("interchange", interchange_id, "interchange_aside", {}, merchant_id=merchant_id)], actor=actor)
    return True
