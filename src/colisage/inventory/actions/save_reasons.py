"""Adding reasons for corrections, as a program says: each judged by itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from colisage.inventory.actions.save_reason import save_reason
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReason:
    """A reason of a merchant's own; `shrinkage`: what goes out for it went missing, it was not used."""

    name_fr: str
    name_en: str
    direction: str  # in | out | either
    shrinkage: bool


@transaction.atomic
def save_reasons(merchant_id: int, reasons: Sequence[NewReason], *, actor: Actor) -> list[Refused | str]:
    """Add reasons; give the code of each, or why it was refused."""
    return each(
        reasons,
        lambda one: save_reason(merchant_id, actor=actor, **asdict(one)),
        by=lambda one: (one.name_en or one.name_fr).strip(),
    )
