from datetime import date

from django.db import transaction

from colisage.inventory.models import Lot
from colisage.inventory.rules.lots import ReasonMissing
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def correct_expiry(merchant_id: int, *, lot_id: int, expires_on: date | None, reason: str, actor: Actor) -> bool:
    """Correct the date of a lot that was read or typed wrongly; give whether it changed. Units stay as they are.

    What the wrong date expired is freed by hand, what the right one expires goes in the night.
    """
    if not reason.strip():
        raise ReasonMissing
    lot = Lot.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=lot_id).first()
    if lot is None:
        raise NotThere
    if lot.expires_on == expires_on:
        return False
    before, after = (day.isoformat() if day else "" for day in (lot.expires_on, expires_on))
    Lot.objects.filter(pk=lot_id).update(expires_on=expires_on, sold_to_the_end=False)
    told = {"from": before, "to": after, "reason": reason.strip()[:200]}
    record_deeds([Deed("lot", lot_id, "lot_expiry_corrected", told, merchant_id=merchant_id)], actor=actor)
    return True
