"""A merchant's own reasons for corrections, and which of the usual ones it uses."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import AdjustmentReason, Direction
from colisage.inventory.queries.reasons import USUAL
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere


class UnnamedReason(Malformed):
    """A reason has a name in one language at least, and a direction."""

    code = "unnamed_reason"
    text = _("Name the reason in French or in English.")


class ReasonTaken(Malformed):
    """The merchant has a reason of that name already."""

    code = "reason_taken"
    text = _("There is a reason of that name already.")


@transaction.atomic
def save_reason(merchant_id: int, *, name_fr: str, name_en: str, direction: str, shrinkage: bool, actor: Actor) -> str:
    """Add a reason of the merchant's own; give its code, which movements keep for ever."""
    name_fr, name_en = name_fr.strip()[:60], name_en.strip()[:60]
    named = slugify(name_en or name_fr).replace("-", "_")
    if not named or direction not in Direction.values:
        raise UnnamedReason
    code = f"own_{named}"[:30]
    _row, made = AdjustmentReason.objects.get_or_create(
        merchant_id=merchant_id,
        code=code,
        defaults={"name_fr": name_fr, "name_en": name_en, "direction": direction, "shrinkage": shrinkage},
    )
    if not made:
        raise ReasonTaken
    _record(merchant_id, code, active=True, actor=actor)
    return code


@transaction.atomic
def use_reason(merchant_id: int, *, code: str, active: bool, actor: Actor) -> None:
    """Begin or stop to use a reason, the merchant's own or a usual one; what was corrected for it stays."""
    known = AdjustmentReason.objects.filter(merchant_id=merchant_id, code=code)
    if not known.update(active=active):
        if code not in USUAL:
            raise NotThere
        AdjustmentReason.objects.create(merchant_id=merchant_id, code=code, direction=USUAL[code][0], active=active)
    _record(merchant_id, code, active=active, actor=actor)


def _record(merchant_id: int, code: str, *, active: bool, actor: Actor) -> None:
    said = {"code": code, "active": active}
    record_deeds([Deed("merchant", merchant_id, "adjustment_reason", said, merchant_id=merchant_id)], actor=actor)
