"""Saying in which condition units are, as a program says: each judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.inventory.actions.change_condition import change_condition
from colisage.inventory.actions.find_named import Named, find_named
from colisage.inventory.queries.documents import new_document
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused


@dataclass(frozen=True, slots=True)
class Judged:
    """So many of the units that are named are in another condition, for a reason in words."""

    units: Named
    becomes: str
    quantity: int
    reason: str


@transaction.atomic
def condition_each(merchant_id: int, judged: Sequence[Judged], *, actor: Actor) -> list[Refused | int]:
    """Change the condition of units in nodes that serve the merchant; give how many changed, or why none.

    See `change_condition` for what follows and what is refused.
    """
    codes = find_named(merchant_id, [one.units for one in judged])
    became: list[Refused | int] = []
    for one in judged:
        try:
            with transaction.atomic():
                changed = change_condition(
                    [merchant_id], changes=[(codes.cell(one.units), one.quantity)], condition=one.becomes,
                    reason=one.reason, document=new_document(), actor=actor,
                )  # fmt: skip
            became.append(changed)
        except Refused as refusal:
            became.append(refusal)
    return became
